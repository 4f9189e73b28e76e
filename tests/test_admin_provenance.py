"""Checks, sources and history: who asked, who changed what, and that it stays so."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from providers import actions
from providers.models import (
    Change,
    Check,
    Conflict,
    ImportRun,
    Provider,
    Source,
    SourceRecord,
)
from tests import factories
from tests.forms_in_pages import filled, misplaced, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def provider():
    """Asked 10 days ago about everything."""
    return factories.provider(facts=factories.fact("wait_days", number=12))


@pytest.fixture
def asked(provider):
    return {
        "provider": str(provider.pk),
        "group": "prices",
        "outcome": "confirmed",
        "checked_on": factories.days_ago(1).isoformat(),
        "method": "phone",
        "source": str(factories.source().pk),
        "note": "Ana at the desk",
    }


def page_of(thing, verb="change") -> str:
    name = thing._meta.model_name
    return reverse(f"admin:providers_{name}_{verb}", args=[thing.pk])


CHECK = "/admin/providers/check/add/"


def test_a_check_dates_the_rows_of_its_group_and_no_others(admin, boss, asked):
    assert submit(admin, CHECK, **asked).status_code == 302
    check = Check.objects.get()
    assert (check.by, check.note) == (boss, "Ana at the desk")
    provider = Provider.objects.get()
    price = provider.offerings.get().prices.get()
    assert price.checked_on == factories.days_ago(1)
    assert provider.offerings.get().checked_on == factories.days_ago(10)
    assert provider.facts.get().checked_on == factories.days_ago(10)
    assert Change.objects.latest().by == boss


def test_a_check_that_nobody_answered_dates_nothing(admin, asked):
    stories = Change.objects.count()
    submit(admin, CHECK, **asked | {"outcome": "no_answer"})
    assert Check.objects.get().outcome == "no_answer"
    assert Change.objects.count() == stories


def test_the_answer_names_the_check_that_was_recorded(admin, asked):
    values = filled(admin.get(CHECK)) | asked | {"_save": "Save"}
    page = admin.post(CHECK, values, follow=True)
    assert "Prices: Confirmed" in page.content.decode()


def test_a_wrong_check_is_refused_at_its_field(admin, asked):
    wrong = [
        *(("provider", ""), ("provider", "999"), ("group", ""), ("group", "all")),
        *(("outcome", ""), ("outcome", "fine"), ("method", ""), ("method", "dream")),
        *(("checked_on", ""), ("checked_on", "2999-01-01"), ("checked_on", "soon")),
        *(("source", ""), ("source", "999"), ("note", "x" * 301)),
    ]
    assert misplaced(admin, CHECK, wrong, **asked) == []
    assert not Check.objects.exists()


def test_a_check_is_read_and_never_rewritten(admin, asked):
    submit(admin, CHECK, **asked)
    check = Check.objects.get()
    page = admin.get(page_of(check))
    assert page.status_code == 200
    assert "Ana at the desk" in page.content.decode()
    assert admin.post(page_of(check), asked).status_code == 403
    assert admin.post(page_of(check, "delete"), {"post": "yes"}).status_code == 403


# --- History -------------------------------------------------------------------------


@pytest.fixture
def history(provider, boss):
    run = ImportRun.objects.create(importer="listings", file_name="a.csv", new=1)
    conflict = Conflict.objects.create(
        provider=provider, run=run, path="phone", kept="+1303", offered="+1720"
    )
    provider.name = "Other name"
    actions.save(provider, by=boss)
    return {"change": Change.objects.latest(), "importrun": run, "conflict": conflict}


@pytest.mark.parametrize("name", ["change", "importrun", "conflict"])
def test_history_is_read_and_nobody_may_touch_it(admin, history, name):
    row = history[name]
    assert admin.get(f"/admin/providers/{name}/").status_code == 200
    assert admin.get(page_of(row)).status_code == 200
    assert admin.post(page_of(row), {"path": "x"}).status_code == 403
    assert admin.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    assert admin.get(f"/admin/providers/{name}/add/").status_code == 403
    action = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    admin.post(f"/admin/providers/{name}/", action)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_change_shows_who_did_what_before_and_after(admin, history, provider):
    page = admin.get(page_of(history["change"])).content.decode()
    for words in ("boss", "Other name", provider.slug, "Listing"):
        assert words in page
    listed = admin.get("/admin/providers/change/").content.decode()
    assert ">Name<" in listed
    assert ">Added<" in listed
    assert "kapfinder itself" in listed


def test_a_change_shows_of_a_nested_part_what_became_different(admin, boss, provider):
    fact = provider.facts.get()
    fact.number = 20
    actions.save(fact, by=boss)
    page = admin.get(page_of(Change.objects.latest())).content.decode()
    for words in ("12 days", "20 days", "boss"):
        assert words in page
    assert "wait_days" not in page


def test_a_deleted_listing_keeps_its_story(admin, provider, asked):
    submit(admin, CHECK, **asked)
    slug = provider.slug
    answer = admin.post(page_of(provider, "delete"), {"post": "yes"})
    assert answer.status_code == 302
    assert not Provider.objects.exists()
    change = Change.objects.latest()
    assert (change.slug, change.after) == (slug, None)
    assert ">Deleted<" in admin.get("/admin/providers/change/").content.decode()
    assert admin.get(page_of(change)).status_code == 200


# --- Sources -------------------------------------------------------------------------


def test_a_wrong_source_is_refused_at_its_field(admin):
    wrong = [
        *(("name", ""), ("name", "x" * 201), ("code", ""), ("code", "no slug")),
        *(("code", "clinic"), ("publisher", "x" * 121), ("licence", "x" * 121)),
        ("url", "nowhere"),
    ]
    values = {"name": "A list", "code": "a-list"}
    assert misplaced(admin, "/admin/providers/source/add/", wrong, **values) == []


def test_the_code_of_a_source_stays(admin):
    source = factories.source()
    submit(admin, page_of(source), code="other", name="Other")
    source.refresh_from_db()
    assert (source.code, source.name) == ("clinic", "Other")


def test_a_source_that_is_used_cannot_be_deleted(admin, provider):
    admin.post(page_of(factories.source(), "delete"), {"post": "yes"})
    assert Source.objects.filter(code="clinic").exists()


RECORD = "/admin/providers/sourcerecord/add/"


def test_a_record_of_another_directory_is_part_of_the_story(admin, provider):
    values = {"source": str(factories.source().pk), "key": "K 1"}
    submit(admin, RECORD, provider=str(provider.pk), **values)
    assert SourceRecord.objects.get().provider == provider
    assert Change.objects.latest().after["sources"] == {"clinic": ["K 1"]}


def test_a_wrong_record_is_refused_at_its_field(admin, provider):
    factories.provider(sources={"clinic": ["taken"]})
    wrong = [
        *(("provider", ""), ("provider", "999"), ("source", ""), ("source", "999")),
        *(("key", ""), ("key", "x" * 481), ("key", "taken")),
    ]
    values = {"source": str(factories.source().pk), "key": "K 1"}
    assert misplaced(admin, RECORD, wrong, provider=str(provider.pk), **values) == []
