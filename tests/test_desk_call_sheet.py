"""The call sheet without a script: what it shows, keeps, refuses, and what it costs."""

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from providers import actions, vocabulary
from providers.models import (
    Change,
    Check,
    PriceLine,
    ProblemReport,
    Provider,
    RegionalEditor,
)
from tests import factories
from tests.forms_in_pages import filled, messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

GROUPS = list(vocabulary.CHECK_GROUPS)
OLD = 200  # days


@pytest.fixture
def provider(editor):
    """All of it asked 200 days ago: one price, one fact of each group."""
    answers = ("mdd_si", "medicaid", "step_free_entry", "psychiatrist", "accepting")
    return factories.provider(
        name="Old Clinic",
        phone="+13035550123",
        phone_extension="7",
        email="desk@example.org",
        website="https://clinic.example.org/",
        street="1 Main Street",
        city="Denver",
        postcode="80202",
        time_zone="America/Denver",
        contact_days=OLD,
        offerings=factories.offering(days=OLD, prices=factories.price(days=OLD)),
        facts=factories.facts(*(factories.fact(code, days=OLD) for code in answers)),
    )


def sheet_of(provider) -> str:
    return f"/admin/providers/provider/{provider.pk}/check/"


def answers(outcome: str, *groups: str) -> dict[str, str]:
    return {f"outcome-{group}": outcome for group in groups or GROUPS}


def send(client, provider, query: str = "", **typed):
    """Open the sheet, answer as `typed`, and press Save."""
    address = sheet_of(provider) + query
    page = client.get(address)
    assert page.status_code == 200
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(address, filled(page) | {"_save": "Save"} | named)


def errors(answer) -> str:
    assert answer.status_code == 200, "not refused"
    page = Page(answer.content.decode())
    start = page.words.index("Everything about it")
    return page.words[start:]


def dates(provider) -> set[datetime.date]:
    found = Provider.objects.get(pk=provider.pk)
    rows = [*found.offerings.all(), *found.facts.all()]
    rows += PriceLine.objects.current().filter(offering__provider=found)
    return {found.contact_checked_on, *(row.checked_on for row in rows)}


def test_it_shows_whom_to_call_when_what_is_known_and_what_to_ask(client, provider):
    page = Page(client.get(sheet_of(provider)).content.decode())
    assert page.link("(303) 555-0123 ext. 7") == "tel:+1-303-555-0123;ext=7"
    assert "1 Main Street, Denver 80202, Colorado" in page.words
    assert "America/Denver" in page.words
    assert "What does one session cost" in page.words
    assert "$400 a visit, paid to the clinic" in page.words
    for group in GROUPS:
        boxes = [c for c in page.controls if c.get("name") == f"outcome-{group}"]
        outcomes = [box["value"] for box in boxes]
        assert outcomes == ["", *vocabulary.CHECK_OUTCOMES]
    assert page.html.count('class="stale">') >= 4


def test_method_date_and_source_are_filled_in_and_required(client, provider):
    typed = filled(client.get(sheet_of(provider)))
    assert typed["method"] == ["phone"]
    assert typed["checked_on"] == [str(timezone.localdate())]
    assert typed["source"] == [str(factories.source().pk)]
    empty = {"method": "", "checked_on": "", "source": ""}
    told = errors(send(client, provider, **answers("confirmed"), **empty))
    assert told.count("This field is required.") == 3
    late = str(factories.days_ago(-1))
    told = errors(send(client, provider, **answers("confirmed"), checked_on=late))
    assert "This day has not come yet." in told
    assert not Check.objects.exists()


def test_all_confirmed_refreshes_every_row_as_one_change(client, provider, editor):
    before = Change.objects.count()
    answer = send(client, provider, **answers("confirmed"), note="Ann, desk")
    assert answer.url == sheet_of(provider)
    assert "Old Clinic: saved" in messages_of(answer)
    assert dates(provider) == {timezone.localdate()}
    assert Change.objects.count() == before + 1
    assert Change.objects.latest().by == editor
    kept = Check.objects.values_list("group", "outcome", "by", "note", "method")
    assert set(kept) == {
        (group, "confirmed", editor.pk, "Ann, desk", "phone") for group in GROUPS
    }


