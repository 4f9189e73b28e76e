"""Listings are published by a button alone, which says what it refuses and why."""

import pytest

from providers import documents
from providers.models import Change, Provider
from tests import factories
from tests.forms_in_pages import filled, messages_of, submit
from tests.listing_page import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


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
