"""The index's parts, each held to a plain way of saying the same."""

import ast
import tracemalloc
from dataclasses import fields, replace
from math import nan
from pathlib import Path
from random import Random

import numpy as np
import pytest

from providers import geo, vocabulary
from providers.costs import DRIVERS, Ride, travel_cents
from providers.question import Search
from providers.remembered import Recent
from providers.search.answer import MOST_POINTS
from providers.search.index import Index, asking, bits, counting, ordering, spreading
from providers.search.index.rows import Amount, Offer, Row
from providers.search.index.tables import Tables
from providers.search.index.travelling import Trips, trip_cents
from tests.index_rows import ANYWHERE, EVERYWHERE, TODAY, near, row

ROOT = Path(__file__).parent.parent / "providers/search/index"

# --- Offerings ------------------------------------------------------------------------


@pytest.mark.parametrize("filled", [0, 0.1, 0.9])
@pytest.mark.parametrize("words", [bits.ALL, np.arange(3, 33, 2)])
@pytest.mark.parametrize("at_once", [bits.BLOCK, 100])
@pytest.mark.parametrize("sizes", [counting._sizes_of_many, counting._sizes_of_few])
def test_one_offering_is_all_that_is_asked_however_few_there_are(
    monkeypatch, sizes, at_once, words, filled
):
    monkeypatch.setattr(bits, "BLOCK", at_once)
    random = np.random.default_rng(3)
    slots = random.integers(0, 2**64, (4, 5, 40), np.uint64)
    rest = random.integers(0, 2**64, (4, len(np.arange(40)[words])), np.uint64)
    rest[random.random(rest.shape) >= filled] = 0
    found = sizes(slots, words, rest)
    for option in range(5):
        wanted = bits.none(rest.shape[1])
        for slot in range(4):
            wanted |= slots[slot, option, words] & rest[slot]
        assert found[option] == bits.count(wanted)


# --- Regions --------------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [bits.BLOCK, 1])
def test_a_region_is_counted_as_if_it_alone_were_asked_for(monkeypatch, at_once):
    monkeypatch.setattr(bits, "BLOCK", at_once)
    homes = [("US-CO", "US"), ("US-UT", "US"), ("CA-AB", "CA")]
    index = Index.build(row(pk, regions=homes[pk % 3]) for pk in range(200))
    alone = {"US-CO": 67, "US-UT": 67, "US": 134, "CA-AB": 66, "CA": 66}
    for chosen in ((), ("US-CO",), ("CA", "US-UT")):
        search = replace(ANYWHERE, region=chosen)
        assert index.answer(search, page_size=1).counts["region"] == alone


# --- What is kept ---------------------------------------------------------------------


def test_what_is_kept_is_made_once_and_what_was_used_last_stays():
    kept, made = Recent(2), []
    for key in "aabcba":
        assert kept.made(key, lambda key=key: made.append(key) or key * 2) == key * 2
    assert made == ["a", "b", "c", "a"]
    assert len(kept) == 2


def test_who_takes_people_at_home_is_counted_anew_after_a_change():
    at_home = Offer("im", "home_watched", "none", "solo", ("US-CO",))
    index = Index.build([row(1, offers=(at_home,)), row(2)])
    assert at_home_in_colorado(index, ANYWHERE) == 1
    index = index.patched([row(2, offers=(at_home,))], set())
    assert at_home_in_colorado(index, ANYWHERE) == 2
    assert at_home_in_colorado(index.patched([], {1}), ANYWHERE) == 1


def test_no_index_keeps_what_a_person_typed():
    index = Index.build([row(1, name="sample clinic")])
    at_home_in_colorado(index, replace(ANYWHERE, words="sample"))
    assert len(index._at_home) == 0
    at_home_in_colorado(index, near(39.7, -105, 40))
    at_home_in_colorado(index, near(39.8, -104, 80, page=2))
    assert len(index._at_home) == 1  # which no coordinate is part of


@pytest.mark.parametrize("name", sorted(each.name for each in fields(Search)))
def test_care_at_home_is_known_by_every_filter_and_no_place(name):
    other = replace(ANYWHERE, **{name: object()})
    is_same = other.filters == ANYWHERE.filters
    assert is_same == (other.at_home_in(()) == ANYWHERE.at_home_in(()))


def at_home_in_colorado(index: Index, search: Search) -> int:
    return index.answer(search, page_size=1, home=("US-CO", "US")).remote_total


# --- Maps, memory ---------------------------------------------------------------------


def test_the_map_shows_each_point_where_there_are_few():
    spots = {1: (39.7392, -104.9903), 2: (-33.9, 151.2), 4: (89.9, 179.9)}
    rows = [row(pk, *spot) for pk, spot in spots.items()]
    index = Index.build([*rows, row(3)])
    spread = index.answer(
        Search(on=TODAY, sort="name"), page_size=1, spread=True
    ).spread
    assert spread.clusters == []
    assert sorted(spread.pks) == [1, 2, 4]
    for pk, point in spread.points.items():
        assert point == pytest.approx(spots[pk], abs=1e-9)


