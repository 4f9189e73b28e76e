"""Sets, the grid and names, each held to a plain way of saying the same."""

from math import nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from providers.search.index import bits, bundles, grid, sparse
from providers.search.index.names import Names, Spelled

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


@pytest.mark.parametrize("words", [1, bits.STRETCH, bits.STRETCH + 1, 3_000])
def test_full_sets_are_counted_however_long_they_are(words):
    full = np.full((2, words), 2**64 - 1, np.uint64)
    assert bits.sizes(full).tolist() == [words * 64] * 2


@pytest.mark.parametrize("words", [0, 1, bits.SHORT, bits.SHORT + 1, 3_000])
def test_a_set_is_counted_however_long_it_is(words):
    held = np.random.default_rng(words).integers(0, 2**64, words, np.uint64)
    assert bits.count(held) == sum(number.bit_count() for number in held.tolist())


# --- Bundles of words, and sets with few words ----------------------------------------

# Words with everybody, with nobody and with some, in long runs as in short ones.
a_word = st.sampled_from([0, 2**64 - 1]) | st.integers(0, 2**64 - 1)
a_run = st.tuples(a_word, st.integers(1, 30))


@pytest.mark.parametrize("is_whole", [True, False])
@given(st.lists(a_run, max_size=8), st.sampled_from([1, 2, 4, 8]))
def test_a_set_in_parts_is_counted_as_the_whole(is_whole, runs, together):
    found = np.array([word for word, n in runs for _ in range(n)], np.uint64)
    random = np.random.default_rng(len(found))
    sets = random.integers(0, 2**64, (5, len(found)), np.uint64)
    found[random.random(len(found)) < 0.02] = 0
    some = found.nonzero()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "WORDS", together)
        patch.setattr(bundles, "FEW", 0)
        before = bundles.counted(sets)
        of, of_some = bundles.Parted.of, bundles.Parted.of_some
        parted = of(found) if is_whole else of_some(found[some], some)
    rows = slice(1, 4)
    told = parted.in_full(before, rows)
    others = bits.counts(sets[rows], parted.rest, parted.words)
    assert (told + others).tolist() == bits.counts(sets[rows], found).tolist()
    told_of = sum(e - s for s, e in zip(parted.starts, parted.ends, strict=True))
    assert bits.count(parted.rest) + 64 * together * told_of == bits.count(found)


def test_whole_bundles_are_told_and_not_counted_again():
    found = np.full(bundles.FEW + 1, 2**64 - 1, np.uint64)
    found[9] = 5  # in the second bundle
    of, of_some = bundles.Parted.of, bundles.Parted.of_some
    for parted in (of(found), of_some(found, np.arange(len(found)))):
        assert parted.starts.tolist() == [0, 2]
        assert parted.ends.tolist() == [1, bundles.FEW // 8]
        assert parted.words.tolist() == [*range(8, 16), bundles.FEW]


@pytest.mark.parametrize("few", [0, sparse.FEW])
@given(st.lists(sets.filter(bool), min_size=1, max_size=5), sets, st.booleans())
def test_sets_of_which_few_words_are_kept_are_counted_as_whole_ones(
    few, several, within, is_whole
):
    stacked, found = np.array([packed(s) for s in several]), packed(within)
    kept = sparse.Sparse.of(stacked)
    words = bits.ALL if is_whole else found.nonzero()[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse, "FEW", few)
        counted = kept.counts(found[words], words)
    assert counted.tolist() == [len(s & within) for s in several]
    for number, own in enumerate(stacked):
        assert kept.one(number, WORDS).tolist() == own.tolist()


# --- The grid -------------------------------------------------------------------------

ROUNDING = 1e-9
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points)
@example((90.0, 0.0))
def test_a_point_lies_within_an_eighth_of_a_degree_of_its_cells_middle(point):
    (cell,) = grid.cells(grid.along(*np.array([point]).T))
    latitude, longitude = grid.middles(np.array([cell]))
    assert abs(latitude[0] - point[0]) <= 0.125 + ROUNDING
    assert abs(latitude[0]) < 90
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


a_cell = st.tuples(st.integers(0, 719), st.integers(0, 1439))


@given(st.lists(a_cell, min_size=1))
def test_a_square_of_cells_is_one_run_of_cells(places):
    rows, columns = np.array(places).T
    cell = grid.cells(grid.along(rows / 4 - 90 + 0.1, columns / 4 - 180 + 0.1))
    for level in range(11):  # up to 1,024 cells a side: the whole grid is two
        squares = grid.squares(cell, level).tolist()
        together = [(r >> level, c >> level) for r, c in places]
        pairs = set(zip(squares, together, strict=True))
        assert len(pairs) == len(set(squares)) == len(set(together))


def test_each_step_along_the_curve_is_to_a_neighbour():
    rows, columns = np.divmod(np.arange(128 * 128), 128)
    along = grid.along((rows + 0.5) / 128 - 90, (columns + 0.5) / 128 - 180)
    order = np.argsort(along)
    steps = np.abs(np.diff(rows[order])) + np.abs(np.diff(columns[order]))
    assert set(steps.tolist()) == {1}


@given(a_cell, a_cell)
def test_two_cells_are_in_one_square_from_their_level_on(one, other):
    rows, columns = np.array([one, other]).T
    cell = grid.cells(grid.along(rows / 4 - 90 + 0.1, columns / 4 - 180 + 0.1))
    apart = grid.level_without(int(cell[0] ^ cell[1]))
    for level in range(12):
        first, second = ((r >> level, c >> level) for r, c in (one, other))
        assert (first == second) == (level >= apart)


# --- Names ----------------------------------------------------------------------------

plain_names = st.lists(
    st.lists(
        st.sampled_from(["a", "ab", "abc", "ba", "b", "é", "東", "1"]), max_size=3
    ).map(" ".join),
    max_size=70,
)


def names_of(names: list[str]) -> Names:
    """As they are kept of names that came the other way round."""
    spelled = Spelled()
    spelled.take(names[:0:-1])
    spelled.take(names[:1])
    return Names.of(spelled, np.arange(len(names))[::-1])


@given(plain_names, st.sampled_from(["a", "ab", "b", "é", "abcd", "a b"]))
def test_a_name_is_found_by_the_beginning_of_each_word(names, asked):
    found = names_of(names).having(asked, bits.words_for(len(names)))
    wanted = [
        row
        for row, name in enumerate(names)
        if all(any(w.startswith(p) for w in name.split()) for p in asked.split())
    ]
    assert bits.positions(found).tolist() == wanted


@given(plain_names)
def test_names_are_kept_and_ranked_by_code_point(names):
    kept = names_of(names)
    assert [kept.name(row) for row in range(len(names))] == names
    ranks = kept.rank[: len(names)].tolist()
    assert sorted(names) == [name for _, name in sorted(zip(ranks, names, strict=True))]
    assert len(set(ranks)) == len(set(names))