@pytest.mark.parametrize("outcome", ["no_answer", "wrong_number", "refused"])
def test_an_attempt_without_an_answer_refreshes_nothing(client, provider, outcome):
    before = Change.objects.count()
    send(client, provider, **answers(outcome, "contact", "prices"))
    assert dates(provider) == {factories.days_ago(OLD)}
    assert Check.objects.filter(outcome=outcome).count() == 2
    assert Change.objects.count() == before


def test_only_the_answered_groups_are_recorded(client, provider):
    send(client, provider, **answers("confirmed", "prices"))
    assert [check.group for check in Check.objects.all()] == ["prices"]
    assert dates(provider) == {timezone.localdate(), factories.days_ago(OLD)}


def test_nothing_answered_is_not_saved(client, provider):
    assert "Nothing is answered yet" in errors(send(client, provider))


def test_changed_contact_prices_and_facts_are_edited_in_place(client, provider):
    line = PriceLine.objects.get()
    answer = send(
        client,
        provider,
        **answers("changed", "contact", "prices", "access"),
        contact__phone="(303) 555-0199",
        **{f"p{line.pk}-amount_max_cents": "450"},
        **{"fact-access-step_free_entry": "no"},
    )
    assert answer.status_code == 302
    found = Provider.objects.get()
    assert str(found.phone) == "+13035550199"
    assert found.contact_checked_on == timezone.localdate()
    now = PriceLine.objects.current().get()
    assert (now.amount_min_cents, now.amount_max_cents) == (40_000, 45_000)
    assert (now.checked_on, now.method) == (timezone.localdate(), "phone")
    assert found.facts.get(code="step_free_entry").answer == "no"
    assert found.facts.get(code="mdd_si").checked_on == factories.days_ago(OLD)
    assert found.offerings.get().session_max_cents == 45_000


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


def test_an_edit_without_changed_is_an_error_that_keeps_what_was_typed(
    client, provider
):
    answer = send(client, provider, **answers("confirmed"), contact__city="Boulder")
    page = Page(answer.content.decode())
    assert "choose “Changed”, or put it back" in page.words
    assert page.control("contact-city")["value"] == "Boulder"
    assert page.checked("outcome-prices") == ["confirmed"]
    assert not Check.objects.exists()
    answer = send(client, provider, **{"fact-payment-medicaid": "no"})
    assert "choose “Changed”" in errors(answer)


def test_changed_without_an_edit_is_an_error(client, provider):
    told = errors(send(client, provider, **answers("changed", "access")))
    assert "You chose “Changed” and changed nothing" in told


def test_a_mistake_in_a_field_is_said_there_and_nothing_is_saved(client, provider):
    answer = send(
        client,
        provider,
        **answers("changed", "contact"),
        **answers("confirmed", "prices"),
        contact__phone="12",
    )
    assert "Nothing was saved yet" in errors(answer)
    assert Page(answer.content.decode()).control("contact-phone")["value"] == "12"
    assert not Check.objects.exists()


def test_closed_needs_a_reason_and_closes_the_listing(client, provider):
    closed = answers("closed", "contact")
    assert "say why" in errors(send(client, provider, **closed))
    send(client, provider, **closed, note="Its landlord says so.")
    found = Provider.objects.get()
    assert (found.status, found.status_reason) == ("closed", "Its landlord says so.")
    assert found.status_on == timezone.localdate()


def test_reports_are_shown_and_resolved_when_ticked(client, provider, editor):
    for text in ("They moved.", "Wrong hours."):
        actions.report_problem(provider=provider, group="contact", text=text)
    page = Page(client.get(sheet_of(provider)).content.decode())
    assert "They moved." in page.words
    first = ProblemReport.objects.get(text="They moved.")
    send(client, provider, **answers("confirmed", "contact"), resolve=str(first.pk))
    first.refresh_from_db()
    assert first.resolved_by == editor
    assert ProblemReport.objects.open().get().text == "Wrong hours."


def test_a_report_of_another_listing_is_not_resolved_here(client, provider):
    other = factories.provider()
    actions.report_problem(provider=other, group="contact", text="Elsewhere.")
    key = str(ProblemReport.objects.get().pk)
    send(client, provider, **answers("confirmed"), resolve=key)
    assert ProblemReport.objects.open().exists()


