"""What stands and what a row states, made into one listing. Pure: no database.

The rules, for every part alike:
- blank means not stated and keeps what stands;
- the same statement, no newer, is no news and changes nothing;
- a value that a person confirmed or wrote last stays, and the row's is handed back as a
  conflict, unless the row too is a person's word and newer than all that stands;
- an older statement never replaces a newer one, but fills what is blank; one of the
  same day corrects only what its own source said;
- what holds for a whole facility never replaces what is said of this treatment;
- a point never becomes coarser while the address stays;
- nothing is ever unpublished, reopened or deleted, and what is closed stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from providers.documents import EMPTY, Document
from providers.imports.rows import Row
from providers.models.provider import LISTED_STATUSES
from providers.text import plain
from providers.vocabulary import NOT_STATED, PERSON_METHODS, POINT_PRECISIONS

# Columns of which the second is taken and kept with the first.
_PAIRS = (("street", "street2"), ("phone", "phone_extension"))
_ALONE = ("name", "city", "region", "postcode", "npi", "email", "website", "about_en")
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
    stays_closed: bool = False


def merge(standing: Document | None, row: Row, touched: Mapping[str, date]) -> Merged:
    """Make one listing of what stands (None for nothing) and what the row states.

    `touched` has the paths (see documents.differences) that a person wrote last, and
    the day of it.
    """
    work = _Merge(standing or EMPTY, row, touched)
    if work.stays_closed():
        work.status()
        return Merged(work.wanted, work.conflicts, stays_closed=True)
    if not row.only_parts:
        work.columns()
        work.point()
        work.status()
        work.contact()
    work.facts()
    work.offerings()
    work.published()
    return Merged(work.wanted, work.conflicts)


class _Merge:
    def __init__(
        self, standing: Document, row: Row, touched: Mapping[str, date]
    ) -> None:
        self.standing, self.row, self.stated = standing, row, row.listing
        self.touched = touched
        self.is_new = standing is EMPTY
        self.wanted: Document = dict(standing)
        self.conflicts: list[Conflict] = []
        self.corrects = False  # whether a column that stood is replaced

    # --- Who has the last word ----------------------------------------------------

    def _wins(self, path: str, kept: dict | None, offered: dict | None) -> bool | None:
        """Whether a statement replaces the one that stands (None for none, or no date).

        None: a person stands behind either, and it is for a person to decide.
        """
        by_hand = kept is not None and kept["method"] in PERSON_METHODS
        is_persons = by_hand or path in self.touched
        if offered is None:
            return True if kept is None and not is_persons else None
        if offered["method"] not in PERSON_METHODS:
            return None if is_persons else _supersedes(offered, kept)
        if kept is None and not is_persons:
            return True
        is_newest = _is_newer(offered, kept) and self._is_since(path, offered)
        return True if is_newest else None

    def _is_since(self, path: str, offered: dict) -> bool:
        """Whether a statement is newer than what a person wrote last, if anything."""
        touched_on = self.touched.get(path)
        return touched_on is None or offered["checked_on"] > touched_on.isoformat()

    def _conflict(self, path: str, kept: Any, offered: Any) -> None:
        bases = (
            _basis(kept, self.standing["contact"]),
            _basis(offered, self.stated.get("contact")),
        )
        self.conflicts.append(Conflict(path, kept, offered, *bases))

    # --- Contact, point and status ------------------------------------------------

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
        self.corrects |= bool(self.standing[name])
        self.wanted[name] = self.stated[name]

    def _takes(self, name: str, offered: str) -> bool:
        """Whether the row's value of a column replaces what stands."""
        kept = self.standing[name]
        if not offered or offered == kept:
            return False
        # Nobody confirmed a blank.
        basis = self.standing["contact"] if kept else None
        wins = self._wins(name, basis, self.stated["contact"])
        if wins is None and plain(kept) != plain(offered):
            self._conflict(name, kept, offered)
        return bool(wins)

    def point(self) -> None:
        kept, offered = self.standing["point"], self.stated["point"]
        if not _same_address(self.wanted, self.stated):
            return
        has_moved = kept and not _same_address(self.standing, self.stated)
        if offered == kept or (offered is None and not has_moved):
            return
        if "point" in self.touched and not self._wins(
            "point", None, self.stated["contact"]
        ):
            if has_moved or not _is_coarser(offered, kept):
                self._conflict("point", kept, offered)
        elif has_moved or self._is_better(offered, kept):
            self.wanted["point"] = offered

    def _is_better(self, offered: dict, kept: dict | None) -> bool:
        if kept is None or _is_coarser(kept, offered):
            return True
        stated, standing = self.stated["contact"], self.standing["contact"]
        is_older = standing and (stated is None or not _supersedes(stated, standing))
        return not is_older and not _is_coarser(offered, kept)

    def stays_closed(self) -> bool:
        """Whether the listing is closed, and the row does not say the same."""
        status = self.standing["status"]
        return status not in LISTED_STATUSES and self.stated.get("status") != status

    def status(self) -> None:
        kept, offered = self.standing["status"], self.stated.get("status", "")
        if not offered or offered == kept:
            return
        wins = self._wins("status", self.standing["contact"], self.stated["contact"])
        is_withdrawn = offered == "do_not_list" and self.standing["published"]
        # Reopening, and hiding what is public, are for a person to decide.
        if wins is None or (wins and (kept not in LISTED_STATUSES or is_withdrawn)):
            self._conflict("status", kept, offered)
        elif wins:
            self.wanted["status"] = offered
            self.wanted["status_on"] = (self.stated["contact"] or {}).get("checked_on")
            self.corrects = True

    def contact(self) -> None:
        """The row confirms the contact where it agrees with all that stands.

        A person's newer word dates it even so: what another wrote since is a conflict.
        """
        kept, offered = self.standing["contact"], self.stated["contact"]
        if offered is None:
            return
        is_person = offered["method"] in PERSON_METHODS
        is_confirmed = kept is not None and kept["method"] in PERSON_METHODS
        is_news = _is_newer(offered, kept) or (
            self.corrects and _supersedes(offered, kept)
        )
        may = is_person or not (is_confirmed or self.conflicts)
        if is_news and may:
            self.wanted["contact"] = offered

    def published(self) -> None:
        wanted, row = self.wanted, self.row
        if self.is_new and row.slug:
            # As it was when it was exported.
            may = wanted["contact"] and wanted["status"] != "do_not_list"
            wanted["published"] = bool(may and self.stated.get("published"))
            return
        # Whoever names a listing that stands leaves it to an editor to publish it.
        is_left = row.slug or row.only_parts or row.listing.get("published") is False
        may = wanted["contact"] and wanted["status"] in LISTED_STATUSES
        if not row.reports_ketamine or wanted["published"] or is_left or not may:
            return
        if "published" in self.touched:
            self._conflict("published", False, True)
        else:
            wanted["published"] = True

    # --- Facts, offerings and prices ----------------------------------------------

    def facts(self) -> None:
        wanted = {topic: dict(c) for topic, c in self.standing["facts"].items()}
        for topic, codes in self.stated.get("facts", {}).items():
            for code, offered in codes.items():
                kept = wanted.get(topic, {}).get(code)
                found = self._statement(f"facts/{topic}/{code}", kept, offered, _answer)
                if found is not kept:
                    wanted.setdefault(topic, {})[code] = found
        self.wanted["facts"] = wanted

    def _statement(
        self, path: str, kept: dict | None, offered: dict, value_of
    ) -> dict | None:
        """A fact or a price as it is to stand: `kept` itself where nothing is new."""
        wins = self._wins(path, kept, offered)
        if kept is not None and value_of(kept, offered) == value_of(offered, kept):
            is_news = (
                wins and _is_newer(offered, kept) and not _is_vaguer(offered, kept)
            )
            return kept | _stated_of(offered) if is_news else kept
        if wins is None:
            self._conflict(path, kept, offered)
        return offered if wins and not _is_vaguer(offered, kept) else kept

    def offerings(self) -> None:
        self.wanted["offerings"] = dict(self.standing["offerings"])
        for key, offered in self.stated.get("offerings", {}).items():
            self._offering(key, offered)

    def _offering(self, key: str, offered: dict) -> None:
        wanted, path = self.wanted["offerings"], f"offerings/{key}"
        own = _own_statement(offered)
        # Whoever names a listing by its address says what it offers exactly.
        if key not in wanted and not self.row.slug:
            is_said = any(_says_all_of(other, key) for other in wanted)
            if is_said and not offered["prices"]:
                return
            self._say_more_exactly(key, own)
        kept = wanted.get(key)
        if kept is None:
            if self._wins(path, None, own):
                wanted[key] = own | {"prices": offered["prices"]}
            else:
                self._conflict(path, None, own | {"prices": offered["prices"]})
            return
        if "checked_on" in offered:
            kept = self._restated(path, kept, own)
        prices = self._prices(path, kept["prices"], offered["prices"])
        wanted[key] = kept | {"prices": prices}

    def _restated(self, path: str, kept: dict, own: dict) -> dict:
        """A standing offering as the row restates it, its prices apart."""
        wins = self._wins(path, kept, own)
        serves = own.get("serves") or kept["serves"]
        if wins is None and serves != kept["serves"]:
            self._conflict(path, _without_prices(kept), own)
        if wins and (_is_newer(own, kept) or serves != kept["serves"]):
            return kept | own | {"serves": serves}
        return kept

    def _say_more_exactly(self, key: str, own: dict) -> None:
        """Make a standing offering that says less, and that is no person's, this one.

        One that says more is left alone: the row confirms only a part of it.
        """
        wanted = self.wanted["offerings"]
        for other, kept in wanted.items():
            wins = self._wins(f"offerings/{other}", kept, own)
            if _says_all_of(key, other) and wins:
                wanted[key] = wanted.pop(other)
                return

    def _prices(self, path: str, standing: dict, stated: dict) -> dict:
        wanted = dict(standing)
        for key, offered in stated.items():
            kept = wanted.get(key)
            found = self._statement(f"{path}/prices/{key}", kept, offered, _amount)
            if found is kept:
                continue
            if kept and _has_changed_since(kept, found):
                wanted[key + found["checked_on"]] = kept
            wanted[key] = found
        return wanted


