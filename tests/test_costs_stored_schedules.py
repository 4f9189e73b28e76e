"""A schedule that changes reaches every listing that it answers, and no other."""

import pytest

from providers import actions
from providers.estimates import estimate
from providers.models import CourseCount, CourseTemplate, SearchChange
from tests.courses import KAP, NO_COURSE, course, listing, stored, whole
from tests.factories import price
from tests.forms_in_pages import row, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule():
    return f"/admin/providers/coursetemplate/{course().pk}/change/"


def test_a_schedule_edited_in_the_admin_reaches_what_it_answers(admin, schedule):
    provider, other = listing(), listing(treatment=KAP)
    assert submit(admin, schedule, **{"counts-0-count_max": "8"}).status_code == 302
    assert stored(provider)[:2] == (240_000, 320_000)
    assert stored(other) == NO_COURSE


def test_a_count_added_in_the_admin_is_asked_for(admin, schedule):
    provider = listing()
    prep = {"kind": "prep", "count_min": "1", "count_max": "1"}
    submit(admin, schedule, **row("counts", 1, **prep))
    assert stored(provider)[3] is False


def test_a_schedule_moved_to_another_treatment_leaves_the_first(admin, schedule):
    provider, other = listing(), listing(treatment=KAP)
    submit(admin, schedule, therapy="full_kap")
    assert stored(provider) == NO_COURSE
    assert stored(other) == whole(240_000)


def test_a_new_schedule_reaches_the_listings_that_are_there(admin):
    provider = listing()
    template = course()
    assert stored(provider) == NO_COURSE
    submit(admin, f"/admin/providers/coursetemplate/{template.pk}/change/")
    assert stored(provider) == whole(240_000)


@pytest.mark.parametrize("verb", ["delete", "delete_selected"])
def test_a_deleted_schedule_leaves_no_course_behind(admin, schedule, verb):
    provider = listing()
    pk = CourseTemplate.objects.get().pk
    if verb == "delete":
        admin.post(schedule.replace("change", "delete"), {"post": "yes"})
    else:
        chosen = {"action": verb, "_selected_action": [pk], "post": "yes"}
        admin.post("/admin/providers/coursetemplate/", chosen)
    assert not CourseTemplate.objects.exists()
    assert stored(provider) == NO_COURSE


def test_a_schedule_that_is_not_saved_changes_no_course(admin, schedule, monkeypatch):
    provider = listing()

    def break_off(*args, **options):
        raise RuntimeError("half way")

    monkeypatch.setattr("providers.actions.amounts.store_amounts", break_off)
    with pytest.raises(RuntimeError):
        submit(admin, schedule, **{"counts-0-count_max": "8"})
    assert CourseCount.objects.get().count_max == 6
    assert stored(provider) == whole(240_000)


def test_a_changed_course_is_told_to_every_copy_of_the_listings(admin, schedule):
    provider, other = listing(), listing(treatment=KAP)
    SearchChange.objects.all().delete()
    submit(admin, schedule, **{"counts-0-count_max": "8"})
    told = {key for change in SearchChange.objects.all() for key in change.providers}
    assert provider.pk in told
    assert other.pk not in told


def test_or_more_in_a_schedule_leaves_the_course_without_a_most(admin, schedule):
    provider = listing()
    submit(admin, schedule, **{"counts-0-count_max": ""})
    assert stored(provider)[:2] == (240_000, None)


def test_boosters_of_a_schedule_are_of_the_year_and_not_of_the_course(admin, schedule):
    provider = listing(price() | price(35_000, kind="booster"))
    boosters = {"kind": "booster", "count_min": "2", "count_max": "4"}
    assert submit(admin, schedule, **row("counts", 1, **boosters)).status_code == 302
    assert CourseCount.objects.get(kind="booster").count_max == 4
    assert stored(provider) == whole(240_000)
    year = estimate(provider.offerings.get(), actions.derived.Schedules()).first_year
    assert (year.low_cents, year.high_cents) == (240_000 + 70_000, 240_000 + 140_000)
