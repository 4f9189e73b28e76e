"""A committed write is seen by the next search of another process, however it is made.

    DATABASE_URL=… python -m tests.seen_everywhere

The database is migrated and empty. The other process answers from its index. After
each write its answer must have changed and be what SQL answers here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.db import connection, connections, transaction

ROOT = Path(__file__).resolve().parent.parent


# --- The other process ----------------------------------------------------------------


def answer_questions() -> None:
    """Answer each question of a line from this process's own index."""
    for line in sys.stdin:
        print(json.dumps(_found(_search(json.loads(line)))), flush=True)


def _search(question: dict):
    from django.utils import timezone

    from providers.geo import Point
    from providers.places import Found
    from providers.question import Search

    parts = {k: tuple(v) if isinstance(v, list) else v for k, v in question.items()}
    if near := parts.pop("near", None):
        place = Found("", Point(*near), "US-CO", "US", "point", "")
        parts |= {"origin": place, "radius_km": 30.0}
    if "include" in parts:
        parts["include"] = frozenset(parts["include"])
    return Search(on=timezone.localdate(), **parts)


def _found(search) -> list[int]:
    """Whom the process's own index finds, in order."""
    from providers.search import live

    answer = live.current().index.answer(search, page_size=1_000)
    assert answer.total == len(answer.hits)
    return [hit.pk for hit in answer.hits]


class OtherProcess:
    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.seen_everywhere", "answer"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        known = {"DATABASE_URL": _url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment = os.environ | known | {"SECRET_KEY": "scratch"}
        self._process = subprocess.Popen(words, cwd=ROOT, env=environment, **pipes)

    def found(self, question: dict) -> list[int]:
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(30)


def _url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    at = f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{at}"


# --- Every kind of write --------------------------------------------------------------


def run(folder: Path) -> str:
    """Write in every way. Returns a line on it; raises AssertionError."""
    _directory()
    with closing(OtherProcess()) as other:
        kinds = list(_kinds(folder))
        for name, question, write in kinds:
            before = other.found(question)
            write()
            _assert_seen(other, question, before, name)
        _assert_a_rollback_changes_nothing(other)
        _assert_nobody_sees_or_awaits_an_open_transaction(other)
        if connection.vendor == "postgresql":
            _assert_the_later_number_may_come_first(other)
            _assert_an_open_import_blocks_no_editor(folder)
    return f"{len(kinds)} kinds of write: each is seen at once."


def _assert_seen(other: OtherProcess, question: dict, before: list, name: str) -> None:
    from providers.filters import in_order, matching

    after, search = other.found(question), _search(question)
    assert after != before, f"{name}: not seen"
    wanted = matching(search)
    if search.origin:
        wanted = wanted.within_km(search.origin.point, search.radius_km)
    assert after == [provider.pk for provider in in_order(wanted, search)], name


def _directory() -> None:
    from tests import factories

    for slug in ("lumen", "harbor", "aspen"):
        factories.provider(slug=slug, name=slug.title())
    factories.provider(slug="old", contact_days=400)
    factories.provider(slug="far", region="GB-SCT", at=None)


def _kinds(folder: Path) -> Iterator[tuple[str, dict, Callable]]:
    """The ways to write: a name, a question whose answer it changes, and the write."""
    yield from _by_actions()
    yield from _by_hand()
    yield from _by_querysets()
    yield from _by_files(folder)


def _listing(slug: str = "lumen"):
    from providers.models import Provider

    return Provider.objects.get(slug=slug)


def _apply(**columns) -> None:
    from providers import actions, documents

    known = documents.with_everything(_listing().__class__.objects.all())
    provider = known.get(slug="lumen")
    actions.apply_one(documents.document(provider) | columns, provider)


def _by_actions() -> Iterator[tuple[str, dict, Callable]]:
    from django.utils import timezone

    from providers import actions
    from providers.models import Source
    from tests import factories

    def check() -> None:
        known = {"method": "phone", "source": Source.objects.get(code="clinic")}
        known |= {"group": "contact", "outcome": "confirmed"}
        today = timezone.localdate()
        actions.record_check(provider=_listing("old"), checked_on=today, **known)

    def publish(published: bool) -> None:
        old = [_listing("old")]
        actions.set_published(providers=old, published=published, by=None)

    cheap = factories.offering(prices=factories.price(15_000))
    durango = dict(zip(("latitude", "longitude"), factories.DURANGO, strict=True))
    durango["precision"] = "address"
    yield "a new listing", {"words": "new"}, lambda: factories.provider(name="New")
    yield "a check", {"unconfirmed": "hide"}, check
    yield "unpublishing", {}, lambda: publish(False)
    yield "publishing", {}, lambda: publish(True)
    yield "a price", {"max_cents": 20_000}, lambda: _apply(offerings=cheap)
    yield "a point", {"near": factories.DURANGO}, lambda: _apply(point=durango)
    yield "closing", {"words": "lumen"}, lambda: _apply(status="closed")
    yield "opening", {"words": "lumen"}, lambda: _apply(status="active")


