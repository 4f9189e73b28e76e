"""The page of a listing: what it saves, what it shows, what it refuses."""

import pytest

from providers import actions, documents
from providers.models import Change, FormerSlug, Provider
from tests import factories
from tests.forms_in_pages import errors_of, filled, misplaced, submit
from tests.listing_page import ADD, document_of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


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


# --- What stands on the page ---------------------------------------------------------


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
