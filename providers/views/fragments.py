"""Cards as HTML, kept by this process while what they show stands.

A fragment is known by its listing, the listing's own change number, the day, the
language and those parts of the question that a card answers. The place searched for
is in no key: the distance, what it costs to get there and "in another state" are
filled in anew.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from providers import wording
from providers.models import Provider
from providers.question import FACT_GROUPS, OFFERING_PARTS, Search
from providers.remembered import Recent
from providers.search import distance_km, matching_offerings, read
from providers.search.answer import Hit
from providers.views.card_prices import Fare, asks_for_travel, fares, with_travel
from providers.views.cards import card
from providers.views.slots import Slotted, draw, slot

LEVEL = 3  # of the heading that a card's name usually is
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

    def __init__(self, numbers: Mapping[int, Hashable], search: Search) -> None:
        """`numbers`: of each listing by its key, another after each change."""
        self._search, self._language = search, get_language()
        self._asks_for_travel = asks_for_travel(search)
        shown = (self._language, *(getattr(search, name) for name in SHOWN))
        keys = {pk: (pk, number, *shown) for pk, number in numbers.items()}
        known = kept.known(keys)
        for pk, provider in read(keys.keys() - known.keys(), search).items():
            known[pk] = _fragment(provider, search)
            kept.put(keys[pk], known[pk])
        self._known = known

    def of(self, hits: Sequence[Hit], *, level: int = LEVEL) -> bytes:
        """The cards one after the other, their names headings of that level."""
        around = {} if level == LEVEL else _named_at(level)
        shown: list[bytes] = []
        for hit in hits:
            if fragment := self._known.get(hit.pk):
                filled = self._filled(hit, fragment) | around
                shown += fragment.card.parts(filled)
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
            is_abroad = fragment.country != search.origin.country
            filled["elsewhere"] = _elsewhere(self._language, is_abroad=is_abroad)
        if self._asks_for_travel:
            filled["travel"] = with_travel(fragment.fares, far_km, search)
        return filled


# What each request fills in.
_FILLED = {n: slot(n) for n in ("opens", "closes", "distance", "elsewhere", "travel")}


def _fragment(provider: Provider, search: Search) -> Fragment:
    shown = {"card": card(provider, search), **_FILLED}
    return Fragment(
        card=Slotted(draw("providers/_card.html", shown).decode(), _named_at(LEVEL)),
        region=provider.region_id,
        country=provider.country,
        exact=provider.point_precision == "address",
        is_sample=provider.is_sample,
        fares=fares(matching_offerings(provider, search), search),
    )


def _named_at(level: int) -> dict[str, str]:
    """What stands around a card's name: a heading of that level."""
    return {"opens": f"<h{level}>", "closes": f"</h{level}>"}


@lru_cache(maxsize=5_000)  # as many as wording keeps distances
def _far(words: str) -> bytes:
    return f"<strong>{escape(words)}</strong> · ".encode()


@cache
def _elsewhere(language: str, *, is_abroad: bool) -> bytes:
    """Said of a listing in another state or country than the place searched for."""
    words = _("in another country") if is_abroad else _("in another state or province")
    return f' <span class="mark">{escape(words)}</span>'.encode()