def _by_hand() -> Iterator[tuple[str, dict, Callable]]:
    """In the admin, and row by row."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from providers import actions
    from tests.forms_in_pages import submit

    boss = get_user_model().objects.create_superuser("boss")
    client = Client(SERVER_NAME="localhost")
    client.force_login(boss)

    def rename() -> None:
        page = f"/admin/providers/provider/{_listing().pk}/change/"
        assert submit(client, page, name="Renamed").status_code == 302

    def save() -> None:
        provider = _listing()
        provider.name = "Saved"
        provider.save()

    yield "the admin", {"words": "renamed"}, rename
    yield "save()", {"words": "saved"}, save
    yield "removing", {}, lambda: actions.remove(_listing("old"), by=boss)
    yield "delete()", {}, lambda: _listing("aspen").delete()


def _by_querysets() -> Iterator[tuple[str, dict, Callable]]:
    from django.core.management import call_command

    from providers.models import Fact, Offering, Provider, Region, Source
    from tests.factories import days_ago

    lumen = Provider.objects.filter(slug="lumen")
    stated = Fact.objects.filter(topic="condition")
    known = {"checked_on": days_ago(1), "method": "phone"}

    def state() -> None:
        parts = known | {"source": Source.objects.get(code="clinic"), "answer": "yes"}
        listings = [_listing(), _listing("harbor")]
        Fact.objects.bulk_create(
            Fact(provider=p, topic="condition", code="ptsd", **parts) for p in listings
        )

    def deny() -> None:
        facts = list(stated)
        for fact in facts:
            fact.answer = "no"
        Fact.objects.bulk_update(facts, ["answer"])

    def offer_at_home() -> None:
        parts = known | {"source": Source.objects.get(code="clinic")}
        parts |= {"route": "oral", "setting": "home_live_video"}
        Offering.objects.create(provider=_listing(), **parts)

    def serve() -> None:
        Offering.objects.get(route="oral").serves.set(["US-UT"])

    def write_past_django() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE providers_provider SET plain_name = 'cedar'")
        call_command("reindex", stdout=StringIO())

    ptsd = {"condition": ["ptsd"]}
    silent = ptsd | {"include": ["not_stated"]}
    new = {"name": "Pine", "plain_name": "pine"}
    yield "update()", {"words": "pine"}, lambda: lumen.update(**new)
    yield "bulk_create()", ptsd, state
    yield "bulk_update()", ptsd, deny
    yield "a queryset's delete()", silent, stated.delete
    yield "create()", {"route": ["oral"]}, offer_at_home
    yield "set()", {"serves": ["US-UT"]}, serve
    yield (
        *("a filter that matches no more", {"route": ["oral"]}),
        lambda: Offering.objects.filter(route="oral").update(route="sublingual"),
    )
    yield (
        *("a region", {"region": ["EU"]}),
        lambda: Region.objects.filter(pk="GB").update(parent="EU"),
    )
    yield "reindex", {"words": "cedar"}, write_past_django


def _by_files(folder: Path) -> Iterator[tuple[str, dict, Callable]]:
    from providers import actions
    from providers.models import ImportRun

    def undo() -> None:
        actions.undo_run(ImportRun.objects.latest())

    yield "an import", {"words": "clinic"}, lambda: _import(folder, range(20))
    yield "an undoing", {"words": "clinic"}, undo


def _import(folder: Path, numbers: range) -> None:
    from providers.imports.pipeline import load
    from tests.scratch import many_listings

    file = many_listings(folder / "listings.csv", numbers, last_verified="2024")
    load("listings", file)


# --- Transactions ---------------------------------------------------------------------


def _rename(slug: str, name: str) -> None:
    from providers.models import Provider

    Provider.objects.filter(slug=slug).update(name=name, plain_name=name)


def _assert_a_rollback_changes_nothing(other: OtherProcess) -> None:
    question = {"words": "nowhere"}
    with transaction.atomic():
        _rename("lumen", "nowhere")
        transaction.set_rollback(True)
    assert other.found(question) == []
    _rename("harbor", "nowhere")  # on SQLite under the number that is free again
    _assert_seen(other, question, [], "a write after a rollback")


def _assert_nobody_sees_or_awaits_an_open_transaction(other: OtherProcess) -> None:
    question = {"words": "soon"}
    with transaction.atomic():
        _rename("lumen", "soon")
        before = other.found(question)
        assert before == [], "seen before it is committed"
    _assert_seen(other, question, before, "a commit")


@contextmanager
def _open(work: Callable[[], object]) -> Iterator[None]:
    """While the block runs, another connection has done `work` and not committed it."""
    done, commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                commit.wait(30)
        finally:
            done.set()
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert done.wait(30)
    try:
        yield
    finally:
        commit.set()
        thread.join()


def _assert_the_later_number_may_come_first(other: OtherProcess) -> None:
    from providers.models import SearchChange

    with _open(lambda: _rename("lumen", "first")):
        _rename("harbor", "second")
        highest = SearchChange.objects.latest().pk
        assert len(other.found({"words": "second"})) == 1
        before = other.found({"words": "first"})
        assert before == []
    assert SearchChange.objects.latest().pk == highest, "they overlapped"
    _assert_seen(other, {"words": "first"}, before, "a commit of a lower number")


def _assert_an_open_import_blocks_no_editor(folder: Path) -> None:
    from providers.models import ImportRun

    with _open(lambda: _import(folder, range(100, 140))):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '3s'")
        assert ImportRun.objects.count() == 2  # the undone one and the undoing
        _apply(name="Edited meanwhile")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    assert ImportRun.objects.count() == 3


def main() -> None:
    django.setup()
    if sys.argv[1:] == ["answer"]:
        answer_questions()
        return
    with TemporaryDirectory() as folder:
        print(run(Path(folder)))


if __name__ == "__main__":
    main()
