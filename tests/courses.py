"""Typical courses, listings that they answer, and what is stored of them."""

from datetime import timedelta

from providers import actions
from providers.models import CourseTemplate, Provider
from tests import factories
from tests.factories import days_ago, offering, price

IV = actions.Treatment("iv_infusion", "none", "individual")
KAP = actions.Treatment("iv_infusion", "full_kap", "individual")
NO_COURSE = (None, None, "", False, None)


def course(treatment=IV, *, weeks=None, **counts) -> CourseTemplate:
    """A typical course: six dosing visits, unless told otherwise."""
    template = CourseTemplate.objects.create(
        code=f"course-{CourseTemplate.objects.count()}",
        name_en="A course",
        weeks=weeks,
        source_title="A trial",
        checked_on=days_ago(10),
        review_by=days_ago(0),
        **treatment._asdict(),
    )
    for kind, (least, most) in (counts or {"dose_visit": (6, 6)}).items():
        template.counts.create(kind=kind, count_min=least, count_max=most)
    return template


def listing(prices=None, *, treatment=IV, **columns) -> Provider:
    """One that asks $400 for an infusion, with nothing else."""
    prices = price() if prices is None else prices
    offers = offering(therapy=treatment.therapy, route=treatment.route, prices=prices)
    return factories.provider(**{"offerings": offers} | columns)


def stored(provider: Provider) -> tuple:
    names = ("min_cents", "max_cents", "currency", "complete", "known_until")
    return provider.offerings.values_list(*(f"course_{name}" for name in names)).get()


def whole(cents: int, days: int = 10) -> tuple:
    return (cents, cents, "USD", True, days_ago(days) + timedelta(days=90))