def test_save_and_next_goes_on_under_the_same_filter_with_method_and_source(
    client, provider
):
    following = factories.provider(name="Next", contact_days=150)
    factories.provider(name="Utah", contact_days=180, region="US-UT")
    answer = send(
        client,
        provider,
        "?region=US-CO",
        **answers("confirmed"),
        _next="1",
        method="clinic_form",
    )
    assert answer.url.startswith(f"{sheet_of(following)}?region=US-CO&")
    page = client.get(answer.url)
    assert filled(page)["method"] == ["clinic_form"]
    answer = send(client, following, "?region=US-CO", **answers("confirmed"), _next="1")
    assert answer.url.endswith("/queue/?region=US-CO")
    assert "That was the last one" in messages_of(answer)


def test_skip_goes_on_and_records_nothing(client, provider):
    following = factories.provider(name="Next", contact_days=150)
    page = Page(client.get(sheet_of(provider)).content.decode())
    [skip] = [address for words, address in page.links if words == "Skip"]
    assert client.get(skip).url.startswith(sheet_of(following))
    assert not Check.objects.exists()


def test_a_link_may_choose_an_outcome_and_a_method_and_saves_nothing(client, provider):
    typed = filled(client.get(f"{sheet_of(provider)}?contact=closed&method=website"))
    assert typed["outcome-contact"] == ["closed"]
    assert typed["method"] == ["website"]
    assert not Check.objects.exists()


def test_confirmed_from_a_website_is_shown_as_not_confirmed(client, provider):
    send(client, provider, "?contact=confirmed&method=website")
    assert Provider.objects.get().is_unconfirmed(timezone.localdate())


def test_a_save_over_a_newer_version_is_refused_and_nothing_typed_is_lost(
    client, provider, editor
):
    typed = filled(client.get(sheet_of(provider)))
    typed |= answers("changed", "contact") | {"contact-city": "Boulder"}
    other = Provider.objects.get()
    other.email = "new@example.org"
    actions.save(other, by=editor)
    answer = client.post(sheet_of(provider), typed | {"_save": "Save"})
    page = Page(answer.content.decode())
    assert "Somebody else changed this listing" in page.words
    assert "new@example.org" in page.words
    assert page.control("contact-city")["value"] == "Boulder"
    assert page.control("contact-email")["value"] == "new@example.org"
    assert not Check.objects.exists()
    answer = client.post(sheet_of(provider), filled(answer) | {"_save": "Save"})
    assert answer.status_code == 302
    found = Provider.objects.get()
    assert (found.city, found.email) == ("Boulder", "new@example.org")


def test_earlier_attempts_are_told_and_three_silent_days_suggest_more(client, provider):
    for days in (5, 4, 3):
        checked_on = str(factories.days_ago(days))
        typed = answers("no_answer", "contact") | {"checked_on": checked_on}
        send(client, provider, **typed, note="Rang out.")
    page = Page(client.get(sheet_of(provider)).content.decode())
    assert "3 earlier answers" in page.words
    assert "No answer (Contact; edith) “Rang out.”" in page.words
    assert "Nobody answered on 3 different days" in page.words


def test_a_listing_of_another_region_is_not_there(client, provider):
    local = User.objects.create_user("ute", is_staff=True)
    local.groups.add(Group.objects.get(name="regional editors"))
    RegionalEditor.objects.create(user=local, region_id="US-UT")
    client.force_login(local)
    assert client.get(sheet_of(provider)).status_code == 404
    assert client.post(sheet_of(provider)).status_code == 404


def test_a_bare_listing_and_a_post_of_nothing_are_borne(client, editor):
    bare = factories.provider(offerings={}, at=None, published=False, contact=None)
    assert client.get(sheet_of(bare)).status_code == 200
    assert "Nothing is answered yet" in errors(client.post(sheet_of(bare)))


def test_the_sheet_makes_the_same_queries_however_much_there_is(client, provider):
    def queries(shown) -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(sheet_of(shown)).status_code == 200
        return len(made)

    few = queries(provider)
    prices = factories.price() | factories.price(kind="prep")
    many = factories.provider(
        offerings=factories.offering(prices=prices)
        | factories.offering("im_injection", prices=prices)
        | factories.offering("oral", prices=prices),
        facts=factories.facts(*(factories.fact(c) for c in ("es", "gad", "lift"))),
    )
    for days in range(1, 9):
        actions.report_problem(provider=many, group="contact", text=f"{days}")
        send(client, many, **answers("no_answer"), checked_on=factories.days_ago(days))
    assert queries(many) <= few + 1 <= 30
