"""Prices of another site of the same organization: what comes, and what stays."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from providers import actions
from providers.documents import document, with_everything
from providers.models import Change, Organization, Provider, RegionalEditor
from tests import factories
from tests.factories import days_ago, offering, price
from tests.forms_in_pages import filled, messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

IV = "iv_infusion|in_clinic|full_kap|individual|"


@pytest.fixture
def chain(editor):
    return Organization.objects.create(code="chain", name="Chain")


def site(prices=None, **columns) -> Provider:
    offers = offering(prices=prices or {})
    columns = {"organization": "chain", "offerings": offers} | columns
    return factories.provider(**columns)


def page_of(here, there=None) -> str:
    address = reverse("admin:copy-prices", args=[here.pk])
    return f"{address}?from={there.pk}" if there else address


def prices_of(provider, key=IV) -> dict:
    found = with_everything(Provider.objects.filter(pk=provider.pk)).get()
    return document(found)["offerings"][key]["prices"]


def take(client, here, there, **typed):
    shown = filled(client.get(page_of(here, there)))
    return client.post(page_of(here), shown | typed)


def test_a_price_comes_with_the_day_the_method_and_the_source_it_has(
    client, chain, editor
):
    known = {"method": "website", "note_en": "For two.", "count_min": 3}
    known |= {"checked_on": "2025-01-01", "precision": "year", "includes": ["drug"]}
    prices = price(45_000, 50_000, **known) | price(0, kind="prep", days=300)
    here, there = site(), site(prices)
    before = Change.objects.count()
    answer = take(client, here, there)
    assert answer.url == reverse("admin:providers_provider_change", args=[here.pk])
    assert "2 prices were taken over" in messages_of(answer)
    assert prices_of(here) == prices
    assert Change.objects.count() == before + 1
    assert (Change.objects.latest().by, Change.objects.latest().run) == (editor, None)


def test_the_session_price_follows_at_once(client, chain):
    here, there = site(), site(price(45_000))
    take(client, here, there)
    assert here.offerings.get().session_min_cents == 45_000


def test_taking_it_back_leaves_no_trace(client, chain, editor):
    here, there = site(price(30_000, days=20)), site(price(45_000, days=5))
    before = prices_of(here)
    take(client, here, there)
    assert prices_of(here) != before
    actions.revert(here.changes.latest(), by=editor)
    assert prices_of(here) == before


def test_the_former_price_becomes_history(client, chain):
    here, there = site(price(30_000, days=20)), site(price(45_000, days=5))
    take(client, here, there)
    past = price(30_000, days=20, superseded_on=str(days_ago(5)))
    assert prices_of(here) == price(45_000, days=5) | past


def test_the_same_amount_asked_later_there_leaves_no_history(client, chain):
    here, there = site(price(days=20)), site(price(days=5))
    take(client, here, there)
    assert prices_of(here) == price(days=5)


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (price(1, days=5), price(2, days=5), "is as new or newer"),
        (price(1, days=5, method="website"), price(2, days=6), "is as new or newer"),
        (price(1, days=20), price(2, days=5, method="website"), "a person confirmed"),
        (price(1, days=20, disputed=True), price(2), "disputes the price here"),
        ({}, price(2, disputed=True), "disputes it there"),
    ],
)
def test_what_stands_is_told_and_stays(client, chain, ours, theirs, told):
    here, there = site(ours), site(theirs)
    page = Page(client.get(page_of(here, there)).content.decode())
    assert told in page.words
    assert "a visit, paid to the clinic" in page.words
    assert "Nothing of it would come." in page.words
    [path] = [f"offerings/{IV}/prices/{key}" for key in theirs]
    answer = take(client, here, there, line=path)
    assert "no price is ticked" in messages_of(answer)
    assert prices_of(here) == ours


def test_a_price_of_what_is_not_offered_here_does_not_come(client, chain):
    here = site()
    there = site(offerings=offering("im_injection", prices=price()))
    page = client.get(page_of(here, there)).content.decode()
    assert "it is not offered here" in page
    take(client, here, there)
    assert here.offerings.count() == 1


def test_past_prices_are_left_there(client, chain):
    here, there = site(), site(price(superseded_on=str(days_ago(1))))
    page = client.get(page_of(here, there)).content.decode()
    assert "That site has no current price." in page


def test_only_what_is_ticked_comes(client, chain):
    here, there = site(), site(price() | price(10_000, kind="prep"))
    [prep] = price(10_000, kind="prep")
    take(client, here, there, line=f"offerings/{IV}/prices/{prep}")
    assert set(prices_of(here)) == {prep}


def test_what_changed_since_the_page_was_drawn_is_shown_again_and_not_taken(
    client, chain, editor
):
    here, there = site(), site(price())
    shown = filled(client.get(page_of(here, there)))
    line = there.offerings.get().prices.get()
    line.amount_max_cents = 99_900
    actions.save(line, by=editor)
    answer = client.post(page_of(here), shown)
    assert answer.url == page_of(here, there)
    assert "Nothing was taken" in messages_of(answer)
    assert prices_of(here) == {}


def test_only_sites_of_the_same_organization_are_offered_and_taken(client, chain):
    Organization.objects.create(code="other", name="Other")
    here, there = site(name="Here"), site(price(), name="There")
    stranger = site(price(), organization="other", name="Stranger")
    alone = site(price(), organization="", name="Alone")
    page = client.get(page_of(here)).content.decode()
    assert f'value="{there.pk}"' in page
    for other in (here, stranger, alone):
        assert f'<option value="{other.pk}"' not in page
        assert client.get(page_of(here, other)).status_code == 404
        assert client.post(page_of(here), {"from": other.pk}).status_code == 404
    for wrong in ("x", "9" * 30, "²"):
        assert client.get(page_of(here), {"from": wrong}).status_code == 404
    assert "no other listing of yours" in client.get(page_of(alone)).content.decode()


def test_a_regional_editor_takes_only_from_sites_of_theirs(client, chain):
    here, near = site(), site(price(), region="US-CO")
    far = site(price(), region="US-UT", at=factories.SALT_LAKE_CITY)
    local = User.objects.create_user("cole", is_staff=True)
    local.groups.add(Group.objects.get(name="regional editors"))
    RegionalEditor.objects.create(user=local, region_id="US-CO")
    client.force_login(local)
    assert client.get(page_of(here, near)).status_code == 200
    assert client.get(page_of(here, far)).status_code == 404
    assert client.post(page_of(here), {"from": far.pk}).status_code == 404
    assert client.get(page_of(far, near)).status_code == 404


def test_the_listings_page_leads_there_where_it_is_run_by_somebody(client, chain):
    def leads(provider) -> bool:
        at = reverse("admin:providers_provider_change", args=[provider.pk])
        return page_of(provider) in client.get(at).content.decode()

    assert leads(site())
    assert not leads(site(organization=""))


def test_the_page_asks_no_more_however_many_prices_there_are(
    client, chain, django_assert_max_num_queries
):
    many = {}
    for kind in ("prep", "integration", "consult", "medical_eval", "drug", "lab_test"):
        many |= price(kind=kind)
    here, there = site(many), site(many)
    with django_assert_max_num_queries(25):
        client.get(page_of(here, there))
