"""The bench: what it invents and asks is sound, and what it measures is told."""

import asyncio
import re
from collections import Counter
from datetime import date
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection

from providers import actions, costs, vocabulary
from providers.actions.derived import AMOUNT_COLUMNS
from providers.bench import (
    amounts,
    postgres,
    raw_sql,
    searching,
    table,
    timing,
    writing,
)
from providers.bench.drawing import Drawing
from providers.bench.load import Connection, read_head
from providers.bench.questions import KINDS, questions
from providers.models import Change, Fact, Offering, PriceLine, Provider
from providers.search.orm import Orm
from providers.text import match_key, plain
from tests import factories

pytestmark = pytest.mark.any_database

LISTINGS = 60


@pytest.fixture(scope="module")
def directory(gazetteer, django_db_blocker):
    with django_db_blocker.unblock(), factories.rolled_back():
        writing.write_listings(LISTINGS)
        yield


@pytest.fixture
def invented(directory, scratch):
    """The invented directory, which forgets what one test writes."""


# --- What it invents ------------------------------------------------------------------


@pytest.mark.usefixtures("invented")
def test_invented_listings_are_plainly_samples():
    assert Provider.objects.listed().count() == LISTINGS
    for listing in Provider.objects.all():
        assert listing.is_sample
        assert listing.name.startswith("Sample ")
        assert "55501" in str(listing.phone)
        assert listing.email.endswith("@example.org")
        assert listing.website.startswith("https://example.org/")
        assert 1 <= listing.offerings.count() <= 4
    assert not Change.objects.exists()


@pytest.mark.usefixtures("invented")
def test_invented_rows_are_what_the_models_would_have_written():
    for listing in Provider.objects.all():
        assert listing.plain_name == plain(listing.name)
        assert listing.match_key == match_key(
            name=listing.name,
            street=listing.street or listing.city,
            postcode=listing.postcode,
            country=listing.country,
        )
        listing.clean_fields(exclude=["phone"])
    for fact in Fact.objects.all():
        fact.clean()
    for offering in Offering.objects.prefetch_related("prices"):
        amount = costs.session(offering.prices.all())
        assert bool(amount) == bool(offering.session_currency)
        if amount:
            assert offering.session_min_cents == amount.low_cents
            assert offering.session_max_cents == amount.high_cents
            assert offering.session_complete == amount.complete
            assert offering.session_known_until == amount.known_until
        assert bool(offering.serves.count()) == (
            offering.setting in vocabulary.REMOTE_SETTINGS
        )


@pytest.mark.usefixtures("invented")
def test_a_row_that_breaks_a_constraint_is_refused():
    """So the rows above were written under the constraints."""
    columns = {name: [value] for name, value in _a_fact().items()}
    with pytest.raises(IntegrityError, match="fact_answer_known"):
        writing.write({Fact: columns | {"answer": ["perhaps"]}})


def _a_fact() -> dict:
    fact = Fact.objects.values().first()
    return fact | {"id": fact["id"] + 1_000_000, "topic": "who", "code": "min_age"}


@pytest.mark.usefixtures("invented")
def test_the_same_listings_come_every_time():
    first, second = (
        list(Drawing(on=date(2026, 11, 22), source=1).batches(LISTINGS))
        for _time in range(2)
    )
    assert first == second
    assert len(first[0][Provider]["id"]) == LISTINGS


# --- What it asks ---------------------------------------------------------------------


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize("name", KINDS)
def test_every_question_is_read_as_the_page_reads_it(name):
    kind = KINDS[name]
    asked = questions(kind, 5)
    assert asked == questions(kind, 5)
    assert len({question.query for question in asked}) == (5 if kind.near else 1)
    for question in asked:
        assert bool(question.home) == bool(kind.near)
        if kind.near:
            at = question.search.origin.point
            assert at.latitude == pytest.approx(kind.near.latitude, abs=0.0201)
            assert at.longitude == pytest.approx(kind.near.longitude, abs=0.0201)


