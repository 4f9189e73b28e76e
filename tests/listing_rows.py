"""One row of the own listing layout: what it states, or why it is refused."""

from providers.imports import listings
from providers.imports.rows import Reject, Row
from tests import importing

PRICE = {
    "price_min": "450",
    "price_max": "600.50",
    "price_currency": "usd",
    "price_unit": "dose",
}
SURVEY = {"source": "samhsa_mh_directory", "modality": "in_person"}


def parsed(tmp_path, when=None, **cells) -> Row | Reject:
    path = importing.listings(tmp_path, cells)
    (row,) = listings.parse(path, when).rows
    return row


def read(tmp_path, **cells) -> dict:
    """What a row that varies the valid one states."""
    row = parsed(tmp_path, **cells)
    assert isinstance(row, Row), row
    return row.listing


def refusal(tmp_path, **cells) -> str:
    reject = parsed(tmp_path, **cells)
    assert isinstance(reject, Reject)
    assert reject.line == 2
    return f"{reject.field}: {reject.reason}"


def answers(listing: dict) -> dict[str, str]:
    facts = listing["facts"].items()
    return {f"{t}/{c}": f["answer"] for t, codes in facts for c, f in codes.items()}


def amounts(tmp_path, **cells):
    (offering,) = read(tmp_path, **PRICE | cells)["offerings"].values()
    ((key, line),) = offering["prices"].items()
    return key.split("|")[2], line["amount_min_cents"], line["amount_max_cents"]
