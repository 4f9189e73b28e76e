"""Addresses that carry a question: known parameters only, blank ones left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import quote_plus

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, override
from django_filters import MultipleChoiceFilter

from providers.filters import ProviderFilter

PLACE = ("near", "lat", "lng")
# What "clear all" keeps: where, how far, in which order.
KEPT = (*PLACE, "within", "unit", "sort")


class Link(NamedTuple):
    text: str
    url: str


class Links:
    """Addresses of the search page that ask the question in `data`, with changes.

    Each parameter is written out once, however many links there are.
    """

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.language = get_language()
        self._path = search_path(self.language)
        texts = ((n, _written(n, data.getlist(n))) for n in _NAMES if n in data)
        self._written = {name: text for name, text in texts if text}

    def to(self, *, without: Collection[str] = (), **changes) -> str:
        """The address of the question in this language, changed as in `query`."""
        return self._path + self.query(without=without, **changes)

    def pages(self) -> str:
        """The address of the question's pages in this language, up to the number."""
        first = self.to()
        return f"{first}{'&' if '?' in first else '?'}page="

    def query(self, *, without: Collection[str] = (), **changes) -> str:
        """ "?near=80202&route=iv_infusion" in the order of ProviderFilter, or "".

        `without` names parameters to drop; a change is a value or a list of values.
        The page is dropped unless it is the change: another question starts at its
        first. Of a parameter with one value the last one given counts, and goes on
        alone.
        """
        kept = self._written.copy()
        for name in ("page", *without, *changes):
            kept.pop(name, None)
        for name, value in changes.items():
            values = value if isinstance(value, list | tuple) else [value]
            if text := _written(name, values):
                kept[name] = text
        parts = kept.values()
        if changes:
            parts = [kept[name] for name in sorted(kept, key=_NAMES.__getitem__)]
        return f"?{'&'.join(parts)}" if parts else ""


def query_string(data: QueryDict, *, without: Collection[str] = (), **changes) -> str:
    """The query of a single one of Links."""
    return Links(data).query(without=without, **changes)


@cache
def search_path(language: str) -> str:
    """The search page's path in a language."""
    with override(language):
        return reverse("search")


def _written(name: str, values: Sequence[object]) -> str:
    """ "route=iv_infusion&route=oral" without blank values."""
    known = values if name in _SEVERAL else values[-1:]
    return "&".join(
        f"{name}={quote_plus(str(value))}" for value in known if str(value).strip()
    )


# Every parameter, and in which place it comes.
_NAMES = {name: place for place, name in enumerate(ProviderFilter.base_filters)}
_SEVERAL = {
    name
    for name, asked in ProviderFilter.base_filters.items()
    if isinstance(asked, MultipleChoiceFilter)
}
