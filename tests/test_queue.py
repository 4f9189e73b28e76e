"""What the queue counts, in which order, and in which words."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import override

from providers import actions, queue
from providers.models import Conflict, ImportRun, Provider
from tests import factories

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def found(**columns):
    """One listing as the queue has it; None where it needs nothing."""
    provider = factories.provider(**columns)
    return queue.queue(Provider.objects.filter(pk=provider.pk), today()).first()


def called(provider, days: int, outcome: str, group: str = "contact") -> None:
    actions.record_check(
        provider=provider,
        group=group,
        outcome=outcome,
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(days),
    )


def order() -> list[str]:
    return [p.name for p in queue.queue(Provider.objects.all(), today())]


@pytest.mark.parametrize(
    ("days", "score"),
    [(90, 0), (91, 2), (180, 2), (181, 4), (365, 4), (366, 6)],
)
def test_a_contact_counts_more_the_longer_it_was_not_checked(days, score):
    provider = found(contact_days=days)
    assert (provider.score if provider else 0) == score
    if provider:
        said = [f"contact not checked for {days} days"]
        assert queue.reasons(provider, today()) == said


@pytest.mark.parametrize("method", ["website", "visitor_report"])
def test_a_contact_that_nobody_confirmed_is_never_fresh(method):
    provider = found(contact=factories.checked(1, method=method))
    assert provider.score == queue.WEBSITE_POINTS
    [reason] = queue.reasons(provider, today())
    assert reason.startswith("contact never confirmed")


def test_no_price_and_a_stale_price_count_alike_and_are_told_apart():
    none = found(offerings=factories.offering(prices={}))
    stale = found(offerings=factories.offering(prices=factories.price(days=100)))
    assert none.score == stale.score == queue.PRICE_POINTS
    assert queue.reasons(none, today()) == ["no price"]
    assert queue.reasons(stale, today()) == ["price not checked for 100 days"]
    nothing = found(offerings={})
    assert queue.reasons(nothing, today()) == ["no price"]


@pytest.mark.parametrize(
    ("outcome", "days", "is_asked"),
    [
        *(("confirmed", 90, True), ("refused", 5, True), ("confirmed", 91, False)),
        ("no_answer", 30, False),
    ],
)
def test_who_was_asked_for_a_price_lately_is_not_asked_again(outcome, days, is_asked):
    provider = factories.provider(offerings={})
    called(provider, days, outcome, group="prices")
    assert queue.queue(Provider.objects.all(), today()).exists() != is_asked


def test_reports_weigh_most_and_three_of_them_count():
    provider = factories.provider()
    for number in range(1, 5):
        actions.report_problem(provider=provider, group="contact", text="Wrong.")
        shown = queue.queue(Provider.objects.all(), today()).get()
        assert shown.score == queue.REPORT_POINTS * min(number, 3)
    assert queue.reasons(shown, today()) == ["4 reports"]
    worst = queue.CONTACT_POINTS[0][1] + queue.PRICE_POINTS
    assert worst < queue.REPORT_POINTS  # one report comes before any old listing


def test_open_conflicts_count_and_settled_ones_do_not():
    provider = factories.provider()
    run = ImportRun.objects.create(importer="listings", file_name="x")
    conflict = Conflict.objects.create(provider=provider, run=run, path="phone")
    shown = queue.queue(Provider.objects.all(), today()).get()
    assert queue.reasons(shown, today()) == ["1 conflict"]
    boss = User.objects.create_superuser("boss")
    actions.resolve_conflict(conflict, take=False, by=boss)
    assert not queue.queue(Provider.objects.all(), today())


def test_only_published_listings_that_are_open_are_checked():
    old = {"contact_days": 200}
    status_on = factories.days_ago(9).isoformat()
    assert found(published=False, **old) is None
    assert found(status="closed", status_on=status_on, **old) is None
    assert found(status="temporarily_closed", status_on=status_on, **old)


def test_the_highest_score_stands_first_then_the_oldest_contact():
    factories.provider(name="Old", contact_days=100)
    factories.provider(name="Older", contact_days=120)
    factories.provider(name="Oldest", contact_days=400)
    reported = factories.provider(name="Reported")
    actions.report_problem(provider=reported, group="contact", text="Wrong.")
    assert order() == ["Reported", "Oldest", "Older", "Old"]


@pytest.mark.parametrize(
    ("outcome", "days", "rests"),
    [
        *(("no_answer", 0, True), ("wrong_number", 2, True), ("no_answer", 3, False)),
        ("refused", 0, False),
    ],
)
def test_what_was_tried_in_vain_within_two_days_waits_at_the_end(outcome, days, rests):
    tried = factories.provider(name="Tried", contact_days=400)
    factories.provider(name="Other", contact_days=100)
    called(tried, days, outcome)
    assert order() == (["Other", "Tried"] if rests else ["Tried", "Other"])
    called(tried, 0, "confirmed", group="access")
    assert order() == ["Tried", "Other"]


def test_silent_days_are_counted_once_a_day_since_the_last_success():
    provider = factories.provider(contact_days=50)
    for days in (60, 20, 10, 10):
        called(provider, days, "no_answer")
    called(provider, 9, "wrong_number", group="prices")
    days = queue.silent_days([provider])[provider.pk]
    assert days == [
        factories.days_ago(20),
        factories.days_ago(10),
        factories.days_ago(9),
    ]
    assert queue.is_silent(days)
    called(provider, 15, "confirmed", group="services")
    assert len(queue.silent_days([provider])[provider.pk]) == 2


def test_reasons_are_told_together_the_gravest_first():
    provider = factories.provider(contact_days=214, offerings={})
    for _n in range(2):
        actions.report_problem(provider=provider, group="contact", text="Wrong.")
    shown = queue.queue(Provider.objects.all(), today()).get()
    with override("en"):
        words = " · ".join(queue.reasons(shown, today()))
    assert words == "2 reports · contact not checked for 214 days · no price"
    assert shown.score == 26
