"""The valid case, to be varied: documents, and listings made of them by `actions`.

Dates are counted in days before today, so that freshness never runs out in a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from providers import actions, vocabulary
from providers.documents import EMPTY, Document
from providers.models import Provider, Region, RegionKind, Source

DENVER = (39.7392, -104.9903)
BOULDER = (40.0150, -105.2705)
DURANGO = (37.2753, -107.8801)
SALT_LAKE_CITY = (40.7608, -111.8910)
CALGARY = (51.0447, -114.0719)

_numbers = count(1)


def regions() -> None:
    """A small tree: the world, the EU, five countries and some of their parts."""
    _region("001", RegionKind.WORLD, "World", None)
    _region("EU", RegionKind.UNION, "European Union", "001")
    for code, name, parent in (
        ("US", "United States", "001"),
        ("CA", "Canada", "001"),
        ("GB", "United Kingdom", "001"),
        ("NZ", "New Zealand", "001"),
        ("IE", "Ireland", "EU"),
    ):
        _region(code, RegionKind.COUNTRY, name, parent)
    for code, name in (
        ("US-CO", "Colorado"),
        ("US-UT", "Utah"),
        ("US-NY", "New York"),
        ("US-AK", "Alaska"),
        ("CA-AB", "Alberta"),
        ("GB-SCT", "Scotland"),
    ):
        _region(code, RegionKind.SUBDIVISION, name, code[:2])


def _region(code: str, kind: str, name: str, parent: str | None) -> None:
    values = {"kind": kind, "name_en": name, "parent_id": parent}
    Region.objects.get_or_create(code=code, defaults=values)


def source(code: str = "clinic") -> Source:
    actions.ensure_sources()
    return Source.objects.get_or_create(code=code, defaults={"name": code})[0]


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


# --- Parts of a document: each gives what `|` joins -----------------------------------


def checked(days: int = 10, **values) -> dict:
    """When, how and from where a statement is known."""
    return {
        "checked_on": days_ago(days).isoformat(),
        "precision": "day",
        "method": "phone",
        "source": "clinic",
    } | values


def price(
    low: int | None = 40_000, high: int | None = None, *, days: int = 10, **values
) -> dict[str, dict]:
    """One price line by its key: $400 for a dosing visit, unless told otherwise."""
    parts = {
        "kind": "dose_visit",
        "payee": "clinic",
        "unit": "visit",
        "applies_to": "self_pay",
        "package_size": 1,
        "superseded_on": "",
    }
    key = "|".join(str(values.pop(name, usual)) for name, usual in parts.items())
    line = checked(days) | {
        "minutes": None,
        "count_min": None,
        "count_max": None,
        "amount_min_cents": low,
        "amount_max_cents": low if high is None else high,
        "currency": "USD" if (low, high) != (None, None) else "",
        "disputed": False,
        "note_en": "",
        "note_es": "",
        "includes": [],
    }
    return {key: line | values}


def offering(
    route: str = "iv_infusion",
    setting: str = "in_clinic",
    therapy: str = "full_kap",
    format_: str = "individual",
    variant: str = "",
    *,
    prices: dict[str, dict] | None = None,
    serves: tuple[str, ...] = (),
    days: int = 10,
    **values,
) -> dict[str, dict]:
    """One offering by its key, without prices unless some are given."""
    own = {"serves": sorted(serves), "prices": prices or {}}
    key = "|".join((route, setting, therapy, format_, variant))
    return {key: checked(days, **values) | own}


def fact(code: str, answer: str = "yes", *, topic: str = "", **values) -> Document:
    """One fact as the part of a document: {topic: {code: …}}."""
    plain = {"scope": "treatment", "number": None, "note_en": "", "note_es": ""}
    statement = checked(values.pop("days", 10)) | {"answer": answer} | plain | values
    return {topic or _topic_of(code): {code: statement}}


def facts(*statements: Document) -> Document:
    """Several facts joined."""
    joined: Document = {}
    for statement in statements:
        for topic, codes in statement.items():
            joined[topic] = joined.get(topic, {}) | codes
    return joined


def _topic_of(code: str) -> str:
    return next(topic for topic, codes in vocabulary.TOPICS.items() if code in codes)


def document(
    *, at: tuple[float, float] | None = DENVER, contact_days: int = 10, **columns
) -> Document:
    """A published listing in Denver with a contact check, one offering and no facts."""
    number = next(_numbers)
    point = None
    if at is not None:
        point = {"latitude": at[0], "longitude": at[1], "precision": "address"}
    return (
        EMPTY
        | {
            "slug": f"listing-{number}",
            "name": f"Listing {number}",
            "region": "US-CO",
            "published": True,
            "point": point,
            "contact": checked(contact_days),
            "offerings": offering(prices=price()),
        }
        | columns
    )


def provider(**columns) -> Provider:
    """A listing of its document, written as the product writes it."""
    regions()
    source()
    return actions.apply_one(document(**columns))


def hours() -> dict:
    """Of a document: open on Mondays from 9 to 17."""
    told = {"closes": "17:00:00", "by_appointment": False, "note_en": "", "note_es": ""}
    return {"0|09:00:00": told}


def listing(name: str, **columns) -> Provider:
    return provider(name=name, **columns)


@contextmanager
def rolled_back() -> Iterator[None]:
    """One Hypothesis example: the `db` fixture alone would keep its rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