def test_a_question_that_the_page_refuses_is_refused():
    wrong = KINDS["metro"]._replace(query="within=0", near=None)
    with pytest.raises(ValueError, match="within=0"):
        questions(wrong, 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's SQL")
@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize("name", KINDS)
def test_hand_written_sql_finds_the_same_total_and_page(name):
    [question] = questions(KINDS[name], 1)
    answer = Orm().answer(question.search, page_size=20)
    page, total, counts, *clusters = (
        _rows(sql) for sql in raw_sql.statements(question.search, spread=True)
    )
    assert total == [(answer.total,)]
    assert [row[0] for row in page] == [hit.pk for hit in answer.hits]
    assert sum(row[0] for row in clusters[0]) <= answer.total
    routes = {code: n for group, code, n in counts if group == "route"}
    assert routes == {code: n for code, n in answer.counts["route"].items() if n}


def _rows(sql: raw_sql.Sql) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.values)
        return cursor.fetchall()


# --- What it measures and tells -------------------------------------------------------


def test_every_question_is_timed_once_after_one_to_warm_up():
    asked = []

    def ask(number: int) -> int:
        asked.append(number)
        return number

    found = timing.timed(ask, [3, 1, 2])
    assert asked == [3, 3, 1, 2]
    assert (found.times, found.total) == (3, 2)
    assert 0 <= found.p50_ms <= found.p95_ms


def test_what_takes_too_long_is_timed_once_and_says_so():
    found = timing.timed(lambda number: number, [3, 1, 2], at_most_s=0)
    assert (found.times, found.total) == (1, 3)


def test_median_and_slow_end():
    found = timing.summary([float(ms) for ms in range(1, 22)])
    assert (found.p50_ms, found.p95_ms, found.times) == (11, 20, 21)


def test_the_head_of_an_answer_is_read():
    ok = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nETag: W/"a"\r\n\r\n'
    assert read_head(ok) == (200, 12, 'W/"a"')
    same = b"HTTP/1.1 304 Not Modified\r\ncontent-length: 12\r\n\r\n"
    assert read_head(same) == (304, 0, "")
    with pytest.raises(ValueError, match="unknown length"):
        read_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W\r\n\r\n"


async def answered(*pieces: bytes) -> tuple[int, str]:
    """What a connection makes of an answer that comes in pieces."""
    one = Connection()
    one.connection_made(Mock())
    asked = asyncio.ensure_future(one.ask(b"GET"))
    await asyncio.sleep(0)
    for piece in pieces:
        assert not asked.done()
        one.get_buffer(-1)[: len(piece)] = piece
        one.buffer_updated(len(piece))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    one.connection_lost(None)
    return await asked


@pytest.mark.parametrize("at", [3, len(HEAD) - 2, len(HEAD), len(HEAD) + 4])
def test_an_answer_is_read_whole_in_whatever_pieces_it_comes(at):
    whole = HEAD + b"abcde"
    assert asyncio.run(answered(whole[:at], whole[at:])) == (200, "W")


def test_a_server_that_hangs_up_early_has_not_answered():
    with pytest.raises(ConnectionError):
        asyncio.run(answered(HEAD, b"abcd"))


@pytest.fixture
def found(invented, monkeypatch):
    monkeypatch.setattr(searching, "TIMES", 1)
    monkeypatch.setattr(searching, "EDITS", 2)
    # A request of its own closes a connection that is within a test's transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    found = searching.Found()
    searching.measure(found, database=None)
    return found


def test_every_kind_is_measured_by_every_engine(found):
    told = Counter((row["kind"], row["engine"]) for row in found.rows)
    assert told == {(k, e): 1 for k in KINDS for e in ("index", "orm", "page")}
    for row in found.rows:
        assert row["listings"] == LISTINGS
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert row["pace_ms"] > 0
    for kind in KINDS:
        assert len({row["total"] for row in found.rows if row["kind"] == kind}) == 1
    [build], [memory], [edits] = found.builds, found.memory, found.edits
    assert build["p50_ms"] > 0
    assert memory["bytes_a_listing"] > 0
    assert edits["times"] == 2
    rates = {"workers": 2, "bare": 900.0, "search": 180.0, "not_modified": None}
    found.requests_per_second.append({"listings": LISTINGS} | rates)
    text = "\n".join(table.lines(found))
    assert re.search(r"\| question +\| matches \| +index \| +page \| +ORM \|", text)
    assert re.search(r"\(× 1 @ \d+\)", text)
    assert "bare view 900, /search/ 180 (0.20 ×), 304 of it not answered." in text


