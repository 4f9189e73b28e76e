"""What was made of late, while it is asked for again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class Kept:
    """So many values at most, by what they are of; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most, self._values = most, {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not kept. None is not kept."""
        value = self._values.get(key)
        if value is None:
            value = self._values[key] = make()
            if len(self._values) > self._most:
                self._values.pop(next(iter(self._values)), None)
        return value

    def __len__(self) -> int:
        return len(self._values)
