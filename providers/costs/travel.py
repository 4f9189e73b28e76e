"""What it costs to get there: return trips of a course, fuel and fares.

Nobody drives home after a dose. So the ride of a dosing visit is known only where the
person says who drives, or what a ride costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from providers.costs.amounts import Amount, Line, Span
from providers.costs.plans import course_plan, schedule
from providers.costs.totals import NOTHING

# A first talk may be a call, so it is no trip for sure.
_OTHER_VISITS = ("medical_eval", "prep", "integration")
DRIVERS = ("", "someone", "nobody")


class Trips(NamedTuple):
    """The visits of a course for which a person goes there and back."""

    doses: Span
    others: Span

    @property
    def fewest(self) -> tuple[int, int]:
        """(dosing visits, other visits): the least of each."""
        return self.doses[0] or 0, self.others[0] or 0


AT_HOME = Trips((0, 0), (0, 0))
ONE_STAY = Trips((1, 1), (0, 0))


@dataclass(frozen=True, slots=True)
class Ride:
    """How a person gets there. Money in the minor units of one currency."""

    per_km_cents: float | None = None  # of driving; None: not known
    road_factor: float = 1.0  # kilometres by road for one as the crow flies
    driver: str = ""  # who drives home after a dose: not said, someone, nobody
    fare_cents: int | None = None  # of a ride there and back, where nobody drives
    nights: int = 0
    night_cents: int | None = None

    def trip_cents(self, distance_km: float | None) -> int | None:
        """What driving there and back costs, to the cent."""
        if self.per_km_cents is None or distance_km is None:
            return None
        return round(2 * distance_km * self.road_factor * self.per_km_cents)

    def dose_trip_cents(self, distance_km: float | None) -> int | None:
        """The same for a dosing visit: by fare where nobody drives."""
        if self.driver == "nobody":
            return self.fare_cents
        return self.trip_cents(distance_km)

    @property
    def is_known(self) -> bool:
        """Whether it tells how a person gets home after a dose, and its fare."""
        if self.driver == "nobody":
            return self.fare_cents is not None
        return self.driver == "someone"

    @property
    def stay_cents(self) -> int | None:
        return 0 if not self.nights else _product(self.nights, self.night_cents)


def trips(lines: Iterable[Line], typical: Mapping[str, Span] = NOTHING) -> Trips | None:
    """The return trips of a course, fewest and most. No schedule: None.

    Every dosing, preparation and integration visit that the schedule asks for is one,
    and so is a first medical visit where it is posted.
    """
    lines = list(lines)
    plan = course_plan(schedule(lines, typical), None)
    if not plan.needed:
        return None
    posted = {line.kind for line in plan.asked(lines)}
    others = [
        plan.times[kind]
        for kind in _OTHER_VISITS
        if kind in plan.needed or (kind in plan.times and kind in posted)
    ]
    return Trips(plan.times.get("dose_visit", (0, 0)), _added(others))


def with_travel(
    course: Amount, trips: Trips, distance_km: float | None, ride: Ride
) -> Amount:
    """The course and the way there: `distance_km` one way, as the crow flies.

    Missing: "travel" where a distance, a rate or a night's price is not known, "ride"
    where it is not said how the person gets home after a dose, or at what fare.
    """
    if trips == AT_HOME:
        return course
    low = course.low_cents or 0
    low += travel_cents(trips.fewest, distance_km, ride)
    dose, other = _each(distance_km, ride)
    ends = [
        course.high_cents,
        _product(trips.doses[1], dose),
        _product(trips.others[1], other),
        ride.stay_cents if any(trips.fewest) else 0,
    ]
    missing = (*course.missing, *_missing(trips, distance_km, ride))
    high = None if missing or None in ends else sum(ends)
    return replace(course, low_cents=low, high_cents=high, missing=missing)


def travel_cents(trips: tuple[int, int], distance_km: float | None, ride: Ride) -> int:
    """The known part of what so many dosing and other visits cost to get to."""
    costs = zip(trips, _each(distance_km, ride), strict=True)
    known = sum(count * (cents or 0) for count, cents in costs)
    return known + (ride.stay_cents or 0 if any(trips) else 0)


def _each(distance_km: float | None, ride: Ride) -> tuple[int | None, int | None]:
    """What one return trip costs: of a dosing visit, and of another."""
    return ride.dose_trip_cents(distance_km), ride.trip_cents(distance_km)


def _missing(trips: Trips, distance_km: float | None, ride: Ride) -> list[str]:
    has_doses, has_others = (span != (0, 0) for span in trips)
    drives = has_others or (has_doses and ride.driver != "nobody")
    unknown_way = drives and ride.trip_cents(distance_km) is None
    missing = ["travel"] if unknown_way or ride.stay_cents is None else []
    return [*missing, "ride"] if has_doses and not ride.is_known else missing


def _added(spans: Iterable[Span]) -> Span:
    least, most = 0, 0
    for few, many in spans:
        least += few or 0
        most = None if None in (most, many) else most + many
    return least, most


def _product(count: int | None, cents: int | None) -> int | None:
    if count == 0:
        return 0
    return None if None in (count, cents) else count * cents
