"""The packaged schedules are sourced and loaded, and leave what was edited."""

from io import StringIO

import pytest
from django.core.management import call_command

from providers import costs
from providers.management.commands import load_courses
from providers.models import CourseCount, CourseTemplate
from tests.courses import course, listing, stored, whole

pytestmark = pytest.mark.django_db


def load() -> str:
    said = StringIO()
    call_command("load_courses", stdout=said)
    return said.getvalue()


# Of domain.md 1.5: how often each answers, and its dosing visits.
PACKAGED = {
    ("iv_infusion", "none", "individual"): (6, 6),
    ("iv_infusion", "referral", "individual"): (6, 6),
    ("nasal_esketamine", "none", "individual"): (12, 12),
    ("nasal_esketamine", "referral", "individual"): (12, 12),
    ("sc_injection", "none", "individual"): (8, 8),
    ("sc_injection", "referral", "individual"): (8, 8),
    ("im_injection", "none", "individual"): (4, 6),
    ("im_injection", "referral", "individual"): (4, 6),
    ("sublingual", "full_kap", "individual"): (3, 6),
    ("im_injection", "full_kap", "individual"): (3, 3),
    ("oral", "full_kap", "individual"): (3, 3),
    ("im_injection", "full_kap", "group"): (3, 3),
    ("oral", "full_kap", "group"): (3, 3),
    ("sublingual", "full_kap", "group"): (3, 3),
}


def test_the_package_answers_these_treatments_and_no_others():
    found = {
        tuple(c.treatment): c.counts["dose_visit"] for c in load_courses.packaged()
    }
    assert found == PACKAGED


def test_each_packaged_course_is_sourced_and_due_within_ninety_days():
    for packed in load_courses.packaged():
        known = packed.columns
        assert known["source_title"]
        assert known["source_url"].startswith("https://")
        assert known["name_en"]
        assert known["name_es"]
        assert (known["review_by"] - known["checked_on"]).days <= 90
        assert packed.counts.keys() <= set(costs.COUNTED_KINDS)


def test_every_packaged_course_is_one_that_the_admin_would_take():
    load()
    for template in CourseTemplate.objects.all():
        template.full_clean()
    assert CourseTemplate.objects.count() == len(PACKAGED)


def test_loading_adds_the_course_to_the_listings_that_are_there():
    provider = listing()
    assert load().startswith("14 courses added")
    assert stored(provider) == whole(240_000)


def test_loading_again_adds_nothing():
    load()
    assert load() == "0 courses added, 14 packaged.\n"


def test_loading_leaves_an_edited_course_and_names_it():
    load()
    CourseCount.objects.filter(template__code="sc_kads").update(count_max=9)
    CourseTemplate.objects.filter(code="iv_standard").update(weeks=4)
    said = load()
    assert "Left as edited: sc_kads\n" in said
    assert "Left as edited: iv_standard\n" in said
    assert said.count("Left as edited") == 2
    assert CourseTemplate.objects.get(code="iv_standard").weeks == 4


def test_loading_leaves_an_editors_own_course_of_a_treatment():
    own = course()
    assert "Left as edited: iv_standard\n" in load()
    assert not CourseTemplate.objects.filter(code="iv_standard").exists()
    assert own.counts.get().count_max == 6


def test_loading_adds_what_was_deleted():
    load()
    CourseTemplate.objects.filter(code="kap_group").delete()
    assert load().startswith("1 courses added")
