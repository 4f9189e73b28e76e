"""What is usual here: from five dated prices up, all of it in words as well."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.views import usual
from providers.views.usual import FEWEST, HEIGHT, WIDTH, Spread, draw
from tests import factories as f
from tests.courses import IV, KAP, course
from tests.pages import Page, visit

pytestmark = pytest.mark.django_db

FEW = "fewer than five dated prices here"


def put(*dollars: int, region: str = "US-CO", **columns) -> None:
    for amount in dollars:
        prices = f.price(amount * 100)
        f.provider(region=region, offerings=f.offering(prices=prices), **columns)


def section(page: Page) -> str:
    after = page.html.split(">What is usual here</h2>")[1].split("</section>")[0]
    return Page(after).words


def here(dollars: int = 400, **price) -> str:
    """What the page of a listing says of the usual; its session costs so much."""
    prices = f.price(dollars * 100, **price)
    provider = f.provider(offerings=f.offering(prices=prices))
    return section(visit(provider.get_absolute_url()))


def test_five_dated_prices_tell_what_is_usual():
    put(300, 500, 600, 900)
    said = (
        "Colorado, 5 prices: lowest $300, middle half $400–$600, highest $900. "
        "This listing, $400: in the middle half."
    )
    assert said in here(400)


def test_fewer_than_five_tell_nothing():
    put(300, 500, 600)
    words = here(400)
    assert f"Colorado: {FEW}" in words
    assert "lowest" not in words


@pytest.mark.parametrize(
    ("dollars", "where"), [(250, "below"), (450, "in"), (1_000, "above")]
)
def test_the_listings_own_place_is_said(dollars, where):
    put(300, 400, 450, 500, 600, 700, 800)
    own = f"This listing, ${dollars:,}: {where} the middle half."
    assert own in here(dollars)


def test_the_country_is_told_beside_the_region():
    put(300, 400, region="US-UT")
    put(500, 600, region="US-NY")
    words = here(450)
    assert f"Colorado: {FEW}" in words
    assert "United States, 5 prices: lowest $300" in words


@pytest.mark.parametrize(
    "left_out",
    [
        {"days": 91},
        {"disputed": True},
        {"applies_to": "sliding_scale"},
        {"currency": "CAD"},
        {"unit": "hour"},  # without minutes it is not known
    ],
)
def test_what_is_no_whole_current_price_here_does_not_count(left_out):
    put(300, 500, 600, 700)
    assert f"Colorado: {FEW}" in here(400, **left_out)


def test_hidden_and_closed_listings_do_not_count():
    put(300, 500, 600)
    put(700, published=False)
    put(800, status="closed")
    assert f"Colorado: {FEW}" in here(400)


def test_each_route_is_told_alone():
    put(300, 500, 600, 900)
    prices = {"prices": f.price(20_000)}
    provider = f.provider(offerings=f.offering("im_injection", **prices))
    words = section(visit(provider.get_absolute_url()))
    assert "Shot in a muscle (IM): a session" in words
    assert f"Colorado: {FEW}" in words
    assert "IV drip" not in words


def test_a_course_is_told_beside_a_session():
    course(KAP, dose_visit=(3, 3))
    put(300, 500, 600, 900)
    words = here(400)
    assert "IV drip: a whole course Colorado, 5 prices: lowest $900" in words
    assert "This listing, $1,200: in the middle half." in words


def test_a_sum_that_lacks_a_part_is_not_usual():
    course(KAP, dose_visit=(3, 3), prep=(1, 1))
    course(IV, dose_visit=(6, 6))
    put(300, 500, 600, 900)
    assert f"IV drip: a whole course Colorado: {FEW}" in here(400)


@pytest.mark.parametrize("route", ["not_stated", "no_medicine"])
def test_without_a_known_route_nothing_is_usual(route):
    prices = {"prices": f.price()}
    provider = f.provider(offerings=f.offering(route, **prices))
    assert "What is usual here" not in visit(provider.get_absolute_url()).words


def test_a_price_changed_shows_at_once():
    put(300, 500, 600)
    prices = f.price(40_000)
    provider = f.provider(offerings=f.offering(prices=prices))
    path = provider.get_absolute_url()
    assert f"Colorado: {FEW}" in section(visit(path))
    put(900)
    assert "Colorado, 5 prices" in section(visit(path))


def test_the_picture_is_no_part_of_the_text_and_has_no_style():
    put(300, 500, 600, 900)
    prices = f.price()
    provider = f.provider(offerings=f.offering(prices=prices))
    page = visit(provider.get_absolute_url())
    assert page.has("svg", **{"aria-hidden": "true"})
    assert "style=" not in page.html.split("<main")[1]


# --- The picture ----------------------------------------------------------------------

PRICES = st.lists(st.integers(0, 500_000), min_size=FEWEST, max_size=80)


@given(PRICES, st.lists(st.integers(0, 600_000), max_size=3))
def test_the_picture_stays_in_its_frame(cents, own):
    drawn = draw(Spread(tuple(sorted(cents))), own)
    for bar in (*drawn.bars, drawn.middle):
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 2
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
    assert all(0 <= x <= WIDTH for x in drawn.own)
    assert max(bar.height for bar in drawn.bars) > 0


@given(PRICES)
def test_the_middle_half_is_of_posted_prices_about_the_median(cents):
    ordered = tuple(sorted(cents))
    low, high = Spread(ordered).middle_half
    assert {low, high} <= set(ordered)
    assert low <= median(ordered) <= high
    inside = sum(low <= each <= high for each in ordered)
    assert inside * 2 >= len(ordered)


def test_the_words_of_five_are_those_of_the_quarters():
    assert Spread((1, 2, 3, 4, 5)).middle_half == (2, 4)
    assert usual.FEWEST == 5
