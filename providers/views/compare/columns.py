"""The listings of a comparison: who stands in which column, and who cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers import geo, wording
from providers.actions.derived import Schedules
from providers.documents import with_everything
from providers.estimates import Estimate, estimate
from providers.models import FormerSlug, Provider
from providers.question import Search

MOST = 4
# Nobody puts more into an address by hand; what is more is not even looked up.
MOST_LOOKED_UP = 20
_SLUG = re.compile(r"[-\w]{1,120}", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One listing beside others."""

    provider: Provider
    search: Search
    estimates: list[Estimate]  # of its offerings, in their order

    @cached_property
    def distance_km(self) -> float | None:
        origin, point = self.search.origin, self.provider.point
        if origin is None or point is None:
            return None
        return geo.distance_km(origin.point, point)

    @property
    def distance(self) -> str:
        """How far it is, in words; "" without a place or a point."""
        if self.distance_km is None:
            return ""
        exact = self.provider.point_precision == "address"
        return wording.distance(self.distance_km, self.search.unit, exact=exact)


@dataclass(frozen=True)
class Chosen:
    """Who is compared, by slug in the order of the address, and what is wrong."""

    columns: list[Column]
    problems: list[str]

    @property
    def slugs(self) -> list[str]:
        return [column.provider.slug for column in self.columns]


def chosen(asked: Iterable[str], search: Search) -> Chosen:
    """The listings that an address names; those without a page are told of."""
    slugs = [slug.strip() for slug in dict.fromkeys(asked) if slug.strip()]
    found = _by_slug([s for s in slugs[:MOST_LOOKED_UP] if _SLUG.fullmatch(s)])
    known = list({found[s].pk: found[s] for s in slugs if s in found}.values())
    schedules = Schedules()
    columns = [_column(provider, search, schedules) for provider in known[:MOST]]
    unknown = [slug for slug in slugs[:MOST_LOOKED_UP] if slug not in found]
    return Chosen(columns, [*_unknown(unknown), *_too_many(known[MOST:])])


def _by_slug(slugs: list[str]) -> dict[str, Provider]:
    """Listings by the slugs that they have, or had before they were merged."""
    if not slugs:
        return {}
    former = FormerSlug.objects.filter(slug__in=slugs)
    now = dict(former.values_list("slug", "provider__slug"))
    pages = with_everything(Provider.objects.with_a_page())
    asked = pages.filter(slug__in=[*slugs, *now.values()])
    found = {page.slug: page for page in asked.select_related("region")}
    named = {slug: found.get(slug) or found.get(now.get(slug, "")) for slug in slugs}
    return {slug: page for slug, page in named.items() if page}


def _column(provider: Provider, search: Search, schedules: Schedules) -> Column:
    estimates = [estimate(o, schedules) for o in provider.offerings.all()]
    return Column(provider, search, estimates)


def _unknown(slugs: list[str]) -> list[str]:
    return [
        _("We have no page of that address: “%(slug)s”. It may have been taken down.")
        % {"slug": slug[:60]}
        for slug in slugs[:MOST]
    ]


def _too_many(left: list[Provider]) -> list[str]:
    if not left:
        return []
    words = ngettext(
        "We compare up to four. Left out: %(names)s. Remove one of the four to see it.",
        "We compare up to four. Left out: %(names)s. Remove some of the four to see "
        "them.",
        len(left),
    )
    return [words % {"names": ", ".join(provider.name for provider in left)}]