def test_amounts_are_timed_over_four_prices_a_listing(invented):
    boss = User.objects.create_superuser("bench")
    amounts.prepare()
    for provider in Provider.objects.all():
        prices = PriceLine.objects.filter(offering__provider=provider)
        assert prices.count() >= amounts.LINES
    stands = Offering.objects.order_by("pk").values_list(*AMOUNT_COLUMNS)
    actions.recompute_amounts()
    before = list(stands)
    assert any(row[0] for row in before)
    assert amounts.recompute_ms() > 0
    assert list(stands) == before
    assert all(taken > 0 for taken in amounts.edits_ms(boss))
    assert list(stands) == before


def test_growth_is_told_between_the_least_and_the_largest_size():
    found = searching.Found()
    for listings, p50_ms in ((10, 0.5), (1_000, 4.0)):
        times = {"p50_ms": p50_ms, "p95_ms": p50_ms, "times": 1, "total": 1}
        row = {"listings": listings, "engine": "index"} | times
        found.rows += [row | {"kind": kind} for kind in KINDS]
        found.builds.append(row)
        found.edits.append(row | {"write_p50_ms": 1.0})
        memory = {"bytes_a_listing": 1, "word_bytes_a_listing": 1}
        found.memory.append(memory | {"listings": listings})
    assert "1,000 against 10 listings (×): metro 8.0," in list(table.lines(found))[-1]


# --- The command ----------------------------------------------------------------------


@pytest.fixture
def no_database(monkeypatch):
    """No scratch database is made, wherever the tests run."""
    monkeypatch.setattr(connection, "vendor", "sqlite")
    command = "providers.management.commands.bench."
    monkeypatch.setattr(f"{command}scratch_database", lambda: pytest.fail("made one"))


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listings", "0"], "1 to 10,000,000 listings"),
        (["--listings", "100,-1"], "1 to 10,000,000 listings"),
        (["--listings", "10000001"], "1 to 10,000,000 listings"),
        (["--listings", "many"], "'many' is no list of numbers"),
        (["--listings", "1.5"], "'1.5' is no list of numbers"),
        (["--listings", "10,,20"], "'10,,20' is no list of numbers"),
        (["--desk", "--listings", "10,20"], "--desk takes one size"),
        (["--desk", "--postgres", "postgres://h/d"], "and no --postgres"),
        (["--postgres", "mysql://localhost/x"], "the URL must be postgres://"),
        (["--postgres", "localhost"], "the URL must be postgres://"),
        (["--postgres", "postgres://kap:word@host:port/x"], "the URL must be"),
    ],
)
def test_wrong_options_are_refused(words, said):
    with pytest.raises(CommandError, match=re.escape(said)) as refused:
        call_command("bench", *words)
    assert "word@" not in str(refused.value)


def test_a_missing_driver_is_told(monkeypatch):
    monkeypatch.setattr(postgres, "psycopg", None)
    with pytest.raises(postgres.NoServerError, match="requirements-postgres"):
        postgres.check("postgres://localhost/x")


def test_a_server_that_does_not_answer_is_told_without_its_password(monkeypatch):
    class Driver:
        Error = OSError

        def connect(self, url, **options):
            raise OSError(f"{url} is not there")

    monkeypatch.setattr(postgres, "psycopg", Driver())
    with pytest.raises(postgres.NoServerError, match="no PostgreSQL server") as told:
        postgres.check("postgres://kap:word@localhost/x")
    assert "word" not in str(told.value)


def test_the_scratch_database_is_sqlite(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    with pytest.raises(CommandError, match="unset DATABASE_URL"):
        call_command("bench")
