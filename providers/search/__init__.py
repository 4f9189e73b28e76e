"""Search: a question in (question.Search), its answer out."""

from providers.search.listings import read
from providers.search.results import (
    PageOutOfRangeError,
    Price,
    Result,
    Results,
    distance_km,
    find,
    matching_offerings,
    session_price,
    stored_amount,
    stored_price,
    travel_price,
    within_limits,
)

__all__ = [
    "PageOutOfRangeError",
    "Price",
    "Result",
    "Results",
    "distance_km",
    "find",
    "matching_offerings",
    "read",
    "session_price",
    "stored_amount",
    "stored_price",
    "travel_price",
    "within_limits",
]
