"""Opening hours are saved with their listing, or refused at their field."""

import pytest
from django.urls import reverse

from providers.models import Hours
from tests import factories
from tests.forms_in_pages import errors_of, misplaced, row, submit
from tests.listing_page import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


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
