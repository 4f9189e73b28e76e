"""Typing errors are caught by ranges; ordinary prices and other money pass."""

import pytest

from providers.vocabulary import far_from

IV = "iv_infusion|in_clinic|none|individual|"
KAP = "oral|in_clinic|full_kap|individual|"
HOME = "sublingual|home_live_video|none|individual|"
SPRAY = "nasal_esketamine|in_clinic|none|individual|"
IM = "im_injection|in_clinic|referral|individual|"
PAIN = "iv_infusion|in_clinic|none|individual|Pain 4 h"


def is_far(offering, low, high=None, **values) -> bool:
    usual = {
        "kind": "dose_visit",
        "unit": "visit",
        "applies_to": "self_pay",
        "currency": "USD",
        "package_size": 1,
        "minutes": None,
    }
    cents = [None if units is None else units * 100 for units in (low, high)]
    found = far_from(offering, amounts_cents=tuple(cents), **usual | values)
    return found is not None


# Half of the lowest and twice the highest of domain.md 2.1, in dollars.
@pytest.mark.parametrize(
    ("offering", "kind", "least", "most"),
    [
        (IV, "dose_visit", 150, 3_000),
        (PAIN, "dose_visit", 300, 4_000),
        (IM, "dose_visit", 138, 1_600),
        (SPRAY, "dose_visit", 295, 3_200),
        (HOME, "dose_visit", 38, 600),
        (KAP, "dose_visit", 75, 2_800),
        (IV, "prep", 38, 750),
        (KAP, "integration", 38, 750),
        (SPRAY, "medical_eval", 75, 750),
    ],
)
def test_only_beyond_half_the_lowest_and_twice_the_highest(offering, kind, least, most):
    assert not is_far(offering, least, most, kind=kind)
    assert is_far(offering, least - 1, kind=kind)
    assert is_far(offering, None, most + 1, kind=kind)
    assert is_far(offering, least, most + 1, kind=kind)


def test_free_is_far_from_what_is_asked_and_unknown_is_not():
    assert is_far(IV, 0, 0)
    assert not is_far(IV, None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"currency": "GBP"},
        {"currency": ""},
        {"applies_to": "insured_example"},
        {"applies_to": "sliding_scale"},
        {"unit": "month"},
        {"unit": "course"},
        {"unit": "hour"},
        {"kind": "cancellation_fee"},
        {"kind": "drug"},
    ],
)
def test_what_nobody_posts_alike_has_no_range(values):
    assert not is_far(IV, 1, 100_000, **values)


@pytest.mark.parametrize(
    "offering",
    [
        "not_stated|not_stated|not_stated|not_stated|",
        "sublingual|in_clinic|none|individual|",
        "sc_injection|in_clinic|none|individual|",
        "no_medicine|in_clinic|none|individual|",
    ],
)
def test_a_route_of_which_no_source_tells_has_no_range(offering):
    assert not is_far(offering, 1, 100_000)


def test_packages_and_hours_are_compared_by_the_visit():
    assert not is_far(IV, 6_000, unit="package_of_n", package_size=6)
    assert is_far(IV, 600, unit="package_of_n", package_size=6)
    assert not is_far(KAP, 900, kind="prep", unit="hour", minutes=50)
    assert is_far(KAP, 901, kind="prep", unit="hour", minutes=50)
