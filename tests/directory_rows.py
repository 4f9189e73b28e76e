"""The rows of the listings in the database, of which an index is made.

They are read through the models, plainly, apart from how the product reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from providers import costs, vocabulary
from providers.models import Offering, Provider, Region
from providers.question import FACT_GROUPS, OFFERING_PARTS
from providers.search.index.rows import Amount, Offer, Row


def rows(keys: list[int] | None = None) -> Iterator[Row]:
    """What the index is to be built from: of all that is listed, or of some."""
    parents = dict(Region.objects.values_list("code", "parent_id"))
    found = Provider.objects.listed().prefetch_related(
        "facts", "offerings__serves", "offerings__prices"
    )
    for listing in found if keys is None else found.filter(pk__in=keys):
        met, denied = _stated_by(listing)
        yield Row(
            pk=listing.pk,
            name=listing.plain_name,
            country=listing.country,
            regions=tuple(_upwards(listing.region_id, parents)),
            latitude=listing.latitude,
            longitude=listing.longitude,
            x_km=listing.x_km,
            y_km=listing.y_km,
            z_km=listing.z_km,
            checked_on=listing.contact_checked_on.toordinal(),
            confirming=listing.contact_method in vocabulary.CONFIRMING_METHODS,
            met=tuple(met),
            denied=tuple(denied),
            offers=tuple(map(_offer, listing.offerings.all())),
            posted=_posted(listing),
        )


def _upwards(code: str | None, parents: dict) -> Iterator[str]:
    while code:
        yield code
        code = parents[code]


def _stated_by(listing: Provider) -> tuple[list[str], list[str]]:
    answers = {(fact.topic, fact.code): fact.answer for fact in listing.facts.all()}
    told: tuple[list[str], list[str]] = ([], [])  # met, denied
    for (topic, code), answer in answers.items():
        for group, of_topic in FACT_GROUPS.items():
            if topic == of_topic:
                told[answer == "no"].append(f"{group}/{code}")
        if code in vocabulary.NEEDS and vocabulary.topic_of(code) == topic:
            met = (answer == "no") == vocabulary.NEEDS[code].requirement
            told[not met].append(f"need/{code}")
    about = {code: a for (topic, code), a in answers.items() if topic == "new_patients"}
    takes = {code for code, answer in about.items() if answer != "no"}
    if about:
        told["accepting" not in takes].append("accepting/yes")
        told[not takes & {"accepting", "waitlist"}].append("accepting/waitlist")
    return told


def _offer(offering: Offering) -> Offer:
    at_home = offering.setting in vocabulary.REMOTE_SETTINGS
    return Offer(
        **{part: getattr(offering, part) for part in OFFERING_PARTS},
        serves=tuple(r.pk for r in offering.serves.all()) if at_home else (),
        session=_stored(offering, "session"),
        course=_stored(offering, "course"),
        trips=(offering.course_dose_trips, offering.course_other_trips),
    )


def _posted(listing: Provider) -> tuple[int, ...]:
    """The last day on which each of costs.POSTED is told, found by looking at days."""
    lines = [line for o in listing.offerings.all() for line in o.prices.all()]
    days = {line.checked_on + timedelta(365): line.checked_on for line in lines}
    last = dict.fromkeys(costs.POSTED, 0)
    for day in sorted(days):
        for what in costs.posted(lines, day):
            last[what] = day.toordinal()
    return tuple(last.values())


def _stored(offering: Offering, name: str) -> Amount | None:
    low = getattr(offering, f"{name}_min_cents")
    if low is None:
        return None
    currency, complete, until = (
        getattr(offering, f"{name}_{part}")
        for part in ("currency", "complete", "known_until")
    )
    return Amount(low, currency, complete, until.toordinal())
