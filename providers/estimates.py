"""What an offering costs in all, from its price lines and the course it asks for."""

from __future__ import annotations

from dataclasses import dataclass

from providers import costs
from providers.actions.derived import Schedule, Schedules, trips_of
from providers.models import Offering, PriceLine


@dataclass(frozen=True, slots=True)
class Estimate:
    """The sums of one offering's current prices, for a person who pays it all.

    Their dates are told, not judged: a sum is as old as its earliest line.
    """

    offering: Offering
    lines: list[PriceLine]  # current ones: disputed, for others and stale included
    schedule: Schedule | None  # typical; None: its route is not stated
    session: costs.Amount | None
    bill: costs.Bill | None  # the course as it is added up
    bills: list[costs.Bill]  # the sum of its parts, and each posted package
    first_year: costs.Amount | None
    trips: costs.Trips | None  # None: the schedule varies

    @property
    def course(self) -> costs.Amount | None:
        return self.bill and self.bill.amount

    @property
    def counts(self) -> dict[str, costs.Span]:
        """How often the course has each kind: as the clinic says, else as typical."""
        return costs.schedule(self.lines, self.schedule.counts) if self.schedule else {}

    def with_travel(
        self, distance_km: float | None, ride: costs.Ride
    ) -> costs.Amount | None:
        """The course and the way there; `distance_km` one way, as the crow flies."""
        if self.course is None or self.trips is None:
            return None
        return costs.with_travel(self.course, self.trips, distance_km, ride)


def estimate(offering: Offering, schedules: Schedules) -> Estimate:
    """Add up an offering whose prices are fetched. Asks for schedules at most once."""
    lines = [line for line in offering.prices.all() if line.superseded_on is None]
    schedule = schedules.of(offering)
    bills = costs.bills(lines, *schedule) if schedule else []
    return Estimate(
        offering=offering,
        lines=lines,
        schedule=schedule,
        session=costs.session(lines),
        bill=costs.best(bills),
        bills=bills,
        first_year=costs.first_year(lines, *schedule) if schedule else None,
        trips=trips_of(offering, lines, schedule),
    )
