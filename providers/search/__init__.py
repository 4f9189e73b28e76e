"""Search: a question in (filters.Search), its answer out."""

from providers.search.query import (
    ENOUGH,
    PAGE_SIZE,
    STEPS,
    PageOutOfRangeError,
    Price,
    Result,
    Results,
    find,
    in_unit,
    matching_offerings,
    session_price,
)

__all__ = [
    "ENOUGH",
    "PAGE_SIZE",
    "STEPS",
    "PageOutOfRangeError",
    "Price",
    "Result",
    "Results",
    "find",
    "in_unit",
    "matching_offerings",
    "session_price",
]
