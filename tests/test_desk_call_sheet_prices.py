"""Prices on the call sheet: one button confirms them, and corrections leave history."""

import pytest
from django.utils import timezone

from providers import actions
from providers.models import Change, Check, PriceLine
from tests import factories
from tests.call_sheet import OLD, answers, errors, old_clinic, send, sheet_of
from tests.forms_in_pages import filled, messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def provider(editor):
    return old_clinic()


def stand(client, provider, **typed):
    """Open the sheet and press "These prices still stand"."""
    shown = filled(client.get(sheet_of(provider)))
    return client.post(sheet_of(provider), shown | {"_stand": "1"} | typed)


def prices_of(provider) -> set[tuple]:
    lines = PriceLine.objects.current().filter(offering__provider=provider)
    return set(lines.values_list("kind", "checked_on", "method", "source__code"))


@pytest.fixture
def priced(editor):
    """Two prices and a way of paying asked long ago, one price asked yesterday."""
    prices = factories.price(days=OLD, method="website")
    year = {"checked_on": "2025-01-01", "precision": "year"}
    prices |= factories.price(15_000, kind="prep", **year)
    prices |= factories.price(20_000, kind="integration", days=1, method="clinic_form")
    return factories.provider(
        offerings=factories.offering(days=OLD, prices=prices),
        facts=factories.fact("medicaid", days=OLD),
    )


def test_the_prices_shown_are_confirmed_by_one_button_and_nothing_else(
    client, priced, editor
):
    before, today = Change.objects.count(), timezone.localdate()
    website = factories.source("website_of_ours")
    answer = stand(client, priced, source=str(website.pk), note="Ann")
    assert answer.url == sheet_of(priced)
    assert "saved (prices)" in messages_of(answer)
    assert prices_of(priced) == {
        (kind, today, "phone", "website_of_ours")
        for kind in ("dose_visit", "prep", "integration")
    }
    old = factories.days_ago(OLD)
    assert priced.facts.get().checked_on == old
    assert priced.offerings.get().checked_on == old
    assert Change.objects.count() == before + 1
    check = Check.objects.get()
    assert (check.group, check.outcome, check.by) == ("prices", "confirmed", editor)
    assert (check.method, check.note) == ("phone", "Ann")
    assert priced.offerings.get().session_known_until > today


def test_a_price_known_from_a_later_day_keeps_it_when_the_others_are_confirmed(
    client, priced
):
    day = factories.days_ago(5)
    stand(client, priced, checked_on=str(day))
    assert ("integration", factories.days_ago(1), "clinic_form", "clinic") in (
        prices_of(priced)
    )
    assert {when for _kind, when, *_how in prices_of(priced)} == {
        day,
        factories.days_ago(1),
    }


@pytest.mark.parametrize("what", ["added", "changed"])
def test_prices_written_since_the_page_was_drawn_are_not_confirmed_but_shown(
    client, priced, editor, what
):
    shown = filled(client.get(sheet_of(priced)))
    line = PriceLine.objects.get(kind="prep")
    if what == "added":
        line.pk, line._state.adding, line.kind = None, True, "consult"
    line.amount_min_cents = 12_300
    actions.save(line, by=editor)
    before = prices_of(priced)
    told = errors(client.post(sheet_of(priced), shown | {"_stand": "1"}))
    assert "Somebody else changed this listing" in told
    assert "$123" in told
    assert prices_of(priced) == before
    assert not Check.objects.exists()


@pytest.mark.parametrize("field", ["method", "checked_on", "source"])
def test_prices_are_not_confirmed_without_a_day_a_method_and_a_source(
    client, priced, field
):
    answer = stand(client, priced, **{field: ""})
    assert "This field is required." in errors(answer)
    assert filled(answer)["outcome-prices"] == [""]
    assert not Check.objects.exists()


def test_a_price_typed_over_does_not_still_stand(client, priced):
    line = PriceLine.objects.get(kind="prep")
    answer = stand(client, priced, **{f"p{line.pk}-amount_max_cents": "160"})
    assert "You corrected something here" in errors(answer)
    assert filled(answer)[f"p{line.pk}-amount_max_cents"] == ["160"]
    assert not Check.objects.exists()


