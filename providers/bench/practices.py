"""Four sorts of invented practice: what each offers, and how often it states what."""

from __future__ import annotations

from typing import NamedTuple

RARE = "rectal|in_clinic|full_kap|individual"
RARE_CHANCE = 0.007  # of any practice, beside what it offers anyhow
HOW_MANY = (0.40, 0.32, 0.18, 0.10)  # have one, two, three, four offerings

# The lowest and the highest session in whole units of money, by route.
SESSIONS = {
    "iv_infusion": (350, 700),
    "im_injection": (250, 700),
    "sc_injection": (250, 450),
    "nasal_esketamine": (200, 900),
    "nasal_compounded": (100, 250),
    "sublingual": (75, 350),
    "oral": (60, 150),
    "rectal": (150, 350),
}

_ANYBODY = """
language/en 70 language/es 20 language/fr 3 language/zh 4 language/vi 2
new_patients/accepting 55 new_patients/waitlist 12
access/step_free_entry 40 access/wheelchair_inside 45 access/lift 10
access/accessible_parking 25 access/near_transit 20 access/ride_home_help 10
access/driver_must_stay 15 access/asl_or_bsl 2 access/evening 20 access/weekend 12
access/support_person_in_room 12 access/trauma_informed 15 access/quiet_room 8
access/telehealth_consult 25 population/lgbtq_affirming 15
population/veterans_program 10 safety/ride_home_required 20 safety/oxygen_monitor 10
payment/self_pay 60
"""


class Practice(NamedTuple):
    """A sort of practice, and how its names end."""

    share: float  # of all listings
    ending: str
    offers: dict[str, float]  # "route|setting|therapy|format" → weight
    stated: dict[str, float]  # "topic/code" → chance that it is stated


def _weights(text: str) -> dict[str, float]:
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return {word: float(weight) for word, weight in pairs}


def _stated(text: str) -> dict[str, float]:
    percents = _weights(_ANYBODY) | _weights(text)
    return {code: percent / 100 for code, percent in percents.items()}


INFUSION = Practice(
    0.30,
    "Infusion Clinic",
    _weights("""
    iv_infusion|in_clinic|none|individual 10 iv_infusion|in_clinic|referral|individual 3
    iv_infusion|hospital|none|individual 1 im_injection|in_clinic|none|individual 4
    im_injection|in_clinic|full_kap|individual 2
    sc_injection|in_clinic|none|individual 1
    nasal_compounded|in_clinic|support_only|individual 1
    not_stated|not_stated|not_stated|not_stated 1
    """),
    _stated("""
    condition/trd 60 condition/mdd 50 condition/ptsd 45 condition/gad 30
    condition/chronic_pain 45 condition/ocd 15 condition/mdd_si 20
    payment/private_insurance 12 payment/superbill 25 payment/hsa_fsa 30
    payment/third_party_loan 20 payment/payment_plan 15 payment/veteran_discount 10
    """),
)
PSYCHIATRY = Practice(
    0.30,
    "Psychiatry",
    _weights("""
    nasal_esketamine|in_clinic|referral|individual 10
    nasal_esketamine|hospital|none|individual 2
    iv_infusion|in_clinic|referral|individual 3
    im_injection|in_clinic|referral|individual 2
    sublingual|in_clinic|support_only|individual 1
    no_medicine|in_clinic|integration_only|individual 1
    """),
    _stated("""
    condition/trd 80 condition/mdd_si 50 condition/mdd 50 condition/ptsd 20
    condition/gad 20 condition/bipolar_depression 10
    payment/private_insurance 80 payment/medicare 50 payment/medicaid 30
    payment/tricare 20 payment/va_community_care 15
    """),
)
THERAPY = Practice(
    0.25,
    "Psychotherapy",
    _weights("""
    im_injection|in_clinic|full_kap|individual 6 im_injection|in_clinic|full_kap|group 2
    sublingual|in_clinic|full_kap|individual 6 sublingual|in_clinic|full_kap|couple 1
    im_injection|retreat|full_kap|group 0.5
    no_medicine|in_clinic|integration_only|individual 3
    """),
    _stated("""
    condition/ptsd 65 condition/gad 50 condition/mdd 60 condition/trd 40
    condition/eol_distress 15 condition/sud 15 condition/ocd 15
    condition/social_anxiety 20 payment/private_insurance 15
    payment/sliding_scale 35 payment/superbill 50 payment/group_rate 15
    """),
)
TELEHEALTH = Practice(
    0.15,
    "Telehealth",
    _weights("""
    sublingual|home_live_video|full_kap|individual 6
    sublingual|home_live_video|integration_only|individual 3
    sublingual|home_unwatched|support_only|individual 5
    oral|home_unwatched|none|individual 1 im_injection|home_visit|none|individual 1
    no_medicine|home_live_video|integration_only|individual 2
    """),
    _stated("""
    condition/mdd 70 condition/gad 65 condition/ptsd 45 condition/trd 30
    payment/private_insurance 10 payment/hsa_fsa 40 payment/payment_plan 20
    access/home_dosing 60 safety/live_video_watch 40
    """),
)
PRACTICES = (INFUSION, PSYCHIATRY, THERAPY, TELEHEALTH)
