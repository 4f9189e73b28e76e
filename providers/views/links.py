"""Addresses that carry a question: known parameters only, blank ones left out."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from providers.filters import ProviderFilter

PLACE = ("near", "lat", "lng")
# What "clear all" keeps: where, how far, in which order.
KEPT = (*PLACE, "within", "unit", "sort")


def search_url(data: QueryDict, *, without: Collection[str] = (), **changes) -> str:
    """The search page's address for the question in `data`, with changes.

    `without` names parameters to drop; a change is a value or a list of values. The
    page is dropped unless it is the change: another question starts at its first.
    """
    return reverse("search") + query_string(data, without=without, **changes)


def query_string(data: QueryDict, *, without: Collection[str] = (), **changes) -> str:
    """ "?near=80202&route=iv_infusion" in the order of ProviderFilter, or ""."""
    pairs = []
    for name in ProviderFilter.base_filters:
        if name in changes:
            values = changes[name]
        elif name in without or name == "page":
            continue
        else:
            values = data.getlist(name)
        listed = values if isinstance(values, list | tuple) else [values]
        pairs += [(name, value) for value in listed if str(value).strip()]
    return f"?{urlencode(pairs)}" if pairs else ""