def test_what_else_was_answered_is_saved_with_the_prices(client, priced):
    stand(client, priced, **answers("confirmed", "contact"))
    groups = Check.objects.values_list("group", flat=True)
    assert set(groups) == {"contact", "prices"}


def test_a_listing_without_prices_has_none_to_confirm(client, editor):
    bare = factories.provider(offerings=factories.offering())
    assert "still stand" not in client.get(sheet_of(bare)).content.decode()


def test_enter_in_a_field_presses_save_and_never_confirms_prices(client, priced):
    page = client.get(sheet_of(priced)).content.decode()
    form = page[page.index('id="call-sheet"') :]
    first = min(form.index(kind) for kind in ('type="submit"', "<button"))
    assert 'name="_save"' in form[first : first + 40]


def test_a_price_that_looks_mistyped_is_told_beside_it_and_when_it_is_saved(
    client, provider
):
    line = PriceLine.objects.get()
    typed = {f"p{line.pk}-amount_{end}_cents": "40" for end in ("min", "max")}
    new = {"p-new-kind": "prep", "p-new-amount_max_cents": "2000"}
    answer = send(client, provider, **answers("changed", "prices"), **typed, **new)
    told = messages_of(answer)
    assert "Treatment session, $40: is that right?" in told
    assert "Preparation session, up to $2,000: is that right?" in told
    page = client.get(sheet_of(provider)).content.decode()
    assert page.count("is that right? Elsewhere") == 2 + 2  # the messages too
    page = client.get(sheet_of(provider)).content.decode()
    assert page.count("is that right? Elsewhere") == 2


def test_a_former_price_stays_as_history(client, provider):
    line = PriceLine.objects.get()
    typed = {f"p{line.pk}-amount_min_cents": "350"}
    send(client, provider, **answers("changed", "prices"), **typed)
    past = PriceLine.objects.get(superseded_on__isnull=False)
    assert (past.amount_min_cents, past.checked_on) == (40_000, factories.days_ago(OLD))
    assert past.superseded_on == timezone.localdate()
    typed = {f"p{line.pk}-amount_min_cents": "300"}
    send(client, provider, **answers("changed", "prices"), **typed)
    assert PriceLine.objects.count() == 2  # corrected on the same day


def test_a_price_that_is_no_longer_known_becomes_unknown_and_not_free(client, provider):
    line = PriceLine.objects.get()
    blank = {f"p{line.pk}-amount_{end}_cents": "" for end in ("min", "max")}
    send(client, provider, **answers("changed", "prices"), **blank)
    line.refresh_from_db()
    assert (line.amount_min_cents, line.currency) == (None, "")


def test_one_more_price_and_offering_can_be_added(client, provider):
    new_price = {"kind": "consult", "amount_min_cents": "0", "amount_max_cents": "0"}
    new_offering = {"route": "im", "setting": "in_clinic"}
    new_offering["route"] = "im_injection"
    answer = send(
        client,
        provider,
        **answers("changed", "services", "prices"),
        **{f"p-new-{name}": value for name, value in new_price.items()},
        **{f"o-new-{name}": value for name, value in new_offering.items()},
    )
    assert answer.status_code == 302
    added = PriceLine.objects.get(kind="consult")
    assert (added.amount_max_cents, added.currency) == (0, "USD")
    assert set(provider.offerings.values_list("route", flat=True)) == {
        "iv_infusion",
        "im_injection",
    }


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"kind": "consult"}, "How much is it?"),
        (
            {"kind": "dose_visit", "amount_min_cents": "1"},
            "There is such a current price already",
        ),
        ({"kind": "consult", "amount_min_cents": "1,000"}, "without a comma"),
        ({"amount_min_cents": "100"}, "This field is required."),
    ],
)
def test_a_new_price_that_cannot_be_kept_is_refused(client, provider, typed, told):
    named = {f"p-new-{name}": value for name, value in typed.items()}
    answer = send(client, provider, **answers("changed", "prices"), **named)
    assert told in errors(answer)
    assert PriceLine.objects.count() == 1
