"""The database itself refuses each breach of a rule, whatever Python let through.

Rows are updated or inserted in bulk, past every `clean`. A meta-test holds that no
constraint of the models is without its breach in tests/breaches.py.
"""

from math import inf, nan

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, models, transaction

from providers.models import Change, ImportRun, Offering, Organization, Place, Provider
from tests.breaches import BREACHES, CODE_COLUMNS, SECOND_ROWS, breach_id, constraint_of
from tests.every_model import change

pytestmark = pytest.mark.django_db

# --- Codes: every column that holds one -----------------------------------------------


@pytest.mark.parametrize(
    ("model", "column"),
    CODE_COLUMNS,
    ids=[constraint_of(*pair) for pair in CODE_COLUMNS],
)
@pytest.mark.parametrize("code", ["?", "YES", "iv", " "])
def test_a_code_that_no_table_knows_is_refused(rows, model, column, code):
    with pytest.raises(DatabaseError):  # PostgreSQL also minds the length
        change(rows[model], {column: code})


def test_the_empty_code_is_refused_where_not_stated_is_a_code(rows):
    for column in ("route", "setting", "therapy", "format"):
        with pytest.raises(IntegrityError):
            change(rows[Offering], {column: ""})


# --- Rules between columns ------------------------------------------------------------


@pytest.mark.parametrize("breach", BREACHES, ids=breach_id)
def test_a_breach_of_a_rule_is_refused(rows, breach):
    name, model, values = breach
    with pytest.raises(IntegrityError, match=name):
        change(rows[model], values)


@pytest.mark.parametrize("number", [nan, inf, -inf])
@pytest.mark.parametrize("axis", ["latitude", "longitude"])
@pytest.mark.parametrize("model", [Provider, Place])
def test_a_coordinate_that_is_no_number_is_refused(rows, model, axis, number):
    with pytest.raises(DatabaseError):
        change(rows[model], {axis: number})


def test_an_npi_of_eleven_digits_is_refused(rows):
    with pytest.raises(DatabaseError):
        change(rows[Organization], {"npi": "12345678901"})


def test_a_change_shows_something(rows):
    empty = Change(slug="a", before=None, after=None)
    with (
        pytest.raises(IntegrityError, match="change_has_before_or_after"),
        transaction.atomic(),
    ):
        Change.objects.bulk_create([empty])


def test_a_change_is_made_by_a_person_or_by_a_run_and_not_by_both(rows):
    editor = get_user_model().objects.create_user("ed")
    with pytest.raises(IntegrityError, match="change_by_person_or_run"):
        change(rows[Change], {"by": editor, "run": rows[ImportRun]})


# --- Numbers that count something -----------------------------------------------------

COUNTS = [
    (model, field.name)
    for model in apps.get_app_config("providers").get_models()
    for field in model._meta.fields
    if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
]


@pytest.mark.parametrize(
    ("model", "column"), COUNTS, ids=[f"{m.__name__}.{c}" for m, c in COUNTS]
)
def test_a_negative_number_is_refused(rows, model, column):
    with pytest.raises(IntegrityError):
        change(rows[model], {column: -1})


# --- And none is forgotten ------------------------------------------------------------

BY_THEIR_OWN_TEST = {
    "change_has_before_or_after",
    "change_by_person_or_run",
    "priceline_one_superseded_a_day",
}


def test_every_constraint_has_a_breach_that_is_refused():
    declared = {
        constraint.name
        for model in apps.get_app_config("providers").get_models()
        for constraint in model._meta.constraints
    }
    tested = {name for name, *_ in (*BREACHES, *SECOND_ROWS)}
    tested |= {constraint_of(*pair) for pair in CODE_COLUMNS} | BY_THEIR_OWN_TEST
    assert tested == declared


def test_every_model_has_a_valid_row(rows):
    assert set(apps.get_app_config("providers").get_models()) == set(rows)
