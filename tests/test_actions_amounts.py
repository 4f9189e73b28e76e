"""The session amount that search filters by is stored with every write."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers import actions, costs
from providers.models import Offering, PriceLine, Provider
from tests.acting import check, listed, stored
from tests.factories import days_ago, offering, price

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return listed()


def session_of(provider: Provider) -> tuple:
    offer = Offering.objects.get(provider=provider)
    return (
        offer.session_min_cents,
        offer.session_max_cents,
        offer.session_currency,
        offer.session_complete,
        offer.session_known_until,
    )


def expected_session(*, low, high, complete=True, days=10) -> tuple:
    return (low, high, "USD", complete, days_ago(days) + timedelta(days=90))


NO_SESSION = (None, None, "", False, None)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ({}, None),
        (price(45_000, 50_000), {"low": 45_000, "high": 50_000}),
        (
            price(45_000) | price(6_000, kind="drug", days=30),
            {"low": 51_000, "high": 51_000, "days": 30},
        ),
        (
            price(45_000) | price(None, kind="drug"),
            {"low": 45_000, "high": None, "complete": False},
        ),
        (price(45_000, disputed=True), None),
        (price(45_000, unit="month"), None),
    ],
)
def test_the_session_amount_follows_every_edit_of_prices(provider, prices, expected):
    wanted = stored(provider) | {"offerings": offering(prices=prices)}
    actions.apply_one(wanted, provider)
    assert session_of(provider) == (
        expected_session(**expected) if expected else NO_SESSION
    )


def test_the_session_amount_is_that_of_costs(provider):
    line = PriceLine.objects.get()
    amount = costs.session([line])
    assert session_of(provider)[:2] == (amount.low_cents, amount.high_cents)


def test_a_superseded_price_leaves_the_session_to_the_next(provider):
    today = str(timezone.localdate())
    prices = price(40_000, superseded_on=today) | price(50_000, days=0)
    actions.apply_one(
        stored(provider) | {"offerings": offering(prices=prices)}, provider
    )
    assert session_of(provider) == expected_session(low=50_000, high=50_000, days=0)


def test_the_session_amount_follows_one_row_saved_and_removed(provider, editor):
    line = PriceLine.objects.get()
    line.amount_min_cents, line.amount_max_cents = 30_000, 60_000
    actions.save(line, by=editor)
    assert session_of(provider) == expected_session(low=30_000, high=60_000)
    actions.remove(line, by=editor)
    assert session_of(provider) == NO_SESSION
    assert [change.by for change in provider.changes.all()[:2]] == [editor, editor]


def test_a_price_check_keeps_the_session_known_for_longer(provider):
    check(provider, "prices", "confirmed")
    assert session_of(provider) == expected_session(low=40_000, high=40_000, days=0)
