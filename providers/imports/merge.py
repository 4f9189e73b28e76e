"""What stands and what a row states, made into one listing. Pure: no database.

The rules, for every part alike:
- blank means not stated and keeps what stands;
- a value that a person confirmed stays, and the row's is handed back as a conflict;
- an older statement never replaces a newer one, but fills what is blank;
- a point never becomes coarser while the address stays;
- nothing is ever unpublished, reopened or deleted.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from providers.documents import EMPTY, Document
from providers.imports.rows import Row
from providers.models.provider import LISTED_STATUSES
from providers.text import plain
from providers.vocabulary import NOT_STATED, PERSON_METHODS, POINT_PRECISIONS

# Columns of which the second is taken and kept with the first.
_PAIRS = (("street", "street2"), ("phone", "phone_extension"))
_ALONE = ("name", "city", "region", "postcode", "email", "website", "about_en")
_FINEST_FIRST = list(POINT_PRECISIONS)


class Conflict(NamedTuple):
    """A value that a person confirmed, beside the one that a row brought.

    A basis is the date, method and source of a value, where it has one.
    """

    path: str
    kept: Any
    offered: Any
    kept_basis: dict | None = None
    offered_basis: dict | None = None


class Merged(NamedTuple):
    """The listing as it is to stand, and what of the row it does not take."""

    listing: Document
    conflicts: list[Conflict]


def merge(standing: Document | None, row: Row, touched: frozenset[str]) -> Merged:
    """Make one listing of what stands (None for nothing) and what the row states.

    `touched` are the paths (see documents.differences) that a person wrote last.
    """
    work = _Merge(standing or EMPTY, row, touched)
    work.columns()
    work.point()
    work.status()
    work.facts()
    work.offerings()
    work.contact()
    work.published()
    return Merged(work.wanted, work.conflicts)


class _Merge:
    def __init__(self, standing: Document, row: Row, touched: frozenset[str]) -> None:
        self.standing, self.row, self.stated = standing, row, row.listing
        self.touched = touched
        self.wanted: Document = dict(standing)
        self.conflicts: list[Conflict] = []
        contact = standing["contact"]
        self.is_newer = _is_newer(self.stated["contact"], contact)
        self.is_confirmed = bool(contact) and contact["method"] in PERSON_METHODS

    def columns(self) -> None:
        for name, tied in _PAIRS:
            stated = self.stated[name]
            if stated and stated != self.standing[name]:
                if self._takes(name, stated):
                    self._take(name)
                    self.wanted[tied] = self.stated[tied]
            elif stated:
                self._column(tied)
        for name in _ALONE:
            self._column(name)

    def _column(self, name: str) -> None:
        if self._takes(name, self.stated.get(name, "")):
            self._take(name)

    def _take(self, name: str) -> None:
        self.wanted[name] = self.stated[name]

    def _takes(self, name: str, offered: Any) -> bool:
        """Whether the row's value of a column replaces what stands."""
        kept = self.standing[name]
        if not offered or offered == kept:
            return False
        if name in self.touched or (kept and self.is_confirmed):
            self._conflict(name, kept, offered)
            return False
        return not kept or self.is_newer

    def _conflict(self, path: str, kept: Any, offered: Any) -> None:
        bases = (
            _basis(kept, self.standing["contact"]),
            _basis(offered, self.stated["contact"]),
        )
        self.conflicts.append(Conflict(path, kept, offered, *bases))

    def point(self) -> None:
        kept, offered = self.standing["point"], self.stated["point"]
        if not _same_address(self.wanted, self.stated):
            return
        has_moved = kept and not _same_address(self.standing, self.stated)
        if offered == kept or (offered is None and not has_moved):
            return
        if "point" in self.touched:
            if has_moved or not _is_coarser(offered, kept):
                self._conflict("point", kept, offered)
        elif has_moved or self._is_better(offered, kept):
            self.wanted["point"] = offered

    def _is_better(self, offered: dict, kept: dict | None) -> bool:
        if kept is None or _is_coarser(kept, offered):
            return True
        return self.is_newer and not _is_coarser(offered, kept)

    def status(self) -> None:
        kept, offered = self.standing["status"], self.stated["status"]
        if not offered or offered == kept:
            return
        is_persons = "status" in self.touched or self.is_confirmed
        if not self.is_newer and not is_persons:
            return
        is_withdrawn = offered == "do_not_list" and self.standing["published"]
        # Reopening, and hiding what is public, are for a person to decide.
        if is_persons or kept not in LISTED_STATUSES or is_withdrawn:
            self._conflict("status", kept, offered)
            return
        self.wanted["status"] = offered
        self.wanted["status_on"] = self.stated["contact"]["checked_on"]

    def facts(self) -> None:
        wanted = {topic: dict(c) for topic, c in self.standing["facts"].items()}
        for topic, codes in self.stated["facts"].items():
            for code, offered in codes.items():
                kept = wanted.get(topic, {}).get(code)
                if self._takes_fact(f"facts/{topic}/{code}", kept, offered):
                    wanted.setdefault(topic, {})[code] = offered
        self.wanted["facts"] = wanted

    def _takes_fact(self, path: str, kept: dict | None, offered: dict) -> bool:
        if self._is_persons(path, kept):
            if kept is None or kept["answer"] != offered["answer"]:
                self._conflict(path, kept, offered)
            return False
        return kept != offered and _is_newer(offered, kept)

    def _is_persons(self, path: str, kept: dict | None) -> bool:
        by_method = kept is not None and kept["method"] in PERSON_METHODS
        return by_method or path in self.touched

    def offerings(self) -> None:
        self.wanted["offerings"] = dict(self.standing["offerings"])
        for key, offered in self.stated["offerings"].items():
            self._offering(key, offered)

    def _offering(self, key: str, offered: dict) -> None:
        wanted, path = self.wanted["offerings"], f"offerings/{key}"
        if key not in wanted:
            is_said = any(_says_all_of(other, key) for other in wanted)
            if is_said and not offered["prices"]:
                return
            self._say_more_exactly(key, offered)
        kept = wanted.get(key)
        if kept is None:
            if path in self.touched:
                self._conflict(path, None, offered)
            else:
                wanted[key] = offered
            return
        takes = not self._is_persons(path, kept) and _is_newer(offered, kept)
        checked = {name: offered[name] for name in _CHECKED} if takes else {}
        prices = self._prices(path, kept["prices"], offered["prices"])
        wanted[key] = kept | checked | {"prices": prices}

    def _say_more_exactly(self, key: str, offered: dict) -> None:
        """Make a standing offering that says less, and that is no person's, this one.

        One that says more is left alone: the row confirms only a part of it.
        """
        wanted = self.wanted["offerings"]
        for other, kept in wanted.items():
            is_persons = self._is_persons(f"offerings/{other}", kept)
            if _says_all_of(key, other) and not is_persons and _is_newer(offered, kept):
                wanted[key] = wanted.pop(other)
                return

    def _prices(self, path: str, standing: dict, stated: dict) -> dict:
        wanted = dict(standing)
        for key, offered in stated.items():
            kept = wanted.get(key)
            if not self._takes_price(f"{path}/prices/{key}", kept, offered):
                continue
            if kept and _has_changed_since(kept, offered):
                wanted[key + offered["checked_on"]] = kept
            wanted[key] = offered
        return wanted

    def _takes_price(self, path: str, kept: dict | None, offered: dict) -> bool:
        if self._is_persons(path, kept):
            if kept is None or _amount(kept) != _amount(offered):
                self._conflict(path, kept, offered)
            return False
        return kept != offered and _is_newer(offered, kept)

    def contact(self) -> None:
        """The row confirms the contact where it agrees with all that stands."""
        differs = any("/" not in conflict.path for conflict in self.conflicts)
        if self.is_newer and not self.is_confirmed and not differs:
            self.wanted["contact"] = self.stated["contact"]

    def published(self) -> None:
        wanted = self.wanted
        may = wanted["contact"] and wanted["status"] in LISTED_STATUSES
        if not self.row.reports_ketamine or wanted["published"] or not may:
            return
        if "published" in self.touched:
            self._conflict("published", False, True)
        else:
            wanted["published"] = True


