"""The calls and forms behind a file's rows, as checks of each group that they state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model

from providers.documents import Document
from providers.imports.planning import Plan
from providers.imports.rows import Row
from providers.models import Check, ImportRun, Provider, Source
from providers.vocabulary import GROUP_OF_TOPIC, PERSON_METHODS


def checks_of(written: list[tuple[Provider, Plan]], run: ImportRun) -> list[Check]:
    """The checks, not stored yet, that the rows of these listings report.

    Only rows that say who asked, by phone or by the clinic's form, report any.
    """
    asked = [
        (provider, row, group, basis)
        for provider, plan in written
        for row in plan.found.rows
        if row.checked_by
        for group, basis in _groups(row)
        if basis["method"] in PERSON_METHODS
    ]
    if not asked:
        return []
    people = get_user_model().objects.in_bulk(
        {row.checked_by for _, row, _, _ in asked}, field_name="username"
    )
    sources = dict(Source.objects.values_list("code", "pk"))
    return [
        Check(
            provider=provider,
            run=run,
            group=group,
            outcome="confirmed",
            checked_on=basis["checked_on"],
            precision=basis["precision"],
            method=basis["method"],
            source_id=sources[basis["source"]],
            by=people.get(row.checked_by),
            note="" if row.checked_by in people else f"Asked by {row.checked_by}"[:300],
        )
        for provider, row, group, basis in asked
    ]


def _groups(row: Row) -> Iterator[tuple[str, Document]]:
    """Each group of fields that a row states, with its first statement."""
    bases: dict[str, Document] = {}
    for group, basis in _statements(row):
        bases.setdefault(group, basis)
    yield from bases.items()


def _statements(row: Row) -> Iterable[tuple[str, Document]]:
    listing = row.listing
    if listing.get("contact"):
        yield "contact", listing["contact"]
    for offering in listing.get("offerings", {}).values():
        if "checked_on" in offering:
            yield "services", offering
        yield from (("prices", line) for line in offering["prices"].values())
    for topic, codes in listing.get("facts", {}).items():
        yield from ((GROUP_OF_TOPIC[topic], fact) for fact in codes.values())
