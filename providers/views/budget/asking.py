"""An amount and a place, read as a search for courses with travel within it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from providers import vocabulary
from providers.filters import INCLUDES, ProviderFilter
from providers.views import asked_again
from providers.views.asked_again import Field

MONTHS = 12  # of a first year
# Of the search's parameters those that go from page to page with an amount.
KEPT = (*asked_again.KEPT, "within", "page", *(f"include_{why}" for why in INCLUDES))
_THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3})+")
_SYMBOLS = "".join(currency.symbol for currency in vocabulary.CURRENCIES.values())


class Budget:
    """What was asked, what is wrong with it, and the search that it is."""

    def __init__(self, typed: QueryDict) -> None:
        self.typed = typed
        self.is_asked = bool(typed)
        self.is_monthly = typed.get("per") == "month"

    @cached_property
    def amount(self) -> Decimal | None:
        """So much in all, or each month; None where it is wrong."""
        return None if self._amount_read[1] else self._amount_read[0]

    @cached_property
    def _amount_read(self) -> tuple[Decimal | None, list[str]]:
        typed = _plain_number(self.typed.get("amount", ""))
        if not typed:
            return None, [_("Give the amount that you can spend.")]
        limit = ProviderFilter.base_filters["max_total"].field
        try:
            amount = limit.clean(typed)
            limit.clean(str(amount * MONTHS if self.is_monthly else amount))
        except ValidationError as error:
            return None, [str(message) for message in error.messages]
        return amount, []

    @property
    def in_all(self) -> Decimal:
        return self.amount * MONTHS if self.is_monthly else self.amount

    @cached_property
    def question(self) -> ProviderFilter:
        """The search: within the amount, nearest first. Valid where `errors` has
        none."""
        told = QueryDict(mutable=True)
        for name in KEPT:
            if self.typed.get(name, "").strip():
                told[name] = self.typed[name]
        told["sort"] = "distance"
        if ProviderFilter(told).form.is_valid() and self.amount is not None:
            told["max_total"] = f"{self.in_all:f}"
        return ProviderFilter(told)

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by the field in which to mend it."""
        if not self.is_asked:
            return {}
        wrong = {
            "near" if name in asked_again.PLACE else name: [str(e) for e in errors]
            for name, errors in self.question.form.errors.items()
            if name != "max_total"
        }
        place = self.question.form.origin
        if "near" not in wrong and (place is None or place.point is None):
            wrong["near"] = [_no_place() if place is None else _too_wide()]
        amount = {"amount": self._amount_read[1]} if self._amount_read[1] else {}
        return amount | wrong

    @property
    def amount_field(self) -> Field:
        return Field(
            name="amount",
            label=_("What you can spend"),
            hint=_("For a whole course and the way there, for example 3000."),
            value=self.typed.get("amount", ""),
            choices=[],
            errors=self.errors.get("amount", []),
        )

    @property
    def fields(self) -> dict[str, Field | bool]:
        """Those of the place and the ride."""
        fields = asked_again.place_and_ride(self.question)
        return fields | {
            "near": replace(fields["near"], errors=self.errors.get("near", []))
        }

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What goes on with the form and stands in no field of it."""
        names = ["currency", "within"]
        if not self.typed.get("near", "").strip():
            names += ["lat", "lng"]
        return [(n, self.typed[n]) for n in names if self.typed.get(n, "").strip()]

    def url(self, language: str = "", **changes: str) -> str:
        """This page asked again with changes, from its first page."""
        with override(language or get_language()):
            path = reverse("budget")
        told = {n: self.typed.get(n, "") for n in ("amount", "per", *KEPT)}
        told |= {"page": ""} | changes
        query = urlencode({n: v for n, v in told.items() if v.strip()})
        return f"{path}?{query}" if query else path


def _no_place() -> str:
    return _("Travel is counted from your place: give a town or a postcode.")


def _too_wide() -> str:
    return _("From a whole state or country we cannot measure. Type a town.")


def _plain_number(typed: str) -> str:
    """ "$3,000" as 3000: money as people write it, in either language."""
    bare = typed.strip().strip(_SYMBOLS).replace(" ", "")
    return re.sub(r"[.,]", "", bare) if _THOUSANDS.fullmatch(bare) else bare
