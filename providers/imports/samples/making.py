"""One sample's document: every gap that real listings have, taken in turn."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from providers.documents import EMPTY, Document, free_slug
from providers.imports.samples.answers import facts
from providers.imports.samples.practices import KAP, PRACTICES, Line, Offer, Practice
from providers.imports.samples.spots import SEED, Spot

_NAMES = (
    "Alder Aspen Basin Beacon Birch Bluff Brook Canyon Cedar Clover Cove Creek Dune "
    "Elm Falcon Fern Field Garden Grove Harbor Hazel Heron Hill Iris Island Juniper "
    "Lake Lantern Linden Maple Meadow Mesa Moss Oak Orchard Pine Prairie Quarry River "
    "Sage Spruce Summit Valley Willow"
)
# What a listing's prices are like, when and how its contact was asked, in turn.
_PRICES = (
    *("fresh", "fresh", "unpublished", "fresh", "stale", "fresh", "incomplete"),
    *("fresh", "unpublished", "fresh", "disputed", "fresh", "fresh"),
)
_CONTACTS = (
    *(("phone", 12), ("clinic_form", 40), ("phone", 75), ("website", 20)),
    *(("phone", 5), ("phone", 260), ("official_registry", "year"), ("phone", 100)),
    *(("clinic_form", 3), ("website", 150), ("phone", 55)),
)
_CLOSED_FOR_NOW = (37, 117, 197)  # numbers of listings
_ABOUT = {
    "about_en": "This listing is invented, to show how the directory works. "
    "No such clinic exists.",
    "about_es": "Esta ficha es inventada, para mostrar cómo funciona el directorio. "
    "Esta clínica no existe.",
}


def document(number: int, spot: Spot, *, on: date, taken: set[str]) -> Document:
    """The sample of a number (from 1) at a spot, as of a day; adds to `taken` slugs."""
    random = Random(SEED * 1_000 + number)
    practice, prices = _practice(number, spot), _PRICES[number % len(_PRICES)]
    if spot.region == "CA-AB":  # where only therapy with ketamine is regulated apart
        practice, prices = KAP, "fresh"
    names = _NAMES.split()
    name = f"Sample {names[number % len(names)]} {practice.ending}"
    contact = _contact(number, on)
    checked = _checked(on, random.randint(1, 80), contact["method"])
    return (
        EMPTY
        | _ABOUT
        | {
            "slug": free_slug(name, spot.town, taken),
            "name": name,
            "region": spot.region,
            "phone": spot.phone,
            "email": f"sample{number}@example.org",
            "website": f"https://example.org/sample/{number}",
            "time_zone": spot.time_zone,
            "published": True,
            "is_sample": True,
            "contact": contact,
            "offerings": _offerings(practice, prices, spot, checked, random, on),
            "facts": facts(practice, spot.country, checked, random),
            "hours": _hours(number),
            "sources": {"sample": [str(number)]},
        }
        | (_address(number, spot) if not practice.remote_only else {})
        | (_closed(on) if number in _CLOSED_FOR_NOW else {})
    )


def _practice(number: int, spot: Spot) -> Practice:
    return PRACTICES[number % len(PRACTICES)]


def _address(number: int, spot: Spot) -> dict:
    latitude, longitude = spot.point
    return {
        "street": f"{number} Sample Street",
        "city": spot.town,
        "postcode": spot.postcode,
        "point": {
            "latitude": latitude,
            "longitude": longitude,
            "precision": "address",
        },
    }


def _closed(on: date) -> dict:
    return {
        "status": "temporarily_closed",
        "status_reason": "Invented: the rooms are being rebuilt.",
        "status_on": (on - timedelta(days=20)).isoformat(),
    }


def _checked(on: date, days: int, method: str) -> dict:
    return {
        "checked_on": (on - timedelta(days=days)).isoformat(),
        "precision": "day",
        "method": method,
        "source": "sample",
    }


def _contact(number: int, on: date) -> dict:
    method, days = _CONTACTS[number % len(_CONTACTS)]
    if days != "year":
        return _checked(on, days, method)
    new_year = date(on.year - 1, 1, 1).isoformat()
    return _checked(on, 0, method) | {"checked_on": new_year, "precision": "year"}


def _hours(number: int) -> dict:
    days = {0: (), 1: range(5), 2: range(6)}[number % 3]
    row = {"closes": "17:00:00", "by_appointment": False, "note_en": "", "note_es": ""}
    return {f"{day}|09:00:00": row | {"by_appointment": day == 5} for day in days}


def _offerings(
    practice: Practice, prices: str, spot: Spot, checked: dict, random: Random, on: date
) -> dict:
    return {
        offer.key: checked
        | {
            "serves": _serves(offer, spot, random),
            "prices": _prices(offer, prices, spot.country, checked, random, on),
        }
        for offer in practice.offers
    }


def _serves(offer: Offer, spot: Spot, random: Random) -> list[str]:
    """The regions of care at home: the practice's own, or its whole country."""
    if "|home_" not in offer.key:
        return []
    return [random.choice([spot.region, spot.region, spot.country])]


def _prices(
    offer: Offer, state: str, country: str, checked: dict, random: Random, on: date
) -> dict:
    if state == "unpublished":
        return {}
    if state == "stale":
        checked = _checked(on, random.randint(100, 300), checked["method"])
    currency = "CAD" if country == "CA" else "USD"
    lines = dict(_price(line, currency, checked, random) for line in offer.lines)
    if state == "disputed":
        return {key: line | {"disputed": True} for key, line in lines.items()}
    if state == "incomplete" and "|clinic|visit|" in "".join(lines):
        lines |= dict([_unknown("drug", checked)])
    return lines


def _price(
    line: Line, currency: str, checked: dict, random: Random
) -> tuple[str, dict]:
    """A line's key and its amounts, in steps of five dollars."""
    low, high = sorted(random.randrange(line.low, line.high + 1, 5) for _ in "ab")
    size = str(line.size)
    key = (line.kind, line.payee, line.unit, "self_pay", size, "")
    amounts = {
        "amount_min_cents": low * 100,
        "amount_max_cents": random.choice([low, high]) * 100,
        "currency": currency,
        "minutes": line.minutes,
        "includes": list(line.includes),
    }
    return "|".join(key), checked | _NOTHING_ELSE | amounts


def _unknown(kind: str, checked: dict) -> tuple[str, dict]:
    """A part that is billed apart, nobody knows for how much."""
    amounts = {"amount_min_cents": None, "amount_max_cents": None, "currency": ""}
    line = checked | _NOTHING_ELSE | amounts | {"minutes": None, "includes": []}
    return f"{kind}|clinic|visit|self_pay|1|", line


_NOTHING_ELSE = {
    "count_min": None,
    "count_max": None,
    "disputed": False,
    "note_en": "",
    "note_es": "",
}
