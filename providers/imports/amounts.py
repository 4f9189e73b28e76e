"""Amounts of money as people type them, and as we write them. Pure: no database."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

MOST_EXPENSIVE = 1_000_000  # in whole units of any currency

_SIGNS = {
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "£": "GBP",
    "€": "EUR",
    "$": "",
    **{code: code for code in ("USD", "CAD", "GBP", "EUR", "AUD", "NZD")},
}
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_AMOUNT = rf"(?:{_SIGN})?\s*(?:{_NUMBER})\s*(?:{_SIGN})?"
_FORM = re.compile(
    rf"(?P<from>from\s+|starting at\s+)?(?P<low>{_AMOUNT})"
    rf"(?:(?P<plus>\s*\+)|\s*(?:-|–|—|to)\s*(?P<high>{_AMOUNT}))?",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"({_SIGN})|({_NUMBER})", re.IGNORECASE)


class Amounts(NamedTuple):
    """An amount, or the two ends of a range, in minor units; "" for no currency."""

    low_cents: int
    high_cents: int | None
    currency: str


def read_amounts(text: str) -> Amounts:
    """Read "450", "$1,250.00", "450-600", "£450 to £600", "from 450" or "450+".

    Raises ValueError, with words for people, for anything else.
    """
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text[:20]!r} is no amount such as 450 or 450-600")
    ends = [_end(end) for end in found.group("low", "high") if end]
    currencies = {currency for _cents, currency in ends if currency}
    if len(currencies) > 1:
        raise ValueError(f"{text[:20]!r} is in two currencies")
    high = ends[1][0] if len(ends) > 1 else None
    if high is not None and high < ends[0][0]:
        raise ValueError("is above its other end")
    return Amounts(ends[0][0], high, currencies.pop() if currencies else "")


def is_one_amount(text: str) -> bool:
    """Whether the text is one amount: no range, and no lower end of one."""
    found = _FORM.fullmatch(text.strip())
    return found is not None and not any(found.group("from", "plus", "high"))


def _end(text: str) -> tuple[int, str]:
    number, currency = Decimal(0), ""
    for sign, digits in _PARTS.findall(text):
        currency = _SIGNS[sign.upper()] or currency if sign else currency
        number = Decimal(digits.replace(",", "")) if digits else number
    if number > MOST_EXPENSIVE:
        raise ValueError(f"{text.strip()} is no price")
    if number * 100 % 1 or re.search(r"\.[0-9]{3}", text):
        raise ValueError(f"{text.strip()} has parts of a cent")
    return int(number * 100), currency


def written(cents: int | None) -> str:
    """The amount as `read_amounts` reads it: "450", "450.50", "" for unknown."""
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)
