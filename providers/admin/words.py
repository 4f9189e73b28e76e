"""How the admin's lists say what a session costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from providers import search, vocabulary, wording
from providers.models import Offering


def session_price(offerings: Iterable[Offering], on: date) -> str:
    """The session prices of the offerings, by currency, as a search shows them on `on`.

    A stale one is marked, and an unknown one is never an amount.
    """
    offerings = list(offerings)
    found = [
        search.session_price(offerings, currency=currency, on=on)
        for currency in vocabulary.CURRENCIES
    ]
    return ", ".join(_price(price) for price in found if price) or _("not published")


def _price(price: search.Price) -> str:
    if price.complete:
        text = wording.amount_range(price.low_cents, price.high_cents, price.currency)
    else:
        known = wording.at_least(price.low_cents, price.currency)
        text = known or _("only a part is known")
    return text if price.current else _("%(price)s, stale") % {"price": text}
