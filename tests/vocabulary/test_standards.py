"""Codes of HL7, SNOMED CT, NUCC, SAMHSA and Plan-Net, typed by hand as an oracle."""

import re

import pytest

from providers.vocabulary import (
    ACCESS,
    CLINIC_TYPES,
    CLINICIANS,
    FACT_OF_SAMHSA,
    LANGUAGES,
    NEW_PATIENTS,
    PAYMENTS,
    POINT_PRECISIONS,
    POPULATIONS,
    TOPICS,
)

NUCC = {
    "psychiatrist": "2084P0800X",
    "anesthesiologist": "207L00000X",
    "pain_physician": "207LP2900X 208VP0000X",
    "physician_other": "207Q00000X 207P00000X 207R00000X",
    "crna": "367500000X",
    "pmhnp": "363LP0808X",
    "np_other": "363LF0000X",
    "pa": "363A00000X",
    "rn": "163W00000X",
    "naturopath": "175F00000X",
    "psychologist": "103TC0700X",
    "lcsw": "1041C0700X",
    "lmft": "106H00000X",
    "lpc": "101YP2500X 101YM0800X",
}
CLINIC_NUCC = """261QI0500X 261QM0801X 261QM0850X 261QP3300X 261QA1903X 251S00000X"""

SAMHSA = {
    # payment, and help with the cost
    "SF": ("payment", "self_pay"),
    "PI": ("payment", "private_insurance"),
    "MC": ("payment", "medicare"),
    "MD": ("payment", "medicaid"),
    "MI": ("payment", "tricare"),
    "SI": ("payment", "state_insurance"),
    "VAF": ("payment", "va_funds"),
    "ITU": ("payment", "ihs_tribal"),
    "SS": ("payment", "sliding_scale"),
    "PA": ("payment", "payment_assistance"),
    "NP": ("payment", "free_care"),
    # special programs
    "GL": ("population", "lgbtq_affirming"),
    "VET": ("population", "veterans_program"),
    "ADM": ("population", "active_duty_military"),
    "MF": ("population", "military_families"),
    "SE": ("population", "older_adults"),
    "PTSD": ("population", "ptsd_program"),
    "TRMA": ("population", "trauma_program"),
    "DV": ("population", "partner_violence_program"),
    "CO": ("population", "co_occurring_program"),
    # ages
    "CHLD": ("population", "children"),
    "YAD": ("population", "young_adults"),
    "ADLT": ("population", "adults"),
    "SNR": ("population", "seniors"),
    # languages, signing, telehealth
    "SP": ("language", "es"),
    "NX": ("language", "nai"),
    "F4": ("language", "ar"),
    "F17": ("language", "zh"),
    "F19": ("language", "crp"),
    "F25": ("language", "fa"),
    "F28": ("language", "fr"),
    "F30": ("language", "de"),
    "F31": ("language", "el"),
    "F35": ("language", "he"),
    "F36": ("language", "hi"),
    "F37": ("language", "hmn"),
    "F42": ("language", "it"),
    "F43": ("language", "ja"),
    "F47": ("language", "ko"),
    "F66": ("language", "pl"),
    "F67": ("language", "pt"),
    "F70": ("language", "ru"),
    "F81": ("language", "tl"),
    "F92": ("language", "vi"),
    "N24": ("language", "oj"),
    "N40": ("language", "ypk"),
    "AH": ("access", "asl_or_bsl"),
    "TELE": ("access", "telehealth_consult"),
}


def test_clinicians_carry_their_taxonomy_codes():
    assert {c.code: c.standards["nucc"] for c in CLINICIANS.values()} == NUCC
    assert set(CLINIC_TYPES.from_standard("nucc")) == set(CLINIC_NUCC.split())


def test_each_survey_code_means_one_fact():
    assert FACT_OF_SAMHSA == SAMHSA
    claims = [
        theirs
        for table in TOPICS.values()
        for code in table.values()
        for theirs in code.standards.get("samhsa", "").split()
    ]
    assert len(claims) == len(set(claims))


def test_ketamine_infusion_is_an_offering_and_never_a_fact():
    assert "KIT" not in FACT_OF_SAMHSA


def test_a_survey_program_never_becomes_a_condition_or_an_age_limit():
    topics = {topic for topic, _code in FACT_OF_SAMHSA.values()}
    assert topics == {"payment", "population", "language", "access"}


def test_va_funds_are_not_community_care():
    assert PAYMENTS.resolve("va") == "va_funds"
    assert "samhsa" not in PAYMENTS["va_community_care"].standards


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            PAYMENTS,
            """medicare medicaid tricare private_insurance self_pay va sliding_scale
            state_insurance payment_assistance insurance""",
        ),
        (
            POPULATIONS,
            """children young_adults adults seniors ptsd trauma lgbtq co_occurring
            veterans""",
        ),
        (LANGUAGES, "en es fr spanish German"),
        (POINT_PRECISIONS, "address postal city"),
    ],
)
def test_the_listing_layouts_words_are_known(table, words):
    assert all(table.resolve(word) for word in words.split())


def test_new_patients_map_to_plan_net():
    assert NEW_PATIENTS.from_standard("plan_net") == {
        "newpt": "accepting",
        "existptonly": "existing_only",
        "existptfam": "existing_and_family",
    }
    assert NEW_PATIENTS["accepting"].standards["plan_net_if_no"] == "nopt"


def test_languages_have_their_own_name_and_a_code_that_html_understands():
    unnamed = [c.code for c in LANGUAGES.values() if not c.endonym]
    assert unnamed == ["nai"]  # many languages, so no one name
    assert {"en", "es", "fr"} < set(LANGUAGES)
    assert all(re.fullmatch(r"[a-z]{2,3}", code) for code in LANGUAGES)


def test_sign_language_is_an_access_need():
    assert "asl" not in LANGUAGES
    assert ACCESS.resolve("asl") == "asl_or_bsl"