def test_the_map_shows_clusters_where_there_are_many():
    random = Random(5)
    towns = [(39.7, -105.0), (40.7, -74.0), (51.5, 0.1)]
    rows = [
        row(pk, *(at + random.uniform(-0.4, 0.4) for at in towns[pk % 3]))
        for pk in range(MOST_POINTS + 1)
    ]
    index = Index.build([*rows, row(99_999)])
    spread = index.answer(
        Search(on=TODAY, sort="name"), page_size=1, spread=True
    ).spread
    assert spread.points == {}
    assert sum(cluster.count for cluster in spread.clusters) == MOST_POINTS + 1
    for cluster in spread.clusters:
        away = [
            max(abs(cluster.latitude - a), abs(cluster.longitude - b)) for a, b in towns
        ]
        assert min(away) < 0.6


@pytest.mark.parametrize(("most", "shown"), [(3, 3), (2, 2)])
def test_the_map_shows_the_finest_clusters_that_are_few(most, shown, monkeypatch):
    monkeypatch.setattr(spreading, "MOST_POINTS", 3)
    monkeypatch.setattr(spreading, "MOST_CLUSTERS", most)
    towns = [(39.7, -105.1), (40.7, -74.1), (51.6, 0.1), (39.7, -105.1)]
    index = Index.build(row(pk, *at) for pk, at in enumerate(towns))
    told = index.answer(ANYWHERE, page_size=1, spread=True).spread
    assert len(told.clusters) == shown
    assert sum(cluster.count for cluster in told.clusters) == len(towns)


RIDE = Ride(per_km_cents=12.7, driver="someone")


AMOUNT = Amount(40_000, "USD", True, TODAY.toordinal())
PARTS = ("iv_infusion", "in_clinic", "none", "individual")
OFFER = Offer(*PARTS, ("US-CO",), AMOUNT, AMOUNT, (6, 2))


def listings(count: int):
    random = Random(6)
    for pk in range(count):
        spot = (random.gauss(40.7, 2), random.gauss(-74.0, 2))
        met = ("pay/medicaid", "need/lift")[: pk % 3]
        yield row(pk, *spot, met=met, offers=(OFFER,) * (pk % 4))


@pytest.mark.parametrize(
    "asked",
    [
        near(40.7, -74, 32_000),
        near(40.7, -74, 400, sort="price", max_cents=50_000, route=("iv_infusion",)),
        near(40.7, -74, 32_000, sort="checked", words="sa", need=("lift",)),
        near(40.7, -74, 32_000, sort="travel", max_total_cents=90_000, ride=RIDE),
        near(40.7, -74, 32_000, sort="posted"),
        replace(ANYWHERE, include=frozenset({"not_stated"}), pay=("medicaid",)),
    ],
)
def test_a_search_allocates_a_few_bytes_a_listing(asked, big):
    big.answer(asked, page_size=20, home=("US-CO",))
    tracemalloc.start()
    try:
        big.answer(asked, page_size=20, home=("US-CO",), spread=True)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    blocks = 24 * bits.BLOCK  # what a step holds, however many listings there are
    assert most < blocks + 12 * len(big)


@pytest.fixture(scope="module")
def big() -> Index:
    return Index.build(listings(60_000))


RIDES = [
    Ride(per_km, 1.4, driver, fare, nights, night)
    for per_km in (None, 0.0, 12.7)
    for driver in DRIVERS
    for fare in (None, 45_00)
    for nights, night in ((0, None), (2, None), (2, 99_00))
]


@pytest.mark.parametrize("ride", RIDES, ids=repr)
def test_the_way_of_many_listings_costs_what_that_of_one_does(ride):
    pairs, spots = [(0, 0), (6, 0), (0, 3), (6, 4)], [*EVERYWHERE, (39.7, -105.0)]
    trips = Trips(np.array(pairs), np.zeros((1, 1, 64), np.uint8))
    origin, at = geo.position(geo.Point(40.0, -105.3)), []
    for spot in spots:
        ends = zip(origin, geo.position(geo.Point(*spot)), strict=True)
        at.append(sum((a - b) ** 2 for a, b in ends))
    for squared in [*at, nan]:
        far_km = None if squared != squared else geo.arc_km(squared**0.5)
        each = trip_cents(np.array([squared] * len(pairs)), ride)
        told = trips.cents(np.arange(len(pairs)), each, ride).tolist()
        assert told == [travel_cents(pair, far_km, ride) for pair in pairs]


# --- What it is made of ---------------------------------------------------------------


def test_the_index_knows_nothing_of_django():
    for path in ROOT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [
                    getattr(node, "module", None) or "",
                    *(a.name for a in node.names),
                ]
                assert not any(name.startswith("django") for name in names), path
                assert "models" not in names, path


