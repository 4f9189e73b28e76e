"""Needs, requirements, topics, and the cautions that are no needs."""

from itertools import chain

import pytest

from providers.vocabulary import (
    ACCESS,
    CAUTIONS,
    GROUPS,
    NEEDS,
    PAYMENTS,
    POPULATIONS,
    SAFETY,
    SCREENING,
    TOPIC_LABELS,
    TOPICS,
    WHO,
    fact_code,
    topic_of,
)
from tests.vocabulary import words_of

REQUIREMENTS = """driver_must_stay ride_home_required no_driving_until_next_day
    companion_at_home_required ecg blood_tests liver_tests urine_drug_test
    pregnancy_test records_from_your_doctor therapist_letter in_person_exam_first
    referral_required own_therapist_required"""


def test_requirements_are_what_burdens_the_patient():
    found = {
        code.code for t in TOPICS.values() for code in t.values() if code.requirement
    }
    assert found == set(REQUIREMENTS.split())


@pytest.mark.parametrize("code", REQUIREMENTS.split())
def test_a_requirement_reads_well_after_does_not_require(code):
    first, *rest = str(NEEDS[code].label).split()
    assert first in {"A", "An", "Your", "Records", "Waiting"}
    assert not {"must", "required", "requires", "not", "no"} & set(rest)


def test_needs_are_access_groups_served_watching_and_every_requirement():
    assert set(NEEDS) == (
        (set(ACCESS) - {"wait_days", "weight_limit_kg"})
        | set(POPULATIONS)
        | set(SAFETY)
        | set(REQUIREMENTS.split())
    )


def test_a_need_has_one_topic_in_which_its_code_stands():
    for need in NEEDS:
        assert NEEDS[need] is TOPICS[topic_of(need)][need]
    tables = (ACCESS, POPULATIONS, SAFETY, SCREENING, WHO)
    codes = list(chain.from_iterable(tables))
    assert len(codes) == len(set(codes))


def test_a_code_that_is_no_need_has_no_need_topic():
    with pytest.raises(KeyError):
        topic_of("bp_check")


def test_a_number_has_a_unit():
    units = {
        code.code: code.unit
        for t in TOPICS.values()
        for code in t.values()
        if code.unit
    }
    assert units == {
        "near_transit": "minutes",
        "wait_days": "days",
        "weight_limit_kg": "kg",
        "observation_minutes": "minutes",
        "min_age": "years",
        "max_age": "years",
    }
    numbers = {c.code for t in TOPICS.values() for c in t.values() if c.number_only}
    assert numbers == {"wait_days", "weight_limit_kg", "min_age", "max_age"}


def test_every_need_and_payment_stands_under_a_heading():
    used = {code.group for code in chain(NEEDS.values(), PAYMENTS.values())}
    assert used | {"screening", "who"} == set(GROUPS)


def test_identity_tags_are_the_clinics_own_words():
    for code in POPULATIONS.values():
        if code.group == "culture":
            assert str(code.definition).startswith("The clinic says")


def test_a_known_fact_code_is_returned():
    assert fact_code("payment", "medicaid") is PAYMENTS["medicaid"]


@pytest.mark.parametrize(
    ("topic", "code", "message"),
    [
        ("payments", "medicaid", "no topic 'payments'"),
        ("payment", "va", "no payment 'va'"),
        ("condition", "", "no condition ''"),
        ("access", "medicaid", "no access 'medicaid'"),
    ],
)
def test_an_unknown_fact_code_is_refused(topic, code, message):
    with pytest.raises(ValueError, match=message):
        fact_code(topic, code)


LEVELS = {
    "label_contra": "aneurysm avm brain_bleed allergy",
    "label_warn": """high_bp heart_stroke psychosis substance_use suicidality pregnancy
        breastfeeding liver bladder breathing under_18 sedatives stimulants_maoi""",
    "guideline": "mania raised_pressure seizures thyroid dementia",
}


@pytest.mark.parametrize("level", LEVELS)
def test_a_caution_stands_at_its_level(level):
    found = {code.code for code in CAUTIONS.values() if code.level == level}
    assert found == set(LEVELS[level].split())


def test_a_caution_is_no_question():
    assert not any("?" in " ".join(words_of(code)) for code in CAUTIONS.values())


def test_every_topic_has_a_heading_of_its_own():
    assert list(TOPIC_LABELS) == list(TOPICS)
    assert len({str(label) for label in TOPIC_LABELS.values()}) == len(TOPICS)
