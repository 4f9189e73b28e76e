"""What care costs: dated price lines in, ranges out.

Pure: no Django. Integer minor units throughout ("cents", whatever the currency calls
them). Low and high are carried apart; None is unknown and 0 is free. The rules are
those of design.md 5 and domain.md 2.4.
"""

from providers.costs.adding import Part
from providers.costs.amounts import Amount, Line, Span
from providers.costs.plans import (
    COUNTED_KINDS,
    COURSE_KINDS,
    SESSION_KINDS,
    own_counts,
    schedule,
)
from providers.costs.posted import POSTED, POSTED_OF_KIND, posted
from providers.costs.totals import Bill, best, bills, course, first_year, session
from providers.costs.travel import (
    AT_HOME,
    DRIVERS,
    ONE_STAY,
    Ride,
    Trips,
    travel_cents,
    trips,
    with_travel,
)

__all__ = [
    "AT_HOME",
    "COUNTED_KINDS",
    "COURSE_KINDS",
    "DRIVERS",
    "ONE_STAY",
    "POSTED",
    "POSTED_OF_KIND",
    "SESSION_KINDS",
    "Amount",
    "Bill",
    "Line",
    "Part",
    "Ride",
    "Span",
    "Trips",
    "best",
    "bills",
    "course",
    "first_year",
    "own_counts",
    "posted",
    "schedule",
    "session",
    "travel_cents",
    "trips",
    "with_travel",
]
