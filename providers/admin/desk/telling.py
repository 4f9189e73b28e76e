"""Changes of listings as the desk's pages tell them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from providers import story
from providers.documents import Document
from providers.models import Change, Organization, Region, Source
from providers.story import Names, Said


@dataclass(frozen=True)
class Telling:
    """One change in words."""

    change: Change
    what: str
    who: str
    rows: list[Said]

    @property
    def is_addition(self) -> bool:
        return self.change.before is None

    @property
    def is_deletion(self) -> bool:
        return self.change.after is None


def tellings(changes: Iterable[Change]) -> list[Telling]:
    """The changes in words, in a fixed number of queries; `by` and `run` at hand."""
    changes = list(changes)
    names = names_in(d for c in changes for d in (c.before, c.after))
    return [
        Telling(
            change,
            what(change),
            who(change),
            story.told(change.before, change.after, names),
        )
        for change in changes
    ]


def what(change: Change) -> str:
    if change.before is None:
        return _("Added")
    return _("Deleted") if change.after is None else _("Changed")


def who(change: Change) -> str:
    """A person, a run of an importer, or the program itself."""
    if change.by is not None:
        return change.by.get_full_name() or change.by.get_username()
    if change.run is None:
        return _("kapfinder itself")
    run = {"number": change.run.pk, "file": change.run.file_name}
    if change.run.undoes_id:
        return _("undoing of run %(number)d") % {"number": change.run.undoes_id}
    return _("import run %(number)d (%(file)s)") % run


def names_in(documents: Iterable[Document | None]) -> Names:
    """The names of all that the documents may mention, in three queries."""
    codes = {(listing or {}).get("organization") for listing in documents} - {"", None}
    organizations = Organization.objects.filter(code__in=codes)
    sources = {
        code: publisher or name
        for code, name, publisher in Source.objects.values_list(
            "code", "name", "publisher"
        )
    }
    return Names(
        sources=sources,
        regions=dict(Region.objects.values_list("code", "name_en")),
        organizations=dict(organizations.values_list("code", "name")),
    )
