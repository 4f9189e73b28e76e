"""Any directory, any question: plain SQL is held to reading every listing."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import actions, costs
from providers.documents import EMPTY
from providers.question import FEW, LEFT_OUT, STEPS, Search, in_km
from providers.search import orm, results
from tests import brute_force, factories
from tests.factories import (
    BOULDER,
    CALGARY,
    DENVER,
    DURANGO,
    SALT_LAKE_CITY,
    fact,
    facts,
    offering,
    price,
    rolled_back,
)
from tests.questions import asking, find, place

pytestmark = pytest.mark.django_db

SPOTS = [
    ("US-CO", DENVER),
    ("US-CO", (39.7400, -104.9900)),
    ("US-CO", BOULDER),
    ("US-CO", (40.5853, -105.0844)),
    ("US-CO", (38.8339, -104.8214)),
    ("US-CO", DURANGO),
    ("US-UT", SALT_LAKE_CITY),
    ("US-NY", (40.7128, -74.0060)),
    ("CA-AB", CALGARY),
    ("CA-AB", (49.7000, -112.8200)),
    ("US-CO", None),
    ("US-NY", None),
]
AGES = st.sampled_from([0, 30, 90, 91, 180, 181, 400])
PRICE_AGES = st.sampled_from([10, 10, 10, 90, 90, 91, 365, 366])
RIDE = costs.Ride(per_km_cents=12.7, road_factor=1.4)
RIDES = [
    RIDE,
    RIDE,
    replace(RIDE, driver="nobody", fare_cents=45_00),
    replace(RIDE, nights=2),
    replace(RIDE, nights=2, night_cents=90_00),
    replace(RIDE, per_km_cents=None),
]
CENTS = st.sampled_from([0, 10_000, 40_000, 40_000, 60_000])
CHOICES = {
    "route": ["iv_infusion", "sublingual", "not_stated"],
    "setting": ["in_clinic", "home_live_video", "not_stated"],
    "therapy": ["full_kap", "none", "not_stated"],
    "format": ["individual", "group"],
}
FACTS = ["ptsd", "ocd", "medicaid", "sliding_scale", "es", "accepting", "waitlist"]
FACTS += ["existing_only", "lift", "evening", "driver_must_stay", "ride_home_required"]


@st.composite
def price_lines(draw) -> dict:
    currency = draw(st.sampled_from(["USD", "USD", "CAD"]))
    lines = {}
    for kind in draw(
        st.sampled_from(
            [[], ["dose_visit"], ["dose_visit"], ["dose_visit", "drug"], ["drug"]]
        )
    ):
        low = draw(st.one_of(st.none(), CENTS, CENTS))
        of_amount = {"currency": currency if low is not None else ""}
        disputed = draw(st.integers(0, 5)) == 0
        times = draw(st.sampled_from([None, 6])) if kind == "dose_visit" else None
        of_course = {"count_min": times, "count_max": times}
        ages = {"days": draw(PRICE_AGES), "disputed": disputed}
        lines |= price(low, kind=kind, **ages, **of_amount, **of_course)
    return lines


@st.composite
def offers(draw) -> dict:
    parts = [draw(st.sampled_from(codes)) for codes in CHOICES.values()]
    serves = draw(st.sampled_from([(), ("US-CO",), ("US",), ("CA-AB", "US-NY")]))
    return offering(*parts, prices=draw(price_lines()), serves=serves)


@st.composite
def directories(draw) -> list[dict]:
    listings = []
    for number in range(draw(st.sampled_from([0, 6, 8, 10, 12]))):
        region, at = draw(st.sampled_from(SPOTS))
        offered: dict = {}
        for offer in draw(st.lists(offers(), max_size=2)):
            offered |= offer
        stated = [
            fact(code, draw(st.sampled_from(["yes", "no", "partial"])))
            for code in draw(st.lists(st.sampled_from(FACTS), max_size=4, unique=True))
        ]
        methods = st.sampled_from(["phone", "phone", "website", "official_registry"])
        status = st.sampled_from(["active"] * 6 + ["temporarily_closed", "closed"])
        listings.append(
            factories.document(
                slug=f"s-{number}",
                name=draw(st.sampled_from(["Alpha", "beta", "Gamma"])) + f" {number}",
                region=region,
                at=at,
                contact=factories.checked(draw(AGES), method=draw(methods)),
                status=draw(status),
                published=draw(st.integers(0, 9)) > 0,
                offerings=offered,
                facts=facts(*stated),
            )
        )
    return listings


def _some(codes, most=1):
    return st.lists(st.sampled_from(codes), max_size=most, unique=True).map(tuple)


ORIGINS = st.sampled_from(
    [place(), place(), place((39.0, -105.5)), place(CALGARY, "CA-AB"), None]
)
SERVES = st.sampled_from([(), (), ("US-CO", "US", "001"), ("CA-AB", "CA", "001")])


@st.composite
def questions(draw) -> Search:
    origin = draw(ORIGINS)
    radius = draw(st.none() | st.sampled_from([0.5, 45.0, 150.0, 900.0, 20_000.0]))
    return asking(
        origin=origin,
        radius_km=radius if origin else None,
        unit=draw(st.sampled_from(["mi", "km"])),
        **{part: draw(_some(codes, 2)) for part, codes in CHOICES.items()},
        condition=draw(_some(["ptsd", "ocd"], 2)),
        pay=draw(_some(["medicaid", "sliding_scale"])),
        language=draw(_some(["es"])),
        need=draw(_some(["lift", "evening", "driver_must_stay", "ride_home_required"])),
        region=draw(st.sampled_from([(), (), (), ("US-CO",), ("US",), ("CA-AB",)])),
        serves=draw(SERVES),
        accepting=draw(st.sampled_from(["", "", "yes", "waitlist"])),
        max_cents=draw(st.sampled_from([None, 0, 40_000, 50_000, 90_000])),
        max_course_cents=draw(st.sampled_from([None, None, 60_000, 240_000])),
        max_total_cents=draw(st.sampled_from([None, None, 61_000, 250_000, 400_000])),
        ride=draw(st.sampled_from(RIDES)),
        currency=draw(st.sampled_from(["USD", "USD", "CAD"])),
        include=draw(st.frozensets(st.sampled_from(LEFT_OUT[:4]), max_size=2)),
        unconfirmed=draw(st.sampled_from(["include", "include", "hide", "only"])),
        any_country=draw(st.booleans()),
        checked_within_days=draw(st.sampled_from([None, None, 90, 365])),
        sort=draw(st.sampled_from(SORTED)),
    )


SORTED = ["distance", "price", "course", "travel", "checked", "posted", "name"]
# What is asked together, so that answers are seldom empty.
TOGETHER = [
    ["max_cents", "include", "currency", "sort", "origin"],
    ["max_cents", "include", "route", "therapy", "sort"],
    ["max_course_cents", "max_total_cents", "include", "ride", "sort", "origin"],
    ["max_total_cents", "ride", "sort", "setting", "origin"],
    ["condition", "pay", "need", "include"],
    ["need", "accepting", "include", "any_country"],
    ["setting", "serves", "route"],
    ["region", "unconfirmed", "checked_within_days", "sort"],
    ["origin", "any_country", "unconfirmed", "sort", "unit"],
]


@st.composite
def related_questions(draw) -> Search:
    full, kept = draw(questions()), draw(st.sampled_from(TOGETHER))
    asked = replace(
        asking(origin=full.origin), **{name: getattr(full, name) for name in kept}
    )
    return replace(asked, radius_km=full.radius_km if asked.origin else None)


@pytest.fixture
def _regions(db):
    factories.regions()
    factories.source()


@pytest.mark.usefixtures("_regions")
@settings(
    max_examples=12,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(
    listings=directories(),
    asked=st.lists(related_questions(), min_size=8, max_size=8),
)
def test_the_answer_is_that_of_reading_every_listing(listings, asked):
    few = patch.object(orm, "ENOUGH", 3)
    with few, without("relaxations", results), rolled_back():
        actions.apply([actions.Edit(None, EMPTY | row) for row in listings])
        assert _is_held_to_brute_force(listings, asked[0], counted=True)
        with without("counts", orm):  # most of the time
            for question in asked[1:]:
                assert _is_held_to_brute_force(listings, question)


def without(name: str, module):
    """Of one part of the answer nothing, since it is held to its rules elsewhere."""
    return patch.object(module, name, lambda *_: {})


def without_zeros(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {
        group: {option: n for option, n in options.items() if n}
        for group, options in counts.items()
    }


def _read_every(listings: list[dict], asked: Search) -> tuple:
    """The radius in km, the listings within it, and those of them that answer."""
    steps = [in_km(step, asked.unit) for step in STEPS[asked.unit]]
    radius = brute_force.radius_km(listings, asked, steps, orm.ENOUGH)
    near = [row for row in listings if brute_force.within(row, asked, radius)]
    return radius, near, [row for row in near if brute_force.answers(row, asked)]


def _is_held_to_brute_force(listings, asked: Search, *, counted: bool = False) -> bool:
    """True, where nothing in it fails: it says itself what differs."""
    radius, near, expected = _read_every(listings, asked)
    found = find(asked, page_size=50)
    assert (found.radius_km, found.total) == (radius, len(expected))
    if counted:
        assert without_zeros(found.counts) == brute_force.counts(near, asked)
    in_order = brute_force.in_order(expected, asked)
    assert [row.provider.slug for row in found.rows] == [
        row["slug"] for row in in_order
    ]
    for result, row in zip(found.rows, in_order, strict=True):
        far = brute_force.far_km(row, asked)
        assert result.distance_km == (
            far if far is None else pytest.approx(far, rel=1e-3, abs=1e-4)
        )
    more = brute_force.one_click_more(asked)
    left_out = {
        reason: sum(brute_force.answers(row, wider) for row in near) - len(expected)
        for reason, wider in more.items()
    }
    assert found.left_out == dict.fromkeys(LEFT_OUT, 0) | left_out
    _hold_what_stands_beside(listings, near, asked, found)
    return True


def _hold_what_stands_beside(listings, near, asked, found) -> None:
    matches = [row for row in listings if brute_force.answers(row, asked)]
    by_distance = replace(asked, sort="distance")
    beyond = []
    if not found.total and asked.origin:
        beyond = [row for row in matches if row["point"]]
        beyond = brute_force.in_order(beyond, by_distance)[:FEW]
    assert [row.provider.slug for row in found.beyond] == [r["slug"] for r in beyond]

    unpriced = []
    more = brute_force.one_click_more(asked)
    if found.total < FEW and "unpriced" in more:
        added = [
            row
            for row in near
            if brute_force.answers(row, more["unpriced"])
            and not brute_force.answers(row, asked)
        ]
        sort = "distance" if asked.origin else "name"
        unpriced = brute_force.in_order(added, replace(asked, sort=sort))[:FEW]
    assert [r.provider.slug for r in found.unpriced] == [r["slug"] for r in unpriced]

    at_home = 0
    if found.serves:
        holders = tuple(sorted(brute_force.HOLDS.get(found.serves, {found.serves})))
        remote = replace(asked, origin=None, region=(), serves=holders)
        at_home = sum(brute_force.answers(row, remote) for row in listings)
    assert found.remote_total == at_home
