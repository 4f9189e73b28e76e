"""Conflicts in the admin: both values side by side, settled by one click."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import actions
from providers.documents import document, with_everything
from providers.models import Change, Conflict, ImportRun, Provider, Region
from tests import factories
from tests.factories import checked, fact, offering, price
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = pytest.mark.django_db

LIST = "/admin/providers/conflict/"
REGISTRY = {"method": "official_registry", "source": "samhsa_mh_directory"}
LINE = next(iter(price()))
IV = next(iter(offering()))
PRICE = f"offerings/{IV}/prices/{LINE}"


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def provider():
    return factories.provider(
        name="Blue Mesa",
        phone="+13035550142",
        phone_extension="31",
        facts=fact("medicaid", "no"),
    )


def run(name="a.csv"):
    return ImportRun.objects.create(importer="listings", file_name=name)


def conflict(provider, path, kept, offered, **values):
    bases = {"kept_basis": checked(10), "offered_basis": checked(400, **REGISTRY)}
    values = bases | {"run": run()} | values
    [made] = [
        Conflict(provider=provider, path=path, kept=kept, offered=offered, **values)
    ]
    actions.record_conflicts([made])
    return Conflict.objects.latest("pk")


def now(provider) -> dict:
    return document(with_everything(Provider.objects.filter(pk=provider.pk)).get())


def keep(row, query="") -> str:
    return reverse("admin:conflict_keep", args=[row.pk]) + query


def take(row, query="") -> str:
    return reverse("admin:conflict_take", args=[row.pk]) + query


def test_both_values_stand_side_by_side_with_dates_methods_and_sources(admin, provider):
    conflict(provider, "phone", "+13035550142", "+17205550100")
    dearer = next(iter(price(60_000, days=400, **REGISTRY).values()))
    kept = now(provider)["offerings"][IV]["prices"][LINE]
    conflict(provider, PRICE, kept, dearer)
    words = Page(admin.get(LIST).content.decode()).words
    for said in (
        *("Phone", "+17205550100", "Phone call", "Official registry", "SAMHSA"),
        *("Treatment session", "$400 a visit", "$600 a visit", "Blue Mesa"),
        *("Keep ours", "Take theirs"),
    ):
        assert said in words
    assert "dose_visit" not in words


def test_keeping_ours_changes_nothing_but_the_conflict(admin, boss, provider):
    row = conflict(provider, "phone", "+13035550142", "+17205550100")
    before, told = now(provider), Change.objects.count()
    answer = admin.post(keep(row, "?region=US-CO"))
    assert answer.url == f"{LIST}?region=US-CO"
    assert "Blue Mesa: Phone stays ours." in messages_of(answer)
    row.refresh_from_db()
    assert (row.resolution, row.resolved_by) == ("kept", boss)
    assert (now(provider), Change.objects.count()) == (before, told)


def test_taking_theirs_is_one_change_by_the_editor(admin, boss, provider):
    theirs = fact("medicaid", days=400, **REGISTRY)["payment"]["medicaid"]
    ours = now(provider)["facts"]["payment"]["medicaid"]
    row = conflict(provider, "facts/payment/medicaid", ours, theirs)
    admin.post(take(row))
    assert now(provider)["facts"]["payment"]["medicaid"] == theirs
    assert Change.objects.latest().by == boss


def test_a_number_that_is_taken_does_not_keep_the_other_ones_extension(admin, provider):
    admin.post(take(conflict(provider, "phone", "+13035550142", "+17205550100")))
    after = now(provider)
    assert (after["phone"], after["phone_extension"]) == ("+17205550100", "")


def test_a_status_that_is_taken_has_its_day(admin, provider):
    row = conflict(provider, "status", "active", "do_not_list")
    admin.post(take(row))
    after = now(provider)
    assert (after["status"], after["published"]) == ("do_not_list", False)
    assert after["status_on"] == factories.days_ago(400).isoformat()


def test_a_taken_address_asks_for_a_look_at_the_point(admin, provider):
    row = conflict(provider, "city", "", "Durango")
    assert "point on the map" in messages_of(admin.post(take(row)))


def test_what_was_edited_since_the_import_is_shown_as_it_stands(admin, boss, provider):
    conflict(provider, "phone", "+13035550142", "+17205550100")
    edited = now(provider) | {"phone": "+13035550199"}
    actions.apply_one(edited, provider, by=boss)
    words = Page(admin.get(LIST).content.decode()).words
    assert "edited since the import; it was +13035550142" in words


def test_a_settled_conflict_is_refused_a_second_time_and_stays_readable(
    admin, provider
):
    row = conflict(provider, "phone", "+13035550142", "+17205550100")
    admin.post(keep(row))
    assert "settled this conflict already" in messages_of(admin.post(take(row)))
    assert now(provider)["phone"] == "+13035550142"
    assert "+17205550100" not in admin.get(LIST).content.decode()
    for page in (LIST + "?state=settled", LIST + f"{row.pk}/change/"):
        words = Page(admin.get(page).content.decode()).words
        assert "+17205550100" in words
        assert "boss" in words


def test_a_value_that_does_not_fit_what_stands_is_refused_in_words(admin, provider):
    row = conflict(provider, "published", False, True)
    actions.apply_one(now(provider) | {"contact": None, "published": False}, provider)
    assert "does not go with what stands" in messages_of(admin.post(take(row)))
    assert Conflict.objects.open().get() == row


def test_a_listings_story_says_how_many_conflicts_are_open(admin, provider):
    conflict(provider, "phone", "+13035550142", "+17205550100")
    story = f"/admin/providers/provider/{provider.pk}/history/"
    link = Page(admin.get(story).content.decode()).link("1 conflict is open")
    assert link == f"{LIST}?provider__id__exact={provider.pk}"


def test_conflicts_are_found_by_listing_run_and_region(admin, provider):
    other = factories.provider(name="Far Away", region="US-UT")
    row = conflict(provider, "phone", "", "+17205550100")
    conflict(other, "city", "", "Provo")
    for query in (
        {"provider__id__exact": provider.pk},
        {"run__id__exact": row.run_id},
        {"region": "US-CO"},
    ):
        words = Page(admin.get(LIST, query).content.decode()).words
        assert "1 conflict" in words
        assert "Blue Mesa" in words


def test_the_list_asks_the_same_queries_of_one_and_of_twenty(admin, provider):
    counts = []
    for number in (1, 19):
        for n in range(number):
            listing = factories.provider(name=f"Clinic {number} {n}")
            conflict(listing, "phone", "+13035550142", "+17205550100")
        with CaptureQueriesContext(connection) as queries:
            admin.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_only_a_post_by_somebody_with_the_right_settles(admin, client, provider):
    row = conflict(provider, "phone", "+13035550142", "+17205550100")
    assert admin.get(take(row)).status_code == 405
    editor = User.objects.create_user("ed", is_staff=True)
    client.force_login(editor)
    assert client.post(take(row)).status_code == 403
    editor.groups.add(Group.objects.get(name="regional editors"))
    editor.kept_regions.create(region=Region.objects.get(code="US-UT"))
    client.force_login(User.objects.get(pk=editor.pk))
    assert client.post(take(row)).status_code == 404
    assert Conflict.objects.open().count() == 1
