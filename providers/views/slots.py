"""Pages' parts that are drawn once by a template, with slots that each request fills.

A template costs Django milliseconds where filling its slots costs microseconds. All is
kept as the bytes that are sent: a page's letters would take two or more each to join,
and as long again to encode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from functools import cache, lru_cache
from html import escape
from secrets import token_hex

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_TOKEN = token_hex(8)  # so that nothing in a table can pass for a slot
_SLOT = re.compile(rf"{_TOKEN}([^ ]*?){_TOKEN}")
_MOST_SHAPES = 2_000  # of some 4 kB each


def slot(*name: str) -> SafeString:
    """Where `name` is filled in, its parts joined by a dot; no part holds a space."""
    return SafeString(f"{_TOKEN}{'.'.join(name)}{_TOKEN}")


class Slotted:
    """HTML with slots, each name at most once.

    `usual`: what stands in a slot unless it is filled otherwise; blank if not said.
    """

    def __init__(self, html: str, usual: Mapping[str, str] | None = None) -> None:
        parts = _SLOT.split(html.strip())  # HTML and names in turn
        names = parts[1::2]
        parts[1::2] = [(usual or {}).get(name, "") for name in names]
        self._parts = [part.encode() for part in parts]
        self._places = {name: 2 * n + 1 for n, name in enumerate(names)}
        if len(self._places) < len(names):
            raise ValueError("a slot stands there twice")

    def fill(self, values: Mapping[str, str | bytes]) -> bytes:
        """The HTML with (escaped!) HTML in slots; what is usual where none is given."""
        return b"".join(self.parts(values))

    def parts(self, values: Mapping[str, str | bytes]) -> list[bytes]:
        """The same to be joined, for who fills hundreds of slots at their places."""
        parts = self._parts.copy()
        self.put(parts, values)
        return parts

    def put(self, parts: list[bytes], values: Mapping[str, str | bytes]) -> None:
        """Fill more slots of such parts."""
        places = self._places
        for name, html in values.items():
            if name in places:
                filled = html if isinstance(html, bytes) else html.encode()
                parts[places[name]] = filled

    def with_usual(self, values: Mapping[str, str | bytes]) -> Slotted:
        """The same with other (escaped!) HTML in slots that are not filled."""
        other = copy(self)
        other._parts = self.parts(values)
        return other

    def place(self, name: str) -> int:
        """Where among the parts a slot is."""
        return self._places[name]


# --- Templates that are drawn once for each shape of what they show -------------------

# Or a dataclass whose fields hold such.
Shown = str | bytes | int | bool | None | list["Shown"] | tuple["Shown", ...]
_ONE = (str, bytes, int, type(None))


def draw(template: str, context: Mapping[str, Shown]) -> bytes:
    """What a template makes of a context, each text of which it prints at most once.
    Bytes are HTML and stand as they are.

    It is drawn once for each shape: how long the lists are, which texts are there at
    all, each flag. So a template may ask of a text or number whether it is there, and
    nothing else; no text is kept.
    """
    values: dict[str, bytes] = {}
    shape = tuple([(name, _shape(shown, values)) for name, shown in context.items()])
    return _drawn(template, get_language(), shape).fill(values)


@lru_cache(_MOST_SHAPES)
def _drawn(template: str, language: str, shape: tuple) -> Slotted:
    return Slotted(render_to_string(template, dict(shape)))


def _shape(shown: Shown, values: dict[str, bytes]):
    """What is shown with a slot in place of each text, which goes into `values`."""
    if isinstance(shown, _ONE):
        if not shown or shown is True:
            return "" if shown == b"" else shown
        name = str(len(values))
        values[name] = _html(shown)
        return _numbered(name)
    if isinstance(shown, (list, tuple)):
        parts = [_shape(part, values) for part in shown]
        return type(shown)(*parts) if hasattr(shown, "_fields") else tuple(parts)
    names = type(shown).__dataclass_fields__
    return type(shown)(*[_shape(getattr(shown, name), values) for name in names])


def _html(shown: str | bytes | int) -> bytes:
    if isinstance(shown, bytes):
        return shown
    return (shown if isinstance(shown, SafeString) else escape(str(shown))).encode()


_numbered = cache(slot)
