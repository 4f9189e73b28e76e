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

_TIED = (("phone", "phone_extension"), ("street", "street2"))
_OURS = ("slug", "published", "is_sample", "status", "status_reason", "status_on")


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
    FormerSlug.objects.create(slug=other["slug"], provider=kept)
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
    """`ours` with what only `other` says, and the newer of what both say."""
    listing = dict(ours)
    tied = dict(_TIED)
    for name, value in other.items():
        if name in _OURS or name in tied.values() or ours[name] or not value:
            continue
        listing[name] = value
        if name in tied:
            listing[tied[name]] = other[tied[name]]
    listing["contact"] = _newer(ours["contact"], other["contact"])
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
            "prices": _newest(both[0]["prices"], both[1]["prices"]),
            "serves": sorted({*both[0]["serves"], *both[1]["serves"]}),
        }
    return offerings
