"""The question: what each parameter means, and what it refuses."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from providers import costs, forms, geo
from providers.filters import INCLUDES, SORTS, ProviderFilter, with_parents
from providers.geo import Point
from providers.models import Provider
from tests import factories, gazetteers
from tests.factories import (
    BOULDER,
    CALGARY,
    DENVER,
    SALT_LAKE_CITY,
    days_ago,
    fact,
    facts,
    offering,
    price,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db):
    gazetteers.load_small()
    factories.regions()
    factories.source()


def ask(query: str) -> ProviderFilter:
    return ProviderFilter(QueryDict(query))


def search(query: str):
    asked = ask(query)
    assert asked.is_valid(), asked.errors
    return asked.search


def found(query: str) -> list[str]:
    asked = ask(query)
    assert asked.is_valid(), asked.errors
    return [provider.name for provider in asked.qs]


def listing(name: str, **columns) -> Provider:
    return factories.provider(name=name, **columns)


# --- What is listed at all ------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "is_found"),
    [
        ({}, True),
        ({"status": "temporarily_closed"}, True),
        ({"status": "closed"}, False),
        ({"status": "moved"}, False),
        ({"status": "do_not_list", "published": False}, False),
        ({"published": False}, False),
    ],
)
def test_only_what_is_published_and_not_gone_is_found(columns, is_found):
    listing("A", **columns)
    assert found("") == (["A"] if is_found else [])


# --- One offering must be all of it ---------------------------------------------------

IV_ALONE = offering(
    "iv_infusion", "in_clinic", "none", "individual", prices=price(60_000)
)
IM_KAP_GROUP = offering(
    "im_injection", "hospital", "full_kap", "group", prices=price(30_000)
)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("route=iv_infusion", True),
        ("therapy=full_kap", True),
        ("route=iv_infusion&therapy=none", True),
        ("route=iv_infusion&therapy=full_kap", False),
        ("route=iv_infusion&setting=hospital", False),
        ("setting=hospital&format=individual", False),
        ("therapy=full_kap&format=individual", False),
        ("therapy=none&max_price=600", True),
        ("therapy=none&max_price=599", False),
        ("route=iv_infusion&max_price=300", False),
        ("route=iv_infusion&route=im_injection&max_price=300", True),
        ("route=im_injection&setting=hospital&therapy=full_kap&format=group", True),
        ("route=oral", False),
        ("route=oral&route=iv_infusion", True),
    ],
)
def test_all_that_is_asked_of_an_offering_holds_for_one_and_the_same(query, is_found):
    listing("A", offerings=IV_ALONE | IM_KAP_GROUP)
    assert found(query) == (["A"] if is_found else [])


def test_an_offering_that_does_not_say_is_found_only_by_not_stated():
    listing("A", offerings=offering(therapy="not_stated"))
    assert found("therapy=full_kap") == []
    assert found("therapy=not_stated") == ["A"]
    assert found("route=iv_infusion") == ["A"]


def test_therapy_without_medicine_is_no_medicine_route():
    listing("A", offerings=offering("no_medicine", therapy="integration_only"))
    medicines = list(ProviderFilter.base_filters["route"].extra["codes"])
    medicines.remove("no_medicine")
    assert found("&".join(f"route={code}" for code in medicines)) == []
    assert found("route=no_medicine") == ["A"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("iv", "iv_infusion"),
        ("IV", "iv_infusion"),
        ("im", "im_injection"),
        ("lozenge", "sublingual"),
        ("Spravato", "nasal_esketamine"),
        ("under the tongue", "sublingual"),
    ],
)
def test_a_route_has_the_names_that_people_use(word, code):
    assert search(f"route={word}").route == (code,)


def test_a_code_said_twice_counts_once():
    assert search("route=iv&route=iv_infusion&route=IV").route == ("iv_infusion",)
    assert search("region=US-CO&region=us-co").region == ("US-CO",)


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


# --- Facts: yes, no, in part, nothing -------------------------------------------------

ANSWERED = {
    "yes": "yes",
    "no": "no",
    "partial": "partial",
    "silent": None,
}


def answering(code: str, **values) -> None:
    for name, answer in ANSWERED.items():
        stated = fact(code, answer, **values) if answer else {}
        listing(name, facts=stated)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("need=lift", "lift"),
        ("need=lgbtq_affirming", "lgbtq_affirming"),
        ("need=oxygen_monitor", "oxygen_monitor"),
        ("condition=ptsd", "ptsd"),
        ("pay=medicaid", "medicaid"),
        ("language=es", "es"),
        ("accepting=yes", "accepting"),
    ],
)
def test_a_help_is_met_by_yes_and_by_partly(query, code):
    answering(code)
    assert set(found(query)) == {"yes", "partial"}
    assert set(found(query + "&include_not_stated=yes")) == {"yes", "partial", "silent"}


@pytest.mark.parametrize("code", ["driver_must_stay", "ride_home_required", "ecg"])
def test_a_requirement_is_met_only_by_a_plain_no(code):
    answering(code)
    assert found(f"need={code}") == ["no"]
    assert set(found(f"need={code}&include_not_stated=yes")) == {"no", "silent"}


def test_a_fact_about_the_whole_facility_is_met_in_part():
    answering("lift", scope="facility")
    assert set(found("need=lift")) == {"yes", "partial"}


def test_needs_are_all_asked_for():
    listing("both", facts=facts(fact("lift"), fact("evening")))
    listing("one", facts=fact("lift"))
    assert found("need=lift&need=evening") == ["both"]
    assert found("need=lift&need=evening&include_not_stated=yes") == ["both", "one"]


@pytest.mark.parametrize(
    "query",
    [
        "condition=ptsd&condition=ocd",
        "pay=medicaid&pay=medicare",
        "language=es&language=fr",
    ],
)
def test_in_other_groups_one_is_enough(query):
    codes = [part.partition("=")[2] for part in query.split("&")]
    for code in codes:
        listing(code, facts=fact(code))
    listing("neither", facts=facts(*(fact(code, "no") for code in codes)))
    assert set(found(query)) == set(codes)


def test_groups_are_all_asked_for():
    listing("both", facts=facts(fact("ptsd"), fact("es")))
    listing("one", facts=fact("ptsd"))
    assert found("condition=ptsd&language=es") == ["both"]


def test_a_condition_is_not_met_by_a_program_of_the_facility():
    listing("A", facts=fact("ptsd_program", scope="facility"))
    assert found("condition=ptsd") == []
    assert found("need=ptsd_program") == ["A"]


def test_a_waiting_list_counts_only_where_it_is_asked_for():
    listing("accepting", facts=fact("accepting"))
    listing("waitlist", facts=fact("waitlist"))
    listing("existing", facts=fact("existing_only"))
    listing("silent")
    assert found("accepting=yes") == ["accepting"]
    assert found("accepting=waitlist") == ["accepting", "waitlist"]
    assert found("accepting=yes&include_not_stated=yes") == ["accepting", "silent"]
    assert "existing" not in found("accepting=waitlist&include_not_stated=yes")


# --- Where ----------------------------------------------------------------------------


def test_region_means_the_address_and_all_within_it():
    listing("denver")
    listing("salt lake", region="US-UT", at=SALT_LAKE_CITY)
    listing("calgary", region="CA-AB", at=CALGARY)
    listing("nowhere", at=None)
    assert found("region=US-CO") == ["denver", "nowhere"]
    assert found("region=us-ut&region=ca-ab") == ["calgary", "salt lake"]
    assert found("region=US") == ["denver", "nowhere", "salt lake"]
    assert len(found("region=001")) == 4
    assert found("near=Colorado") == ["denver", "nowhere"]


AT_HOME = offering("sublingual", "home_live_video", serves=("US-CO", "US-UT"))
ALL_OF_US = offering("sublingual", "home_unwatched", serves=("US",))


def test_serves_means_the_regions_that_care_at_home_lists():
    listing("two states", at=None, region="US-NY", offerings=AT_HOME)
    listing("country", at=None, region="US-NY", offerings=ALL_OF_US)
    listing("clinic", offerings=offering(serves=("US-CO",)))
    listing("silent", offerings=offering("sublingual", "home_live_video"))
    assert found("serves=US-CO") == ["country", "two states"]
    assert found("serves=US-AK") == ["country"]
    assert found("serves=CA-AB") == []


def test_what_serves_a_region_must_be_the_offering_that_is_asked_for():
    listing("A", offerings=AT_HOME | offering("iv_infusion"))
    assert found("serves=US-CO&route=sublingual") == ["A"]
    assert found("serves=US-CO&route=iv") == []


def test_a_region_has_all_that_hold_it():
    assert with_parents(["US-CO"]) == ("US-CO", "US", "001")
    assert with_parents(["IE"]) == ("IE", "EU", "001")
    assert with_parents([]) == ()


def test_a_search_stays_in_its_places_country():
    listing("denver")
    listing("calgary", region="CA-AB", at=CALGARY)
    assert found("near=Denver, CO&within=5000") == ["denver"]
    assert found("near=Denver, CO&within=5000&country=any") == ["denver", "calgary"]
    assert found("near=Calgary&within=5000") == ["calgary"]


def test_a_radius_is_in_the_unit_asked_for_or_in_that_of_the_country():
    assert search("near=Denver, CO&within=10").radius_km == pytest.approx(16.09344)
    assert search("near=Denver, CO&within=10&unit=km").radius_km == 10
    assert search("near=Calgary&within=10").radius_km == 10
    assert search("near=Calgary&within=10&unit=mi").radius_km == pytest.approx(16.09344)
    assert search("near=Denver, CO").radius_km is None
    assert search("within=10").radius_km is None


def test_a_point_of_the_browser_is_a_place_in_its_nearest_region():
    asked = search("lat=39.74&lng=-104.99")
    assert asked.origin.point == Point(39.74, -104.99)
    assert (asked.origin.region, asked.origin.country) == ("US-CO", "US")


def test_a_listing_without_a_point_is_in_no_radius_and_last_without_one():
    listing("nowhere", at=None)
    listing("denver")
    assert found("near=Denver, CO&within=20000") == ["denver"]
    assert found("near=Denver, CO") == ["denver", "nowhere"]


# --- Words, checks, order -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("clinica", True),
        ("CLÍNICA", True),
        ("são jo", True),
        ("jose clin", True),
        ("linica", False),
        ("clinica denver", False),
        ("%", True),  # no word at all
        ("", True),
    ],
)
def test_words_begin_words_of_the_name(words, is_found):
    listing("Clínica São José")
    query = QueryDict(mutable=True)
    query["q"] = words
    assert bool(ProviderFilter(query).qs) is is_found


@pytest.mark.parametrize(
    ("contact", "is_confirmed"),
    [
        (factories.checked(180), True),
        (factories.checked(181), False),
        (factories.checked(5, method="website"), False),
        (factories.checked(5, method="visitor_report"), False),
        (factories.checked(5, method="official_registry"), True),
    ],
)
def test_confirmed_means_asked_within_180_days(contact, is_confirmed):
    made = listing("A", contact=contact)
    assert found("unconfirmed=hide") == (["A"] if is_confirmed else [])
    assert found("unconfirmed=only") == ([] if is_confirmed else ["A"])
    assert found("unconfirmed=include") == found("") == ["A"]
    assert made.is_unconfirmed(timezone.localdate()) is not is_confirmed


def test_checked_within_counts_days_back_from_today():
    listing("new", contact_days=30)
    listing("old", contact_days=31)
    assert found("checked_within=30") == ["new"]


def test_the_nearest_comes_first_and_of_equals_the_older_row():
    for name, at in (
        ("b", BOULDER),
        ("d1", DENVER),
        ("s", SALT_LAKE_CITY),
        ("d2", DENVER),
    ):
        listing(name, at=at, region="US-UT" if name == "s" else "US-CO")
    assert found("near=Denver, CO&within=2000") == ["d1", "d2", "b", "s"]


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


def test_by_price_means_the_price_of_what_was_asked_for():
    listing("A", offerings=IV_ALONE | IM_KAP_GROUP)  # 600 and 300
    listing("B", offerings=offering(therapy="none", prices=price(50_000)))
    assert found("sort=price") == ["A", "B"]
    assert found("sort=price&therapy=none") == ["B", "A"]


def test_last_checked_first_and_by_name():
    listing("Ábalos", contact_days=20)
    listing("abacus", contact_days=30)
    listing("Zoe", contact_days=10)
    assert found("sort=checked") == ["Zoe", "Ábalos", "abacus"]
    assert found("sort=name") == found("") == ["abacus", "Ábalos", "Zoe"]


def test_distance_without_a_place_falls_back_to_the_name():
    listing("B")
    listing("A")
    assert found("sort=distance") == ["A", "B"]


# --- What each parameter refuses ------------------------------------------------------

REFUSED = {
    "near": ["Xyzzyville", "Portland", "9" * 201],
    "lat": ["91", "-90.1", "x", "NaN", "inf", "1e999"],
    "lng": ["181", "-180.1", "x"],
    "within": ["0", "0.09", "-5", "20001", "x", "NaN"],
    "unit": ["leagues", "MI"],
    "route": ["sniffed", "iv_infusion,im_injection", "not stated!"],
    "setting": ["anywhere"],
    "therapy": ["some"],
    "format": ["crowd"],
    "condition": ["SAD", "sadness"],
    "pay": ["gold"],
    "need": ["min_age", "magic"],
    "language": ["xx"],
    "region": ["US-ZZ", "Narnia", "US;CO"],
    "serves": ["US-ZZ"],
    "accepting": ["no", "true"],
    "max_price": ["-1", "x", "1000001", "NaN"],
    "max_course": ["-1", "x", "1000001", "NaN"],
    "max_total": ["-0.01", "x", "1000001", "NaN", "inf"],
    "rate": ["-0.1", "x", "100.01", "NaN"],
    "driver": ["me", "yes"],
    "fare": ["-1", "x", "100001", "NaN"],
    "nights": ["-1", "1.5", "61", "x", "NaN"],
    "night": ["-1", "x", "100001", "NaN"],
    "currency": ["XXX", "usd"],
    **{f"include_{reason}": ["no", "1"] for reason in INCLUDES},
    "unconfirmed": ["maybe"],
    "country": ["US"],
    "checked_within": ["0", "-1", "1.5", "3651", "x"],
    "q": ["w" * 201],
    "sort": ["paid", "-price"],
    "page": ["0", "-1", "1.5", "x", "501"],
}


def test_every_parameter_refuses_something():
    assert set(REFUSED) == set(ProviderFilter.base_filters)


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in REFUSED.items() for value in values],
)
def test_a_wrong_value_is_refused_at_its_field(name, value):
    query = QueryDict(mutable=True)
    query[name] = value
    if name in ("lat", "lng"):
        query[{"lat": "lng", "lng": "lat"}[name]] = "10"
    asked = ProviderFilter(query)
    assert not asked.is_valid()
    assert set(asked.errors) == {name}


@pytest.mark.parametrize("query", ["lat=39.7", "lng=-105"])
def test_half_a_point_is_refused_at_the_missing_half(query):
    missing = {"lat": "lng", "lng": "lat"}[query[:3]]
    assert set(ask(query).errors) == {missing}


@pytest.mark.parametrize("name", list(ProviderFilter.base_filters))
def test_an_empty_parameter_asks_nothing(name):
    listing("A")
    assert found(f"{name}=") == ["A"]


@pytest.mark.parametrize("name", list(ProviderFilter.base_filters))
def test_a_nul_is_refused_or_asks_nothing_and_never_breaks(name):
    asked = ask(f"{name}=%00")
    assert name in asked.form.errors or list(asked.qs) == []


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


def test_an_unknown_parameter_is_ignored():
    listing("A")
    assert found("utm_source=x&promoted=1") == ["A"]


def test_several_places_of_a_name_are_offered_most_people_first():
    asked = ask("near=Portland")
    assert not asked.is_valid()
    regions = [place.region for place in asked.form.candidates]
    assert regions == ["US-OR", "US-ME", "GB-ENG"]


def test_no_order_can_be_bought():
    told = {"distance", "price", "course", "travel", "checked", "posted", "name"}
    assert set(SORTS) == told


def test_the_question_is_asked_for_today():
    assert search("").on == timezone.localdate() == days_ago(0)
    asked = ProviderFilter(QueryDict(), days_ago(3))
    assert asked.is_valid()
    assert asked.search.on == days_ago(3)


# --- What a process keeps of filters that were right ----------------------------------


@pytest.fixture
def kept():
    forms.kept.clear()
    return forms.kept._values


WORDS = "near=80202&q=lumen&region=US-CO&serves=US-CO&page=3&lat=39.7&lng=-105"


def test_neither_a_place_nor_a_word_is_kept(kept):
    assert ask(f"{WORDS}&within=25&route=iv&need=lift").is_valid()
    assert set(dict(*kept)) == {"within", "route", "need"}
    assert [set(values) for values in kept.values()] == [{"within", "route", "need"}]


def test_kept_filters_mean_the_same_for_another_place_and_words(kept):
    filters = "within=25&unit=km&route=iv&route=oral&max_price=400&unconfirmed=hide"
    for place in ("near=80202&q=lumen", "near=Boulder&q=harbor&page=2", ""):
        once = search(f"{filters}&{place}")
        assert search(f"{filters}&{place}") == once
        forms.kept.clear()
        assert search(f"{filters}&{place}") == once
    assert (once.route, once.max_cents) == (("iv_infusion", "oral"), 40_000)
    assert len(kept) == 1


def test_filters_that_differ_at_all_are_cleaned_anew(kept):
    assert search("route=iv").route == ("iv_infusion",)
    assert search("route=iv&route=oral").route == ("iv_infusion", "oral")
    assert search("setting=clinic").route == ()
    assert search("max_price=400").max_cents == 40_000
    assert search("max_price=401").max_cents == 40_100
    assert len(kept) == 5


@pytest.mark.parametrize("wrong", ["within=x", "within=25&route=nonsense"])
def test_a_wrong_filter_is_refused_each_time_and_not_kept(kept, wrong):
    for _time in range(2):
        assert not ask(f"near=80202&{wrong}").is_valid()
    assert not kept


@pytest.mark.parametrize("asked", ["sort=travel", "max_total=900"])
def test_kept_filters_are_right_only_where_a_place_is_named(kept, asked):
    name = asked.partition("=")[0]
    for _time in range(2):
        assert ask(f"{asked}&near=80202").is_valid()
        assert set(ask(asked).errors) == {name}
        assert set(ask(f"{asked}&near=nowhereland").errors) == {"near"}
    assert len(kept) == 1


def test_a_place_and_a_region_are_looked_up_each_time(kept):
    for place, field in (("near=nowhereland", "near"), ("region=XX-YY", "region")):
        assert ask("within=25").is_valid()
        assert set(ask(f"within=25&{place}").errors) == {field}
