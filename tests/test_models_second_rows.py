"""The database itself refuses a second row of what may stand only once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from providers.models import (
    Assignment,
    ColumnMapping,
    CourseTemplate,
    FormerSlug,
    LearnPage,
    Offering,
    Organization,
    PriceLine,
    Provider,
    Source,
)
from tests.breaches import SECOND_ROWS
from tests.every_model import change, copy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("second", SECOND_ROWS, ids=[name for name, *_ in SECOND_ROWS])
def test_a_second_row_of_the_same_is_refused(rows, second):
    name, model, values = second
    # SQLite names the columns of a broken unique rule and not the rule.
    expected = name if connection.vendor == "postgresql" else "UNIQUE"
    with pytest.raises(IntegrityError, match=expected):
        copy(rows[model], values)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Provider, {}),
        (Organization, {}),
        (Source, {}),
        (CourseTemplate, {"therapy": "referral"}),
        (LearnPage, {}),
        (FormerSlug, {}),
        (Assignment, {}),
        (ColumnMapping, {}),
    ],
)
def test_a_second_row_under_one_address_or_code_is_refused(rows, model, values):
    with pytest.raises(IntegrityError):
        copy(rows[model], values)


@pytest.mark.parametrize("part", ["route", "setting", "therapy", "format"])
def test_a_second_offering_is_refused_with_any_part_not_stated(rows, part):
    change(rows[Offering], {part: "not_stated"})
    with pytest.raises(IntegrityError):
        copy(rows[Offering], {})


def test_a_second_offering_is_refused_with_nothing_stated(rows):
    parts = dict.fromkeys(("route", "setting", "therapy", "format"), "not_stated")
    change(rows[Offering], parts)
    with pytest.raises(IntegrityError):
        copy(rows[Offering], {})


def test_a_line_is_superseded_once_a_day(rows):
    line = rows[PriceLine]
    past = {"superseded_on": line.checked_on + timedelta(days=1)}
    expected = (
        "priceline_one_superseded_a_day"
        if connection.vendor == "postgresql"
        else "UNIQUE"
    )
    copy(line, past)
    with pytest.raises(IntegrityError, match=expected):
        copy(line, past)
