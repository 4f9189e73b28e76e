"""A listing's contact check and its status are dated and give their reasons."""

import pytest
from django.utils import timezone

from providers.models import Source
from tests import factories
from tests.forms_in_pages import errors_of, messages_of, submit
from tests.listing_page import document_of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


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
