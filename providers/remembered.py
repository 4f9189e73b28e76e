"""What a process remembers of the tables until something shown in them changes.

Only who has just read the version of everything shown (search.live) can say what still
holds, so outside of `at` nothing is remembered: each call reads anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_version: ContextVar[Hashable] = ContextVar("version", default=None)
# Of one version only, and swapped whole, so that no thread reads another's.
_kept: tuple[Hashable, dict] = (None, {})


@contextmanager
def at(version: Hashable) -> Iterator[None]:
    """Remember within the block, and what was remembered at the same version."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def until_changed(function: Callable[P, T]) -> Callable[P, T]:
    """Call `function` once for its arguments and a version.

    For few, public arguments such as a country: never for what a visitor typed.
    """

    @wraps(function)
    def remembering(*args: P.args, **kwargs: P.kwargs) -> T:
        global _kept
        version = _version.get()
        if version is None:
            return function(*args, **kwargs)
        if _kept[0] != version:
            _kept = (version, {})
        _known_at, kept = _kept
        key = (function, args, *sorted(kwargs.items()))
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        return kept[key]

    return remembering


def forget() -> None:
    """Start anew, as tests do that roll back what they wrote."""
    global _kept
    _kept = (None, {})
