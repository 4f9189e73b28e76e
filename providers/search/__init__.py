"""Search: a question in (question.Search), its answer out."""

from providers.search.results import (
    PageOutOfRangeError,
    Price,
    Result,
    Results,
    find,
    matching_offerings,
    session_price,
)

__all__ = [
    "PageOutOfRangeError",
    "Price",
    "Result",
    "Results",
    "find",
    "matching_offerings",
    "session_price",
]
