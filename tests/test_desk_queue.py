"""The queue as its page shows it: filters, people, suggestions, and what it costs."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.models import Assignment, RegionalEditor
from tests import factories
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = pytest.mark.django_db

SHEET = re.compile(r"/[0-9]+/check/(\?[^&]*)?$")
QUEUE = "/admin/providers/provider/queue/"


def person(name: str, group: str = "editors") -> User:
    found = User.objects.create_user(name, is_staff=True)
    found.groups.add(Group.objects.get(name=group))
    return found


@pytest.fixture
def editor(client):
    found = person("edith")
    client.force_login(found)
    return found


@pytest.fixture
def listings():
    """Old, older, and one that needs nothing; Utah's is the oldest."""
    factories.provider(name="Fresh")
    return [
        factories.provider(name="Old", contact_days=100),
        factories.provider(name="Older", contact_days=200),
        factories.provider(name="Oldest", contact_days=400, region="US-UT"),
    ]


def shown(client, query: str = "") -> Page:
    answer = client.get(QUEUE + query)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def names(client, query: str = "") -> list[str]:
    links = shown(client, query).links
    return [words for words, address in links if SHEET.search(address)]


def called(provider, days: int, outcome: str = "no_answer") -> None:
    actions.record_check(
        provider=provider,
        group="contact",
        outcome=outcome,
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(days),
    )


def test_what_needs_a_check_most_stands_first_with_its_reasons(
    client, editor, listings
):
    assert names(client) == ["Oldest", "Older", "Old"]
    words = shown(client).words
    assert "3 listings to check." in words
    assert "contact not checked for 400 days" in words


def test_an_empty_queue_says_so(client, editor):
    factories.provider()
    assert "Nothing to check here" in shown(client).words


def test_the_queue_is_filtered_by_region_and_by_its_country(client, editor, listings):
    assert names(client, "?region=US-UT") == ["Oldest"]
    assert names(client, "?region=US") == ["Oldest", "Older", "Old"]
    assert names(client, "?region=nowhere") == []


def test_the_queue_is_filtered_by_who_is_to_check(client, editor, listings):
    old, older, _oldest = listings
    other = person("otto")
    actions.assign([old], to=editor)
    actions.assign([older], to=other)
    assert names(client, "?person=me") == ["Old"]
    assert names(client, "?person=nobody") == ["Oldest"]
    assert names(client, f"?person={other.pk}") == ["Older"]
    assert len(names(client, "?person=%27")) == 3


def test_ticked_listings_are_given_to_a_person_and_back(client, editor, listings):
    keys = [provider.pk for provider in listings[:2]]
    typed = {"listing": keys, "to": editor.pk, "person": "nobody"}
    answer = client.post(f"{QUEUE}assign/", typed)
    assert answer.url == f"{QUEUE}?person=nobody"
    assert "2 listings given to edith." in messages_of(answer)
    assert set(editor.assignments.values_list("provider", flat=True)) == set(keys)
    client.post(f"{QUEUE}assign/", {"listing": keys[:1], "to": "nobody"})
    assert Assignment.objects.get().provider_id == keys[1]


@pytest.mark.parametrize("to", ["", "99999", "x"])
def test_nothing_is_assigned_to_nobody_in_particular(client, editor, listings, to):
    typed = {"listing": [listings[0].pk], "to": to}
    assert "Nothing was assigned" in messages_of(client.post(f"{QUEUE}assign/", typed))
    assert not Assignment.objects.exists()


def test_a_listing_goes_only_to_somebody_who_may_keep_it(client, editor, listings):
    local = person("ute", "regional editors")
    RegionalEditor.objects.create(user=local, region_id="US-UT")
    User.objects.create_user("outsider")
    typed = {"listing": [p.pk for p in listings], "to": local.pk}
    told = messages_of(client.post(f"{QUEUE}assign/", typed))
    assert Assignment.objects.get().provider.name == "Oldest"
    assert "Not in the regions of ute: Old, Older." in told
    assert "outsider" not in shown(client).words


def test_a_regional_editor_sees_and_assigns_only_listings_of_the_region(
    client, listings
):
    local = person("ute", "regional editors")
    RegionalEditor.objects.create(user=local, region_id="US-UT")
    client.force_login(local)
    assert names(client) == ["Oldest"]
    typed = {"listing": [listings[0].pk], "to": local.pk}
    client.post(f"{QUEUE}assign/", typed)
    assert not Assignment.objects.exists()


def test_three_silent_days_suggest_what_to_do(client, editor, listings):
    for days in (9, 8, 8):
        called(listings[0], days)
    assert "Nobody answered" not in shown(client).words
    called(listings[0], 7)
    page = shown(client)
    assert "Nobody answered on 3 different days" in page.words
    sheet = f"/admin/providers/provider/{listings[0].pk}/check/?"
    assert page.link("Record it as closed") == f"{sheet}&contact=closed"
    assert "method=website" in page.link("Record that")
    called(listings[0], 6, "refused")
    assert "Nobody answered" not in shown(client).words


def test_a_link_leads_to_the_next_sheet_and_at_the_end_back(client, editor, listings):
    first, last = listings[2].pk, listings[0].pk
    found = client.get(f"{QUEUE}next/?region=US")
    assert found.url == f"/admin/providers/provider/{first}/check/?region=US"
    found = client.get(f"{QUEUE}next/?after={first}")
    assert f"/{listings[1].pk}/check/" in found.url
    found = client.get(f"{QUEUE}next/?after={last}&person=nobody")
    assert found.url == f"{QUEUE}?person=nobody"
    assert "That was the last one" in messages_of(found)


def test_the_page_makes_the_same_queries_however_long_the_queue_is(client, editor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            shown(client)
        return len(made)

    def put(count: int) -> None:
        factories.regions()
        factories.source()
        documents = [factories.document(contact_days=200) for _n in range(count)]
        for provider in actions.apply([actions.Edit(None, d) for d in documents]):
            actions.assign([provider], to=editor)
            called(provider, 5)

    put(3)
    few = queries()
    put(60)
    assert few == queries() <= 12
    assert len(names(client, "?page=2")) == 13


def test_nobody_else_opens_the_queue(client):
    outsider = User.objects.create_user("x", is_staff=True)
    client.force_login(outsider)
    assert client.get(QUEUE).status_code == 403
