"""What the samples answer: yes, no, in part, and often nothing at all."""

from __future__ import annotations

from random import Random

from providers.documents import Document
from providers.imports.samples.practices import Practice

_CONDITIONS = "mdd trd ptsd gad ocd social_anxiety chronic_pain eol_distress"
_US_PLANS = "private_insurance medicare medicaid tricare va_community_care"
_US_HELP = "superbill hsa_fsa third_party_loan gives_good_faith_estimate"
_HELP = (
    "payment_plan sliding_scale package_discount veteran_discount group_rate "
    "nonprofit_grant"
)
_ACCESS = (
    "step_free_entry wheelchair_inside accessible_toilet accessible_parking "
    "near_transit ride_home_help driver_must_stay quiet_room low_light_room evening "
    "weekend support_person_in_room trauma_informed choose_clinician_gender text_ok "
    "online_booking telehealth_consult asl_or_bsl captioned_video service_animal_ok"
)
_PEOPLE = (
    "lgbtq_affirming trans_affirming veterans_program older_adults size_inclusive "
    "neurodiversity_affirming bipoc_focus first_responder_program"
)
_SAFETY = (
    "vitals_before_during_after oxygen_monitor staff_in_room doctor_on_site acls_staff "
    "ride_home_required no_driving_until_next_day emergency_plan"
)
_SCREENING = (
    "medical_history psych_evaluation medicine_review bp_check ecg urine_drug_test "
    "therapist_letter"
)
_CLINICIANS = "psychiatrist anesthesiologist crna pmhnp rn psychologist lcsw lpc"
_ANSWERS = ("yes", "yes", "yes", "no", "partial")
_NUMBERS = {"near_transit": (3, 15), "observation_minutes": (60, 120)}


def facts(practice: Practice, country: str, checked: dict, random: Random) -> Document:
    """The facts part of a document; a topic about which nothing is said is absent."""
    asked = {
        "condition": _some(_CONDITIONS, 1, 5, random),
        "payment": _payments(practice, country, random),
        "access": _some(_ACCESS, 0, 12, random),
        "population": _some(_PEOPLE, 0, 4, random),
        "language": _some("es fr zh vi ko", 0, 2, random),
        "safety": _some(_SAFETY, 0, 6, random),
        "screening": _some(_SCREENING, 0, 5, random),
        "clinician": _some(_CLINICIANS, 1, 3, random),
        "new_patients": random.choice([["accepting"], ["accepting"], ["waitlist"], []]),
    }
    stated = {
        topic: {code: _fact(topic, code, checked, random) for code in sorted(codes)}
        for topic, codes in asked.items()
        if codes
    }
    if practice.on_label and country == "US":
        stated["licence"] = {"rems_certified": _statement("yes", checked)}
    stated["payment"]["self_pay"] = _statement("yes", checked)
    stated.setdefault("who", {})["min_age"] = _statement("yes", checked, number=18)
    return stated


def _some(words: str, least: int, most: int, random: Random) -> list[str]:
    return random.sample(words.split(), random.randint(least, most))


def _payments(practice: Practice, country: str, random: Random) -> list[str]:
    codes = _some(_HELP, 0, 3, random)
    if country == "US":
        codes += _some(_US_HELP, 1, 3, random)
    if practice.on_label and country == "US":
        codes += _some(_US_PLANS, 1, 4, random)
    return ["self_pay", *codes]


def _fact(topic: str, code: str, checked: dict, random: Random) -> dict:
    # What a clinic says of its conditions, staff and new patients it says as a yes.
    sure = topic in ("condition", "clinician", "new_patients", "language")
    answer = "yes" if sure else random.choice(_ANSWERS)
    scope = "facility" if topic == "population" and random.random() < 0.3 else ""
    number = random.randint(*_NUMBERS[code]) if code in _NUMBERS else None
    return _statement(
        answer,
        checked,
        scope=scope or "treatment",
        number=None if answer == "no" else number,
    )


def _statement(
    answer: str, checked: dict, *, scope: str = "treatment", number: int | None = None
) -> dict:
    notes = {"note_en": "", "note_es": ""}
    return checked | {"answer": answer, "scope": scope, "number": number} | notes
