"""The index's parts, each held to a plain way of saying the same."""

import ast
import tracemalloc
from dataclasses import replace
from datetime import date
from math import nan
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import geo, vocabulary
from providers.costs import DRIVERS, Ride, travel_cents
from providers.places import Found
from providers.question import Search
from providers.search.answer import MOST_POINTS
from providers.search.index import Index, asking, bits, grid, ordering
from providers.search.index.kept import Kept
from providers.search.index.names import Names
from providers.search.index.rows import Amount, Offer, Row
from providers.search.index.tables import Tables
from providers.search.index.travelling import Trips, trip_cents

ROOT = Path(__file__).parent.parent / "providers/search/index"
TODAY = date(2026, 11, 22)

# --- Sets -----------------------------------------------------------------------------

WORDS = 3
sets = st.frozensets(st.integers(0, WORDS * 64 - 1))


def packed(rows) -> bits.Bits:
    return bits.at(np.array(sorted(rows), np.int64), WORDS)


@given(sets)
def test_a_set_gives_back_its_rows(rows):
    assert bits.positions(packed(rows)).tolist() == sorted(rows)
    assert bits.count(packed(rows)) == len(rows)
    assert np.flatnonzero(bits.unpack(packed(rows))).tolist() == sorted(rows)


@given(sets, st.lists(st.integers(0, WORDS * 64 - 1)))
def test_a_set_holds_its_rows_and_no_others(rows, asked):
    held = bits.holds(packed(rows), np.array(asked, np.int64))
    assert held.tolist() == [row in rows for row in asked]


@given(st.lists(sets, max_size=5), sets)
def test_sets_are_counted_within_another(several, within):
    stacked = np.array([packed(s) for s in several]).reshape(-1, WORDS)
    stacked = stacked.astype(packed([]).dtype)
    counted = bits.counts(stacked, packed(within))
    assert counted.tolist() == [len(s & within) for s in several]


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, WORDS * 64 - 1))))
def test_pairs_become_a_set_an_option(pairs):
    options, rows = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    found = bits.scattered(options, rows, 4, WORDS)
    for option, words in enumerate(found):
        assert set(bits.positions(words)) == {row for o, row in pairs if o == option}


def test_options_numbered_in_a_byte_become_sets_of_many_words():
    options, rows = np.array([0, 3], np.uint8), np.array([70, 64 * 299])
    found = bits.scattered(options, rows, 4, 300)
    assert [list(bits.positions(own)) for own in found] == [[70], [], [], [64 * 299]]


# --- What is kept ---------------------------------------------------------------------


def test_what_is_kept_is_made_once_and_the_oldest_goes_first():
    kept, made = Kept(2), []
    for key in "aabcba":
        assert kept.get(key, lambda key=key: made.append(key) or key * 2) == key * 2
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


def at_home_in_colorado(index: Index, search: Search) -> int:
    return index.answer(search, page_size=1, home=("US-CO", "US")).remote_total


# --- The grid -------------------------------------------------------------------------

ROUNDING = 1e-9
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points)
def test_a_point_lies_within_an_eighth_of_a_degree_of_its_cells_middle(point):
    (cell,) = grid.cells(grid.along(*np.array([point]).T))
    latitude, longitude = grid.middles(np.array([cell]))
    assert abs(latitude[0] - point[0]) <= 0.125 + ROUNDING
    away = abs(longitude[0] - point[1])
    assert min(away, 360 - away) <= 0.125 + ROUNDING


def test_the_date_line_is_one_line():
    east, west = grid.cells(
        grid.along(np.array([10.0, 10.0]), np.array([180.0, -180.0]))
    )
    assert east == west


def test_no_point_is_a_cell_after_all_others():
    somewhere, nowhere = grid.cells(
        grid.along(np.array([90.0, nan]), np.array([179.99, nan]))
    )
    assert nowhere == grid.NOWHERE > somewhere


@given(st.lists(st.tuples(st.integers(0, 719), st.integers(0, 1439)), min_size=1))
def test_a_square_of_cells_is_one_run_of_cells(places):
    rows, columns = np.array(places).T
    cell = grid.cells(grid.along(rows / 4 - 90 + 0.1, columns / 4 - 180 + 0.1))
    for level in grid.LEVELS:
        squares = grid.squares(cell, level).tolist()
        together = [(r >> level, c >> level) for r, c in places]
        pairs = set(zip(squares, together, strict=True))
        assert len(pairs) == len(set(squares)) == len(set(together))


