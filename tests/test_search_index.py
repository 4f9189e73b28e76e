"""The index, held to the ORM over random directories and questions (directories.py)."""

from collections.abc import Iterable
from math import sqrt
from random import Random
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone
from geopy.distance import geodesic

from providers import geo, vocabulary
from providers.imports.gazetteer import DATA, load_regions
from providers.models import Provider
from providers.places import Found
from providers.question import LIMITS, Search
from providers.search import orm, reading
from providers.search.answer import COUNTED, Answer
from providers.search.index import Index, bits, bundles, ordering, sparse
from providers.search.index.rows import Row
from providers.search.orm import Orm
from tests import directories, factories
from tests.directories import ASKED_REGIONS, TODAY, Directory, question
from tests.directory_rows import rows
from tests.importing import SHARED, imported

pytestmark = pytest.mark.django_db
# PostgreSQL reads the same rows and orders them alike; the rest it says a second time.
DIRECTORIES = 20 if connection.vendor == "sqlite" else 4
SIZES = [400, 300, 150, 1, 60, 400, 0, 200, 2, 100, 15]
OPTIONS = {
    **{name: list(getattr(vocabulary, t)) for name, t in directories._TABLES.items()},
    "region": {*ASKED_REGIONS, "CA", "GB", "US-NY"},
    "accepting": ["yes", "waitlist"],
    "unconfirmed": ["include", "hide", "only"],
}


def test_every_counted_group_is_compared():
    assert set(OPTIONS) == set(COUNTED)


def a_directory(seed: int) -> tuple[Random, Index]:
    """In the database, and in an index that saw some of it change."""
    directories.regions()
    draw = Random(seed)
    directory = Directory(draw, factories.source())
    directory.add(SIZES[seed % len(SIZES)])
    index = Index.of(reading.tables()) if seed % 2 else Index.build(rows())
    for _ in range(draw.choice([0, 0, 1, 3])):
        changed, gone = directory.edit()
        index = index.patched(list(rows(changed)), gone)
    plan_by_what_is_there()
    return draw, index


