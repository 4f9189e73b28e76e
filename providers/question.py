"""The question as plain values: what a search asks, whoever answers it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from providers import costs, geo
from providers.vocabulary import FRESH_DAYS, PRICE_HISTORY_DAYS

if TYPE_CHECKING:
    from providers.places import Found

OFFERING_PARTS = ("route", "setting", "therapy", "format")
# Groups of facts inside which one chosen code is enough: parameter → topic.
FACT_GROUPS = {"condition": "condition", "pay": "payment", "language": "language"}
# Amount of an offering → what the question calls its limit. "total" is the course
# with the way there.
LIMITS = {
    "session": "max_cents",
    "course": "max_course_cents",
    "total": "max_total_cents",
}
# The amount by which a sort orders.
SORT_AMOUNTS = {"price": "session", "course": "course", "travel": "total"}
# What a price limit can leave out and `include` takes in, then the other reasons.
PRICE_REASONS = ("unpriced", "stale_price", "incomplete")
INCLUDABLE = (*PRICE_REASONS, "not_stated")
LEFT_OUT = (*INCLUDABLE, "unconfirmed", "other_country")

PAGE_SIZE = 20
MOST_PAGES = 500  # nobody reads on; a question that says more finds better
ENOUGH = 10  # how many the adaptive radius looks for
FEW = 5  # how many stand beside an answer: beyond the radius, or unpriced
WIDEST = 20_000  # radius that can be asked for, in either unit
DEAREST_CENTS = 100_000_000  # price limit that can be asked for
MOST_NIGHTS = 60  # away from home, for one course
STEPS = {"mi": (10, 25, 50, 100, 250), "km": (16, 40, 80, 160, 400)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The parsed question. Empty parts ask nothing; `on` is the day it is asked for."""

    on: date
    origin: Found | None = None  # always with a point
    radius_km: float | None = None  # None: the smallest that finds enough
    unit: str = "mi"
    route: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    therapy: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    pay: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    region: tuple[str, ...] = ()  # of the address
    serves: tuple[str, ...] = ()  # the patient's region and those that hold it
    accepting: str = ""
    max_cents: int | None = None  # of a session
    max_course_cents: int | None = None
    max_total_cents: int | None = None  # of a course with travel
    ride: costs.Ride = field(default_factory=costs.Ride)
    currency: str = "USD"
    include: frozenset[str] = field(default_factory=frozenset)
    unconfirmed: str = "include"
    any_country: bool = False
    checked_within_days: int | None = None
    words: str = ""
    sort: str = "distance"
    page: int = 1

    @property
    def asks_about_facts(self) -> bool:
        groups = (self.condition, self.pay, self.language, self.need, self.accepting)
        return any(groups)

    @property
    def asks_of_an_offering(self) -> bool:
        """Whether it asks for an offering, its price apart."""
        parts = (getattr(self, part) for part in OFFERING_PARTS)
        return bool(self.serves) or any(parts)

    @property
    def limits(self) -> dict[str, int]:
        """Amount of LIMITS → the most cents that its low end may be, where asked."""
        asked = {name: getattr(self, limit) for name, limit in LIMITS.items()}
        return {name: cents for name, cents in asked.items() if cents is not None}

    @property
    def history_before(self) -> date:
        return history_before(self.on)

    def unlimited(self, *amounts: str) -> Search:
        """The same without the limits of those amounts; of any, where none is named."""
        dropped = [LIMITS[name] for name in amounts or LIMITS]
        return replace(self, **dict.fromkeys(dropped))

    def including(self, reason: str) -> Search:
        """The question after the one click that takes in what it leaves out."""
        if reason == "unconfirmed":
            return replace(self, unconfirmed="include")
        if reason == "other_country":
            return replace(self, any_country=True)
        return replace(self, include=self.include | {reason})

    @property
    def reasons(self) -> list[str]:
        """Why it can leave listings out, in the order of LEFT_OUT."""
        priced = PRICE_REASONS if self.limits else ()
        stated = ("not_stated",) if self.asks_about_facts else ()
        reasons = [r for r in (*priced, *stated) if r not in self.include]
        if self.unconfirmed == "hide":
            reasons.append("unconfirmed")
        if self.origin and not self.any_country:
            reasons.append("other_country")
        return reasons

    @property
    def steps_km(self) -> list[float]:
        """The radii that an open reach tries, nearest first."""
        return [in_km(step, self.unit) for step in STEPS[self.unit]]

    def at_home_in(self, serves: tuple[str, ...]) -> Search:
        """The same for care at home in those regions, wherever the clinic sits."""
        return replace(self, **_AT_HOME, serves=serves)

    @property
    def filters(self) -> tuple:
        """All on which care at home depends: what is asked but where, in which order
        and which page."""
        return _filters(self)


_AT_HOME = {"origin": None, "radius_km": None, "region": (), "sort": "name", "page": 1}
_filters = attrgetter(
    *(each.name for each in fields(Search) if each.name not in {*_AT_HOME, "serves"})
)


def history_before(on: date) -> date:
    """A price that was last fresh before that day is history, and no price any more."""
    return on - timedelta(days=PRICE_HISTORY_DAYS - FRESH_DAYS["prices"])


def in_unit(distance_km: float, unit: str) -> float:
    return distance_km / geo.KM_PER_MILE if unit == "mi" else distance_km


def in_km(distance: float, unit: str) -> float:
    return distance * geo.KM_PER_MILE if unit == "mi" else distance
