"""Listings that look like one clinic: which pairs, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from providers.models import NotDuplicate, Provider
from providers.text import plain

PAIRED_AT_MOST = 20  # listings that share something; of more, each with its next one
REASONS = {
    "npi": _("the same NPI"),
    "phone": _("the same phone"),
    "place": _("the same street and postcode"),
}


class Pair(NamedTuple):
    """Two listings by their keys, the lower first, and what they share."""

    one: int
    other: int
    reasons: tuple[str, ...]


class _Row(NamedTuple):
    pk: int
    place_key: str
    phone: str
    npi: str
    postcode: str
    plain_name: str
    city: str


def pairs(listings: QuerySet[Provider]) -> list[Pair]:
    """Pairs that nobody has called two yet, those that share most first.

    Four queries, however many listings there are.
    """
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, one, other in _alike(listings):
        found[one, other].add(reason)
    apart = set(NotDuplicate.objects.values_list("one_id", "other_id"))
    kept = [
        Pair(*keys, tuple(name for name in REASONS if name in reasons))
        for keys, reasons in found.items()
        if keys not in apart
    ]
    return sorted(kept, key=lambda pair: (-len(pair.reasons), pair))


def _alike(listings: QuerySet[Provider]) -> Iterator[tuple[str, int, int]]:
    places = _grouped(_sharing(listings, "place_key"), lambda row: [row.place_key])
    npis = _grouped(_sharing(listings, "npi"), lambda row: [row.npi])
    phones = _grouped(_sharing(listings, "phone"), _phone_keys)
    for reason, groups in (("place", places), ("npi", npis), ("phone", phones)):
        for group in groups:
            yield from ((reason, *keys) for keys in _two_by_two(group))


def _sharing(listings: QuerySet[Provider], column: str) -> list[_Row]:
    """The listings whose value of a column another one has too."""
    shared = (
        Provider.objects.exclude(**{column: ""})
        .order_by()
        .values(column)
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .values(column)
    )
    rows = listings.filter(**{f"{column}__in": shared}).order_by("pk")
    return [_Row(*map(_text, row)) for row in rows.values_list(*_Row._fields)]


def _text(value):
    return value if isinstance(value, int) else str(value)


def _phone_keys(row: _Row) -> list[tuple]:
    """A chain has one number for its sites of one name in many towns.

    So it takes the same postcode, or the same name in the same town, too.
    """
    keys = [(row.phone, "name", row.plain_name, plain(row.city))]
    return [*keys, (row.phone, "postcode", row.postcode)] if row.postcode else keys


def _grouped(rows: Iterable[_Row], keys_of) -> list[list[int]]:
    groups: dict = defaultdict(list)
    for row in rows:
        for key in keys_of(row):
            groups[key].append(row.pk)
    return [group for group in groups.values() if len(group) > 1]


def _two_by_two(group: list[int]) -> Iterator[tuple[int, int]]:
    if len(group) <= PAIRED_AT_MOST:
        return combinations(group, 2)
    return pairwise(group)
