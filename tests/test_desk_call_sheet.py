"""The call sheet without a script: what it shows, keeps, refuses, and what it costs."""

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
from tests.call_sheet import (
    GROUPS,
    OLD,
    answers,
    dates,
    errors,
    old_clinic,
    send,
    sheet_of,
)
from tests.forms_in_pages import filled, messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def provider(editor):
    return old_clinic()


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