_CHECKED = ("checked_on", "precision", "method", "source")


def _basis(value: Any, contact: dict | None) -> dict | None:
    """When and how a value is known: as it says itself, else as its contact is."""
    if isinstance(value, dict) and "checked_on" in value:
        return {name: value[name] for name in _CHECKED}
    return contact


def _is_newer(offered: dict, kept: dict | None) -> bool:
    """Whether a statement is at least as new as the one that stands, if any."""
    return kept is None or offered["checked_on"] >= kept["checked_on"]


def _is_coarser(point: dict | None, other: dict | None) -> bool:
    """Whether the first point is known less exactly than the second."""
    if point is None or other is None:
        return point is None and other is not None
    ranks = [_FINEST_FIRST.index(p["precision"]) for p in (point, other)]
    return ranks[0] > ranks[1]


def _same_address(one: Document, other: Document) -> bool:
    """Whether two listings stand at one address, as far as both state it."""
    names = ["postcode", "region", "street"]
    if not one["street"] and not other["street"]:
        names.append("city")
    stated = [(one[name], other[name]) for name in names if one[name] and other[name]]
    return all(a == b or plain(a) == plain(b) for a, b in stated)


def _says_all_of(key: str, less: str) -> bool:
    """Whether an offering's key says all that the other says, of the same route."""
    route, *parts = key.split("|", 4)
    route_of_less, *parts_of_less = less.split("|", 4)
    pairs = zip(parts, parts_of_less, strict=True)
    return route == route_of_less and all(b in (a, NOT_STATED, "") for a, b in pairs)


def _has_changed_since(kept: dict, offered: dict) -> bool:
    """Whether a price was another before, so that the old one becomes history."""
    is_later = kept["checked_on"] < offered["checked_on"]
    return is_later and _amount(kept) != _amount(offered)


def _amount(line: dict) -> tuple:
    return line["amount_min_cents"], line["amount_max_cents"], line["currency"]