# --- Names ----------------------------------------------------------------------------

plain_names = st.lists(
    st.lists(
        st.sampled_from(["a", "ab", "abc", "ba", "b", "é", "東", "1"]), max_size=3
    ).map(" ".join),
    max_size=70,
)


@given(plain_names, st.sampled_from(["a", "ab", "b", "é", "abcd", "a b"]))
def test_a_name_is_found_by_the_beginning_of_each_word(names, asked):
    found = Names.of(names).having(asked, bits.words_for(len(names)))
    wanted = [
        row
        for row, name in enumerate(names)
        if all(any(w.startswith(p) for w in name.split()) for p in asked.split())
    ]
    assert bits.positions(found).tolist() == wanted


@given(plain_names)
def test_names_are_kept_and_ranked_by_code_point(names):
    kept = Names.of(names)
    assert [kept.name(row) for row in range(len(names))] == names
    ranks = kept.rank[: len(names)].tolist()
    assert sorted(names) == [name for _, name in sorted(zip(ranks, names, strict=True))]
    assert len(set(ranks)) == len(set(names))


# --- Circles, maps, memory ------------------------------------------------------------


def row(pk: int, latitude=None, longitude=None, **values) -> Row:
    at = (None, None, None)
    if latitude is not None:
        at = geo.position(geo.Point(latitude, longitude))
    known = {"name": "sample", "country": "US", "regions": ("US-CO", "US")}
    known |= {"checked_on": TODAY.toordinal(), "confirming": True} | values
    axes = dict(zip(("x_km", "y_km", "z_km"), at, strict=True))
    return Row(pk=pk, latitude=latitude, longitude=longitude, **axes, **known)


def near(latitude: float, longitude: float, radius_km: float, **values) -> Search:
    here = Found("Here", geo.Point(latitude, longitude), "US-CO", "US", "town", "Here")
    known = {"on": TODAY, "origin": here, "radius_km": radius_km} | values
    return Search(any_country=True, **known)


ANYWHERE = Search(on=TODAY, sort="name")
EVERYWHERE = [(90.0, 0.0), (-90.0, 7.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.0)]


@pytest.mark.parametrize("radius_km", [0.1, 30, 900, 9_000, 19_990, 20_016, 32_000])
def test_a_circle_holds_whom_the_distance_says_anywhere_on_earth(radius_km):
    random = Random(4)
    spots = [
        *EVERYWHERE,
        *((random.uniform(-90, 90), random.uniform(-180, 180)) for _ in range(600)),
    ]
    index = Index.build(row(pk, *spot) for pk, spot in enumerate(spots))
    for centre in [*EVERYWHERE, *spots[5:25]]:
        wanted = {
            pk
            for pk, spot in enumerate(spots)
            if geo.distance_km(geo.Point(*centre), geo.Point(*spot)) <= radius_km
        }
        answer = index.answer(near(*centre, radius_km), page_size=1_000)
        assert {hit.pk for hit in answer.hits} == wanted


@pytest.mark.parametrize("every", [1, 40])
@pytest.mark.parametrize("size", [1, 3, 20])
def test_the_nearest_come_first(every, size, monkeypatch):
    """Of all in 15 words, and of a few in each."""
    monkeypatch.setattr(ordering, "RECKONED_AT_ONCE", 0)
    random = Random(6)
    towns = [(88.0, 0.0), (0.0, 180.0), (39.7, -105.0), (40.7, -74.0)]
    spots = [(a + random.gauss(0, 0.5), b) for a, b in towns for _ in range(200)]
    spots += [spots[3]] * 50 + [()] * 50
    regions = [("CA-ON",) if pk % every == 0 else ("US-CO",) for pk in range(900)]
    index = Index.build(
        row(pk, *spot, regions=regions[pk]) for pk, spot in enumerate(spots)
    )
    for centre in [*towns, (-60.0, 10.0)]:
        here = geo.Point(*centre)
        wanted = sorted(
            (geo.distance_km(here, geo.Point(*spot)), pk)
            for pk, spot in enumerate(spots)
            if spot and regions[pk] == ("CA-ON",)
        )
        for page in (1, 2, len(wanted) // size):
            asked = near(*centre, 32_000, region=("CA-ON",), page=page)
            found = index.answer(asked, page_size=size).hits
            own = wanted[(page - 1) * size : page * size]
            assert [hit.pk for hit in found] == [pk for _, pk in own]


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
