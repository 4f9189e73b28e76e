"""`manage.py search` by what a course costs, held to reading every sample listing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from geopy.distance import geodesic

from providers import costs
from providers.estimates import Estimate, Schedules, estimate
from providers.imports import samples
from providers.models import Provider
from tests.sample_places import gazetteer

# The middle of Missouri in tests.sample_places, near many other states.
CENTRE = (31.0, -116.0)
MILES = 600
KM_PER_MILE = 1.609344
# A few metres between the geodesic and what search measures, on every trip.
A_FEW_CENTS = 25


@pytest.fixture(scope="module")
def listings(django_db_setup, django_db_blocker) -> Iterator[list[Provider]]:
    with django_db_blocker.unblock(), transaction.atomic():
        gazetteer()
        call_command("load_courses", stdout=StringIO())
        samples.load(timezone.localdate())
        listed = Provider.objects.listed().filter(country="US").order_by("pk")
        yield list(listed.prefetch_related("offerings__prices"))
        transaction.set_rollback(True)


@pytest.fixture
def _samples(listings, db):
    """The database with them."""


def told(line: str) -> list[dict]:
    out = StringIO()
    words = f"--lat {CENTRE[0]} --lng {CENTRE[1]} --unit mi --within {MILES} {line}"
    call_command("search", *words.split(), "--page-size", "1000", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["near"]["latitude"], found["near"]["longitude"]) == CENTRE
    assert found["total"] == len(found["results"])
    return found["results"]


@dataclass
class Known:
    """One listing as a person with paper and pencil would find it."""

    slug: str
    estimates: list[Estimate]
    far_km: float | None

    def costs(self, ride: costs.Ride | None) -> Iterator[tuple[bool, int]]:
        """(complete, least cents) of each current course, with the way if there is a
        ride."""
        for each in self.estimates:
            course = each.course
            if course is None or course.low_cents is None or course.currency != "USD":
                continue
            if timezone.localdate() > course.checked_on + timedelta(days=90):
                continue
            if ride is not None:
                course = each.with_travel(self.far_km, ride)
            yield not set(course.missing) - {"ride"}, course.low_cents


def known(listings: list[Provider]) -> Iterator[Known]:
    """Those near enough to be asked about."""
    schedules = Schedules()
    for listing in listings:
        if listing.latitude is None:
            continue
        far_km = geodesic(CENTRE, (listing.latitude, listing.longitude)).km
        if far_km <= MILES * KM_PER_MILE:
            own = [estimate(offer, schedules) for offer in listing.offerings.all()]
            yield Known(listing.slug, own, far_km)


def rank(own: list[tuple[bool, int]]) -> tuple[int, int]:
    """Whole sums first, then "at least", then unknown."""
    return min(((not whole, low) for whole, low in own), default=(2, 0))


def usual_ride(**values) -> costs.Ride:
    per_km = settings.TRAVEL_CENTS_PER_MILE / KM_PER_MILE
    return costs.Ride(per_km, settings.ROAD_FACTOR, **values)


@pytest.mark.usefixtures("_samples")
@pytest.mark.parametrize("most", [None, 2_400, 4_000])
def test_courses_are_sorted_and_limited_as_each_listing_adds_up(most, listings):
    line = "--sort course" + (f" --max-course {most}" if most else "")
    expected = []
    for each in known(listings):
        own = list(each.costs(None))
        if most is None or any(whole and low <= most * 100 for whole, low in own):
            expected.append((rank(own), each.slug))
    found = told(line)
    keys = {listing.slug: listing.pk for listing in listings}
    expected.sort(key=lambda one: (one[0], keys[one[1]]))
    assert [row["slug"] for row in found] == [slug for _, slug in expected]
    for row, ((part, low), _) in zip(found, expected, strict=True):
        assert row["course_min"] == (low if part == 0 else None)
    assert len(expected) > 3


RIDES = {
    "": usual_ride(),
    "--driver someone --rate 1.5": costs.Ride(150 / KM_PER_MILE, settings.ROAD_FACTOR),
    "--driver nobody": usual_ride(driver="nobody"),
    "--driver nobody --fare 80 --nights 2 --night 95.50": usual_ride(
        driver="nobody", fare_cents=80_00, nights=2, night_cents=95_50
    ),
    "--nights 3": usual_ride(nights=3),
}


@pytest.mark.usefixtures("_samples")
@pytest.mark.parametrize("most", [None, 3_000])
@pytest.mark.parametrize("words", RIDES)
def test_courses_with_travel_are_sorted_and_limited_likewise(words, most, listings):
    line = f"--sort travel {words}" + (f" --max-total {most}" if most else "")
    ranks = {}
    for each in known(listings):
        own = list(each.costs(RIDES[words]))
        if most is None or any(whole and low <= most * 100 for whole, low in own):
            ranks[each.slug] = rank(own)
    found = told(line)
    assert {row["slug"] for row in found} == set(ranks)
    in_order = [ranks[row["slug"]] for row in found]
    for (part, low), (next_part, next_low) in pairwise(in_order):
        assert part < next_part or (part == next_part and low <= next_low + A_FEW_CENTS)
    for row in found:
        part, low = ranks[row["slug"]]
        near = pytest.approx(low, abs=A_FEW_CENTS)
        assert row["travel_min"] == (near if part == 0 else None)


@pytest.mark.usefixtures("_samples")
def test_prices_posted_are_counted_and_sorted_likewise(listings):
    lines = {
        listing.slug: [line for o in listing.offerings.all() for line in o.prices.all()]
        for listing in listings
    }
    found = told("--sort posted")
    numbers = [row["prices_posted"] for row in found]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 2
    on = timezone.localdate()
    for row in found:
        assert row["prices_posted"] == len(costs.posted(lines[row["slug"]], on))
