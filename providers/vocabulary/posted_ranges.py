"""What articles and posted price lists name for a visit: against typing errors only.

No such range is data of ours: it is shown to no patient and enters no sum. The letters
of a source name it in the project's notes on the field (2.1); all were read 2026-11.
"""

from __future__ import annotations

from typing import NamedTuple

from providers.vocabulary.services import NASAL_ESKETAMINE, REMOTE_SETTINGS


class PostedRange(NamedTuple):
    """The lowest and the highest amount that the sources name for one visit."""

    low_cents: int
    high_cents: int
    sources: str

    def is_far_from(self, cents: float) -> bool:
        """Whether an amount is below half of the lowest or above twice the highest."""
        return cents < self.low_cents / 2 or cents > self.high_cents * 2


CURRENCY = "USD"  # the only one for which ranges were found
_IV = PostedRange(30_000, 150_000, "HMAPS, THERVO, VSCOUT 2026, CRAIN, KTMH")
_IV_PAIN = PostedRange(60_000, 200_000, "THERVO, HMAPS")
_IM = PostedRange(27_500, 80_000, "KAIR, KINST")
_ESKETAMINE = PostedRange(59_000, 160_000, "VSCOUT 2026, KAIR, NEO2")
_HOME_DOSE = PostedRange(7_500, 30_000, "VSCOUT 2026, KAIR")
_KAP_DOSE = PostedRange(15_000, 140_000, "INNER 2023-09, KAIR, BTB")
_TALK = PostedRange(7_500, 37_500, "INNER 2023-09, BTB, WOLF")
_MEDICAL = PostedRange(15_000, 37_500, "THERVO, INNER 2023-09, HMAPS")

_OF_ROUTE = {
    "iv_infusion": _IV,
    "im_injection": _IM,
    NASAL_ESKETAMINE: _ESKETAMINE,
}
_OF_KIND = {"prep": _TALK, "integration": _TALK, "medical_eval": _MEDICAL}
_HOME_ROUTES = ("sublingual", "oral")


def posted_range(kind: str, offering: str) -> PostedRange | None:
    """The range for a visit of a kind; None where no source names one.

    offering: the key of the offering: "route|setting|therapy|format|variant".
    """
    if kind != "dose_visit":
        return _OF_KIND.get(kind)
    route, setting, therapy, _format, variant = offering.split("|", 4)
    if therapy == "full_kap":
        return _KAP_DOSE
    if route == "iv_infusion" and "pain" in variant.lower():
        return _IV_PAIN
    if route in _HOME_ROUTES and setting in REMOTE_SETTINGS:
        return _HOME_DOSE
    return _OF_ROUTE.get(route)


def far_from(
    offering: str,
    *,
    kind: str,
    unit: str,
    applies_to: str,
    currency: str,
    package_size: int,
    minutes: int | None,
    amounts_cents: tuple[int | None, int | None],
) -> PostedRange | None:
    """The range of which a price lies far outside; None for an ordinary price.

    Nor is there one for what nobody posts alike: insured examples, other currencies,
    prices by the month, the course or an hour of unknown length.
    """
    found = posted_range(kind, offering)
    visits = _visits(unit, package_size, minutes)
    if found is None or not visits or (currency, applies_to) != (CURRENCY, "self_pay"):
        return None
    known = [cents / visits for cents in amounts_cents if cents is not None]
    return found if any(map(found.is_far_from, known)) else None


def _visits(unit: str, package_size: int, minutes: int | None) -> float:
    """How many visits one such price pays for; 0 where it does not say."""
    if unit in ("visit", "dose"):
        return 1
    if unit == "hour" and minutes:
        return 60 / minutes
    return package_size if unit == "package_of_n" else 0
