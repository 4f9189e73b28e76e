"""Search: a question in (filters.Search), its answer out."""

from providers.search.query import (
    PAGE_SIZE,
    PageOutOfRangeError,
    Price,
    Result,
    Results,
    find,
    in_unit,
)

__all__ = [
    "PAGE_SIZE",
    "PageOutOfRangeError",
    "Price",
    "Result",
    "Results",
    "find",
    "in_unit",
]
