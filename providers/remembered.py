"""What a process remembers of the tables until something shown in them changes.

Only who has just read the version of everything shown (search.live) can say what still
holds, so outside of `at` nothing is remembered: each call reads anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N")


class _Memory:
    """What functions gave at one version of what they read."""

    def __init__(self, name: str) -> None:
        self.version: ContextVar[Hashable] = ContextVar(name, default=None)
        # Of one version only, and swapped whole, so that no thread reads another's.
        self._kept: tuple[Hashable, dict] = (None, {})

    def remembering(self, function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
            version = self.version.get()
            if version is None:
                return function(*args, **kwargs)
            known_at, kept = self._kept
            if known_at != version:
                kept = {}
                self._kept = (version, kept)
            key = (function, args, *sorted(kwargs.items()))
            if key not in kept:
                kept[key] = function(*args, **kwargs)
            return kept[key]

        return remembered

    def forget(self) -> None:
        self._kept = (None, {})


_anything, _others = _Memory("anything"), _Memory("others")


@contextmanager
def at(version: Hashable, others: Hashable = None) -> Iterator[None]:
    """Remember within the block, and what was remembered at the same version.

    `version`: of everything shown. `others`: of all but the listings; the same as
    `version` if not given.
    """
    tokens = (
        _anything.version.set(version),
        _others.version.set(version if others is None else others),
    )
    try:
        yield
    finally:
        _anything.version.reset(tokens[0])
        _others.version.reset(tokens[1])


def until_changed(function: Callable[P, T]) -> Callable[P, T]:
    """Call `function` once for its arguments and a version of everything shown.

    For few, public arguments such as a country: never for what a visitor typed.
    """
    return _anything.remembering(function)


def until_others_change(function: Callable[P, T]) -> Callable[P, T]:
    """The same for what no listing is part of, such as regions and the gazetteer: an
    edit of a listing leaves it as it is.
    """
    return _others.remembering(function)


def forget() -> None:
    """Start anew, as tests do that roll back what they wrote."""
    _anything.forget()
    _others.forget()


class Recent(Generic[T]):
    """The values that were used last, so many at most. Any thread may ask."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._values: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def known(self, keys: Mapping[N, Hashable]) -> dict[N, T]:
        """Of keys by name, the values that are kept, by the same names."""
        known, values = {}, self._values
        with self._lock:
            for name, key in keys.items():
                value = values.get(key)
                if value is not None:
                    values.move_to_end(key)
                    known[name] = value
        return known

    def put(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def made(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where none is kept. None is made each time."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value

    def __len__(self) -> int:
        return len(self._values)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
