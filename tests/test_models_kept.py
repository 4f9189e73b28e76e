"""The database keeps what stands on the edge of a rule."""

from datetime import date

import pytest
from django.db import models
from django.db.models import F

from providers.models import (
    CourseCount,
    CrisisLine,
    Fact,
    Offering,
    Organization,
    Place,
    PriceLine,
    Provider,
    RegulatoryNote,
)
from tests.breaches import (
    FIRST_OF_MARCH,
    NO_AMOUNT,
    NO_CONTACT,
    NO_POINT,
    UNKNOWN,
    breach_id,
    stored,
)
from tests.every_model import DAY, change, copy

pytestmark = pytest.mark.django_db


KEPT: list[tuple[type[models.Model], dict]] = [
    (Provider, NO_POINT),
    (Provider, {"latitude": 90, "longitude": 180}),
    (Provider, {"latitude": -90, "longitude": -180}),
    (Provider, NO_CONTACT | {"published": False}),
    (Provider, {"status": "do_not_list", "published": False}),
    (Provider, {"status": "temporarily_closed"}),
    (Provider, {"region": "GB", "country": "GB"}),
    (
        Provider,
        {"contact_checked_on": date(2024, 1, 1), "contact_precision": "year"},
    ),
    (Organization, {"npi": ""}),
    (Offering, {"checked_on": FIRST_OF_MARCH, "precision": "month"}),
    (Offering, {"route": "nasal_esketamine", "setting": "hospital"}),
    (Offering, {"route": "nasal_esketamine", "setting": "not_stated"}),
    (Offering, {"setting": "home_unwatched"}),
    *(
        (Offering, stored(amount, part))
        for amount in ("session", "course")
        for part in ({}, UNKNOWN, {"min_cents": None}, {"max_cents": None})
    ),
    (PriceLine, {"amount_min_cents": 0, "amount_max_cents": 0}),
    (PriceLine, {"amount_max_cents": None}),
    (PriceLine, {"amount_min_cents": None}),
    (PriceLine, NO_AMOUNT),
    (PriceLine, {"unit": "package_of_n", "package_size": 2}),
    (PriceLine, {"unit": "hour", "minutes": None}),
    (PriceLine, {"unit": "hour", "minutes": 1}),
    (PriceLine, {"superseded_on": F("checked_on")}),
    (Fact, {"answer": "partial"}),
    (Fact, {"answer": "no", "number": None}),
    (RegulatoryNote, {"effective_from": DAY, "effective_to": None}),
    (CourseCount, {"count_max": None}),
    (CourseCount, {"count_min": 0}),
    (RegulatoryNote, {"effective_from": DAY, "effective_to": DAY}),
    (CrisisLine, {"call": "", "website": "https://example.org/"}),
]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: breach_id(("kept", *kept)))
def test_what_keeps_the_rules_is_kept(rows, kept):
    model, values = kept
    change(rows[model], values)
    assert model.objects.filter(pk=rows[model].pk, **values).exists()


def test_another_variant_is_another_offering(rows):
    copy(rows[Offering], {"variant": "pain 4 h"})
    assert Offering.objects.count() == 2


def test_a_past_line_stands_beside_the_current_one(rows):
    copy(rows[PriceLine], {"superseded_on": rows[PriceLine].checked_on})
    assert PriceLine.objects.count() == 2


def test_two_towns_of_one_name_are_two_places(rows):
    town = {"kind": "town", "postcode": ""}
    copy(rows[Place], town)
    copy(rows[Place], town)
    assert Place.objects.filter(kind="town").count() == 2
