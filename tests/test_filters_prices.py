"""What each limit of money means, and the way there."""

import pytest

from providers import costs, geo
from providers.filters import ProviderFilter
from providers.models import Provider
from tests.factories import BOULDER, SALT_LAKE_CITY, listing, offering, price
from tests.questions import ask, found, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_places")]

# --- Prices ---------------------------------------------------------------------------


def priced(name: str, **price_values) -> Provider:
    return listing(name, offerings=offering(prices=price(**price_values)))


def test_a_limit_compares_the_low_end():
    priced("A", low=40_000, high=90_000)
    priced("B", low=40_001, high=40_001)
    assert found("max_price=400") == ["A"]
    assert found("max_price=400.01") == ["A", "B"]


def test_free_is_within_any_limit():
    priced("A", low=0)
    assert found("max_price=0") == ["A"]


@pytest.fixture
def gaps() -> None:
    """One listing within the limit and one of each sort that is left out."""
    priced("priced", low=40_000)
    priced("unpriced", low=None)
    priced("stale", low=40_000, days=91)
    lines = price(40_000) | price(None, kind="drug")
    listing("incomplete", offerings=offering(prices=lines))
    old_lines = price(40_000, days=91) | price(None, kind="drug")
    listing("stale and incomplete", offerings=offering(prices=old_lines))
    priced("disputed", low=40_000, disputed=True)
    priced("canadian", low=40_000, currency="CAD")
    listing("nothing offered", offerings={})
    priced("dear", low=90_000)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"priced"}),
        (
            "&include_unpriced=yes",
            {"priced", "unpriced", "disputed", "canadian", "nothing offered"},
        ),
        ("&include_stale_price=yes", {"priced", "stale"}),
        (
            "&include_incomplete=yes",
            {"priced", "incomplete", "stale and incomplete"},
        ),
        (
            "&include_stale_price=yes&include_incomplete=yes",
            {"priced", "stale", "incomplete", "stale and incomplete"},
        ),
        ("&currency=CAD", {"canadian"}),
    ],
)
def test_a_price_limit_keeps_known_whole_current_prices_unless_told(
    gaps, query, expected
):
    assert set(found("max_price=500" + query)) == expected


def test_a_price_of_more_than_a_year_is_history_and_counts_as_none():
    priced("a year", low=40_000, days=365)
    priced("more", low=40_000, days=366)
    assert found("max_price=500&include_stale_price=yes") == ["a year"]
    assert found("max_price=500&include_unpriced=yes") == ["more"]


def six_doses(name: str, cents: int, **values) -> Provider:
    """A listing whose clinic gives six doses a course."""
    lines = price(cents, count_min=6, count_max=6)
    setting = values.pop("setting", "in_clinic")
    offered = offering("iv_infusion", setting, prices=lines)
    return listing(name, offerings=offered, **values)


def test_every_limit_must_hold_for_one_and_the_same_offering():
    cheap_session = offering(
        variant="a", prices=price(30_000, count_min=9, count_max=9)
    )
    cheap_course = offering(variant="b", prices=price(60_000, count_min=4, count_max=4))
    listing("A", offerings=cheap_session | cheap_course)
    assert found("max_price=300") == found("max_course=2400") == ["A"]
    assert found("max_price=300&max_course=2699") == []
    assert found("max_price=300&max_course=2700") == ["A"]
    assert found("near=80202&within=9&max_price=599&max_total=2699") == []


def test_a_limit_with_travel_counts_the_way_of_every_trip():
    ride = "near=39.7392,-104.9903&within=60&driver=someone&rate=1"
    six_doses("Denver", 40_000)
    six_doses("Boulder", 40_000, at=BOULDER)
    assert found(f"{ride}&max_total=2400") == ["Denver"]
    # 24.17 miles × 1.4 × 2 × 6 at $1 is $406
    assert found(f"{ride}&max_total=2805") == ["Denver"]
    assert found(f"{ride}&max_total=2807") == ["Denver", "Boulder"]
    by_taxi = ride.replace("someone", "nobody") + "&fare=10"
    assert found(f"{by_taxi}&max_total=2459") == []
    assert len(found(f"{by_taxi}&max_total=2460")) == 2


def test_who_cannot_be_gone_to_by_a_known_way_is_incomplete():
    ride = "near=80202&country=any&max_total=9000"
    six_doses("nowhere", 40_000, at=None)
    home = offering("iv_infusion", "home_visit", prices=price(40_000, count_min=6))
    listing("comes home", offerings=home, at=None)
    assert found(ride) == ["comes home"]
    assert set(found(f"{ride}&include_incomplete=yes")) == {"nowhere", "comes home"}
    six_doses("dear", 90_000)
    assert found("near=80202&sort=travel") == ["comes home", "dear", "nowhere"]
    # A ride to a dose costs the same from anywhere: nobody's point is needed.
    by_fare = found("near=80202&sort=travel&driver=nobody&fare=10")
    assert by_fare == ["comes home", "nowhere", "dear"]


def test_nights_of_unknown_price_make_every_way_incomplete_but_that_home():
    six_doses("Denver", 40_000)
    six_doses("at home", 50_000, setting="home_visit")
    ride = "near=80202&sort=travel&nights=2"
    assert found(ride) == ["at home", "Denver"]
    assert found(f"{ride}&night=10") == ["Denver", "at home"]
    assert found(f"{ride}&max_total=9000") == ["at home"]


