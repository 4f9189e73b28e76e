"""Two editors and two imports at once, on a database of their own.

    python -m tests.editing_at_once

Threads, each with its own connection. What must hold afterwards: no error, each
acknowledged edit in the listing or in its story, and each story without a gap, so that
nobody wrote over what he had not seen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.db import connections

LISTINGS = 18
ROUNDS = 2


def run(folder: Path) -> str:
    """Let them all work at once. Returns a line on it; raises AssertionError."""
    from providers.imports import planning
    from tests import factories

    factories.regions()
    factories.source()
    _import(folder, "first", range(LISTINGS), last_verified="2022")
    size, planning.BATCH = planning.BATCH, 7  # so that an import locks many times
    try:
        edits, errors = _at_once(folder)
    finally:
        planning.BATCH = size
    assert errors == [], errors
    _assert_nothing_is_lost(edits)
    return f"{len(edits)} edits beside {2 * ROUNDS} imports: nothing is lost."


def _at_once(folder: Path) -> tuple[list, list]:
    edits, errors = [], []
    ana, bo = _editors()
    threads = [
        threading.Thread(target=_guarded, args=(errors, work))
        for work in (
            lambda: _edit(ana, range(LISTINGS), edits),
            lambda: _edit(bo, reversed(range(LISTINGS // 3, LISTINGS)), edits),
            lambda: _imports(folder, "harbor_list", 1),
            lambda: _imports(folder, "another_list", -1),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return edits, errors


def _guarded(errors: list, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:
        errors.append(repr(error))
    finally:
        connections.close_all()


def _editors():
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    return [users.create_user(name) for name in ("ana", "bo")]


def _edit(editor, numbers, edits: list) -> None:
    """Edit one listing after the other: a phone, then a call that confirms it."""
    from django.utils import timezone

    from providers import actions
    from providers.models import Provider, Source

    clinic = Source.objects.get(code="clinic")
    for n in numbers:
        phone = f"+1303555{n:02}{'1' if editor.username == 'ana' else '2'}0"
        provider = Provider.objects.get(slug=f"clinic-{n}-denver")
        with actions.recording(provider, by=editor):
            Provider.objects.filter(pk=provider.pk).update(phone=phone)
        actions.record_check(
            provider=provider,
            group="services",
            outcome="confirmed",
            method="phone",
            source=clinic,
            checked_on=timezone.localdate(),
            by=editor,
        )
        edits.append((provider.pk, editor.pk, phone))


def _imports(folder: Path, source: str, step: int) -> None:
    """Import newer files of the same clinics and of ten more, in one order or other."""
    for number in range(ROUNDS):
        on = date(2024, 1 + number, 2 if step > 0 else 3).isoformat()
        numbers = range(LISTINGS + 10)[::step]
        _import(folder, source, numbers, source=source, last_verified=on)


def _import(folder: Path, name: str, numbers, **cells: str) -> None:
    from providers.imports.pipeline import load
    from tests.scratch import many_listings

    cells |= {"phone": "303-555-0199", "website": f"https://{name[:3]}.example.org"}
    load("listings", many_listings(folder / f"{name}.csv", numbers, **cells))


def _assert_nothing_is_lost(edits: list) -> None:
    from providers import documents
    from providers.models import Change, Conflict, ImportRun, Provider

    everything = documents.with_everything(Provider.objects.all())
    now = {provider.pk: documents.document(provider) for provider in everything}
    assert len(now) == LISTINGS + 10, "two imports made one clinic twice"
    assert ImportRun.objects.count() == 1 + 2 * ROUNDS
    stories = {key: [] for key in now}
    for change in Change.objects.order_by("pk"):
        stories[change.provider_id].append(change)
    for key, story in stories.items():
        seen = [None, *(change.after for change in story)]
        assert [change.before for change in story] == seen[:-1], "a gap in a story"
        assert seen[-1] == now[key]
    phones: dict[int, set[str]] = {}
    for key, editor, phone in edits:
        own = [c for c in stories[key] if c.by_id == editor]
        assert any(c.after["phone"] == phone for c in own), "an edit left no trace"
        phones.setdefault(key, set()).add(phone)
    for key, written in phones.items():
        assert now[key]["phone"] in written, "an import wrote over an editor"
        assert {o["method"] for o in now[key]["offerings"].values()} == {"phone"}
    offered = Conflict.objects.filter(path="phone")
    assert {c.offered for c in offered} <= {"+13035550199"}


def main() -> None:
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with TemporaryDirectory() as folder:
        print(run(Path(folder)))


if __name__ == "__main__":
    main()
