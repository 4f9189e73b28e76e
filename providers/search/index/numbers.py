"""Numbers for things by the order in which they are first seen."""

from __future__ import annotations


class Numbers(dict):
    """Thing → number. Asking for a new thing numbers it."""

    def __missing__(self, thing) -> int:
        number = self[thing] = len(self)
        return number