def plan_by_what_is_there() -> None:
    """PostgreSQL plans by statistics of empty tables until it is told to look again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def hold(index: Index, draw: Random, seed: int, number: int) -> None:
    """Both engines give one answer to a question, one in three with every count."""
    search = question(draw)
    groups = OPTIONS if number % 3 == 0 else {}
    page_size = draw.choice([1, 3, 20, 100])
    home = draw.choice([(), *directories.SERVED])
    asked = {"page_size": page_size, "home": home, "spread": True}
    told = index.answer(search, **asked)
    with patch.object(orm, "counts", orm.counts if groups else lambda *_: {}):
        expected = Orm().answer(search, **asked)
    where = (
        f"seed {seed}, question {number}, pages of {page_size}, home {home}:\n{search}"
    )
    assert plainly(told, groups) == plainly(expected, groups), where
    assert index.total(search) == Orm().total(search), where
    amount = list(LIMITS)[number % 3]
    assert index.amounts(search, amount) == Orm().amounts(search, amount), where
    lowest = index.lowest_cents(search, amount)
    assert lowest == Orm().lowest_cents(search, amount), where
    spots, expected_spots = told.spread.points, expected.spread.points
    assert spots.keys() == expected_spots.keys(), where
    assert len(told.spread.pks) == len(spots), where
    for pk, at in spots.items():
        assert geo.distance_km(at, expected_spots[pk]) < 0.001, where


def plainly(answer: Answer, groups: dict) -> dict:
    """All that must be equal, to the last bit, with some groups' counts; the spread
    apart."""
    parts = {name: getattr(answer, name) for name in Answer.__slots__}
    counts, _ = parts.pop("counts"), parts.pop("spread")
    told = {g: {o: counts[g][o] for o in options} for g, options in groups.items()}
    return parts | {"counts": told}


@pytest.fixture
def _in_small_steps(seed, monkeypatch):
    """In every other directory, what otherwise sets in at thousands of listings."""
    if seed % 2:
        monkeypatch.setattr(ordering, "SORTED_AT_ONCE", 3)
        monkeypatch.setattr(ordering, "RECKONED_AT_ONCE", 3)
        monkeypatch.setattr(ordering, "_WORDS_AT_ONCE", 1)
        monkeypatch.setattr(bits, "BLOCK", 1)
        monkeypatch.setattr(bundles, "WORDS", 1)
        monkeypatch.setattr(bundles, "FEW", 0)
        monkeypatch.setattr(sparse, "FEW", 0)
        monkeypatch.setattr(reading, "AT_ONCE", 3)
        monkeypatch.setattr(reading, "KEYS_AT_ONCE", 3)


@pytest.mark.usefixtures("_in_small_steps")
@pytest.mark.parametrize("seed", range(DIRECTORIES))
def test_the_index_answers_as_the_tables_do(seed):
    draw, index = a_directory(seed)
    assert len(index) == Provider.objects.listed().count()
    for number in range(15):
        hold(index, draw, seed, number)


@pytest.mark.parametrize("seed", [2, 9])
def test_rows_are_read_as_the_models_tell_them(seed):
    a_directory(seed)
    with reading.snapshot():
        assert in_one_order(reading.rows()) == in_one_order(rows())
        some = list(Provider.objects.values_list("pk", flat=True))[::3]
        assert in_one_order(reading.rows(some)) == in_one_order(rows(some))


def in_one_order(found: Iterable[Row]) -> list[Row]:
    """By key, and so what within a row has no order of its own."""
    return sorted(
        row._replace(
            met=sorted(row.met),
            denied=sorted(row.denied),
            offers=sorted(map(repr, row.offers)),
        )
        for row in found
    )


@pytest.mark.slow
@pytest.mark.usefixtures("_in_small_steps")
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_the_index_answers_two_thousand_questions_as_the_tables_do(seed):
    draw, index = a_directory(seed)
    assert len(index) == Provider.objects.listed().count()
    for number in range(20):
        hold(index, draw, seed, number)


# --- Distances, held to geopy's geodesic (Karney, WGS 84) -----------------------------

TWO_CM_KM, TWENTY_M_KM = 0.00002, 0.02
CLINICS = SHARED / "clinics" / "samhsa_kit_2022_2024.csv"
CITIES = [(39.7392, -104.9903), (40.7128, -74.0060), (61.2181, -149.9003)]


def hold_to_geodesic(index: Index, spots: dict[int, tuple], centre: tuple) -> None:
    """Who is within 1,000 km, how far away, in which order."""
    at = geo.Point(*centre)
    origin = Found("Here", at, "US-CO", "US", "town", "Here")
    asked = Search(on=TODAY, origin=origin, radius_km=1_000.0, any_country=True)
    away_km = {pk: geodesic(centre, spot).km for pk, spot in spots.items()}
    within = {pk for pk, km in away_km.items() if km <= 1_000}
    hits = index.answer(asked, page_size=1_000).hits
    assert {hit.pk for hit in hits} == within
    for hit in hits:
        error_km = geo.arc_km(sqrt(hit.chord_squared)) - away_km[hit.pk]
        assert abs(error_km) < (TWO_CM_KM if away_km[hit.pk] <= 100 else TWENTY_M_KM)
    assert hits == sorted(hits, key=lambda hit: (hit.chord_squared, hit.pk))


def spots_listed() -> dict[int, tuple[float, float]]:
    listed = Provider.objects.listed().exclude(latitude=None)
    return {pk: at for pk, *at in listed.values_list("pk", "latitude", "longitude")}


def test_distances_are_the_geodesics():
    _, index = a_directory(5)
    spots = spots_listed()
    assert len(spots) > 100
    for centre in directories.SPOTS[:12:2]:
        hold_to_geodesic(index, spots, centre)


@pytest.mark.skipif(not CLINICS.exists(), reason="the real files are not at hand")
def test_distances_of_real_clinics_are_the_geodesics():
    load_regions(DATA / "regions.csv")
    imported(CLINICS)
    index, spots = Index.build(rows()), spots_listed()
    assert len(index) == len(spots) == 251
    for centre in CITIES:
        hold_to_geodesic(index, spots, centre)


# --- At the edges ---------------------------------------------------------------------


def test_of_no_listings_everything_is_nothing():
    index = Index.build([])
    for asked in (Search(on=TODAY, sort="name"), question(Random(0))):
        answer = index.answer(asked, page_size=20, home=("US",), spread=True)
        assert (answer.total, answer.hits, answer.beyond) == (0, [], [])
        assert not any(any(told.values()) for told in answer.counts.values())
        assert not any(answer.left_out.values())
        assert (answer.spread.points, answer.spread.clusters) == ({}, [])
        assert index.lowest_cents(asked, "session") is None
        assert index.amounts(asked, "total") == []
    assert len(index) == len(index.patched([], [7])) == 0


@pytest.mark.parametrize(("priced", "unpriced"), [(4, 1), (5, 0)])
def test_fewer_than_five_priced_matches_bring_the_unpriced(priced, unpriced):
    known = factories.offering(prices=factories.price())
    for offered in [known] * priced + [factories.offering()]:
        factories.provider(offerings=offered)
    asked = Search(on=timezone.localdate(), max_cents=40_000, sort="name")
    for engine in (Index.build(rows()), Orm()):
        answer = engine.answer(asked, page_size=20)
        assert (answer.total, len(answer.unpriced)) == (priced, unpriced)
