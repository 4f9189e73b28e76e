"""Taking a change back out of what a document has become since. Pure."""

from __future__ import annotations

from typing import NamedTuple

from providers.documents import EMPTY, Document, Path, parts, whole
from providers.models.provider import LISTED_STATUSES


class Undone(NamedTuple):
    """The document with a change taken back, and the paths that were left alone."""

    listing: Document | None
    kept: list[str]


def undone(
    now: Document | None, before: Document | None, after: Document | None
) -> Undone:
    """Take the change from `before` to `after` back out of what stands `now`.

    A value goes back only where it still is what the change made of it; every other
    one is kept and named. A listing that the change added goes only if nothing of it
    was edited since. Nothing becomes public again that was closed since.
    """
    if after is None:
        return Undone(before, []) if now is None else Undone(now, ["the listing"])
    if now is None:
        return Undone(None, ["the listing"])
    if before is None:
        same = now == EMPTY | after
        return Undone(None, []) if same else Undone(now, ["the listing"])
    standing, old, new = parts(now), parts(EMPTY | before), parts(EMPTY | after)
    changed = {p for p in old.keys() | new.keys() if old.get(p) != new.get(p)}
    edited = {p for p in standing.keys() | new.keys() if standing.get(p) != new.get(p)}
    kept = changed & edited
    kept |= _tied(changed - kept, edited, standing, old)
    listing = whole(_put(standing, old, changed - kept))
    return Undone(_possible(listing, now), sorted("/".join(path) for path in kept))


# Columns that mean something only together.
_TOGETHER = (
    {"phone", "phone_extension"},
    {"street", "street2", "city", "region", "postcode", "point"},
    {"status", "status_on", "status_reason"},
)


def _tied(
    going_back: set[Path], edited: set[Path], standing: dict, old: dict
) -> set[Path]:
    """What must stay with something that was edited since.

    An offering stays with a price that was edited since, and the price that a kept
    one superseded stays as its past.
    """
    tied = set()
    for path in going_back:
        match path:
            case (name,):
                others = next((group for group in _TOGETHER if name in group), set())
                if any((other,) in edited for other in others):
                    tied.add(path)
            case ("offerings", row) if path not in old:
                own = {p for p in standing if p[:3] == ("offerings", row, "prices")}
                if own - going_back:
                    tied.add(path)
            case ("offerings", row, "prices", line):
                current = (*path[:3], line[: line.rindex("|") + 1])
                if current != path and current in edited:
                    tied.add(path)
    return tied


def _possible(listing: Document, now: Document) -> Document:
    """Without what no listing may be: see the constraints of Provider."""
    if listing["status"] not in LISTED_STATUSES:
        listing["published"] = listing["published"] and now["published"]
    if listing["published"] and listing["contact"] is None:
        listing["contact"] = now["contact"]
    if listing["status"] == "do_not_list" or listing["contact"] is None:
        listing["published"] = False
    return listing


def _put(
    onto: dict[Path, object], values: dict[Path, object], paths: set[Path]
) -> dict[Path, object]:
    """`onto` with the paths as `values` has them; what it lacks goes."""
    result = {path: value for path, value in onto.items() if path not in paths}
    return result | {path: values[path] for path in paths if path in values}
