"""What a listing's prices were: what changed, when, and how each was known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from providers import story, vocabulary, wording
from providers.documents import Document, Names, price_columns
from providers.models import Change, Offering, PriceLine, Provider, Source
from providers.views.costs import is_history
from providers.views.known import asked_when


class Past(NamedTuple):
    """One price that no longer stands."""

    offered: str
    kind: str
    amount: str
    ended: str  # "until March 3, 2026, then $400", or "not confirmed since"
    checked: str


MOST_CHANGES = 20  # of a listing, the latest, that are looked through for prices
_PRICE = ("amount_min_cents", "amount_max_cents", "currency")


def price_history(provider: Provider, on: date) -> list[Past]:
    """The past prices of a listing with everything fetched, the latest first."""
    ended = [found for o in provider.offerings.all() for found in _superseded(o, on)]
    ended += _edited(provider, {past for _day, past in ended}, on)
    return [past for _day, past in sorted(ended, key=lambda found: found[0])][::-1]


def _superseded(offering: Offering, on: date) -> Iterator[tuple[date, Past]]:
    """The past prices that have rows, and those too old to be told as prices."""
    chains: dict[tuple, list[PriceLine]] = {}
    for line in offering.prices.all():
        key = tuple(getattr(line, part) for part in PriceLine.KEY)
        chains.setdefault(key, []).append(line)
    for chain in chains.values():
        chain.sort(key=lambda line: line.superseded_on or date.max)
        for line, after in zip(chain, [*chain[1:], None], strict=True):
            if line.superseded_on is not None:
                ended = _ended(line.superseded_on, after)
                yield line.superseded_on, _told(offering.key, line, ended, on)
            elif is_history(line, on):
                old = _("Not confirmed since, so no longer shown as a price")
                yield line.checked_on, _told(offering.key, line, old, on)


def _edited(
    provider: Provider, known: set[Past], on: date
) -> Iterator[tuple[date, Past]]:
    """The prices that an edit wrote over, or took away, and that have no row."""
    changes = Change.objects.filter(provider=provider).order_by("-pk")
    changed = [
        (change, path) for change in changes[:MOST_CHANGES] for path in _gone(change)
    ]
    if not changed:
        return
    sources = {source.code: source for source in Source.objects.all()}
    names = _KnownNames(sources)
    rows = {past._replace(ended="") for past in known}
    for change, (offering, row) in changed:
        line = _line(row, change.before["offerings"][offering]["prices"][row], names)
        then = _prices(change.after, offering).get(row)
        day = timezone.localdate(change.made_at)
        ended = _ended(day, then and _line(row, then, names))
        past = _told(offering, line, ended, on)
        if past._replace(ended="") not in rows:
            yield day, past


def _gone(change: Change) -> Iterator[tuple[str, str]]:
    """Where a known, current price of before is not the one of after."""
    if not change.before or not change.after:
        return
    for offering in change.before["offerings"]:
        after = _prices(change.after, offering)
        for row, price in _prices(change.before, offering).items():
            stood = row.endswith("|") and price["currency"]
            then = after.get(row, {})
            if stood and any(price[name] != then.get(name) for name in _PRICE):
                yield offering, row


def _prices(listing: Document, offering: str) -> dict[str, dict]:
    return listing["offerings"].get(offering, {}).get("prices", {})


class _KnownNames(Names):
    """The ids of sources that are read already."""

    def __init__(self, sources: dict[str, Source]) -> None:
        super().__init__()
        self._ids[Source] = {code: source.pk for code, source in sources.items()}
        self._sources = {source.pk: source for source in sources.values()}

    def source(self, pk: int) -> Source:
        return self._sources[pk]


def _line(row: str, price: dict, names: _KnownNames) -> PriceLine:
    line = PriceLine(**price_columns(row, price, names))
    line.source = names.source(line.source_id)
    return line


def _told(offering: str, line: PriceLine, ended: str, on: date) -> Past:
    kind = str(vocabulary.PRICE_KINDS.label(line.kind))
    if line.applies_to != "self_pay":
        kind += f" ({line.get_applies_to_display()})"
    return Past(
        offered=story.offering_in_words(offering),
        kind=kind,
        amount=wording.price_line(line) or _("Price not published"),
        ended=ended,
        checked=asked_when(line, on),
    )


def _ended(day: date, after: PriceLine | None) -> str:
    known = {"day": date_format(day, "DATE_FORMAT")}
    if after is None:
        return _("Until %(day)s") % known
    known["then"] = wording.price_line(after) or _("no published price")
    return _("Until %(day)s, then %(then)s") % known
