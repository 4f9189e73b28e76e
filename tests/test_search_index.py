"""The index, held to the ORM over random directories and questions (directories.py)."""

from random import Random
from unittest.mock import patch

import pytest

from providers import geo, vocabulary
from providers.models import Provider
from providers.search import orm
from providers.search.answer import COUNTED, Answer
from providers.search.index import Index
from providers.search.orm import Orm
from tests import directories, factories
from tests.directories import ASKED_REGIONS, Directory, question, rows

pytestmark = pytest.mark.django_db
SIZES = [400, 0, 150, 1, 60, 300, 2, 200, 15, 100]
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
    index = Index.build(rows())
    for _ in range(draw.choice([0, 0, 1, 3])):
        changed, gone = directory.edit()
        index = index.patched(list(rows(changed)), gone)
    return draw, index


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
    assert index.lowest_cents(search) == Orm().lowest_cents(search), where
    spots, expected_spots = told.spread.points, expected.spread.points
    assert [pk for pk, _ in spots] == [pk for pk, _ in expected_spots], where
    for (_, at), (_, expected_at) in zip(spots, expected_spots, strict=True):
        assert geo.distance_km(at, expected_at) < 0.001, where


def plainly(answer: Answer, groups: dict) -> dict:
    """All that must be equal, to the last bit, with some groups' counts; the spread
    apart."""
    parts = {name: getattr(answer, name) for name in Answer.__slots__}
    counts, _ = parts.pop("counts"), parts.pop("spread")
    told = {g: {o: counts[g][o] for o in options} for g, options in groups.items()}
    return parts | {"counts": told}


@pytest.mark.parametrize("seed", range(20))
def test_the_index_answers_as_the_tables_do(seed):
    draw, index = a_directory(seed)
    assert len(index) == Provider.objects.listed().count()
    for number in range(15):
        hold(index, draw, seed, number)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_the_index_answers_two_thousand_questions_as_the_tables_do(seed):
    draw, index = a_directory(seed)
    for number in range(20):
        hold(index, draw, seed, number)