def test_days_of_confirmation_are_the_vocabularys():
    assert asking.DAYS_CONFIRMED == vocabulary.UNCONFIRMED_DAYS


def test_a_patched_index_is_what_a_new_one_would_be():
    rows = {pk: row(pk, 39.7, -105 + pk / 1000) for pk in range(200)}
    changed = [row(pk, 40.0, -105, met=("need/lift",)) for pk in (3, 64, 199, 300)]
    patched = Index.build(rows.values()).patched(changed, gone=[5, 64_000])
    patched = patched.patched([row(300, 41.0, -105)], gone=[3])
    rows |= {one.pk: one for one in changed} | {300: row(300, 41.0, -105)}
    del rows[5], rows[3]
    fresh = Index.build(rows.values())
    asked = near(39.7, -105, 500)
    assert len(patched) == len(fresh) == len(rows)
    assert patched.answer(asked, page_size=500) == fresh.answer(asked, page_size=500)


def test_what_is_gone_is_gone_wherever_it_stood():
    asked = near(39.7, -105, 500)
    index = Index.build(row(pk, 39.7, -105 + pk / 1000) for pk in range(70))
    index = index.patched([row(pk, 39.7, -105 - pk / 1000) for pk in (7, 8)], gone=[])
    for gone, left in (([7], 69), ([66, 500], 68), ([8], 67)):
        index = index.patched([], gone)
        answer = index.answer(asked, page_size=100)
        assert (len(index), answer.total, len(answer.hits)) == (left, left, left)
        assert not {hit.pk for hit in answer.hits} & set(gone)
        assert answer.counts["region"]["US-CO"] == left
    assert index.tail is None


def test_tables_give_back_the_rows_of_which_they_are_made():
    random = Random(8)
    told = {"met": ("need/lift", "pay/cash"), "denied": ("language/es",)}
    served = Offer("oral", "home_visit", "none", "group", ("US-CO", "US-UT"))
    rows = [
        *(priced(pk, random) for pk in range(1, 30)),
        row(30, 39.7, -105.0, offers=(served,) * 2, **told),
        row(31, regions=(), confirming=False),
    ]
    assert list(Tables.of(rows).rows()) == rows
    assert list(Tables.of([]).rows()) == []


def test_what_tables_have_of_others_listings_is_left_out():
    rows = [row(pk, 39.7, -105.0, offers=(OFFER,), met=("need/lift",)) for pk in (1, 3)]
    others = [row(pk, offers=(OFFER,) * 9, met=("need/lift",)) for pk in (0, 2, 4)]
    alone, all_of_them = Tables.of(rows), Tables.of([*rows, *others])
    index = Index.of(all_of_them._replace(listings=alone.listings))
    asked = near(39.7, -105, 400)
    expected = Index.build(rows).answer(asked, page_size=9)
    assert index.answer(asked, page_size=9) == expected


def priced(pk: int, random: Random) -> Row:
    until = TODAY.toordinal() + random.randrange(-30, 60)
    amounts = [
        Amount(random.randrange(1, 9) * 10_000, "USD", random.random() < 0.7, until)
        for _ in range(random.randrange(3))
    ]
    trips = (random.randrange(3), random.randrange(3))
    parts = ("im", "in", "none", "group", ())
    offers = tuple(Offer(*parts, amount, amount, trips) for amount in amounts)
    posted = tuple(random.choice([0, until, until + 40]) for _ in range(5))
    checked_on = TODAY.toordinal() - random.randrange(700) if pk % 9 else 0
    name = f"{random.choice('abc')} {random.randrange(30)}"
    at = (random.gauss(40, 9), random.gauss(-90, 20)) if pk % 7 else ()
    told = {"checked_on": checked_on, "offers": offers, "posted": posted}
    return row(pk, *at, name=name, **told)


@pytest.mark.parametrize(
    "sort", ["distance", "price", "course", "travel", "checked", "posted", "name"]
)
@pytest.mark.parametrize(("page", "size"), [(1, 2), (2, 3), (1, 20), (3, 20), (30, 20)])
def test_narrowing_down_never_changes_an_order(sort, page, size, monkeypatch):
    random = Random(7)
    index = Index.build(priced(pk, random) for pk in range(700))
    asked = near(40, -90, 32_000, sort=sort, page=page, ride=RIDE)
    if sort == "name":
        asked = replace(ANYWHERE, page=page)
    sorted_whole = index.answer(asked, page_size=size).hits
    assert len(sorted_whole) == size
    monkeypatch.setattr(ordering, "SORTED_AT_ONCE", 0)
    monkeypatch.setattr(ordering, "RECKONED_AT_ONCE", 0)
    monkeypatch.setattr(ordering, "_WORDS_AT_ONCE", 2)
    assert index.answer(asked, page_size=size).hits == sorted_whole
