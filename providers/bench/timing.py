"""How long something takes: the median and the slow end of many times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Timing(NamedTuple):
    """Milliseconds of so many times, and the middle one of what they gave."""

    p50_ms: float
    p95_ms: float
    times: int
    total: int | None = None


def timed(
    ask: Callable[[T], int], questions: Sequence[T], *, at_most_s: float = float("inf")
) -> Timing:
    """Ask every question, or those that the seconds allow: at least one.

    The first is asked once more beforehand, to warm up, unless that alone takes the
    seconds: then it is all.
    """
    begin = perf_counter()
    taken = [_taken(ask, questions[0])]
    if perf_counter() - begin < at_most_s:
        taken.clear()
        for question in questions:
            taken.append(_taken(ask, question))
            if perf_counter() - begin > at_most_s:
                break
    return summary([ms for ms, _total in taken], [total for _ms, total in taken])


def pace_ms() -> float:
    """Milliseconds that the machine now takes for a million additions in Python.

    The pace of a shared machine changes within minutes: this tells which figures
    compare with each other.
    """
    start, total = perf_counter(), 0
    for number in range(1_000_000):
        total += number
    return round((perf_counter() - start) * 1_000, 1)


def _taken(ask: Callable[[T], int], question: T) -> tuple[float, int]:
    start = perf_counter()
    total = ask(question)
    return (perf_counter() - start) * 1_000, total


def summary(taken_ms: Sequence[float], totals: Iterable[int] = ()) -> Timing:
    """The p50 and p95 of the times taken, and the middle total."""
    slow = taken_ms[0]
    if len(taken_ms) > 1:
        slow = quantiles(taken_ms, n=20, method="inclusive")[18]
    middle = sorted(totals)
    return Timing(
        p50_ms=round(median(taken_ms), 3),
        p95_ms=round(slow, 3),
        times=len(taken_ms),
        total=middle[len(middle) // 2] if middle else None,
    )
