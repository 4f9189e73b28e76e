"""A listing's story in the admin: every change in words, and taking one back."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import actions
from providers.documents import document, with_everything
from providers.models import Change, ImportRun, Provider, Region
from tests import factories
from tests.factories import fact, offering, price
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss", first_name="Bo", last_name="Ss")


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def provider():
    return factories.provider(name="Blue Mesa", facts=fact("medicaid"))


def edit(provider, by, **columns) -> Change:
    actions.apply_one(now(provider) | columns, provider, by=by)
    return Change.objects.latest()


def now(provider) -> dict:
    return document(with_everything(Provider.objects.filter(pk=provider.pk)).get())


def story_of(provider) -> str:
    return reverse("admin:providers_provider_history", args=[provider.pk])


def back(change) -> str:
    return reverse("admin:take_back", args=[change.pk])


def read(client, address) -> Page:
    return Page(client.get(address).content.decode())


def test_the_story_replaces_djangos_and_is_linked_from_the_listing(admin, provider):
    listing = reverse("admin:providers_provider_change", args=[provider.pk])
    assert read(admin, listing).link("History") == story_of(provider)
    assert read(admin, story_of(provider)).heading() == "The story of Blue Mesa"


def test_a_change_is_told_in_words_with_who_when_how_and_from_where(
    admin, boss, provider
):
    dearer = offering(prices=price(55_000, days=1))
    facts = fact("medicaid", "no", days=1, method="clinic_form")
    edit(provider, boss, offerings=dearer, facts=facts, phone="+13035550142")
    words = read(admin, story_of(provider)).words
    for said in (
        *("Bo Ss", "Phone", "+13035550142", "Paying: Medicaid", "Treatment session"),
        *("$400 a visit", "$550 a visit", "The clinic's own form", "Phone call"),
        *("kapfinder itself", "Added", "2 changes, newest first"),
    ):
        assert said in words
    for code in ("dose_visit", "iv_infusion|", "clinic_form", "{", "40000"):
        assert code not in words
    assert words.index("Bo Ss") < words.index("kapfinder itself")


def test_a_run_is_named_and_linked(admin, provider):
    run = ImportRun.objects.create(importer="listings", file_name="sixty.csv")
    actions.apply_one(now(provider) | {"city": "Durango"}, provider, run=run)
    page = read(admin, story_of(provider))
    address = reverse("admin:providers_importrun_change", args=[run.pk])
    assert page.link(f"import run {run.pk} (sixty.csv)") == address


def test_the_story_asks_the_same_queries_of_one_change_and_of_a_hundred(
    admin, boss, provider
):
    counts = []
    for rounds in (1, 60):
        for n in range(rounds):
            edit(provider, boss, city=f"Town {n}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = admin.get(story_of(provider))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
    assert "Page 1 of 3" in page.content.decode()
    assert "Town 59" not in admin.get(story_of(provider), {"page": 3}).content.decode()


def test_a_change_goes_back_after_a_page_that_shows_what_will(admin, boss, provider):
    change = edit(provider, boss, phone="+13035550142", city="Durango")
    edit(provider, boss, city="Boulder")
    page = read(admin, back(change))
    assert "This goes back" in page.words
    assert "+13035550142" in page.words
    assert "This stays, since it was edited later" in page.words
    answer = admin.post(back(change))
    assert answer.url == story_of(provider)
    assert "Edited since, so it stays: Town." in messages_of(answer)
    assert (now(provider)["phone"], now(provider)["city"]) == ("", "Boulder")
    assert Change.objects.latest().by == boss


def test_looking_takes_nothing_back(admin, boss, provider):
    change = edit(provider, boss, phone="+13035550142")
    admin.get(back(change))
    assert now(provider)["phone"] == "+13035550142"


def test_what_was_edited_since_altogether_is_refused_in_words(admin, boss, provider):
    change = edit(provider, boss, city="Durango")
    edit(provider, boss, city="Boulder")
    told = Change.objects.count()
    for page in (admin.get(back(change)), admin.post(back(change))):
        assert "Nothing of this change is left to take back" in page.content.decode()
    assert Change.objects.count() == told


def test_a_deleted_listing_comes_back_unpublished_from_the_list_of_changes(
    admin, boss, provider
):
    before = now(provider)
    actions.remove(provider, by=boss)
    deletion = Change.objects.latest()
    row = reverse("admin:providers_change_change", args=[deletion.pk])
    assert read(admin, row).link("Take this change back") == back(deletion)
    assert "comes back as it was, unpublished" in read(admin, back(deletion)).words
    answer = admin.post(back(deletion))
    revived = Provider.objects.get()
    assert now(revived) == before | {"published": False}
    assert answer.url == story_of(revived)
    assert "3 changes, newest first" in read(admin, answer.url).words
    again = admin.post(back(deletion))
    assert "its deletion was taken back already" in again.content.decode()
    assert Provider.objects.count() == 1


def test_a_deleted_listing_whose_address_is_taken_stays_away(admin, boss, provider):
    slug = provider.slug
    actions.remove(provider, by=boss)
    deletion = Change.objects.latest()
    factories.provider(slug=slug)
    answer = admin.post(back(deletion))
    assert "has this web address again" in answer.content.decode()
    assert Provider.objects.count() == 1


def test_an_added_listing_goes_with_its_addition(admin, boss, provider):
    added = provider.changes.get()
    assert "deletes the listing" in read(admin, back(added)).words
    assert admin.post(back(added)).status_code == 302
    assert not Provider.objects.exists()


def test_an_older_change_of_a_deleted_listing_waits_for_its_deletion(
    admin, boss, provider
):
    change = edit(provider, boss, city="Durango")
    actions.remove(provider, by=boss)
    answer = admin.post(back(change))
    assert "Take its deletion back first" in answer.content.decode()


def test_a_source_that_went_since_is_said_and_nothing_changes(admin, boss, provider):
    gone = factories.source("passing")
    edit(provider, boss, sources={"passing": ["K 1"]})
    change = edit(provider, boss, sources={})
    gone.delete()
    answer = admin.post(back(change))
    assert answer.url == back(change)
    assert "Nothing was taken back" in messages_of(answer)
    assert now(provider)["sources"] == {}


def test_a_regional_editor_sees_no_story_of_other_regions(client, boss, provider):
    change = edit(provider, boss, city="Durango")
    editor = User.objects.create_user("ed", is_staff=True)
    editor.groups.add(Group.objects.get(name="regional editors"))
    editor.kept_regions.create(region=Region.objects.get(code="US-UT"))
    client.force_login(editor)
    for address in (story_of(provider), back(change)):
        assert client.get(address).status_code == 404
    assert client.post(back(change)).status_code == 404
    actions.remove(provider, by=boss)
    assert client.get(back(Change.objects.latest())).status_code == 404


def test_nobody_without_the_right_opens_it(client, provider):
    client.force_login(User.objects.create_user("temp", is_staff=True))
    assert client.get(story_of(provider)).status_code == 403
