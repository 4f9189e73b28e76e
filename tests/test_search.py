"""The answer, by hand, and what it asks of the database."""

from dataclasses import replace
from math import ceil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import costs
from providers.filters import with_parents
from providers.models import Region
from providers.search import PageOutOfRangeError, orm
from tests import brute_force, factories
from tests.factories import (
    BOULDER,
    CALGARY,
    DENVER,
    SALT_LAKE_CITY,
    days_ago,
    fact,
    facts,
    listing,
    offering,
    price,
)
from tests.questions import asking, find, place

pytestmark = pytest.mark.django_db


def names(rows) -> list[str]:
    return [row.provider.name for row in rows]


# --- By hand --------------------------------------------------------------------------


def row_of(count: int, km: float) -> None:
    """Listings at one distance east of Denver."""
    degree_km = 85.5  # of longitude, there
    for _ in range(count):
        listing(f"at {km}", at=(DENVER[0], DENVER[1] + km / degree_km))


@pytest.mark.parametrize(
    ("near", "expected_miles"),
    [
        ([(10, 5)], 10),
        ([(9, 5), (1, 30)], 25),
        ([(9, 5)], 250),
        ([(9, 5), (1, 200)], 250),
        ([(9, 5), (1, 150)], 100),
        ([], 250),
    ],
)
def test_the_radius_is_the_smallest_step_that_reaches_ten(near, expected_miles):
    for count, km in near:
        row_of(count, km)
    found = find(asking())
    assert found.radius == pytest.approx(expected_miles)
    assert found.total == sum(c for c, km in near if km <= expected_miles * 1.609)


def test_the_radius_steps_in_kilometres_where_those_are_asked_for():
    row_of(10, 30)
    assert find(asking(unit="km")).radius_km == 40


def test_what_is_left_out_counts_for_the_radius_too():
    row_of(9, 5)
    listing("unpriced", offerings=offering(), at=(DENVER[0], DENVER[1] + 0.1))
    found = find(asking(max_cents=50_000))
    assert found.radius == pytest.approx(10)
    assert (found.total, found.left_out["unpriced"]) == (9, 1)


def test_a_chosen_radius_is_never_widened():
    listing("boulder", at=BOULDER)
    found = find(asking(radius_km=5.0))
    assert (found.total, found.radius_km) == (0, 5.0)
    assert names(found.beyond) == ["boulder"]
    assert found.beyond[0].distance_km == pytest.approx(38.9, abs=0.1)
    assert found.wider == 25  # miles


def test_none_at_250_miles_shows_the_nearest_five_beyond():
    for number in range(6):
        listing(f"ny {number}", region="US-NY", at=(40.7, -74.0 + number / 100))
    found = find(asking())
    assert (found.total, found.radius) == (0, pytest.approx(250))
    assert names(found.beyond) == [f"ny {n}" for n in range(5)]
    expected = brute_force.geodesic(DENVER, (40.7, -74.0)).miles
    assert found.wider == ceil(expected / 10) * 10


def test_other_country_counts_within_the_same_radius():
    listing("near the border", region="CA-AB", at=(49.05, -112.0))
    listing("calgary", region="CA-AB", at=CALGARY)
    found = find(asking(origin=place((48.9, -112.0), "US-CO"), radius_km=100.0))
    assert found.left_out["other_country"] == 1


def test_the_countries_across_the_border_are_named():
    listing("calgary", region="CA-AB", at=CALGARY)
    near_calgary = place((50.0, -114.0), "US-CO")
    answer = orm.Orm().answer(asking(origin=near_calgary), page_size=1)
    assert answer.abroad == ("CA",)
    abroad = asking(origin=near_calgary, any_country=True)
    assert orm.Orm().answer(abroad, page_size=1).abroad == ()


def test_numbers_left_out_may_overlap():
    lines = price(40_000) | price(None, kind="drug")
    listing("both", offerings=offering(prices=lines), facts={})
    found = find(asking(max_cents=50_000, need=("lift",)))
    assert found.left_out["incomplete"] == found.left_out["not_stated"] == 0
    found = find(asking(max_cents=50_000))
    assert found.left_out["incomplete"] == 1


def test_pages_follow_one_another_without_gap_or_repeat():
    row_of(7, 5)
    pages = [find(asking(page=number), page_size=3) for number in (1, 2, 3)]
    slugs = [row.provider.slug for page in pages for row in page.rows]
    assert len(set(slugs)) == len(slugs) == 7
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}


def test_a_page_past_the_last_is_refused():
    row_of(3, 5)
    with pytest.raises(PageOutOfRangeError):
        find(asking(page=2), page_size=3)


