"""The budget's answer agrees with a plain sum over every sample listing."""

import re
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone

from providers import geo
from providers.actions.derived import Schedules
from providers.estimates import estimate
from providers.imports import samples
from providers.models import Provider
from tests import factories as f
from tests import sample_places
from tests.pages import Page, visit

AT = geo.Point(28.0, -100.0)  # in the middle of a town of the samples
RATE, ROADS = 20.5 / geo.KM_PER_MILE, 1.4


@pytest.fixture(scope="module")
def sampled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), f.rolled_back():
        sample_places.gazetteer()
        call_command("load_courses", stdout=StringIO())
        samples.load(timezone.localdate())
        yield


def names(page: Page) -> list[str]:
    return re.findall(r'<h3><a href="/providers/[^"]+">([^<]+)</a>', page.html)


def total_cents(offering, schedules: Schedules) -> int | None:
    """The low end of a course with travel, worked out by hand; None: not known."""
    told = estimate(offering, schedules)
    course, trips, point = told.course, told.trips, offering.provider.point
    if course is None or not course.complete or course.currency != "USD":
        return None
    if course.known_until < timezone.localdate() or course.low_cents is None:
        return None
    visits = sum(times or 0 for times, _most in trips)
    if visits and point is None:
        return None
    way = geo.distance_km(AT, point) if visits else 0
    return course.low_cents + visits * round(2 * way * ROADS * RATE)


def affordable(most_cents: int, radius_km: float) -> dict[str, float]:
    """Each sample within an amount, a radius and the country, with how far it is."""
    schedules, found = Schedules(), {}
    listed = Provider.objects.listed().filter(country="US")
    for provider in listed.prefetch_related("offerings__prices"):
        sums = [total_cents(o, schedules) for o in provider.offerings.all()]
        if provider.point and any(s is not None and s <= most_cents for s in sums):
            away = geo.distance_km(AT, provider.point)
            if away <= radius_km:
                found[provider.name] = away
    return found


@pytest.mark.parametrize("amount", [1_500, 3_000, 4_500])
def test_it_agrees_with_a_sum_over_every_sample_listing(sampled, amount):
    miles = 1_500
    wanted = affordable(amount * 100, miles * geo.KM_PER_MILE)
    asked = {"lat": AT.latitude, "lng": AT.longitude, "within": miles}
    asked |= {"amount": amount, "driver": "someone"}
    shown: list[str] = []
    for page in count(1):
        answer = visit("/budget/", page=page, **asked)
        shown += names(answer)
        if not [text for text, _link in answer.links if text == f"Page {page + 1}"]:
            break
    assert shown == sorted(wanted, key=wanted.get)
    assert len(shown) > 20 or amount < 4_500
