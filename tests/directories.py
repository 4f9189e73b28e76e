"""Random directories in the database, and random questions.

Everything follows from one `random.Random`, so that a seed gives it all again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from providers import costs, geo, vocabulary
from providers.models import Fact, Offering, PriceLine, Provider, Region, Source
from providers.places import Found
from providers.question import FACT_GROUPS, INCLUDABLE, OFFERING_PARTS, Search
from tests import factories

TODAY = date(2026, 3, 1)
REGIONS = ("US-CO", "US-CO", "US-CO", "US-UT", "US", "CA-AB", "IE-D", "IE", "GB-SCT")
ASKED_REGIONS = (*REGIONS, "EU", "001", "NZ")
SPOTS = [
    (39.7392, -104.9903),
    (39.7400, -104.9900),
    (40.0150, -105.2705),
    (40.7608, -111.8910),
    (51.0447, -114.0719),
    (-17.0, 180.0),
    (-17.0, -180.0),
    (-17.01, 179.99),
    (90.0, 0.0),
    (89.99, 120.0),
    (-90.0, 33.0),
    (0.0, 0.0),
    (53.3498, -6.2603),
]
WORDS = [
    "clinica",
    "ana",
    "Anna",
    "Ánima",
    "zen",
    "Żuk",
    "心",
    "\U0001f33f",
    "Øst",
    "s",
]
CODES = {
    "route": ["iv_infusion", "im_injection", "sublingual", "not_stated"],
    "setting": ["in_clinic", "home_live_video", "home_unwatched", "not_stated"],
    "therapy": ["none", "full_kap", "not_stated"],
    "format": ["individual", "group"],
    "condition": ["ptsd", "ocd", "trd"],
    "pay": ["medicaid", "sliding_scale"],
    "language": ["es", "fr"],
    "need": ["lift", "evening", "driver_must_stay", "oxygen_monitor", "ecg"],
}
PATIENTS = list(vocabulary.NEW_PATIENTS)
_STATED = [
    *((topic, code) for g, topic in FACT_GROUPS.items() for code in CODES[g]),
    *((vocabulary.topic_of(code), code) for code in CODES["need"]),
    *(("new_patients", code) for code in PATIENTS),
]
_LINES = ["dose_visit", "consult", "prep", "package", "cancellation_fee", "drug"]
_EVERYTHING = [
    (topic, code) for topic, codes in vocabulary.TOPICS.items() for code in codes
]
_numbers = count(1)


def regions() -> None:
    factories.regions()
    values = {"kind": "subdivision", "name_en": "Dublin", "parent_id": "IE"}
    Region.objects.get_or_create(code="IE-D", defaults=values)


# --- A directory ----------------------------------------------------------------------


@dataclass
class Directory:
    """Listings at a few spots of the globe, in the database."""

    random: Random
    source: Source

    def add(self, size: int) -> list[int]:
        """New listings; their keys."""
        made = Provider.objects.bulk_create([self._listing() for _ in range(size)])
        self._fill(made)
        return [listing.pk for listing in made]

    def edit(self) -> tuple[list[int], list[int]]:
        """Some listings moved, filled anew, hidden, deleted, added: (changed, gone)."""
        keys = list(Provider.objects.order_by("pk").values_list("pk", flat=True))
        touched = self.random.sample(keys, min(len(keys), self.random.randint(0, 12)))
        cut = len(touched) // 3
        deleted, moved, refilled = (
            touched[:cut],
            touched[cut : 2 * cut],
            touched[2 * cut :],
        )
        Provider.objects.filter(pk__in=deleted).delete()
        for pk in moved:
            fresh = self._listing()
            columns = [
                f.attname for f in fresh._meta.concrete_fields if not f.generated
            ]
            kept = {name: getattr(fresh, name) for name in columns if name != "id"}
            Provider.objects.filter(pk=pk).update(**kept)
        for model in (Offering, Fact):
            model.objects.filter(provider__in=refilled).delete()
        self._fill(Provider.objects.filter(pk__in=refilled))
        changed = {*moved, *refilled, *self.add(self.random.randint(0, 5))}
        listed = Provider.objects.listed().filter(pk__in=changed)
        shown = set(listed.values_list("pk", flat=True))
        return sorted(shown), sorted({*deleted, *changed} - shown)

    def _listing(self) -> Provider:
        draw, number = self.random, next(_numbers)
        region = draw.choice(REGIONS)
        at = self._point() if draw.random() < 0.9 else (None, None)
        name = " ".join(draw.choices(WORDS, k=draw.randint(1, 3)))
        # What bulk_create computes and update does not.
        plain_name = Provider._meta.get_field("plain_name").pre_save(
            listing := Provider(name=name), add=True
        )
        listing = Provider(
            slug=f"listing-{number}",
            name=name,
            plain_name=plain_name,
            region_id=region,
            country=region[:2],
            latitude=at[0],
            longitude=at[1],
            point_precision="" if at[0] is None else "address",
            published=draw.random() < 0.95,
            status=draw.choice(["active"] * 8 + ["temporarily_closed", "closed"]),
            contact_checked_on=TODAY
            - timedelta(draw.choice([0, 30, 90, 180, 181, 400])),
            contact_precision="day",
            contact_method=draw.choice(["phone", "phone", "website", "clinic_form"]),
            contact_source=self.source,
        )
        return listing

    def _point(self) -> tuple[float, float]:
        draw = self.random
        latitude, longitude = draw.choice(SPOTS)
        kind = draw.random()
        if kind < 0.3:
            return latitude, longitude
        if kind < 0.4:
            return draw.uniform(-90, 90), draw.uniform(-180, 180)
        reach = draw.choice([0.001, 0.1, 1.0, 5.0])
        north = max(-90, min(90, latitude + draw.gauss(0, reach)))
        east = (longitude + draw.gauss(0, reach) + 180) % 360 - 180
        return north, east

    def _fill(self, listings) -> None:
        draw = self.random
        offerings = [
            self._offering(listing, number)
            for listing in listings
            for number in range(draw.choice([0, 1, 1, 2, 3, 4]))
        ]
        made = Offering.objects.bulk_create(offerings)
        through = Offering.serves.through
        through.objects.bulk_create(
            through(offering_id=offering.pk, region_id=region)
            for offering in made
            for region in draw.choice([(), (), ("US-CO",), ("US", "CA-AB"), ("EU",)])
        )
        PriceLine.objects.bulk_create(
            self._line(offering, kind)
            for offering in made
            for kind in draw.sample(_LINES, draw.choice([0, 0, 1, 3]))
        )
        Fact.objects.bulk_create(
            Fact(
                provider=listing, topic=topic, code=code, answer=answer, **self._known()
            )
            for listing in listings
            for topic, code in self._stated()
            for answer in [draw.choice(["yes", "no", "partial"])]
        )

    def _line(self, offering: Offering, kind: str) -> PriceLine:
        draw = self.random
        unit = draw.choice(["visit", "visit", "course"])
        cents = draw.choice([None, 0, 20_000])
        ends = draw.choice([(cents, cents), (None, cents), (cents, None)])
        days_ago = draw.choice([0, 100, 335, 364, 365, 366, 500])
        known = self._known() | {"checked_on": TODAY - timedelta(days_ago)}
        return PriceLine(
            offering=offering,
            kind=kind,
            unit=unit,
            amount_min_cents=ends[0],
            amount_max_cents=ends[1],
            currency="" if ends == (None, None) else "USD",
            applies_to=draw.choice(["self_pay"] * 4 + ["sliding_scale"]),
            disputed=draw.random() < 0.1,
            superseded_on=draw.choice([None] * 7 + [TODAY]),
            **known,
        )

    def _stated(self) -> set[tuple[str, str]]:
        draw = self.random
        some = draw.choices(_STATED, k=draw.randint(0, 9))
        return sorted({*some, *draw.choices(_EVERYTHING, k=draw.randint(0, 2))})

    def _known(self) -> dict:
        return {
            "checked_on": TODAY,
            "precision": "day",
            "method": "phone",
            "source": self.source,
        }

    def _offering(self, listing: Provider, number: int) -> Offering:
        draw = self.random
        parts = {part: draw.choice(CODES[part]) for part in OFFERING_PARTS}
        amounts = self._amount("session") | self._amount("course")
        if draw.random() < 0.7 and parts["setting"] not in vocabulary.REMOTE_SETTINGS:
            amounts["course_dose_trips"] = draw.choice([0, 1, 6, 6, 300])
            amounts["course_other_trips"] = draw.choice([0, 0, 3, 4])
        variant = f"{number}"
        return Offering(
            provider=listing, variant=variant, **parts, **amounts, **self._known()
        )

    def _amount(self, name: str) -> dict:
        draw = self.random
        if draw.random() < 0.4:
            return {}
        low = draw.choice(
            [None, 0, 100, 40_000, 40_000, 60_000, draw.randint(0, 10**6)]
        )
        high = (low or 0) + draw.choice([0, 5_000])
        return {
            f"{name}_min_cents": low,
            f"{name}_max_cents": high if low is None else draw.choice([None, high]),
            f"{name}_currency": draw.choice(["USD", "USD", "USD", "CAD"]),
            f"{name}_complete": draw.random() < 0.7,
            f"{name}_known_until": TODAY
            + timedelta(draw.choice([-276, -275, -1, 0, 30, 90])),
        }


# --- Questions ------------------------------------------------------------------------


def place(draw: Random) -> Found:
    latitude, longitude = draw.choice(SPOTS)
    if draw.random() < 0.3:
        latitude = max(-90, min(90, latitude + draw.gauss(0, 1)))
        longitude = (longitude + draw.gauss(0, 1) + 180) % 360 - 180
    region = draw.choice(["US-CO", "US-CO", "CA-AB", "IE-D"])
    at = geo.Point(latitude, longitude)
    return Found("Here", at, region, region[:2], "town", "Here")


def question(draw: Random) -> Search:
    """A few things asked at once, so that answers are seldom empty."""
    asked = Search(
        on=TODAY + timedelta(draw.choice([0, 0, 1, 30, 31, 90, 91, 180, 400])),
        unit=draw.choice(["mi", "km"]),
        any_country=draw.random() < 0.7,
        sort=draw.choice(SORTED),
        ride=ride(draw),
        page=draw.choice([1] * 9 + [2, 2, 3, 10**6]),
        currency=draw.choice(["USD", "USD", "USD", "CAD", "NZD"]),
        include=frozenset(draw.sample(INCLUDABLE, draw.choice([0, 0, 1, 2, 4]))),
    )
    if draw.random() < 0.75:
        reach = [None, None, None, 0.1, 5.0, 160.0, 900.0, 5_000.0, 19_000.0, 32_187.0]
        asked = replace(asked, origin=place(draw), radius_km=draw.choice(reach))
    names = draw.sample(list(_DRAWN), draw.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 4]))
    return replace(asked, **{name: _DRAWN[name](draw) for name in names})


def ride(draw: Random) -> costs.Ride:
    return costs.Ride(
        per_km_cents=draw.choice([None, 0.0, 12.7, 12.7, 41.5, 6_213.7]),
        road_factor=draw.choice([1.0, 1.4]),
        driver=draw.choice(costs.DRIVERS),
        fare_cents=draw.choice([None, 0, 4_550]),
        nights=draw.choice([0, 0, 0, 2]),
        night_cents=draw.choice([None, 9_900]),
    )


def _some_of(name: str):
    everything = list(getattr(vocabulary, _TABLES[name]))

    def drawn(draw: Random) -> tuple[str, ...]:
        codes = CODES[name] if draw.random() < 0.9 else everything
        most = 1 if name == "need" else draw.choice([1, 2, 2, 3])
        return tuple(draw.sample(codes, min(most, len(codes))))

    return drawn


_TABLES = {
    "route": "ROUTES",
    "setting": "SETTINGS",
    "therapy": "THERAPIES",
    "format": "FORMATS",
    "condition": "CONDITIONS",
    "pay": "PAYMENTS",
    "language": "LANGUAGES",
    "need": "NEEDS",
}
SERVED = [("US-CO", "US", "001"), ("CA-AB", "CA", "001"), ("IE", "EU", "001"), ("US",)]
SORTED = [
    "distance",
    "price",
    "course",
    "travel",
    "travel",
    "checked",
    "posted",
    "name",
]
_MOST = [0, 100, 39_999, 40_000, 60_000, 500_000]
_DRAWN = {
    **{name: _some_of(name) for name in _TABLES},
    "region": lambda draw: tuple(draw.sample(ASKED_REGIONS, draw.choice([1, 1, 2]))),
    "serves": lambda draw: draw.choice(SERVED),
    "accepting": lambda draw: draw.choice(["yes", "waitlist"]),
    "max_cents": lambda draw: draw.choice(_MOST),
    "max_course_cents": lambda draw: draw.choice(_MOST),
    "max_total_cents": lambda draw: draw.choice([*_MOST, 700_000, 10**9]),
    "unconfirmed": lambda draw: draw.choice(["hide", "only"]),
    "checked_within_days": lambda draw: draw.choice([1, 90, 180, 3650]),
    "words": lambda draw: draw.choice(
        ["a", "an", "ana", "zen an", "心", "o", "q", "s s"]
    ),
}
