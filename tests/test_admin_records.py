"""Records of ours: rules, crisis lines, schedules, pages, regions, organizations."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from providers.models import (
    CourseTemplate,
    CrisisLine,
    LearnPage,
    Organization,
    Region,
    RegulatoryNote,
)
from tests import factories
from tests.forms_in_pages import errors_of, filled, misplaced, row, submit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boss():
    factories.regions()
    return User.objects.create_superuser("boss")


SOURCED = {
    "source_title": "A law",
    "source_url": "https://law.example.org",
    "checked_on": "2025-05-17",
    "review_by": "2025-08-01",
}
NOTE = SOURCED | {
    "jurisdiction": "US-CO",
    "topic": "telehealth",
    "status": "licensed",
    "text_en": "A rule.",
    "source_grade": "A",
}
LINE = SOURCED | {
    "region": "US",
    "audience": "everyone",
    "position": "0",
    "name_en": "988",
    "call": "988",
}
COURSE = SOURCED | {
    "code": "iv",
    "name_en": "IV",
    "route": "iv_infusion",
    "therapy": "full_kap",
    "format": "individual",
}
PAGE = SOURCED | {"slug": "what", "title_en": "What", "body_en": "Words."}
REGION = {"code": "US-WY", "kind": "subdivision", "name_en": "Wyoming", "parent": "US"}
VALID = {
    "regulatorynote": NOTE,
    "crisisline": LINE,
    "coursetemplate": COURSE,
    "learnpage": PAGE,
    "region": REGION,
}
MODELS = {
    "regulatorynote": RegulatoryNote,
    "crisisline": CrisisLine,
    "coursetemplate": CourseTemplate,
    "learnpage": LearnPage,
    "region": Region,
}


def add(admin, model: str, /, **changes):
    values = VALID[model] | changes
    return submit(admin, f"/admin/providers/{model}/add/", **values)


@pytest.mark.parametrize("name", VALID)
def test_each_record_can_be_added_changed_and_deleted(admin, name):
    before = set(MODELS[name].objects.values_list("pk", flat=True))
    answer = add(admin, name)
    assert answer.status_code == 302, errors_of(answer)
    (made,) = MODELS[name].objects.exclude(pk__in=before)
    assert str(made)
    page = reverse(f"admin:providers_{name}_change", args=[made.pk])
    assert submit(admin, page).status_code == 302
    assert admin.get(f"/admin/providers/{name}/").status_code == 200
    admin.post(page.replace("change", "delete"), {"post": "yes"})
    assert set(MODELS[name].objects.values_list("pk", flat=True)) == before


SOURCED_REFUSALS = [
    *(("source_title", ""), ("source_title", "x" * 201), ("source_url", "law")),
    *(("checked_on", ""), ("checked_on", "2999-01-01"), ("checked_on", "soon")),
    *(("review_by", ""), ("review_by", "2025-05-16"), ("review_by", "soon")),
]


REFUSED = {
    "regulatorynote": [
        *(("jurisdiction", ""), ("jurisdiction", "US-XX"), ("topic", "")),
        *(("topic", "x"), ("product", "x"), ("status", ""), ("status", "x")),
        *(("text_en", ""), ("text_es", "a\0b"), ("applies_to", "x")),
        *(("source_grade", ""), ("source_grade", "E"), ("source_date", "soon")),
        *(("effective_from", "soon"), ("effective_to", "soon"), ("supersedes", "9")),
    ],
    "crisisline": [
        *(("region", ""), ("region", "XX"), ("audience", ""), ("audience", "x")),
        *(("position", "-1"), ("position", "x"), ("name_en", "")),
        *(("name_es", "x" * 121), ("call", ""), ("call", "9" * 31)),
        *(("text_to", "9" * 31), ("text_body", "HELLO"), ("text_body", "x" * 21)),
        *(("website", "nowhere"), ("emergency", "9" * 21), ("hours_en", "x" * 81)),
        *(("hours_es", "x" * 81), ("note_en", "x" * 201), ("note_es", "x" * 201)),
    ],
    "coursetemplate": [
        *(("code", ""), ("code", "no slug"), ("name_en", ""), ("name_es", "x" * 121)),
        *(("route", ""), ("route", "x"), ("therapy", ""), ("therapy", "x")),
        *(("format", ""), ("format", "x"), ("weeks", "-1"), ("minutes_dose", "x")),
        *(("minutes_monitor", "-1"), ("booster_interval_en", "x" * 121)),
        ("booster_interval_es", "x" * 121),
    ],
    "learnpage": [
        *(("slug", ""), ("slug", "no slug"), ("title_en", ""), ("title_es", "x" * 121)),
        *(("body_en", ""), ("body_es", "a\0b")),
    ],
    "region": [
        *(("code", ""), ("code", "x" * 11), ("code", "US-CO"), ("kind", "")),
        *(("kind", "town"), ("name_en", ""), ("name_es", "x" * 81)),
        *(("parent", ""), ("parent", "XX")),
    ],
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_value_is_refused_at_its_field(admin, name):
    wrong = REFUSED[name] + (SOURCED_REFUSALS if name != "region" else [])
    page = f"/admin/providers/{name}/add/"
    assert misplaced(admin, page, wrong, **VALID[name]) == []


def test_a_rule_that_ends_before_it_begins_is_refused(admin):
    days = {"effective_from": "2025-01-02", "effective_to": "2025-01-01"}
    page = add(admin, "regulatorynote", **days)
    assert errors_of(page).keys() == {"effective_to"}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        *(("crisisline", "name_en"), ("coursetemplate", "code"), ("learnpage", "slug")),
    ],
)
def test_a_second_record_of_one_name_is_refused(admin, name, field):
    add(admin, name)
    assert field in errors_of(add(admin, name))


def test_a_second_schedule_of_one_treatment_is_refused(admin):
    add(admin, "coursetemplate")
    page = add(admin, "coursetemplate", code="other")
    assert errors_of(page).keys() == {"route"}


def test_a_region_does_not_lie_within_itself(admin):
    page = submit(admin, "/admin/providers/region/US-CO/change/", parent="US-CO")
    assert errors_of(page).keys() == {"parent"}


def test_the_code_of_a_region_stays(admin):
    submit(admin, "/admin/providers/region/US-CO/change/", code="X", name_en="Co")
    assert Region.objects.get(code="US-CO").name_en == "Co"
    assert not Region.objects.filter(code="X").exists()


def test_a_region_in_use_cannot_be_deleted(admin):
    factories.provider()
    admin.post("/admin/providers/region/US-CO/delete/", {"post": "yes"})
    assert Region.objects.filter(code="US-CO").exists()


def test_a_schedule_counts_its_visits(admin):
    add(admin, "coursetemplate")
    course = CourseTemplate.objects.get()
    page = f"/admin/providers/coursetemplate/{course.pk}/change/"
    visits = {"kind": "dose_visit", "count_min": "6", "count_max": "8"}
    assert submit(admin, page, **row("counts", 0, **visits)).status_code == 302
    assert str(course.counts.get()) == "dose_visit 6–8"
    wrong = [
        *(("kind", ""), ("kind", "x"), ("count_min", "-1"), ("count_min", "")),
        ("count_max", "5"),
    ]
    wrong = [(f"counts-1-{field}", typed) for field, typed in wrong]
    new = row("counts", 1, **visits | {"kind": "prep"})
    assert misplaced(admin, page, wrong, **new) == []
    submit(admin, page, **new | {"counts-1-count_max": ""})
    assert str(course.counts.get(kind="prep")) == "prep 6+"


def test_a_new_record_is_of_today_and_due_in_ninety_days(admin):
    page = filled(admin.get("/admin/providers/crisisline/add/"))
    assert page["checked_on"] == [timezone.localdate().isoformat()]
    assert page["review_by"] == [factories.days_ago(-90).isoformat()]


def test_who_read_the_rule_is_who_typed_it(admin, boss):
    add(admin, "regulatorynote")
    note = RegulatoryNote.objects.get()
    assert note.checked_by == boss


def test_a_mended_typing_error_is_no_new_reading(admin, client):
    add(admin, "regulatorynote")
    other = User.objects.create_superuser("other")
    client.force_login(other)
    page = f"/admin/providers/regulatorynote/{RegulatoryNote.objects.get().pk}/change/"
    submit(client, page, text_en="A rule, mended.")
    assert RegulatoryNote.objects.get().checked_by != other
    submit(client, page, checked_on="2025-05-18")
    assert RegulatoryNote.objects.get().checked_by == other


def test_the_review_filter_finds_what_is_due(admin):
    add(admin, "crisisline")
    add(admin, "crisisline", name_en="Later", review_by="2999-01-01")
    page = admin.get("/admin/providers/crisisline/?review=due")
    assert [line.name_en for line in page.context["cl"].result_list] == ["988"]


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
