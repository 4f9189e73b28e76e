"""Since when, how and from where a statement is known, in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from providers import vocabulary, wording
from providers.models import Fact, Offering, PriceLine


def asked_when(statement: Fact | PriceLine | Offering, on: date) -> str:
    """When and how a statement was checked, from where, and whether it has aged."""
    known = _known(statement)
    if statement.is_stale(on):
        return _("Last checked %(when)s, not since · %(method)s · %(source)s") % known
    return _("Checked %(when)s · %(method)s · %(source)s") % known


def estimated_when(earliest: PriceLine, on: date) -> str:
    """The same of a sum, by its earliest line."""
    known = _known(earliest)
    if earliest.is_stale(on):
        sentence = _(
            "Estimate from prices posted %(when)s, not checked since · "
            "%(method)s · %(source)s"
        )
        return sentence % known
    return _("Estimate from prices posted %(when)s · %(method)s · %(source)s") % known


def _known(statement: Fact | PriceLine | Offering) -> dict[str, str]:
    return {
        "when": wording.when(statement.checked_on, statement.precision),
        "method": str(vocabulary.METHODS.label(statement.method)),
        "source": _(statement.source.publisher or statement.source.name),
    }