def test_the_first_page_of_nothing_is_a_page():
    found = find(asking(origin=None, sort="name"))
    assert (found.total, found.pages, found.rows, found.beyond) == (0, 1, [], [])
    assert found.radius is None


def test_without_a_place_there_is_no_distance():
    listing("A")
    (row,) = find(asking(origin=None, sort="name")).rows
    assert row.distance_km is None


def test_care_at_home_is_a_group_of_its_own():
    at_home = offering("sublingual", "home_live_video", serves=("US-CO",))
    listing("far away", region="US-NY", at=None, offerings=at_home)
    listing("denver")
    found = find(asking())
    assert (found.serves, found.remote_total) == ("US-CO", 1)
    assert names(found.rows) == ["denver"]
    remote = asking(origin=None, serves=with_parents([found.serves]), sort="name")
    assert names(find(remote).rows) == ["far away"]


def test_one_region_asked_for_is_the_patients():
    listing("A", offerings=offering("sublingual", "home_visit", serves=("US",)))
    found = find(asking(origin=None, region=("US-CO",), sort="name"))
    assert (found.serves, found.remote_total) == ("US-CO", 1)
    two = asking(origin=None, region=("US-CO", "US-UT"), sort="name")
    assert find(two).serves == ""


def test_the_world_holds_the_parts_of_a_country_of_a_union():
    factories.regions()
    Region.objects.create(
        code="IE-D", kind="subdivision", name_en="Dublin", parent_id="IE"
    )
    listing("dublin", region="IE-D", at=(53.3498, -6.2603))
    for code in ("IE-D", "IE", "EU", "001"):
        found = find(asking(origin=None, region=(code,), sort="name"))
        assert found.total == found.counts["region"][code] == 1


def test_an_option_counts_with_what_else_one_offering_must_be():
    iv = offering("iv_infusion", "in_clinic", "none", prices=price(60_000))
    im = offering("im_injection", "hospital", "full_kap", prices=price(30_000))
    listing("A", offerings=iv | im)
    counts = find(asking(route=("iv_infusion",), max_cents=90_000)).counts
    assert counts["route"] == {"iv_infusion": 1, "im_injection": 1}
    assert counts["route"]["oral"] == 0
    assert counts["setting"] == {"in_clinic": 1}
    assert counts["therapy"] == {"none": 1}
    counts = find(asking(route=("iv_infusion",), max_cents=30_000)).counts
    assert counts["route"] == {"im_injection": 1}
    assert counts["setting"] == {}


def test_the_lowest_price_is_whole_and_current_and_within_the_radius():
    engine, dear = orm.Orm(), asking(radius_km=100.0, max_cents=100)
    assert engine.lowest_cents(dear, "session") is None
    lines = price(20_000) | price(None, kind="drug")
    listing("at least", offerings=offering(prices=lines))
    listing("stale", offerings=offering(prices=price(10_000, days=91)))
    listing("abroad", offerings=offering(prices=price(15_000, currency="CAD")))
    far = offering(prices=price(20_000))
    listing("far", region="US-UT", at=SALT_LAKE_CITY, offerings=far)
    assert engine.lowest_cents(dear, "session") is None
    listing("dear", offerings=offering("im_injection", prices=price(50_000)))
    listing("cheap", offerings=offering("iv_infusion", prices=price(40_000)))
    assert engine.lowest_cents(dear, "session") == 40_000
    assert (
        engine.lowest_cents(replace(dear, route=("im_injection",)), "session") == 50_000
    )
    assert engine.lowest_cents(replace(dear, radius_km=None), "session") == 20_000


def test_amounts_are_one_of_each_offering_that_matches():
    six = {"count_min": 6, "count_max": 6}
    of_two = offering(variant="a", prices=price(20_000, **six))
    of_two |= offering(variant="b", prices=price(30_000, **six))
    listing("A", offerings=of_two)
    listing("B", offerings=offering(prices=price(10_000, days=91, **six)))
    listing("C", offerings=offering("im_injection", prices=price(5_000, **six)))
    engine, asked = orm.Orm(), asking(route=("iv_infusion",), radius_km=9.0)
    assert engine.amounts(asked, "session") == [20_000, 30_000]
    assert engine.amounts(asked, "course") == [120_000, 180_000]
    within = replace(asked, max_cents=20_000)
    assert engine.amounts(within, "course") == [120_000]
    assert engine.lowest_cents(replace(asked, max_cents=1), "session") == 20_000


