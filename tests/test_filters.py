"""The question: what each parameter means."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from providers.filters import ProviderFilter, with_parents
from providers.geo import Point
from tests import factories
from tests.factories import (
    BOULDER,
    CALGARY,
    DENVER,
    SALT_LAKE_CITY,
    listing,
    offering,
    price,
)
from tests.questions import found, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_places")]

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