_CHECKED = ("checked_on", "precision", "method", "source")


def _basis(value: Any, contact: dict | None) -> dict | None:
    """When and how a value is known: as it says itself, else as its contact is."""
    if isinstance(value, dict) and "checked_on" in value:
        return {name: value[name] for name in _CHECKED}
    return contact


def _is_newer(offered: dict, kept: dict | None) -> bool:
    """Whether a statement is newer than the one that stands, if any."""
    return kept is None or offered["checked_on"] > kept["checked_on"]


def _supersedes(offered: dict, kept: dict | None) -> bool:
    """Whether a statement is newer, or the same source's later word on the day."""
    if kept is None or offered["checked_on"] != kept["checked_on"]:
        return _is_newer(offered, kept)
    return offered["source"] == kept["source"]


def _stated_of(offered: dict) -> dict:
    """What a statement says: blanks in it keep what stands."""
    return {k: v for k, v in offered.items() if v not in (None, "", [])}


def _own_statement(offered: dict) -> dict:
    """What a row says of an offering itself: if nothing, its newest price's check."""
    if "checked_on" in offered:
        return _without_prices(offered)
    newest = max(offered["prices"].values(), key=lambda line: line["checked_on"])
    return {name: newest[name] for name in _CHECKED} | {"serves": []}


def _without_prices(offering: dict) -> dict:
    return {name: value for name, value in offering.items() if name != "prices"}


def _is_vaguer(offered: dict, kept: dict | None) -> bool:
    """Whether a fact holds for the facility, where one of this treatment stands."""
    if kept is None or "scope" not in kept:
        return False
    return kept["scope"] == "treatment" and offered["scope"] == "facility"


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


def _amount(line: dict, _other: dict | None = None) -> tuple:
    return line["amount_min_cents"], line["amount_max_cents"], line["currency"]


def _answer(fact: dict, other: dict) -> tuple:
    """The answer, and its number where both state one."""
    has_both = fact["number"] is not None and other["number"] is not None
    return fact["answer"], fact["number"] if has_both else None