def test_most_prices_posted_come_first_then_the_nearest_or_by_name():
    session, visit = price(days=365), price(kind="consult", days=365)
    package = price(kind="prep", unit="course")  # tells of therapy and of a course
    listing("B", offerings=offering(prices=session), at=BOULDER)
    listing("A", offerings=offering(prices=session), at=SALT_LAKE_CITY)
    listing("disputed", offerings=offering(prices=price(disputed=True)))
    listing("history", offerings=offering(prices=price(days=366)))
    listing("for some", offerings=offering(prices=price(applies_to="sliding_scale")))
    listing("three", offerings=offering(prices=package | visit), at=None)
    listing("two", offerings=offering(prices=session | visit))
    none = ["disputed", "for some", "history"]
    assert found("sort=posted") == ["three", "two", "A", "B", *none]
    near = found("near=80202&sort=posted")
    assert near[:4] == ["three", "two", "B", "A"]
    assert set(near[4:]) == set(none)


def test_without_a_limit_no_listing_is_left_out_for_its_price(gaps):
    assert len(found("")) == 9


def test_an_unpriced_listing_without_an_offering_has_no_route_to_be_found_by(gaps):
    names = found("max_price=500&include_unpriced=yes&route=iv")
    assert "nothing offered" not in names
    assert "unpriced" in names


def test_a_price_is_current_on_its_ninetieth_day():
    priced("A", low=40_000, days=90)
    priced("B", low=40_000, days=91)
    assert found("max_price=500") == ["A"]


@pytest.mark.parametrize(
    ("query", "currency"),
    [
        ("", "USD"),
        ("near=Calgary", "CAD"),
        ("lat=-36.85&lng=174.76", "NZD"),
        ("near=Labasa", "USD"),
        ("near=Calgary&currency=USD", "USD"),
        ("currency=EUR", "EUR"),
    ],
)
def test_the_place_decides_the_currency_unless_one_is_chosen(query, currency):
    assert search(query).currency == currency


def test_by_price_whole_ones_come_first_then_at_least_then_unknown():
    priced("unknown", low=None)
    lines = price(10_000) | price(None, kind="drug")
    listing("at least", offerings=offering(prices=lines))
    priced("dear", low=50_000)
    priced("cheap", low=40_000)
    priced("cheap too", low=40_000)
    priced("stale", low=100, days=200)
    order = found("sort=price")
    assert order == ["cheap", "cheap too", "dear", "at least", "unknown", "stale"]


# --- The way there --------------------------------------------------------------------


@pytest.mark.parametrize("query", ["sort=travel", "max_total=3000"])
@pytest.mark.parametrize("where", ["", "&near=Colorado", "&region=US-CO"])
def test_travel_from_nowhere_is_refused_at_its_field(query, where):
    asked = ask(query + where)
    assert set(asked.errors) == {query.partition("=")[0]}
    assert "give a town or a postcode" in str(asked.errors)
    assert ask(f"{query}&near=80202").is_valid()
    assert ask(f"{query}&lat=39.7&lng=-105").is_valid()


def test_of_a_wrong_place_only_the_place_is_refused():
    asked = ask("near=Xyzzyville&sort=travel&max_total=5")
    assert set(asked.errors) == {"near"}


def ride(query: str) -> costs.Ride:
    return search(query).ride


def test_the_rate_of_the_settings_stands_until_another_is_given(settings):
    settings.TRAVEL_CENTS_PER_MILE, settings.ROAD_FACTOR = 32.0, 1.5
    assert ride("near=80202") == costs.Ride(32.0 / geo.KM_PER_MILE, 1.5)
    assert ride("near=80202&rate=0.67").per_km_cents == 67.0 / geo.KM_PER_MILE
    assert ride("near=80202&rate=0.67&unit=km").per_km_cents == 67.0
    assert ride("near=80202&rate=0").per_km_cents == 0.0


def test_in_another_currency_the_rate_is_unknown_until_given(settings):
    settings.TRAVEL_CURRENCY = "USD"
    assert ride("currency=CAD").per_km_cents is None
    assert ride("currency=CAD&rate=0.72&unit=km").per_km_cents == 72.0
    settings.TRAVEL_CURRENCY = "CAD"
    assert ride("currency=CAD").per_km_cents is not None
    assert ride("currency=USD").per_km_cents is None


def test_a_ride_is_read_whole():
    told = ride("driver=nobody&fare=45.50&nights=3&night=120")
    assert (told.driver, told.fare_cents) == ("nobody", 45_50)
    assert (told.nights, told.night_cents) == (3, 120_00)
    said = ride("")
    assert (said.driver, said.fare_cents) == ("", None)
    assert (said.nights, said.night_cents) == (0, None)


def test_the_rate_is_shown_with_its_source(settings):
    settings.TRAVEL_SOURCE, settings.ROAD_FACTOR_SOURCE = "An office", "A study"
    settings.TRAVEL_CENTS_PER_MILE, settings.ROAD_FACTOR = 20.5, 1.4
    hint = str(ProviderFilter.base_filters["rate"].extra["help_text"])
    assert "0.205 USD a mile (An office)" in hint
    assert "1.4 times the straight line (A study)" in hint
