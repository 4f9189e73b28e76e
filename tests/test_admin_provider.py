"""The page of a listing: what it saves, what it derives, what it refuses."""

import re
from math import hypot

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from providers import actions, documents, geo
from providers.admin.map import map_of
from providers.models import (
    Change,
    FormerSlug,
    Hours,
    Organization,
    Place,
    PlaceName,
    Provider,
    Region,
    Source,
)
from tests import factories
from tests.forms_in_pages import (
    errors_of,
    filled,
    messages_of,
    misplaced,
    post,
    row,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ADD = "/admin/providers/provider/add/"


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def boulder():
    """The gazetteer: one postcode and one town, hand-typed."""
    factories.regions()
    for kind, code, latitude, longitude in (
        ("postcode", "80301", 40.0497, -105.2143),
        ("town", "", 40.015, -105.2706),
    ):
        place = Place.objects.create(
            kind=kind,
            name="Boulder",
            postcode=code,
            country="US",
            region=Region.objects.get(code="US-CO"),
            latitude=latitude,
            longitude=longitude,
            population=0 if code else 105_000,
        )
        PlaceName.objects.create(place=place, plain=code or "boulder")


def page_of(provider) -> str:
    return reverse("admin:providers_provider_change", args=[provider.pk])


def document_of(provider):
    found = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return documents.document(found.get())


def test_saving_what_stands_changes_nothing_and_leaves_no_change(admin):
    facts = factories.fact("wait_days", number=12)
    provider = factories.provider(facts=facts, phone="+13035550142")
    before, story = document_of(provider), Change.objects.count()
    answer = submit(admin, page_of(provider))
    assert answer.status_code == 302
    assert document_of(provider) == before
    assert Change.objects.count() == story


def test_a_new_listing_gets_slug_country_and_one_change(admin, boss):
    factories.regions()
    answer = submit(admin, ADD, name="São Clinic", city="Calgary", region="CA-AB")
    assert answer.status_code == 302
    provider = Provider.objects.get()
    assert (provider.slug, provider.country) == ("sao-clinic-calgary", "CA")
    assert not provider.published
    (change,) = Change.objects.all()
    assert (change.before, change.by, change.provider) == (None, boss, provider)
    assert change.after == document_of(provider)


def test_a_slug_that_is_taken_gets_a_number(admin):
    factories.provider(slug="lumen-denver")
    submit(admin, ADD, name="Lumen", city="Denver", region="US-CO")
    assert Provider.objects.filter(slug="lumen-denver-2").exists()


def test_the_address_of_a_merged_listing_is_not_given_away(admin):
    FormerSlug.objects.create(slug="lumen-denver", provider=factories.provider())
    submit(admin, ADD, name="Lumen", region="US-CO", city="Denver")
    assert Provider.objects.filter(slug="lumen-denver-2").exists()
    page = submit(admin, ADD, name="Lumen", region="US-CO", slug="lumen-denver")
    assert list(errors_of(page)) == ["slug"]


def test_the_slug_of_a_listing_stays(admin):
    provider = factories.provider(slug="lumen")
    submit(admin, page_of(provider), slug="other", name="Other")
    provider.refresh_from_db()
    assert (provider.slug, provider.name) == ("lumen", "Other")


REFUSED = [
    *(("name", ""), ("name", "x" * 201), ("name", "a\0b")),
    *(("organization", "999"), ("region", ""), ("region", "US-XX")),
    *(("region", "EU"), ("region", "001")),
    *(("street", "x" * 201), ("street2", "x" * 201)),
    *(("city", "x" * 121), ("postcode", "x" * 13)),
    *(("latitude", "90.1"), ("latitude", "nan"), ("latitude", "north")),
    *(("longitude", "-180.1"), ("longitude", "inf"), ("longitude", "")),
    *(("phone", "12"), ("phone", "call us"), ("phone_extension", "x" * 11)),
    *(("email", "nobody"), ("website", "not a site"), ("website", "javascript:x")),
    *(("time_zone", "Denver"), ("time_zone", "../etc/passwd")),
    *(("status", "gone"), ("status_on", "2999-01-01"), ("status_on", "soon")),
    ("status_reason", "x" * 201),
    *(("contact_checked_on", "2999-01-01"), ("contact_checked_on", "soon")),
    *(("contact_checked_on", ""), ("contact_precision", "hour")),
    *(("contact_method", ""), ("contact_method", "dream")),
    *(("contact_source", ""), ("contact_source", "999")),
    *(("about_en", "a\0b"), ("about_es", "a\0b")),
]


def test_each_wrong_value_is_refused_at_its_field_and_nothing_is_kept(admin):
    provider = factories.provider(phone="+13035550142")
    before, story = document_of(provider), Change.objects.count()
    assert misplaced(admin, page_of(provider), REFUSED) == []
    assert document_of(provider) == before
    assert Change.objects.count() == story


def test_what_was_typed_and_refused_is_kept_for_correction(admin):
    provider = factories.provider()
    typed = {"name": "New", "latitude": "north", "phone": "12", "status_on": "soon"}
    page = submit(admin, page_of(provider), **typed)
    assert {name: filled(page)[name] for name in typed} == {
        name: [value] for name, value in typed.items()
    }


def test_a_slug_that_is_no_slug_is_refused(admin):
    factories.regions()
    page = submit(admin, ADD, name="A", region="US-CO", slug="No slug!")
    assert list(errors_of(page)) == ["slug"]


def test_a_slug_of_another_listing_is_refused(admin):
    factories.provider(slug="lumen")
    page = submit(admin, ADD, name="A", region="US-CO", slug="lumen")
    assert list(errors_of(page)) == ["slug"]


def test_an_extension_without_a_phone_is_refused_at_its_field(admin):
    provider = factories.provider()
    page = submit(admin, page_of(provider), phone_extension="12")
    assert list(errors_of(page)) == ["phone_extension"]


def test_an_extension_typed_after_the_number_goes_to_its_own_field(admin):
    provider = factories.provider()
    submit(admin, page_of(provider), phone="(303) 555-0142 x301")
    provider.refresh_from_db()
    assert (str(provider.phone), provider.phone_extension) == ("+13035550142", "301")


def test_a_national_number_is_read_as_of_the_listings_country(admin):
    provider = factories.provider(region="GB-SCT")
    submit(admin, page_of(provider), phone="020 7946 0958")
    provider.refresh_from_db()
    assert str(provider.phone) == "+442079460958"


def test_an_address_without_a_scheme_is_taken_as_https(admin):
    provider = factories.provider()
    submit(admin, page_of(provider), website="clinic.example.org")
    provider.refresh_from_db()
    assert provider.website == "https://clinic.example.org"


# --- The point -----------------------------------------------------------------------


def test_the_point_comes_from_the_postcode_with_its_precision(admin, boulder):
    submit(admin, ADD, name="A", region="US-CO", city="Boulder", postcode="80301")
    provider = Provider.objects.get()
    assert provider.point == (40.0497, -105.2143)
    assert provider.point_precision == "postal"
    page = admin.get(page_of(provider))
    assert "middle of the postal code" in page.content.decode()


def test_without_a_postcode_the_point_is_the_towns(admin, boulder):
    submit(admin, ADD, name="A", region="US-CO", city="Boulder")
    provider = Provider.objects.get()
    assert provider.point == (40.015, -105.2706)
    assert provider.point_precision == "town"


def test_a_typed_point_is_exact(admin, boulder):
    values = {"postcode": "80301", "latitude": "40.02", "longitude": "-105.27"}
    submit(admin, ADD, name="A", region="US-CO", **values)
    provider = Provider.objects.get()
    assert (provider.point, provider.point_precision) == ((40.02, -105.27), "address")


def test_a_new_address_moves_a_point_that_was_found(admin, boulder):
    point = {"latitude": 39.7, "longitude": -105.0, "precision": "town"}
    provider = factories.provider(point=point, city="Denver")
    submit(admin, page_of(provider), city="Boulder", postcode="80301")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (
        (40.0497, -105.2143),
        "postal",
    )


def test_a_new_address_keeps_an_exact_point_and_says_so(admin, boulder):
    provider = factories.provider(city="Denver")
    answer = submit(admin, page_of(provider), city="Boulder", postcode="80301")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (factories.DENVER, "address")
    assert "exact point was kept" in messages_of(answer)


def test_clearing_both_numbers_finds_the_point_anew(admin, boulder):
    provider = factories.provider(city="Boulder", postcode="80301")
    submit(admin, page_of(provider), latitude="", longitude="")
    provider.refresh_from_db()
    assert provider.point_precision == "postal"


def test_an_unknown_address_leaves_no_point_rather_than_a_wrong_one(admin, boulder):
    point = {"latitude": 40.0, "longitude": -105.2, "precision": "town"}
    provider = factories.provider(point=point, city="Boulder")
    answer = submit(admin, page_of(provider), city="Nowhere", postcode="00001")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (None, "")
    assert "No point was found" in messages_of(answer)
    assert "leave it out" in admin.get(page_of(provider)).content.decode()


def test_no_address_at_all_needs_no_point_and_no_warning(admin):
    factories.regions()
    answer = submit(admin, ADD, name="Only by video", region="US-CO")
    assert Provider.objects.get().point is None
    assert "point" not in messages_of(answer)


def test_an_edit_elsewhere_on_the_page_leaves_the_point_alone(admin, boulder):
    point = {"latitude": 39.7, "longitude": -105.0, "precision": "town"}
    provider = factories.provider(point=point, city="Boulder", postcode="80301")
    submit(admin, page_of(provider), name="Other")
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == ((39.7, -105.0), "town")


def test_a_geocoder_that_fails_warns_and_our_own_table_answers(
    admin, boulder, monkeypatch
):
    from providers.places import geocoders

    def fail(_address):
        raise geocoders.LookupUnavailable("GeocoderTimedOut")

    monkeypatch.setattr(geocoders, "online_point", fail)
    address = {"street": "1 Pearl St", "city": "Boulder", "postcode": "80301"}
    answer = submit(admin, ADD, name="A", region="US-CO", **address)
    assert Provider.objects.get().point_precision == "postal"
    assert "GeocoderTimedOut" in messages_of(answer)


def test_a_geocoder_that_answers_gives_the_street(admin, boulder, monkeypatch):
    from providers.geo import Point
    from providers.places import geocoders
    from providers.places.addresses import AddressPoint

    asked = []

    def answer(address):
        asked.append(address)
        return AddressPoint(Point(40.0176, -105.2797), "address")

    monkeypatch.setattr(geocoders, "online_point", answer)
    address = {"street": "1 Pearl St", "city": "Boulder", "postcode": "80301"}
    submit(admin, ADD, name="A", region="US-CO", **address)
    provider = Provider.objects.get()
    assert provider.point == (40.0176, -105.2797)
    assert provider.point_precision == "address"
    assert asked == [("1 Pearl St", "Boulder", "US-CO", "80301", "US")]


def test_the_addresss_place_replaces_a_typed_point_and_all_else_is_saved(
    admin, boulder
):
    provider = factories.provider(city="Boulder", postcode="80301")
    values = filled(admin.get(page_of(provider))) | {"name": "New name"}
    answer = post(admin, page_of(provider), values | {"_place": "1"})
    assert answer["Location"] == page_of(provider)
    provider.refresh_from_db()
    assert (provider.name, provider.point_precision) == ("New name", "postal")
    assert provider.point == (40.0497, -105.2143)


def test_an_address_without_a_place_keeps_the_point_and_says_so(admin, boulder):
    provider = factories.provider(city="Nowhere", postcode="00001")
    values = filled(admin.get(page_of(provider))) | {"_place": "1"}
    answer = post(admin, page_of(provider), values)
    provider.refresh_from_db()
    assert (provider.point, provider.point_precision) == (factories.DENVER, "address")
    assert "No point was found" in messages_of(answer)


def test_the_map_says_how_far_the_point_lies_from_its_postcode(admin, boulder):
    provider = factories.provider(postcode="80301", name="Lumen")
    page = " ".join(admin.get(page_of(provider)).content.decode().split())
    km = geo.distance_km(geo.Point(*factories.DENVER), geo.Point(40.0497, -105.2143))
    assert f"lies {km:.1f} km ({km / 1.609344:.1f} mi) from the middle of 80301" in page
    assert "That is far" in page
    assert "Boulder 39 km" in page
    assert re.search(r"\d+ km = [\d.]+ mi", page)


def test_the_map_draws_north_up_and_true_to_scale(boulder):
    provider = factories.provider(postcode="80301")
    drawn = map_of(provider)
    assert drawn.postcode.y < drawn.listing.y
    assert drawn.postcode.x < drawn.listing.x
    units = hypot(
        drawn.postcode.x - drawn.listing.x, drawn.postcode.y - drawn.listing.y
    )
    km_a_unit = drawn.bar_km / drawn.bar_width
    assert units * km_a_unit == pytest.approx(drawn.postcode.km, rel=0.01)


def test_a_listing_without_a_point_has_no_map_and_a_way_to_get_one(admin):
    page = admin.get(page_of(factories.provider(at=None))).content.decode()
    assert "<svg viewBox" not in page
    assert 'name="_place"' in page


def test_what_the_desk_knows_stands_at_the_top(admin, boss):
    provider = factories.provider()
    actions.report_problem(provider=provider, group="contact", text="Phone is dead")
    asked = {"method": "phone", "source": factories.source(), "by": boss}
    asked |= {"checked_on": factories.days_ago(3), "outcome": "no_answer"}
    actions.record_check(provider=provider, group="contact", **asked)
    page = admin.get(page_of(provider)).content.decode()
    for words in (
        *("Phone is dead", "1 open report", "Contact: No answer"),
        f"/admin/providers/provider/{provider.pk}/check/",
        f"/admin/providers/provider/{provider.pk}/history/",
    ):
        assert words in page


# --- The contact check and the status ------------------------------------------------


def test_a_contact_check_is_kept_as_exactly_as_it_is_known(admin):
    provider = factories.provider()
    check = {"contact_checked_on": "2025-05-17", "contact_precision": "year"}
    submit(admin, page_of(provider), **check)
    provider.refresh_from_db()
    assert provider.contact_checked_on.isoformat() == "2025-01-01"
    assert provider.contact_checked_in_words == "2025"


def test_a_contact_check_without_a_precision_is_of_a_day(admin):
    provider = factories.provider(contact=None, published=False)
    check = {"contact_checked_on": "2025-05-17", "contact_method": "phone"}
    source = str(Source.objects.get(code="clinic").pk)
    submit(admin, page_of(provider), **check, contact_source=source)
    provider.refresh_from_db()
    assert provider.contact_precision == "day"


def test_a_draft_may_lose_its_contact_check(admin):
    provider = factories.provider(published=False)
    names = ("checked_on", "method", "source", "precision")
    blank = {f"contact_{name}": "" for name in names}
    assert submit(admin, page_of(provider), **blank).status_code == 302
    assert document_of(provider)["contact"] is None


def test_a_published_listing_may_not_lose_its_contact_check(admin):
    provider = factories.provider()
    names = ("checked_on", "method", "source", "precision")
    page = submit(admin, page_of(provider), **{f"contact_{name}": "" for name in names})
    assert list(errors_of(page)) == ["contact_checked_on"]


def test_a_new_status_is_of_today_unless_a_day_is_typed(admin):
    provider = factories.provider()
    submit(admin, page_of(provider), status="closed")
    provider.refresh_from_db()
    assert provider.status_on == timezone.localdate()


def test_what_is_not_to_be_listed_is_unpublished_with_it(admin):
    provider = factories.provider()
    why = {"status": "do_not_list", "status_reason": "The owner asked by mail."}
    answer = submit(admin, page_of(provider), **why)
    provider.refresh_from_db()
    assert (provider.status, provider.published) == ("do_not_list", False)
    assert "unpublished" in messages_of(answer)


def test_why_a_listing_is_not_to_be_listed_must_be_said(admin):
    provider = factories.provider()
    page = submit(admin, page_of(provider), status="do_not_list")
    assert list(errors_of(page)) == ["status_reason"]


def test_a_listing_that_opens_again_loses_the_reason_why_it_was_closed(admin):
    closed = {"status": "closed", "status_reason": "Water damage."}
    provider = factories.provider(**closed, status_on="2026-01-05")
    submit(admin, page_of(provider), status="active")
    provider.refresh_from_db()
    assert (provider.status, provider.status_reason) == ("active", "")
    assert provider.status_on == timezone.localdate()


# --- Publishing ----------------------------------------------------------------------


def publish(admin, *providers, action="publish"):
    chosen = {"action": action, "_selected_action": [p.pk for p in providers]}
    return admin.post("/admin/providers/provider/", chosen, follow=True)


def test_published_cannot_be_typed_into_the_form(admin):
    provider = factories.provider(published=False, contact=None)
    submit(admin, page_of(provider), published="on")
    provider.refresh_from_db()
    assert not provider.published


def test_publishing_names_what_it_refuses(admin, boss):
    ready = factories.provider(published=False, name="Ready")
    never = factories.provider(published=False, contact=None, name="Never asked")
    hidden = factories.provider(published=False, status="do_not_list", name="Hidden")
    page = publish(admin, ready, never, hidden)
    told = page.content.decode()
    assert "1 listing published." in told
    assert "Hidden, Never asked" in told
    assert list(Provider.objects.filter(published=True)) == [ready]
    assert Change.objects.latest().by == boss


def test_a_long_list_of_refused_listings_is_cut(admin):
    drafts = [
        factories.provider(published=False, contact=None, name=f"Draft {n:02}")
        for n in range(12)
    ]
    told = publish(admin, *drafts).content.decode()
    assert "Draft 09 and 2 more" in told


def test_unpublishing_refuses_nothing(admin):
    provider = factories.provider()
    assert "1 listing unpublished." in (
        publish(admin, provider, action="unpublish").content.decode()
    )
    assert not Provider.objects.filter(published=True).exists()


def test_the_first_real_listing_deletes_the_samples_and_says_so(admin):
    factories.provider(is_sample=True)
    factories.provider(is_sample=True)
    draft = factories.provider(published=False)
    told = publish(admin, draft).content.decode()
    assert "2 sample listings were deleted" in told
    assert list(Provider.objects.all()) == [draft]


def test_save_and_publish_is_one_change(admin):
    provider = factories.provider(published=False)
    story = Change.objects.count()
    values = filled(admin.get(page_of(provider))) | {"name": "New name"}
    admin.post(page_of(provider), values | {"_publish": "1"})
    assert Change.objects.count() == story + 1
    change = Change.objects.latest()
    assert documents.differences(change.before, change.after) == {
        "name": (provider.name, "New name"),
        "published": (False, True),
    }


def test_save_and_publish_without_a_check_saves_and_says_why_not(admin):
    provider = factories.provider(published=False, contact=None)
    values = filled(admin.get(page_of(provider))) | {"name": "New name"}
    answer = admin.post(page_of(provider), values | {"_publish": "1"})
    provider.refresh_from_db()
    assert (provider.name, provider.published) == ("New name", False)
    assert "Not published" in messages_of(answer)


# --- What stands on the page ---------------------------------------------------------


def test_answers_stand_by_topic_and_are_saved_with_the_page(admin, boss):
    facts = factories.fact("wait_days", number=12, note_en="In summer.")
    provider = factories.provider(facts=facts)
    page = admin.get(page_of(provider)).content.decode()
    assert "In summer." in page
    assert f"/admin/providers/fact/?provider__id__exact={provider.pk}" in page
    source = str(factories.source().pk)
    basis = {"basis-payment-method": "phone", "basis-payment-source": source}
    stories = Change.objects.count()
    typed = {"name": "New name", "fact-payment-medicaid": "no"} | basis
    assert submit(admin, page_of(provider), **typed).status_code == 302
    assert Change.objects.count() == stories + 1
    change = Change.objects.latest()
    assert set(documents.differences(change.before, change.after)) == {
        *("name", "facts/payment/medicaid")
    }


def test_a_wrong_answer_refuses_the_page(admin):
    provider = factories.provider()
    page = submit(admin, page_of(provider), **{"fact-payment-medicaid": "no"})
    assert errors_of(page) == {"__all__": ["An answer below is not right."]}
    assert "Needed for the answers that you changed." in page.content.decode()


def test_a_new_listing_may_come_with_its_answers(admin):
    factories.regions()
    source = str(factories.source().pk)
    basis = {"basis-payment-method": "phone", "basis-payment-source": source}
    typed = {"name": "A", "region": "US-CO", "fact-payment-medicaid": "yes"}
    assert submit(admin, ADD, **typed, **basis).status_code == 302
    assert Provider.objects.get().facts.get().code == "medicaid"


def test_rows_of_other_directories_stand_on_the_page(admin):
    provider = factories.provider(sources={"samhsa_mh_directory": ["KEY 7"]})
    assert "KEY 7" in admin.get(page_of(provider)).content.decode()


def test_only_a_published_listing_links_to_the_site(admin):
    draft = factories.provider(published=False)
    assert "View on site" not in admin.get(page_of(draft)).content.decode()
    listed = factories.provider()
    assert listed.get_absolute_url() in admin.get(page_of(listed)).content.decode()


# --- Hours, organizations ------------------------------------------------------------

MONDAY = {"weekday": "0", "opens": "09:00", "closes": "17:00"}


def test_hours_are_typed_on_the_page(admin):
    provider = factories.provider()
    submit(admin, page_of(provider), **row("hours", 0, **MONDAY))
    assert str(Hours.objects.get()) == "Monday 09:00–17:00"


def test_wrong_hours_are_refused_at_their_field(admin):
    provider = factories.provider()
    wrong = [
        *(("weekday", "7"), ("weekday", ""), ("opens", "25:00"), ("opens", "")),
        *(("closes", "soon"), ("closes", "09:00"), ("closes", "08:00")),
        *(("note_en", "x" * 201), ("note_es", "x" * 201)),
    ]
    wrong = [(f"hours-0-{field}", typed) for field, typed in wrong]
    assert misplaced(admin, page_of(provider), wrong, **row("hours", 0, **MONDAY)) == []
    assert not Hours.objects.exists()


def test_hours_of_one_day_that_open_twice_are_refused(admin):
    provider = factories.provider()
    submit(admin, page_of(provider), **row("hours", 0, **MONDAY))
    page = submit(admin, page_of(provider), **row("hours", 1, **MONDAY))
    assert "hours-1-opens" in errors_of(page)


def test_hours_have_their_own_page_too(admin):
    provider = factories.provider()
    add = "/admin/providers/hours/add/"
    answer = submit(admin, add, provider=str(provider.pk), **MONDAY)
    assert answer.status_code == 302
    change = reverse("admin:providers_hours_change", args=[Hours.objects.get().pk])
    page = submit(admin, change, closes="08:00")
    assert list(errors_of(page)) == ["closes"]


def test_a_wrong_organization_is_refused_at_its_field(admin):
    wrong = [
        *(("name", ""), ("code", ""), ("code", "no slug"), ("website", "x")),
        *(("npi", "1234567890"), ("npi", "3234567893"), ("npi", "12")),
    ]
    values = {"name": "Org", "code": "org", "npi": "1234567893"}
    page = "/admin/providers/organization/add/"
    assert misplaced(admin, page, wrong, **values) == []


def test_the_code_of_an_organization_stays(admin):
    organization = Organization.objects.create(code="org", name="Org")
    page = reverse("admin:providers_organization_change", args=[organization.pk])
    submit(admin, page, code="other", name="Other")
    organization.refresh_from_db()
    assert (organization.code, organization.name) == ("org", "Other")
