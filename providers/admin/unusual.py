"""Prices that look mistyped: told to the editor who saves one, and never refused."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from providers import vocabulary, wording
from providers.models import PriceLine


def warning(line: PriceLine) -> str:
    """What to say of a price far outside what is posted elsewhere; "" for any other."""
    found = vocabulary.far_from(
        line.offering.key,
        kind=line.kind,
        unit=line.unit,
        applies_to=line.applies_to,
        currency=line.currency,
        package_size=line.package_size or 1,
        minutes=line.minutes,
        amounts_cents=(line.amount_min_cents, line.amount_max_cents),
    )
    if found is None:
        return ""
    low, high, currency = line.amount_min_cents, line.amount_max_cents, line.currency
    told = {
        "kind": line.get_kind_display(),
        "amount": wording.amount_range(low, high, currency),
        "range": wording.amount_range(found.low_cents, found.high_cents, currency),
    }
    return (
        _("%(kind)s, %(amount)s: is that right? Elsewhere %(range)s a visit is posted.")
        % told
    )


def warn(request: HttpRequest, rows: Iterable[Model]) -> None:
    """Tell of the current prices among rows that were just saved."""
    prices = [row for row in rows if isinstance(row, PriceLine)]
    for line in (line for line in prices if line.superseded_on is None):
        if text := warning(line):
            messages.warning(request, text)
