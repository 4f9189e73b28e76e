"""Cards as HTML, kept by this process while what they show stands.

A fragment is known by its listing, the listing's own change number, the day, the
language and those parts of the question that a card answers. The place searched for
is in no key: the distance, what it costs to get there and "in another state" are
filled in anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape, format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from providers import wording
from providers.models import Provider
from providers.places import Found
from providers.question import FACT_GROUPS, OFFERING_PARTS, Search
from providers.remembered import Recent
from providers.search import distance_km, matching_offerings, read
from providers.search.answer import Hit
from providers.views.card_prices import Fare, asks_for_travel, fares, with_travel
from providers.views.cards import card
from providers.views.slots import Slotted, draw, slot

MOST = 8_000  # of some 3 kB each
SHOWN = ("on", "currency", *OFFERING_PARTS, *FACT_GROUPS, "need")


class Fragment(NamedTuple):
    """A card, with what is asked of its listing to fill it."""

    card: Slotted
    region: str
    country: str
    exact: bool  # whether its point is the address
    is_sample: bool
    fares: tuple[Fare, ...]


kept: Recent[Fragment] = Recent(MOST)


class Cards:
    """The cards of an answer's listings; those not drawn before are read at once."""

    def __init__(
        self,
        hits: Iterable[Hit],
        search: Search,
        change_number: Callable[[int], Hashable],
    ) -> None:
        """`change_number`: of a listing by its key, another after each change."""
        self._search, self._language = search, get_language()
        self._asks_for_travel = asks_for_travel(search)
        shown = (self._language, *(getattr(search, name) for name in SHOWN))
        keys = {hit.pk: (hit.pk, change_number(hit.pk), *shown) for hit in hits}
        known = {
            pk: fragment for pk, key in keys.items() if (fragment := kept.get(key))
        }
        for pk, provider in read(keys.keys() - known.keys(), search).items():
            known[pk] = _fragment(provider, search)
            kept.put(keys[pk], known[pk])
        self._known = known

    def of(self, hits: Sequence[Hit], *, level: int = 3) -> bytes:
        """The cards one after the other, their names headings of that level."""
        around = {"opens": b"<h%d>" % level, "closes": b"</h%d>" % level}
        shown = (
            fragment.card.fill({**around, **self._filled(hit, fragment)})
            for hit in hits
            if (fragment := self._known.get(hit.pk))
        )
        return b"".join(shown)

    @property
    def shows_samples(self) -> bool:
        return any(fragment.is_sample for fragment in self._known.values())

    def _filled(self, hit: Hit, fragment: Fragment) -> dict[str, str | bytes]:
        """What a card says of its listing and the place searched for."""
        far_km, search, filled = distance_km(hit), self._search, {}
        if far_km is not None:
            exact, language = fragment.exact, self._language
            words = wording.distance(
                far_km, search.unit, exact=exact, language=language
            )
            filled["distance"] = _far(words)
        if search.origin and fragment.region != search.origin.region:
            filled["elsewhere"] = _elsewhere(fragment, search.origin)
        if self._asks_for_travel:
            filled["travel"] = with_travel(fragment.fares, far_km, search)
        return filled


# What each request fills in.
_FILLED = {n: slot(n) for n in ("opens", "closes", "distance", "elsewhere", "travel")}


def _fragment(provider: Provider, search: Search) -> Fragment:
    shown = {"card": card(provider, search), **_FILLED}
    return Fragment(
        card=Slotted(draw("providers/_card.html", shown).decode()),
        region=provider.region_id,
        country=provider.country,
        exact=provider.point_precision == "address",
        is_sample=provider.is_sample,
        fares=fares(matching_offerings(provider, search), search),
    )


@lru_cache(maxsize=5_000)  # as many as wording keeps distances
def _far(words: str) -> bytes:
    return f"<strong>{escape(words)}</strong> · ".encode()


def _elsewhere(fragment: Fragment, origin: Found) -> str:
    """Said of a listing in another state or country than the place searched for."""
    words = _("in another state or province")
    if fragment.country != origin.country:
        words = _("in another country")
    return format_html(' <span class="mark">{}</span>', words)
