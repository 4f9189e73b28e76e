"""Circles and the nearest, each held to the distance of every listing."""

from random import Random

import pytest

from providers import geo
from providers.search.index import Index, ordering
from tests.index_rows import EVERYWHERE, near, row


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


def test_a_circle_is_exact_at_its_edge():
    """Of listings so near each other that a circle holds their word or does not."""
    random = Random(5)
    towns = [(random.uniform(-90, 90), random.uniform(-180, 180)) for _ in range(40)]
    spots = [(a + random.uniform(-1e-5, 1e-5), b) for a, b in towns for _ in range(64)]
    index = Index.build(row(pk, *spot) for pk, spot in enumerate(spots))
    for centre in EVERYWHERE:
        here = geo.Point(*centre)
        away_km = [geo.distance_km(here, geo.Point(*spot)) for spot in spots]
        for radius_km in (geo.distance_km(here, geo.Point(*town)) for town in towns):
            wanted = sum(km <= radius_km for km in away_km)
            assert index.total(near(*centre, radius_km)) == wanted


@pytest.mark.parametrize("centre", [(39.7, -105.0), (51.5, 0.1), (90.0, 0.0)])
def test_a_circle_is_taken_for_the_whole_only_if_it_is(centre):
    random = Random(4)
    spots = [(random.uniform(30, 60), random.uniform(-120, 0)) for _ in range(300)]
    index = Index.build([*(row(pk, *at) for pk, at in enumerate(spots)), row(300)])
    at = geo.position(geo.Point(*centre))
    farthest = max(geo.distance_km(geo.Point(*centre), geo.Point(*s)) for s in spots)
    radii_km = range(0, 20_000, 100)
    whole = [r for r in radii_km if index.base.lies_within(at, geo.chord_km(r))]
    assert whole
    assert min(whole) >= farthest


@pytest.mark.parametrize("spot", [(39.7, -105.0), (-0.1, 170.0), (-88.0, 10.0)])
def test_a_circle_that_ends_metres_before_the_only_listing_does_not_hold_it(spot):
    index = Index.build([row(1, *spot)])
    for centre in EVERYWHERE:
        away_km = geo.distance_km(geo.Point(*centre), geo.Point(*spot))
        for short_km in (0.001, 0.015):
            assert index.total(near(*centre, away_km - short_km)) == 0
        assert index.total(near(*centre, away_km + 0.001)) == 1


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


@pytest.mark.parametrize("radius_km", [30, 120, 32_000])
@pytest.mark.parametrize("size", [1, 7, 20])
def test_the_nearest_of_a_city_come_first(size, radius_km, monkeypatch):
    """Whose words are a few of all, more than half of them, and all; some are of
    listings at one point."""
    monkeypatch.setattr(ordering, "RECKONED_AT_ONCE", 0)
    random = Random(8)
    spots = [(40 + random.gauss(0, 1), -74 + random.gauss(0, 1)) for _ in range(6_000)]
    spots += [(40.0, -74.0)] * 200
    index = Index.build(row(pk, *spot) for pk, spot in enumerate(spots))
    for centre in [(40.0, -74.0), (40.7, -73.2), (39.6, -74.9)]:
        here = geo.Point(*centre)
        away_km = (
            (geo.distance_km(here, geo.Point(*s)), n) for n, s in enumerate(spots)
        )
        wanted = [pk for km, pk in sorted(away_km) if km <= radius_km]
        for page in (1, 2, 5):
            found = index.answer(near(*centre, radius_km, page=page), page_size=size)
            own = wanted[(page - 1) * size : page * size]
            assert [hit.pk for hit in found.hits] == own
