"""Two editors on one listing: nobody's edit is lost, and nobody's typing."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.models import Change, Fact, Hours, Offering, PriceLine, Provider
from tests import factories
from tests.forms_in_pages import errors_of, filled, post

pytestmark = pytest.mark.django_db

LINE = "offerings-0-prices-0-"


def editor(name: str) -> Client:
    person = User.objects.create_user(name, is_staff=True)
    person.groups.add(Group.objects.get(name="editors"))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ann():
    return editor("ann")


@pytest.fixture
def bob():
    return editor("bob")


@pytest.fixture
def provider():
    return factories.provider(
        name="Lumen",
        phone="+13035550142",
        city="Denver",
        facts=factories.fact("medicaid"),
        hours=factories.hours(),
    )


def page_of(thing) -> str:
    name = thing._meta.model_name
    return reverse(f"admin:providers_{name}_change", args=[thing.pk])


def save(client, address: str, page, **typed):
    return post(client, address, filled(page) | {"_save": "Save"} | typed)


def answers(**topics: str) -> dict[str, str]:
    typed = {f"fact-payment-{code}": answer for code, answer in topics.items()}
    typed["basis-payment-method"] = "phone"
    typed["basis-payment-source"] = str(factories.source().pk)
    return typed


def test_a_later_save_is_refused_with_the_difference_then_keeps_both(
    ann, bob, provider
):
    address = page_of(provider)
    opened = ann.get(address)
    new_price = {LINE + "amount_max_cents": "450", LINE + "method": "clinic_form"}
    theirs = {"phone": "(303) 555-0199"} | new_price
    assert save(bob, address, bob.get(address), **theirs).status_code == 302

    mine = {"name": "Lumen Clinic"} | answers(medicare="no")
    refused = save(ann, address, opened, **mine)
    assert list(errors_of(refused)) == ["__all__"]
    provider.refresh_from_db()
    assert provider.name == "Lumen"
    words = refused.content.decode()
    assert "Since you opened this page" in words
    assert "+13035550142" in words
    assert "$400–$450" in words
    shown = filled(refused)
    assert (shown["name"], shown["phone"]) == (["Lumen Clinic"], ["+13035550199"])
    assert shown["fact-payment-medicare"] == ["no"]
    assert shown[LINE + "amount_max_cents"] == ["450"]

    assert save(ann, address, refused).status_code == 302
    provider.refresh_from_db()
    assert (provider.name, str(provider.phone)) == ("Lumen Clinic", "+13035550199")
    assert PriceLine.objects.get().amount_max_cents == 45_000
    assert provider.facts.get(code="medicare").answer == "no"
    newest = Change.objects.all()[:2]
    assert [change.by.username for change in newest] == ["ann", "bob"]


def test_where_both_changed_one_field_the_later_editor_sees_it_and_decides(
    ann, bob, provider
):
    address = page_of(provider)
    opened = ann.get(address)
    save(bob, address, bob.get(address), city="Boulder")
    refused = save(ann, address, opened, city="Golden")
    assert "Boulder" in refused.content.decode()
    assert filled(refused)["city"] == ["Golden"]
    save(ann, address, refused)
    provider.refresh_from_db()
    assert provider.city == "Golden"


def test_each_newer_save_refuses_once_more(ann, bob, provider):
    address = page_of(provider)
    opened = ann.get(address)
    save(bob, address, bob.get(address), city="Boulder")
    refused = save(ann, address, opened, name="Mine")
    save(bob, address, bob.get(address), city="Golden")
    again = save(ann, address, refused)
    assert list(errors_of(again)) == ["__all__"]
    assert "Golden" in again.content.decode()
    assert save(ann, address, again).status_code == 302
    provider.refresh_from_db()
    assert (provider.name, provider.city) == ("Mine", "Golden")


def test_rows_that_somebody_deleted_stay_deleted_where_nobody_touched_them(
    ann, bob, provider
):
    address = page_of(provider)
    opened = ann.get(address)
    gone = {LINE + "DELETE": "on", "hours-0-DELETE": "on"}
    gone |= answers(medicaid="")
    assert save(bob, address, bob.get(address), **gone).status_code == 302
    refused = save(ann, address, opened, name="Mine")
    assert list(errors_of(refused)) == ["__all__"]
    assert save(ann, address, refused).status_code == 302
    assert not PriceLine.objects.exists()
    assert not Hours.objects.exists()
    assert not Fact.objects.exists()


def test_a_row_that_was_touched_here_comes_back_though_somebody_deleted_it(
    ann, bob, provider
):
    address = page_of(provider)
    opened = ann.get(address)
    save(bob, address, bob.get(address), **{LINE + "DELETE": "on"})
    mine = {LINE + "amount_min_cents": "300", LINE + "method": "phone"}
    refused = save(ann, address, opened, **mine)
    assert list(errors_of(refused)) == ["__all__"]
    assert save(ann, address, refused).status_code == 302
    line = PriceLine.objects.get()
    assert (line.amount_min_cents, line.amount_max_cents) == (30_000, 40_000)


def test_an_offering_with_a_touched_price_comes_back_when_its_method_is_chosen(
    ann, bob, provider
):
    address = page_of(provider)
    opened = ann.get(address)
    save(bob, address, bob.get(address), **{"offerings-0-DELETE": "on"})
    mine = {LINE + "amount_min_cents": "300", LINE + "method": "phone"}
    refused = save(ann, address, opened, **mine)
    assert set(errors_of(refused)) == {"__all__", "offerings-0-method"}
    answer = save(ann, address, refused, **{"offerings-0-method": "phone"})
    assert answer.status_code == 302
    assert Offering.objects.get().prices.get().amount_min_cents == 30_000


def test_a_row_that_somebody_added_is_kept(ann, bob, provider):
    address = page_of(provider)
    opened = ann.get(address)
    new = {
        "kind": "medical_eval",
        "method": "phone",
        "source": str(factories.source().pk),
    }
    new = {f"offerings-0-prices-1-{name}": value for name, value in new.items()}
    save(bob, address, bob.get(address), **new)
    refused = save(ann, address, opened, name="Mine")
    assert save(ann, address, refused).status_code == 302
    assert PriceLine.objects.count() == 2


@pytest.mark.parametrize("model", [Offering, PriceLine, Fact, Hours])
def test_the_pages_of_rows_are_guarded_too(ann, bob, provider, model):
    row = model.objects.get()
    opened = ann.get(page_of(row))
    save(bob, page_of(provider), bob.get(page_of(provider)), city="Boulder")
    refused = save(ann, page_of(row), opened)
    assert list(errors_of(refused)) == ["__all__"]
    assert "Boulder" in refused.content.decode()
    assert save(ann, page_of(row), refused).status_code == 302


def test_a_row_that_was_deleted_meanwhile_is_said_to_be_gone(ann, provider):
    fact = Fact.objects.get()
    opened = ann.get(page_of(fact))
    actions.remove(fact, by=User.objects.get(username="ann"))
    answer = save(ann, page_of(fact), opened)
    assert answer.status_code == 302
    assert not Fact.objects.exists()


def test_a_posted_version_that_is_no_number_is_refused_in_words(ann, provider):
    opened = ann.get(page_of(provider))
    for nonsense in ("x", "9" * 30, "-1", "٣"):
        refused = save(ann, page_of(provider), opened, _version=nonsense)
        assert list(errors_of(refused)) == ["__all__"]


def test_what_an_import_did_meanwhile_counts_as_newer(ann, provider):
    opened = ann.get(page_of(provider))
    actions.apply_one(Change.objects.latest().after | {"city": "Golden"}, provider)
    refused = save(ann, page_of(provider), opened, name="Mine")
    assert "Golden" in refused.content.decode()
    assert Provider.objects.get().name == "Lumen"


def test_a_blank_row_stays_blank_past_midnight(ann, provider, monkeypatch):
    from django.utils import timezone

    opened = ann.get(page_of(provider))
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    assert save(ann, page_of(provider), opened).status_code == 302
    assert PriceLine.objects.count() == 1
