"""A check dates the rows of its own group, and only where it was answered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from providers import actions
from providers.models import Check, PriceLine
from providers.vocabulary import CHECK_GROUPS, CHECK_OUTCOMES
from tests import factories
from tests.acting import check, dates, listed, stored
from tests.factories import days_ago, offering, price

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return listed()


GROUP_MEMBERS = {
    "contact": {"contact", "new_patients"},
    "services": {"services"},
    "prices": {"prices", "payment"},
    "access": {"access"},
    "licences": {"clinician"},
}


def test_every_group_is_tried():
    assert set(GROUP_MEMBERS) == set(CHECK_GROUPS)


@pytest.mark.parametrize("outcome", CHECK_OUTCOMES)
@pytest.mark.parametrize("group", CHECK_GROUPS)
def test_a_check_dates_its_own_group_and_only_where_it_was_answered(
    provider, group, outcome
):
    before, today = dates(provider), str(timezone.localdate())
    check(provider, group, outcome)
    after = dates(provider)
    answered = outcome in ("confirmed", "changed")
    dated = {name for name in after if after[name] == today}
    assert dated == (GROUP_MEMBERS[group] if answered else set())
    assert all(after[name] == before[name] for name in after.keys() - dated)
    assert provider.checks.count() == 1


def test_a_check_writes_its_method_and_source_beside_the_date():
    reported = factories.checked(checked_on="2024-01-01", precision="year")
    provider = factories.provider(contact=reported)
    source = factories.source("samhsa_mh_directory")
    check(provider, "contact", "confirmed", method="clinic_form", source=source)
    assert stored(provider)["contact"] == {
        "checked_on": str(timezone.localdate()),
        "precision": "day",
        "method": "clinic_form",
        "source": "samhsa_mh_directory",
    }


def test_a_listing_that_was_never_checked_is_checked_now():
    provider = factories.provider(contact=None, published=False)
    check(provider, "contact", "confirmed")
    assert stored(provider)["contact"]["checked_on"] == str(timezone.localdate())


def test_a_check_that_dates_rows_leaves_a_change_by_who_asked(provider, editor):
    check(provider, "access", "confirmed", by=editor, note="Spoke with reception.")
    assert provider.changes.first().by == editor
    assert provider.checks.get().note == "Spoke with reception."


def test_a_call_that_nobody_answered_leaves_a_check_and_no_change(provider, editor):
    check(provider, "contact", "no_answer", by=editor)
    assert provider.changes.count() == 1
    assert provider.checks.get().by == editor


def test_a_past_price_keeps_its_date(provider):
    today = str(timezone.localdate())
    prices = price(30_000, superseded_on=today, days=200) | price(40_000)
    actions.apply_one(
        stored(provider) | {"offerings": offering(prices=prices)}, provider
    )
    check(provider, "prices", "confirmed")
    past = PriceLine.objects.exclude(superseded_on=None).get()
    assert past.checked_on == days_ago(200)


def test_an_older_check_never_makes_a_newer_statement_older(provider):
    before = dates(provider)
    check(provider, "access", "confirmed", checked_on=days_ago(50))
    assert dates(provider) == before
    assert provider.checks.get().checked_on == days_ago(50)


def test_a_check_in_the_future_is_refused(provider):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValueError, match="past"):
        check(provider, "contact", "confirmed", checked_on=tomorrow)
    assert not Check.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"group": "?"}, {"outcome": "?"}, {"method": "?"}],
)
def test_a_check_of_an_unknown_code_is_refused_and_dates_nothing(provider, values):
    before = dates(provider)
    values = {"group": "contact", "outcome": "confirmed"} | values
    with pytest.raises(IntegrityError):
        check(provider, **values)
    assert dates(provider) == before
