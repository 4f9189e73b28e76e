"""What follows from a write: the stored session and course amounts, the Change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser

from providers import costs
from providers.documents import Document
from providers.models import (
    Change,
    CourseCount,
    ImportRun,
    Offering,
    PriceLine,
    Provider,
)
from providers.vocabulary import NOT_STATED, REMOTE_SETTINGS

TRIP_COLUMNS = ("course_dose_trips", "course_other_trips")
MOST_STORED_CENTS = 2**31 - 1  # what an amount's column holds on every database

# Listings whose edit is being recorded as one Change already.
recorded: ContextVar[tuple[Provider, ...]] = ContextVar("recorded", default=())


def is_recorded(provider: Provider) -> bool:
    return any(
        provider is other or (other.pk is not None and provider.pk == other.pk)
        for other in recorded.get()
    )


def change_of(
    provider: Provider | None,
    before: Document | None,
    after: Document | None,
    *,
    by: AbstractBaseUser | None,
    run: ImportRun | None,
) -> Change:
    """The (unsaved) record of what an edit made of a listing."""
    slug = (after or before)["slug"]
    return Change(
        provider=provider, slug=slug, before=before, after=after, by=by, run=run
    )


class Treatment(NamedTuple):
    """What a typical course is of."""

    route: str
    therapy: str
    format: str


class Schedule(NamedTuple):
    """How often a course needs each kind of price, and how many weeks it takes."""

    counts: dict[str, costs.Span]
    weeks: int | None


VARIES = Schedule({}, None)


class Schedules:
    """The typical courses (CourseTemplate), read once, when one is asked for."""

    def of(self, offering: Offering) -> Schedule | None:
        """None: its route is not stated, and so no clinic's own counts hold either.

        A treatment that varies too much for a typical course has no counts.
        """
        if offering.route == NOT_STATED:
            return None
        treatment = Treatment(offering.route, offering.therapy, offering.format)
        return self._by_treatment.get(treatment, VARIES)

    @cached_property
    def _by_treatment(self) -> dict[Treatment, Schedule]:
        rows = CourseCount.objects.values_list(
            *(f"template__{part}" for part in Treatment._fields),
            *("template__weeks", "kind", "count_min", "count_max"),
        )
        counts, weeks = defaultdict(dict), {}
        for *parts, takes, kind, least, most in rows:
            treatment = Treatment(*parts)
            counts[treatment][kind], weeks[treatment] = (least, most), takes
        return {key: Schedule(counts[key], weeks[key]) for key in counts}


def amount_columns(
    offering: Offering, prices: Iterable[PriceLine], schedules: Schedules
) -> dict:
    """The stored amounts by which search filters and orders; see `costs`."""
    lines = list(prices)
    schedule = schedules.of(offering)
    course = costs.course(lines, *schedule) if schedule else None
    stored = _columns("session", costs.session(lines)) | _columns("course", course)
    return stored | _trips(offering, lines, schedule)


def trips_of(
    offering: Offering, prices: Iterable[PriceLine], schedule: Schedule | None
) -> costs.Trips | None:
    """The return trips of its course; none for care at home, one to a retreat, None
    where it varies."""
    if offering.setting in REMOTE_SETTINGS:
        return costs.AT_HOME
    if offering.setting == "retreat":  # one stay
        return costs.ONE_STAY
    return costs.trips(prices, schedule.counts) if schedule else None


def _trips(offering: Offering, lines: list[PriceLine], schedule) -> dict:
    trips = trips_of(offering, lines, schedule) or costs.AT_HOME
    return dict(zip(TRIP_COLUMNS, trips.fewest, strict=True))


def _columns(name: str, amount: costs.Amount | None) -> dict:
    ends = [] if amount is None else [amount.low_cents, amount.high_cents]
    known = [end for end in ends if end is not None]
    if amount is None or not known or max(known) > MOST_STORED_CENTS:
        values = (None, None, "", False, None)
    else:
        values = (*ends, amount.currency, amount.complete, amount.known_until)
    names = ("min_cents", "max_cents", "currency", "complete", "known_until")
    return {f"{name}_{n}": value for n, value in zip(names, values, strict=True)}


AMOUNT_COLUMNS = [
    *_columns("session", None),
    *_columns("course", None),
    *TRIP_COLUMNS,
]


def store_amounts(offerings: Iterable[Offering], schedules: Schedules) -> int:
    """Write the amounts of offerings whose prices are fetched, where they differ.

    Returns how many differed.
    """
    stale = []
    for offering in offerings:
        wanted = amount_columns(offering, offering.prices.all(), schedules)
        if any(getattr(offering, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(offering, name, value)
            stale.append(offering)
    Offering.objects.bulk_create(  # as an update, several times quicker than one
        stale,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=AMOUNT_COLUMNS,
    )
    return len(stale)
