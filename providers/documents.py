"""A listing as one plain nested dict with natural keys: the Document.

`document` makes it from the tables; `actions.apply` writes it back, and the two are
each other's inverse. Export, history, imports, undo and conflicts all speak it.
Values are JSON's own: strings, numbers, booleans, lists and dicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from django.db.models import Model, Prefetch
from django.utils.text import slugify

from providers.models import (
    Fact,
    Hours,
    Offering,
    Organization,
    PriceLine,
    Provider,
    Source,
    SourceRecord,
)
from providers.text import plain

Document = dict[str, Any]

TEXT_FIELDS = [
    "slug",
    "name",
    "street",
    "street2",
    "city",
    "postcode",
    "phone",
    "phone_extension",
    "npi",
    "email",
    "website",
    "about_en",
    "about_es",
    "time_zone",
    "status",
    "status_reason",
]
PRICE_FIELDS = [
    "minutes",
    "amount_min_cents",
    "amount_max_cents",
    "currency",
    "count_min",
    "count_max",
    "disputed",
    "note_en",
    "note_es",
]
FACT_FIELDS = ["answer", "scope", "number", "note_en", "note_es"]


def with_everything(providers):
    """The listings with all that a document needs, in a fixed number of queries."""
    prices = PriceLine.objects.select_related("source")
    offerings = Offering.objects.select_related("source").prefetch_related(
        "serves", Prefetch("prices", prices)
    )
    return providers.select_related("organization", "contact_source").prefetch_related(
        "hours",
        Prefetch("offerings", offerings),
        Prefetch("facts", Fact.objects.select_related("source")),
        Prefetch("source_records", SourceRecord.objects.select_related("source")),
    )


def document(provider: Provider) -> Document:
    """Return the listing as it stands; a provider from `with_everything` asks no more.

    Shape: see EMPTY; children are keyed by natural key in sorted order.
    """
    texts = {field: str(getattr(provider, field)) for field in TEXT_FIELDS}
    return (
        EMPTY
        | texts
        | {
            "organization": provider.organization.code if provider.organization else "",
            "region": provider.region_id,
            "published": provider.published,
            "is_sample": provider.is_sample,
            "status_on": _day(provider.status_on),
            "point": _point(provider),
            "contact": _contact(provider),
            "hours": {key(row): _hours(row) for row in _sorted(provider.hours)},
            "offerings": {
                key(row): _offering(row) for row in _sorted(provider.offerings)
            },
            "facts": _facts(provider),
            "sources": _sources(provider),
        }
    )


NESTED = ("hours", "offerings", "facts", "sources")
EMPTY: Document = dict.fromkeys(TEXT_FIELDS, "") | {
    "status": "active",
    "organization": "",
    "region": "",
    "published": False,
    "is_sample": False,
    "status_on": None,
    "point": None,  # or {"latitude", "longitude", "precision"}
    "contact": None,  # or {"checked_on", "precision", "method", "source"}
    "hours": {},  # "0|09:00": {"closes", "by_appointment", "note_en", "note_es"}
    "offerings": {},  # Offering.key: {checked, "serves", "prices": {PriceLine.key: …}}
    "facts": {},  # topic: {code: {checked, "answer", "scope", "number", notes}}
    "sources": {},  # source code: [keys]
}


def key(row: Model) -> str:
    """The natural key of a child row within its parent."""
    match row:
        case Hours():
            return f"{row.weekday}|{row.opens:%H:%M:%S}"
        case Fact():
            return f"{row.topic}/{row.code}"
        case SourceRecord():
            return f"{row.source.code}/{row.key}"
        case Offering() | PriceLine():
            return row.key
    raise TypeError(f"{row!r} is no part of a document")


def free_slug(name: str, city: str, taken: set[str]) -> str:
    """A short address for a new listing that no other has; adds it to `taken`."""
    base = slugify(plain(f"{name} {city}"))[:100].strip("-") or "listing"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def differences(before: Document | None, after: Document | None) -> dict[str, tuple]:
    """Where two documents differ: path → (before, after), None where absent.

    A path names a column, one hours row, one fact, one offering (its own statement
    and the regions it serves), one price line, or one source's keys.
    """
    old, new = flat(before or {}), flat(after or {})
    paths = sorted(old.keys() | new.keys())
    return {p: (old.get(p), new.get(p)) for p in paths if old.get(p) != new.get(p)}


def flat(listing: Document) -> dict[str, Any]:
    """The document as one level: path → value (see `differences`)."""
    return {"/".join(path): value for path, value in parts(listing).items()}


Path = tuple[str, ...]


def parts(listing: Document | None) -> dict[Path, Any]:
    """As `flat`, with each path as a tuple; nothing for no document."""
    return dict(_parts(listing or {}))


def _parts(listing: Document) -> Iterator[tuple[Path, Any]]:
    yield from (((name,), v) for name, v in listing.items() if name not in NESTED)
    for name in ("hours", "sources"):
        for row, value in listing.get(name, {}).items():
            yield (name, row), value
    for topic, codes in listing.get("facts", {}).items():
        yield from ((("facts", topic, code), fact) for code, fact in codes.items())
    for row, offering in listing.get("offerings", {}).items():
        own = {name: v for name, v in offering.items() if name != "prices"}
        yield ("offerings", row), own
        for line, price in offering["prices"].items():
            yield ("offerings", row, "prices", line), price


def whole(found: dict[Path, Any]) -> Document:
    """The document of which these are the parts. Prices without an offering go."""
    listing: Document = EMPTY | {name: {} for name in NESTED}
    for path, value in sorted(found.items()):  # an offering before its prices
        match path:
            case (name,):
                listing[name] = value
            case ("facts", topic, code):
                listing["facts"].setdefault(topic, {})[code] = value
            case ("offerings", row):
                listing["offerings"][row] = value | {"prices": {}}
            case ("offerings", row, "prices", line) if row in listing["offerings"]:
                listing["offerings"][row]["prices"][line] = value
            case (name, row):
                listing[name][row] = value
    return listing


def path_of(text: str) -> Path:
    """The path that `differences` writes as text."""
    name, _slash, rest = text.partition("/")
    if not rest:
        return (name,)
    if name == "facts":
        return (name, *rest.split("/", 1))
    row, prices, line = rest.rpartition("/prices/")
    if name == "offerings" and prices:
        return (name, row, "prices", line)
    return (name, rest)


def _sorted(related) -> list[Model]:
    return sorted(related.all(), key=key)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _clock(at: time) -> str:
    return at.isoformat(timespec="seconds")


def _point(provider: Provider) -> dict | None:
    if provider.point is None:
        return None
    where = provider.point._asdict()
    return where | {"precision": provider.point_precision}


def _contact(provider: Provider) -> dict | None:
    if provider.contact_checked_on is None:
        return None
    return {
        "checked_on": _day(provider.contact_checked_on),
        "precision": provider.contact_precision,
        "method": provider.contact_method,
        "source": provider.contact_source.code,
    }


def _checked(row) -> dict:
    return {
        "checked_on": _day(row.checked_on),
        "precision": row.precision,
        "method": row.method,
        "source": row.source.code,
    }


def _hours(row: Hours) -> dict:
    return {
        "closes": _clock(row.closes),
        "by_appointment": row.by_appointment,
        "note_en": row.note_en,
        "note_es": row.note_es,
    }


def _offering(row: Offering) -> dict:
    return _checked(row) | {
        "serves": sorted(region.code for region in row.serves.all()),
        "prices": {key(line): _price(line) for line in _sorted(row.prices)},
    }


def _price(line: PriceLine) -> dict:
    values = {field: getattr(line, field) for field in PRICE_FIELDS}
    return _checked(line) | values | {"includes": list(line.includes)}


def _facts(provider: Provider) -> dict:
    facts: dict[str, dict] = {}
    for fact in sorted(provider.facts.all(), key=lambda f: (f.topic, f.code)):
        values = {field: getattr(fact, field) for field in FACT_FIELDS}
        facts.setdefault(fact.topic, {})[fact.code] = _checked(fact) | values
    return facts


def _sources(provider: Provider) -> dict:
    sources: dict[str, list[str]] = {}
    for record in provider.source_records.all():
        sources.setdefault(record.source.code, []).append(record.key)
    return {code: sorted(keys) for code, keys in sorted(sources.items())}


# --- And back: the columns that a document's parts stand for -------------------------


class Names:
    """Looks up what documents name by code; each table is read at most once."""

    def __init__(self) -> None:
        self._ids: dict[type[Model], dict[str, int]] = {}

    def id_of(self, model: type[Model], code: str | None) -> int | None:
        """The id of the row with `code`; None for none. KeyError if unknown."""
        if not code:
            return None
        if model not in self._ids:
            self._ids[model] = dict(model._base_manager.values_list("code", "pk"))
        return self._ids[model][code]


def provider_columns(listing: Document, names: Names) -> dict[str, Any]:
    point, contact = listing["point"] or {}, listing["contact"] or {}
    return {name: listing[name] for name in TEXT_FIELDS} | {
        "organization_id": names.id_of(Organization, listing["organization"]),
        "region_id": listing["region"],
        "country": listing["region"][:2],
        "published": listing["published"],
        "is_sample": listing["is_sample"],
        "status_on": _as_date(listing["status_on"]),
        "latitude": point.get("latitude"),
        "longitude": point.get("longitude"),
        "point_precision": point.get("precision", ""),
        "contact_checked_on": _as_date(contact.get("checked_on")),
        "contact_precision": contact.get("precision", ""),
        "contact_method": contact.get("method", ""),
        "contact_source_id": names.id_of(Source, contact.get("source")),
    }


def hours_columns(row: str, values: dict, names: Names) -> dict[str, Any]:
    weekday, opens = row.split("|")
    closes = time.fromisoformat(values["closes"])
    when = {"weekday": int(weekday), "opens": time.fromisoformat(opens)}
    return values | when | {"closes": closes}


def offering_columns(row: str, values: dict, names: Names) -> dict[str, Any]:
    route, setting, therapy, format_, variant = row.split("|", 4)
    return _checked_columns(values, names) | {
        "route": route,
        "setting": setting,
        "therapy": therapy,
        "format": format_,
        "variant": variant,
    }


def price_columns(row: str, values: dict, names: Names) -> dict[str, Any]:
    *parts, size, superseded_on = row.split("|")
    # A document of old may lack what prices tell since.
    own = {field: values.get(field) for field in PRICE_FIELDS}
    return (
        _checked_columns(values, names)
        | own
        | {
            **dict(zip(PriceLine.KEY, parts, strict=False)),
            "package_size": int(size),
            "superseded_on": _as_date(superseded_on),
            "includes": list(values["includes"]),
        }
    )


def fact_columns(row: str, values: dict, names: Names) -> dict[str, Any]:
    topic, code = row.split("/")
    own = {field: values[field] for field in FACT_FIELDS}
    return _checked_columns(values, names) | own | {"topic": topic, "code": code}


def record_columns(row: str, values: dict, names: Names) -> dict[str, Any]:
    source, key_there = row.split("/", 1)
    return {"source_id": names.id_of(Source, source), "key": key_there}


def facts_by_key(listing: Document) -> dict[str, dict]:
    topics = listing["facts"].items()
    return {f"{t}/{code}": fact for t, codes in topics for code, fact in codes.items()}


def records_by_key(listing: Document) -> dict[str, dict]:
    return {f"{s}/{k}": {} for s, keys in listing["sources"].items() for k in keys}


def _as_date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _checked_columns(values: dict, names: Names) -> dict[str, Any]:
    return {
        "checked_on": date.fromisoformat(values["checked_on"]),
        "precision": values["precision"],
        "method": values["method"],
        "source_id": names.id_of(Source, values["source"]),
    }
