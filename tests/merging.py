"""Rows to merge into what stands, and what becomes of it."""

from datetime import date

from providers.imports.merge import Conflict, merge
from providers.imports.rows import Row
from tests.importing import row, statement

NOBODY = {}
EXACT_IV = "iv_infusion|in_clinic|full_kap|individual|"
ADDRESS = {"latitude": 39.752103, "longitude": -104.99917, "precision": "address"}
POSTAL = {"latitude": 39.7491, "longitude": -104.9946, "precision": "postal"}
TOWN = {"latitude": 39.7392, "longitude": -104.9847, "precision": "town"}
LINE = "dose_visit|clinic|visit|self_pay|1|"
BY_PHONE = {"method": "phone", "source": "clinic"}


def standing(**changes) -> dict:
    """The listing that the plain row makes, with changes."""
    return merge(None, row(), NOBODY).listing | {"slug": "blue-mesa"} | changes


def merged(before, stated, *touched: str):
    found = merge(before, stated, dict.fromkeys(touched, date(2024, 6, 1)))
    # The bases of a conflict have their own test.
    return found.listing, [Conflict(*conflict[:3]) for conflict in found.conflicts]


def checked(on: str, **values) -> dict:
    return {"contact": statement(on, **values)}


def offering(on: str = "2024-01-01", prices=None, **values) -> dict:
    return statement(on) | {"serves": [], "prices": prices or {}} | values


def price(low: int, on: str = "2024-01-01", **values) -> dict:
    line = {"amount_min_cents": low, "amount_max_cents": low, "currency": "USD"}
    rest = {"minutes": None, "disputed": False, "note_en": "", "note_es": ""}
    return {LINE: statement(on) | line | rest | {"includes": []} | values}


def by_phone(on: str, **stated):
    """A row of somebody who asked the clinic on that day."""
    return row(**({"offerings": {}} | checked(on, **BY_PHONE) | stated))


def only_parts(offerings=(), facts=()):
    parts = {"offerings": dict(offerings), "facts": dict(facts)}
    return Row(3, "clinic", "", parts, True, slug="blue-mesa", only_parts=True)
