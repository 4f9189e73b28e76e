"""What the samples offer and charge: invented, within what clinics really post."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A price line before it has an amount: from low to high, in whole dollars."""

    kind: str
    low: int
    high: int
    payee: str = "clinic"
    unit: str = "visit"
    size: int = 1
    minutes: int | None = None
    includes: tuple[str, ...] = ()


class Offer(NamedTuple):
    """An offering: its key as documents write it, and its price lines."""

    key: str
    lines: tuple[Line, ...] = ()


class Practice(NamedTuple):
    """A sort of practice: how its names end, and what it offers."""

    ending: str
    offers: tuple[Offer, ...]
    remote_only: bool = False
    on_label: bool = False  # gives esketamine, which insurers pay for


_FIRST_VISIT = Line("medical_eval", 150, 350)
_THERAPY = (Line("prep", 150, 250), Line("integration", 150, 250))

INFUSION = Practice(
    "Infusion Clinic",
    (
        Offer(
            "iv_infusion|in_clinic|none|individual|",
            (Line("dose_visit", 400, 700), _FIRST_VISIT),
        ),
        Offer(
            "iv_infusion|in_clinic|none|individual|pain 4 h",
            (Line("dose_visit", 800, 1_400),),
        ),
    ),
)
KAP = Practice(
    "Psychotherapy",
    (
        Offer(
            "im_injection|in_clinic|full_kap|individual|",
            (
                Line("dose_visit", 450, 800, includes=("drug",)),
                *(_FIRST_VISIT, *_THERAPY, Line("consult", 0, 50)),
            ),
        ),
        Offer(
            "sublingual|in_clinic|full_kap|group|",
            (Line("dose_visit", 200, 350), Line("drug", 60, 90, payee="pharmacy")),
        ),
    ),
)
SPLIT_KAP = Practice(
    "Therapy Collective",
    (
        Offer(
            "sublingual|in_clinic|full_kap|individual|",
            (
                Line("dose_visit", 300, 450, payee="therapist"),
                Line("dose_visit", 150, 250, payee="prescriber"),
                Line("drug", 60, 90, payee="pharmacy"),
                *_THERAPY,
            ),
        ),
        Offer(
            "sublingual|in_clinic|full_kap|couple|",
            (Line("dose_visit", 500, 700, payee="therapist"),),
        ),
    ),
)
ESKETAMINE = Practice(
    "Psychiatry",
    (
        Offer(
            "nasal_esketamine|in_clinic|referral|individual|",
            (
                Line("dose_visit", 200, 350),
                Line("monitoring_fee", 100, 200),
                Line("drug", 600, 900, payee="pharmacy"),
            ),
        ),
        Offer(
            "iv_infusion|in_clinic|referral|individual|",
            (Line("dose_visit", 350, 600),),
        ),
    ),
    on_label=True,
)
HOSPITAL = Practice(
    "Hospital Program",
    (
        Offer(
            "nasal_esketamine|hospital|none|individual|",
            (Line("dose_visit", 300, 500), Line("facility_fee", 200, 400)),
        ),
        Offer(
            "iv_infusion|hospital|referral|individual|",
            (Line("dose_visit", 500, 900), Line("monitoring_fee", 100, 250)),
        ),
    ),
    on_label=True,
)
WATCHED_AT_HOME = Practice(
    "Telehealth",
    (
        Offer(
            "sublingual|home_live_video|full_kap|individual|",
            (
                Line("dose_visit", 165, 300),
                Line("pharmacy_shipping", 25, 50, payee="pharmacy"),
                *_THERAPY,
            ),
        ),
        Offer(
            "sublingual|home_live_video|integration_only|individual|",
            (Line("dose_visit", 100, 200, unit="dose"),),
        ),
    ),
    remote_only=True,
)
UNWATCHED_AT_HOME = Practice(
    "Home Program",
    (
        Offer(
            "sublingual|home_unwatched|support_only|individual|",
            (
                Line("dose_visit", 75, 150, unit="dose"),
                Line("package", 700, 1_200, unit="package_of_n", size=6),
            ),
        ),
        Offer(
            "oral|home_unwatched|none|individual|",
            (Line("monthly_membership", 100, 150, unit="month"),),
        ),
    ),
    remote_only=True,
)
THERAPY_ONLY = Practice(
    "Counseling",
    (
        Offer("no_medicine|in_clinic|integration_only|individual|", _THERAPY),
        Offer("no_medicine|home_live_video|integration_only|individual|", _THERAPY),
    ),
)
RETREAT = Practice(
    "Retreat House",
    (
        Offer(
            "im_injection|retreat|full_kap|group|",
            (Line("package", 1_800, 3_200, unit="course"), Line("consult", 0, 50)),
        ),
    ),
)
STUDIO = Practice(
    "Wellness Studio",
    (
        Offer(
            "nasal_compounded|in_clinic|support_only|individual|",
            (Line("dose_visit", 150, 250, unit="hour", minutes=90),),
        ),
        Offer(
            "sc_injection|in_clinic|none|individual|",
            (Line("dose_visit", 300, 450),),
        ),
    ),
)
VISITING = Practice(
    "Visiting Nurses",
    (
        Offer(
            "im_injection|home_visit|none|individual|",
            (Line("dose_visit", 500, 800),),
        ),
    ),
)
SILENT = Practice("Clinic", (Offer("not_stated|not_stated|not_stated|not_stated|"),))
INFUSION_SILENT = Practice(
    "Ketamine Center", (Offer("iv_infusion|not_stated|not_stated|not_stated|"),)
)

# Taken in turn. The number of them is prime to that of the other cycles, so that
# every practice meets every gap.
PRACTICES = (
    *(KAP, INFUSION, SPLIT_KAP, ESKETAMINE, KAP, WATCHED_AT_HOME, INFUSION),
    *(THERAPY_ONLY, SPLIT_KAP, HOSPITAL, KAP, SILENT, INFUSION, UNWATCHED_AT_HOME),
    *(ESKETAMINE, KAP, STUDIO, RETREAT, SPLIT_KAP, INFUSION_SILENT, INFUSION),
    *(VISITING, KAP),
)
