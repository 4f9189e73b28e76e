"""Two listings of one clinic made into one."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from providers.actions.applying import apply_one, lock
from providers.actions.derived import change_of
from providers.actions.recording import document_of
from providers.documents import Document
from providers.models import (
    Change,
    Check,
    Conflict,
    FormerSlug,
    NotDuplicate,
    ProblemReport,
    Provider,
)
from providers.text import plain
from providers.vocabulary import POINT_PRECISIONS

# Columns that the contact's date stands for, those of one line taken together.
_REACHED = (("phone", "phone_extension"), ("email",), ("website",), ("time_zone",))
_ADDRESS = ("street", "street2", "city", "postcode", "region")
_FILLED = ("organization", "npi", "about_en", "about_es", "hours")
_FINEST_FIRST = list(POINT_PRECISIONS)


@transaction.atomic
def merge_listings(*, kept: Provider, gone: Provider, by: AbstractBaseUser) -> Provider:
    """Make one listing of two that are the same clinic.

    `kept` stays, with what only `gone` knew and the newer of each dated statement.
    The sources, the checks and the story of `gone` become its own, and the address
    of `gone` leads to it. Raises ValueError for one and the same listing.
    """
    if kept.pk == gone.pk:
        raise ValueError("a listing cannot be merged with itself")
    lock([kept.pk, gone.pk])
    ours, other = document_of(kept.pk), document_of(gone.pk)
    _hand_over(kept, gone)
    change_of(kept, other, None, by=by, run=None).save()
    Provider.objects.filter(pk=gone.pk).delete()
    FormerSlug.objects.update_or_create(slug=other["slug"], defaults={"provider": kept})
    return apply_one(merged(ours, other), kept, by=by)


def _hand_over(kept: Provider, gone: Provider) -> None:
    for model in (Change, Check, ProblemReport, FormerSlug):
        model.objects.filter(provider=gone).update(provider=kept)
    taken = Conflict.objects.filter(provider=kept)
    for conflict in Conflict.objects.filter(provider=gone):
        if not taken.filter(run=conflict.run, path=conflict.path).exists():
            conflict.provider = kept
            conflict.save(update_fields=["provider"])


@transaction.atomic
def keep_apart(*, one: Provider, other: Provider, by: AbstractBaseUser) -> None:
    """Record that two listings that look like one are two. Saying so twice is once."""
    first, second = sorted((one.pk, other.pk))
    NotDuplicate.objects.get_or_create(
        one_id=first, other_id=second, defaults={"by": by}
    )


def merged(ours: Document, other: Document) -> Document:
    """`ours` with what only `other` says, and the newer of what both say.

    The contact's date stands for phone and address too: where these differ, ours stay
    with our date, and the newer date is taken only where they agree. Name, web address
    and status stay ours.
    """
    listing = dict(ours)
    for name in _FILLED:
        listing[name] = ours[name] or other[name]
    listing |= _contact(ours, other)
    listing["facts"] = {
        topic: _newest(ours["facts"].get(topic, {}), other["facts"].get(topic, {}))
        for topic in ours["facts"].keys() | other["facts"].keys()
    }
    listing["offerings"] = _offerings(ours["offerings"], other["offerings"])
    listing["sources"] = {
        code: sorted({*ours["sources"].get(code, ()), *other["sources"].get(code, ())})
        for code in ours["sources"].keys() | other["sources"].keys()
    }
    return listing


def _contact(ours: Document, other: Document) -> Document:
    first, second = ours, other
    is_newer = _newer(ours["contact"], other["contact"]) != ours["contact"]
    if ours["contact"] is None or (is_newer and _agree(ours, other)):
        first, second = other, ours
    found = {"contact": first["contact"]}
    for names in _REACHED:
        said = first if first[names[0]] else second
        found |= {name: said[name] for name in names}
    return found | _address(first, second)


def _agree(ours: Document, other: Document) -> bool:
    """Whether what both say of phone and address is the same."""
    names = [name for names in (*_REACHED, _ADDRESS) for name in names]
    both = [(ours[name], other[name]) for name in names if ours[name] and other[name]]
    return all(one == two or plain(one) == plain(two) for one, two in both)


def _address(first: Document, second: Document) -> Document:
    """The address as a whole, and the finer point of two at one address."""
    where, elsewhere = first, second
    is_near = first["region"] == second["region"]
    if second["street"] and not first["street"] and is_near:
        where, elsewhere = second, first
    points = [where["point"]]
    if _is_one_place(where, elsewhere):
        points.append(elsewhere["point"])
    known = [point for point in points if point]
    finest = min(known, key=_fineness, default=None)
    return {name: where[name] for name in _ADDRESS} | {"point": finest}


def _is_one_place(one: Document, other: Document) -> bool:
    return all(
        plain(one[name]) == plain(other[name])
        for name in ("street", "postcode", "region")
    )


def _fineness(point: dict) -> int:
    return _FINEST_FIRST.index(point["precision"])


def _newer(ours: dict | None, other: dict | None) -> dict | None:
    if ours is None or other is None:
        return ours or other
    return other if other["checked_on"] > ours["checked_on"] else ours


def _newest(ours: dict[str, dict], other: dict[str, dict]) -> dict[str, dict]:
    return {
        key: _newer(ours.get(key), other.get(key)) for key in ours.keys() | other.keys()
    }


def _offerings(ours: dict[str, dict], other: dict[str, dict]) -> dict[str, dict]:
    offerings = _newest(ours, other)
    nothing = {"prices": {}, "serves": []}
    for key, offering in offerings.items():
        both = ours.get(key, nothing), other.get(key, nothing)
        offerings[key] = offering | {
            "prices": _prices(both[0]["prices"], both[1]["prices"]),
            "serves": sorted({*both[0]["serves"], *both[1]["serves"]}),
        }
    return offerings


def _prices(ours: dict[str, dict], other: dict[str, dict]) -> dict[str, dict]:
    """The newer of each price; an older one that was another amount is its past."""
    found = _newest(ours, other)
    for key in ours.keys() & other.keys():
        older, newer = sorted((ours[key], other[key]), key=lambda p: p["checked_on"])
        is_past = older["checked_on"] < newer["checked_on"] and key.endswith("|")
        if is_past and _amount(older) != _amount(newer):
            found.setdefault(key + newer["checked_on"], older)
    return found


def _amount(price: dict) -> tuple:
    return price["amount_min_cents"], price["amount_max_cents"], price["currency"]
