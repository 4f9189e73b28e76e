"""Search: a question in (filters.Search), its answer out."""

from providers.search.query import (
    PAGE_SIZE,
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
    "PAGE_SIZE",
    "PageOutOfRangeError",
    "Price",
    "Result",
    "Results",
    "find",
    "in_unit",
    "matching_offerings",
    "session_price",
]
