"""What each listing costs, offering by offering, beside the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext as _

from providers import vocabulary
from providers.models import Offering
from providers.views.compare.columns import Column
from providers.views.compare.rows import (
    Said,
    Topic,
    help_with_cost,
    name_of,
    row,
    topic,
)
from providers.views.costs import Costs, Sum, costs_of, journey
from providers.views.posted import posted_of

SumOf = Callable[[Costs], Sum | None]


def paying(columns: Sequence[Column]) -> Topic:
    told = {column.provider.pk: _told(column) for column in columns}

    def sums(of: SumOf, column: Column) -> list[Said]:
        return _sums(of, column, told[column.provider.pk])

    rows = [
        row(_("One session"), columns, partial(sums, lambda told: told.session)),
        row(_("Whole course"), columns, partial(sums, lambda told: told.course)),
        row(_("First year"), columns, partial(sums, lambda told: told.first_year)),
    ]
    if columns[0].search.origin:
        way = partial(sums, lambda told: told.with_travel)
        rows.append(row(_("Course with travel"), columns, way))
    rows.append(row(_("Paying"), columns, help_with_cost))
    label = _("Prices posted, which says nothing about care")
    rows.append(row(label, columns, _posted))
    return topic("paying", _("What it costs"), rows, told_beside=True)


def _told(column: Column) -> list[Costs]:
    by = journey(column.search, column.provider.point)
    return [costs_of(each, column.search.on, by) for each in column.estimates]


def _sums(of: SumOf, column: Column, told: Sequence[Costs]) -> list[Said]:
    """A sum of each offering, with its date; that there is none is said once."""
    said = [
        Said(found.words, found.known, stale=found.is_stale)
        for each in told
        if (found := of(each))
    ]
    are_priced = any(each.checked for each in said)
    if len(said) <= 1 or (len(set(said)) == 1 and not are_priced):
        return said[:1]
    return [
        _of_offering(line, each.estimate.offering, column)
        for line, each in zip(said, told, strict=True)
    ]


def _of_offering(said: Said, offering: Offering, column: Column) -> Said:
    """The line with the offering's route and what tells it from the others."""
    route = str(vocabulary.ROUTES.label(offering.route))
    name = name_of(offering, column)
    is_shared = bool(name) and not name.startswith(route)
    return replace(said, of=name or route, route=route if is_shared else "")


def _posted(column: Column) -> list[Said]:
    offerings = [estimate.offering for estimate in column.estimates]
    found = posted_of(offerings, column.search.on)
    known = {"told": found.count, "all": found.of, "what": found.told}
    if not found.count:
        return [Said(_("%(told)d of %(all)d") % known)]
    return [Said(_("%(told)d of %(all)d: %(what)s") % known)]
