"""Prices of another site of the same organization, as they would stand here. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from providers import vocabulary
from providers.documents import Document, Path, parts, whole

STANDS = {
    "newer": _("stays: what stands here is as new or newer"),
    "person": _("stays: a person confirmed what stands here"),
    "disputed": _("stays: somebody disputes the price here"),
    "disputed_there": _("does not come: somebody disputes it there"),
    "no_offering": _("does not come: it is not offered here"),
}


class Line(NamedTuple):
    """A current price there, and here (None for none); why it does not come, or ""."""

    path: Path
    here: dict[str, Any] | None
    there: dict[str, Any]
    reason: str

    @property
    def comes(self) -> bool:
        return not self.reason


def lines(here: Document, there: Document) -> list[Line]:
    """Each current price of the site there, with what it does here."""
    return list(_lines(parts(here), parts(there)))


def _lines(here: dict[Path, Any], there: dict[Path, Any]) -> Iterator[Line]:
    for path, price in there.items():
        match path:
            case ("offerings", row, "prices", line) if line.endswith("|"):
                is_offered = ("offerings", row) in here
                reason = _reason(here.get(path), price) if is_offered else "no_offering"
                yield Line(path, here.get(path), price, reason)


def _reason(here: dict | None, there: dict) -> str:
    persons = vocabulary.PERSON_METHODS
    if there["disputed"]:
        return "disputed_there"
    if here is None:
        return ""
    if here["disputed"]:
        return "disputed"
    if here["checked_on"] >= there["checked_on"]:
        return "newer"
    by_hand = here["method"] in persons and there["method"] not in persons
    return "person" if by_hand else ""


def taken(here: Document, found: list[Line], chosen: Collection[Path]) -> Document:
    """The listing with the chosen lines that come, each as it is known there.

    A price that was another before becomes history, on the day of the one that comes.
    """
    now = parts(here)
    for line in found:
        if not line.comes or line.path not in chosen:
            continue
        if line.here is not None and _amount(line.here) != _amount(line.there):
            *to, key = line.path
            now.setdefault((*to, key + line.there["checked_on"]), line.here)
        now[line.path] = line.there
    return whole(now)


def _amount(price: dict) -> tuple:
    return price["amount_min_cents"], price["amount_max_cents"], price["currency"]
