"""Tests of the vocabulary; what several of them need stands here."""

from collections.abc import Callable

from providers import vocabulary
from providers.vocabulary import Code, Codes

TABLES = {
    name: table for name, table in vars(vocabulary).items() if isinstance(table, Codes)
}


def words_of(code: Code) -> list[str]:
    """Every text of a code that the public may read."""
    texts = [code.label, code.definition, code.note, getattr(code, "reported_as", "")]
    return [str(text) for text in texts if text]


def offenders(offends: Callable[[Code], object]) -> list[str]:
    """The codes of all tables that offend, as TABLE.code."""
    return [
        f"{name}.{code.code}"
        for name, table in TABLES.items()
        for code in table.values()
        if offends(code)
    ]
