"""The course that search sorts by: stored with every write that it follows from."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions, costs
from providers.documents import document, with_everything
from providers.estimates import estimate
from providers.filters import ProviderFilter
from providers.management.commands import load_courses
from providers.models import (
    CourseCount,
    CourseTemplate,
    Offering,
    Provider,
    SearchChange,
)
from providers.question import Search
from providers.search import live
from tests import factories
from tests.factories import days_ago, offering, price
from tests.forms_in_pages import row, submit

pytestmark = pytest.mark.django_db

IV = actions.Treatment("iv_infusion", "none", "individual")
KAP = actions.Treatment("iv_infusion", "full_kap", "individual")
NO_COURSE = (None, None, "", False, None)


@pytest.fixture
def editor():
    return get_user_model().objects.create_superuser("ed")


def course(treatment=IV, *, weeks=None, **counts) -> CourseTemplate:
    """A typical course: six dosing visits, unless told otherwise."""
    template = CourseTemplate.objects.create(
        code=f"course-{CourseTemplate.objects.count()}",
        name_en="A course",
        weeks=weeks,
        source_title="A trial",
        checked_on=days_ago(10),
        review_by=days_ago(0),
        **treatment._asdict(),
    )
    for kind, (least, most) in (counts or {"dose_visit": (6, 6)}).items():
        template.counts.create(kind=kind, count_min=least, count_max=most)
    return template


def listing(prices=None, *, treatment=IV, **columns) -> Provider:
    """One that asks $400 for an infusion, with nothing else."""
    prices = price() if prices is None else prices
    offers = offering(therapy=treatment.therapy, route=treatment.route, prices=prices)
    return factories.provider(**{"offerings": offers} | columns)


def stored(provider: Provider) -> tuple:
    names = ("min_cents", "max_cents", "currency", "complete", "known_until")
    return provider.offerings.values_list(*(f"course_{name}" for name in names)).get()


def lows() -> list[int | None]:
    offerings = Offering.objects.order_by("pk")
    return list(offerings.values_list("course_min_cents", flat=True))


def whole(cents: int, days: int = 10) -> tuple:
    return (cents, cents, "USD", True, days_ago(days) + timedelta(days=90))


# --- With each write of a listing -----------------------------------------------------


def test_an_offering_is_written_with_its_course():
    course()
    assert stored(listing()) == whole(240_000)


def test_a_sum_with_a_missing_part_is_stored_as_at_least():
    course(dose_visit=(6, 8), prep=(1, 1))
    assert stored(listing())[:4] == (240_000, None, "USD", False)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({}, NO_COURSE),
        (price(45_000, 50_000), (270_000, 300_000, "USD", True)),
        (price(45_000) | price(0, kind="drug", days=30), whole(270_000, days=30)),
        (price(45_000, disputed=True), NO_COURSE),
        (price(0), whole(0)),
    ],
)
def test_the_course_follows_every_edit_of_prices(prices, expected):
    course()
    provider = listing()
    edited = {"offerings": offering(therapy="none", prices=prices)}
    actions.apply_one(factories.document(slug=provider.slug) | edited, provider)
    assert stored(provider)[: len(expected)] == expected


def test_the_course_follows_the_treatment_that_an_editor_chooses(editor):
    course(KAP, dose_visit=(3, 3))
    provider = listing()
    assert stored(provider) == NO_COURSE
    offer = provider.offerings.get()
    for therapy, expected in (("full_kap", whole(120_000)), ("none", NO_COURSE)):
        offer.therapy = therapy
        actions.save(offer, by=editor)
        assert stored(provider) == expected


def test_an_offering_taken_from_another_treatment_by_a_document_costs_its_own():
    course()
    course(KAP, dose_visit=(3, 3))
    provider = listing()
    edited = {"offerings": offering(therapy="full_kap", prices=price())}
    actions.apply_one(factories.document(slug=provider.slug) | edited, provider)
    assert stored(provider) == whole(120_000)


def test_a_route_that_is_not_stated_has_no_course_whatever_the_schedules_say():
    unstated = IV._replace(route="not_stated")
    course(unstated)
    assert stored(listing(treatment=unstated)) == NO_COURSE


def test_a_treatment_without_a_schedule_has_no_course_even_with_a_posted_package():
    package = price(200_000, kind="package", unit="course")
    assert stored(listing(package)) == NO_COURSE


def test_a_schedule_that_counts_nothing_is_none():
    course().counts.all().delete()
    assert stored(listing()) == NO_COURSE


def test_a_sum_that_no_column_holds_is_not_known():
    course(dose_visit=(6, 9_999))
    assert stored(listing(price(100_000_000))) == NO_COURSE


def test_months_are_those_of_the_schedule():
    course(weeks=8, dose_visit=(6, 6))
    membership = price(10_000, kind="monthly_membership", unit="month")
    assert stored(listing(price() | membership)) == whole(260_000)


def test_no_document_holds_a_stored_amount():
    course()
    provider = with_everything(Provider.objects.filter(pk=listing().pk)).get()
    text = json.dumps(document(provider))
    assert "course_" not in text
    assert "session_" not in text


def test_many_listings_ask_for_the_schedules_once():
    course()
    factories.regions()
    factories.source()
    offers = offering(therapy="none", prices=price())
    edits = [actions.Edit(None, factories.document(offerings=offers)) for _ in range(5)]
    with CaptureQueriesContext(connection) as captured:
        actions.apply(edits)
    about = [q for q in captured if CourseCount._meta.db_table in q["sql"]]
    assert len(about) == 1
    assert lows() == [240_000] * 5


# --- When a schedule changes ----------------------------------------------------------


@pytest.fixture
def admin(client, editor):
    client.force_login(editor)
    return client


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


# --- What an editor writes of one price -----------------------------------------------


LINE = "offerings-0-prices-0-"


def page_of(provider: Provider) -> str:
    return f"/admin/providers/provider/{provider.pk}/change/"


def totals(**asked) -> tuple[int, int]:
    """How many a search finds: in the copy that stands, and in one built anew."""
    search = Search(on=days_ago(0), sort="name", **asked)
    stands = live.current().index.total(search)
    live.forget()
    return stands, live.current().index.total(search)


def test_a_price_marked_disputed_leaves_totals_and_filters_at_once(admin):
    course()
    provider = listing()
    assert totals(max_cents=40_000) == totals(max_course_cents=240_000) == (1, 1)
    submit(admin, page_of(provider), **{LINE + "disputed": "on"})
    assert stored(provider) == NO_COURSE
    assert provider.offerings.get().session_min_cents is None
    assert totals(max_cents=40_000) == totals(max_course_cents=240_000) == (0, 0)
    assert ProviderFilter({"max_price": "400"}).qs.count() == 0
    submit(admin, page_of(provider), **{LINE + "disputed": ""})
    assert totals(max_cents=40_000) == (1, 1)


def test_one_edited_price_changes_search_at_once(admin):
    course()
    provider = listing()
    assert totals(max_cents=30_000) == (0, 0)
    typed = {f"amount_{end}_cents": "300" for end in ("min", "max")}
    typed = {LINE + name: value for name, value in typed.items()}
    submit(admin, page_of(provider), **typed, **{LINE + "method": "phone"})
    assert totals(max_cents=30_000) == totals(max_course_cents=180_000) == (1, 1)
    assert stored(provider)[:2] == (180_000, 180_000)


def test_the_clinics_own_count_replaces_the_usual_one(admin):
    course()
    provider = listing()
    assert trips(provider) == (6, 0)
    counts = {LINE + "count_min": "4", LINE + "count_max": "8"}
    submit(admin, page_of(provider), **counts, **{LINE + "method": "phone"})
    assert stored(provider)[:2] == (160_000, 320_000)
    assert trips(provider) == (4, 0)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("in_clinic", (6, 0)), ("retreat", (1, 0)), ("home_visit", (0, 0))],
)
def test_a_stay_is_one_trip_and_care_at_home_none(setting, expected):
    course()
    offers = offering(therapy="none", setting=setting, prices=price())
    assert trips(factories.provider(offerings=offers)) == expected


def trips(provider: Provider) -> tuple[int, int]:
    offering = provider.offerings.get()
    return offering.course_dose_trips, offering.course_other_trips


# --- Anew -----------------------------------------------------------------------------


def test_recomputing_fills_what_an_older_version_left_empty(monkeypatch):
    monkeypatch.setattr("providers.actions.amounts.BATCH", 2)
    providers = [listing() for _ in range(5)]
    course()
    said = StringIO()
    call_command("recompute_amounts", stdout=said)
    assert [stored(provider) for provider in providers] == [whole(240_000)] * 5
    assert said.getvalue() == "5 offerings have another amount than before.\n"


def test_recomputing_again_writes_nothing():
    course()
    listing()
    SearchChange.objects.all().delete()
    assert actions.recompute_amounts() == 0
    assert not SearchChange.objects.exists()


def test_recomputing_mends_a_session_too():
    provider = listing()
    Offering.objects.update(session_min_cents=1)
    actions.recompute_amounts()
    assert provider.offerings.get().session_min_cents == 40_000


def test_progress_is_told_in_batches(monkeypatch):
    monkeypatch.setattr("providers.actions.amounts.BATCH", 2)
    for _ in range(3):
        listing()
    told = []
    actions.recompute_amounts(on_batch=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]


# --- The packaged schedules -----------------------------------------------------------


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


# --- And search sorts by it -----------------------------------------------------------


def test_by_course_whole_ones_come_first_then_at_least_then_unknown():
    course(dose_visit=(6, 6), prep=(1, 1))
    prep = price(10_000, kind="prep")
    listing({}, name="unknown")
    listing(price(10_000), name="at least less")
    listing(price(20_000), name="at least more")
    listing(price(50_000) | prep, name="dear")
    listing(price(40_000) | prep, name="cheap")
    listing(price(1_000, days=100) | prep, name="gone stale")
    found = ProviderFilter({"sort": "course"})
    assert found.is_valid()
    assert [provider.name for provider in found.qs] == [
        *("cheap", "dear", "at least less", "at least more"),
        *("unknown", "gone stale"),
    ]