def test_the_map_shows_points_until_they_are_too_many(monkeypatch):
    home = listing("denver")
    listing("nowhere", at=None)
    found = find(asking(), spread=True)
    assert found.spread.points == {home.pk: DENVER}
    assert found.spread.clusters == []
    assert find(asking()).spread is None
    listing("near denver", at=(39.7400, -104.9900))
    listing("boulder", at=BOULDER)
    monkeypatch.setattr(orm, "MOST_POINTS", 2)
    spread = find(asking(), spread=True).spread
    assert spread.points == {}
    assert sorted(cluster.count for cluster in spread.clusters) == [1, 2]
    monkeypatch.setattr(orm, "MOST_CLUSTERS", 1)
    (cluster,) = find(asking(), spread=True).spread.clusters
    assert cluster.count == 3


def test_few_priced_matches_bring_the_nearest_unpriced():
    listing("priced", offerings=offering(prices=price(40_000)))
    listing("unpriced far", offerings=offering(), at=BOULDER)
    listing("unpriced near", offerings=offering())
    found = find(asking(max_cents=50_000))
    assert names(found.rows) == ["priced"]
    assert names(found.unpriced) == ["unpriced near", "unpriced far"]
    taken_in = find(asking(max_cents=50_000, include=frozenset({"unpriced"})))
    assert taken_in.total == 3
    assert taken_in.unpriced == []


# --- The price on a result ------------------------------------------------------------


def shown(*offers: dict, **question):
    joined: dict = {}
    for offer in offers:
        joined |= offer
    listing("A", offerings=joined)
    return find(asking(**question)).rows[0].session


def test_a_price_spans_the_offerings_that_match():
    iv = offering("iv_infusion", prices=price(40_000, 50_000))
    im = offering("im_injection", prices=price(30_000, 35_000, days=40))
    both = shown(iv, im)
    assert (both.low_cents, both.high_cents) == (30_000, 50_000)
    assert both.checked_on == days_ago(40)
    only = find(asking(route=("iv_infusion",))).rows[0].session
    assert (only.low_cents, only.high_cents) == (40_000, 50_000)


def test_a_price_prefers_current_to_stale_and_whole_to_at_least():
    stale = offering(variant="a", prices=price(10_000, days=200))
    at_least = offering(variant="b", prices=price(20_000) | price(None, kind="drug"))
    whole = offering(variant="c", prices=price(30_000))
    told = shown(stale, at_least, whole)
    assert (told.low_cents, told.complete, told.current) == (30_000, True, True)


def test_a_price_that_is_history_is_none():
    assert shown(offering(prices=price(20_000, days=366))) is None
    listing("B", offerings=offering(prices=price(20_000, days=365)), at=BOULDER)
    assert not find(asking(radius_km=99.0)).rows[1].session.current


def test_the_cheapest_course_with_travel_is_the_amount_of_its_sort():
    six = {"count_min": 6, "count_max": 6}
    dear = offering(variant="a", prices=price(50_000, **six))
    cheap = offering(variant="b", prices=price(40_000, 45_000, **six))
    stale = offering(variant="c", prices=price(10_000, days=91, **six))
    listing("A", offerings=dear | cheap | stale, at=BOULDER)
    ride = costs.Ride(per_km_cents=10.0, road_factor=1.0)
    (row,) = find(asking(radius_km=99.0, sort="travel", ride=ride)).rows
    way = 6 * round(2 * row.distance_km * 10)
    assert row.travel.low_cents == 240_000 + way
    assert row.travel.stands  # how to get home is the person's own unknown
    assert row.travel.high_cents is None
    assert (row.course.low_cents, row.course.high_cents) == (240_000, 300_000)
    (row,) = find(asking(radius_km=99.0, ride=replace(ride, nights=1))).rows
    assert not row.travel.stands


def test_at_least_has_no_upper_end():
    told = shown(offering(prices=price(20_000) | price(None, kind="drug")))
    assert (told.low_cents, told.high_cents, told.complete) == (20_000, None, False)


def test_a_stale_price_says_so():
    told = shown(offering(prices=price(20_000, days=91)))
    assert (told.current, told.checked_on) == (False, days_ago(91))


def test_no_price_is_none_and_never_nothing():
    assert shown(offering()) is None
    assert shown(offering(variant="b", prices=price(1, currency="CAD"))) is None


def test_free_is_shown_as_free():
    assert shown(offering(prices=price(0))).low_cents == 0


# --- What it asks of the database -----------------------------------------------------

EVERYTHING = {
    "max_cents": 100_000,
    "need": ("lift",),
    "unconfirmed": "hide",
    "condition": ("ptsd",),
}


@pytest.mark.parametrize("values", [{}, EVERYTHING, {"sort": "price"}])
def test_the_number_of_queries_does_not_grow_with_the_answer(values):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            find(asking(**values))
        return len(captured)

    stated = facts(fact("lift"), fact("ptsd"))
    factories.provider(facts=stated)
    few = queries()
    for _ in range(25):
        factories.provider(facts=stated)
    assert queries() <= few <= 35
