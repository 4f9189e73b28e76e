"""Addresses that carry a question: known parameters only, blank ones left out."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

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


def search_url(data: QueryDict, *, without: Collection[str] = (), **changes) -> str:
    """The search page's address for the question in `data`, with changes.

    `without` names parameters to drop; a change is a value or a list of values. The
    page is dropped unless it is the change: another question starts at its first.
    """
    question = query_string(data, without=without, **changes)
    return search_path(get_language()) + question


@cache
def search_path(language: str) -> str:
    """The search page's path in a language."""
    with override(language):
        return reverse("search")


def query_string(data: QueryDict, *, without: Collection[str] = (), **changes) -> str:
    """ "?near=80202&route=iv_infusion" in the order of ProviderFilter, or "".

    Of a parameter with one value the last one given counts, and goes on alone.
    """
    pairs = []
    dropped = {"page", *without} - changes.keys()
    for name in _NAMES:
        if name in changes:
            values = changes[name]
        elif name in data and name not in dropped:
            values = data.getlist(name)
        else:
            continue
        listed = values if isinstance(values, list | tuple) else [values]
        if name not in _SEVERAL:
            listed = listed[-1:]
        pairs += [(name, value) for value in listed if str(value).strip()]
    return f"?{urlencode(pairs)}" if pairs else ""


_NAMES = tuple(ProviderFilter.base_filters)
_SEVERAL = {
    name
    for name, asked in ProviderFilter.base_filters.items()
    if isinstance(asked, MultipleChoiceFilter)
}
