"""The admin's own fields, and what a constraint says at which field."""

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from providers import vocabulary
from providers.admin.breaches import BREACHES
from providers.admin.forms import MOST_CENTS, CodeListField, MoneyField

pytestmark = pytest.mark.any_database

MODELS = list(apps.get_app_config("providers").get_models())


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        *(("450", 45_000), ("450.00", 45_000), ("450.5", 45_050), ("0.07", 7)),
        *(("0", 0), ("0.00", 0), ("007", 700), ("$ 450", 45_000), (" 12.30 ", 1_230)),
        *(("", None), ("  ", None), (None, None), ("$", None)),
        ("1000000", MOST_CENTS),
    ],
)
def test_an_amount_is_typed_in_units_and_kept_in_cents(typed, cents):
    assert MoneyField().clean(typed) == cents


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(("-1", "negative"), ("−1", "negative"), ("-0", "negative")),
        *(("1.234", "malformed"), ("1,200", "malformed"), ("1.200,00", "malformed")),
        *(("450 USD", "malformed"), ("about 450", "malformed"), (".5", "malformed")),
        *(("450.", "malformed"), ("1e3", "malformed"), ("nan", "malformed")),
        *(("٤٥٠", "malformed"), ("4 5", "malformed"), ("4\n5", "malformed")),
        *(("1000000.01", "too_much"), ("9" * 12, "too_much"), ("9" * 30, "malformed")),
    ],
)
def test_nonsense_is_no_amount(typed, why):
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    assert refused.value.code == why


@given(st.integers(0, MOST_CENTS))
def test_what_is_shown_of_an_amount_is_read_back_as_that_amount(cents):
    field = MoneyField()
    shown = field.prepare_value(cents)
    assert field.clean(shown) == cents
    assert not field.has_changed(cents, shown)
    assert Decimal(shown) * 100 == cents


@given(st.text(max_size=20))
def test_any_text_is_an_amount_a_blank_or_a_refusal(typed):
    try:
        cents = MoneyField().clean(typed)
    except ValidationError:
        return
    assert cents is None or 0 <= cents <= MOST_CENTS
    assert (cents is None) == (not re.search(r"[0-9]", typed))


def test_unknown_and_free_are_two_things():
    field = MoneyField()
    assert field.has_changed(0, "")
    assert field.has_changed(None, "0")
    assert not field.has_changed(None, "")
    assert field.prepare_value(None) is None
    assert field.prepare_value(0) == "0"


def test_a_refused_amount_counts_as_changed_and_stays_as_typed():
    assert MoneyField().has_changed(100, "one")
    assert MoneyField().prepare_value("one") == "one"


def test_chosen_codes_come_in_the_vocabularys_order():
    field = CodeListField(vocabulary.PRICE_KINDS)
    assert field.clean(["drug", "consult"]) == ["consult", "drug"]


def test_a_code_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        CodeListField(vocabulary.PRICE_KINDS).clean(["drug", "parking"])


def constraints():
    return {c.name: model for model in MODELS for c in model._meta.constraints}


def test_every_message_belongs_to_a_constraint_and_to_a_field_of_its_model():
    known = constraints()
    for name, (field, _message) in BREACHES.items():
        assert field in {f.name for f in known[name]._meta.fields}


# What required fields and choices keep, and tables that no form writes.
KEPT_BY_FIELDS = re.compile(
    r".*_(known|has_a_name|has_a_source|has_a_key|code_named|date_fits_precision)"
    r"|provider_do_not_list_unpublished|offering_(session|course)_amount_whole"
    r"|change_.*|conflict_.*|place_.*|importrun_.*|problemreport_.*|notduplicate_.*"
)


def test_every_constraint_that_a_form_can_breach_has_words_and_a_field():
    silent = set(constraints()) - set(BREACHES)
    assert {name for name in silent if not KEPT_BY_FIELDS.fullmatch(name)} == set()


def test_the_messages_are_sentences_for_people():
    for _field, message in BREACHES.values():
        assert str(message).endswith(".")
        assert "constraint" not in str(message).lower()
