"""What patients ask of every clinic: the short list by which a listing is complete.

A count of all filled fields would call a listing with forty access answers and no
price complete; here each question counts once.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, stated by a column of an offering, by the session price, or by any
    fact of `topic` (of `codes`, where some are named)."""

    label: str | Promise
    offering: str = ""
    topic: str = ""
    codes: tuple[str, ...] = ()


PRICED = "session_currency"  # of an offering: blank while no session price is known

ASKED = (
    Asked(label=_("Ways of giving ketamine"), offering="route"),
    Asked(label=_("Where it is given"), offering="setting"),
    Asked(label=_("Therapy"), offering="therapy"),
    Asked(label=_("Price of a session"), offering=PRICED),
    Asked(label=_("Insurance or help with the cost"), topic="payment"),
    Asked(label=_("Conditions"), topic="condition"),
    Asked(label=_("New patients"), topic="new_patients"),
    Asked(
        label=_("How long the wait is"),
        topic="access",
        codes=("wait_days", "same_week_start"),
    ),
    Asked(
        label=_("By phone or video"),
        topic="access",
        codes=("telehealth_consult", "telehealth_prep_integration", "home_dosing"),
    ),
    Asked(
        label=_("Step-free entry"),
        topic="access",
        codes=("step_free_entry", "wheelchair_inside"),
    ),
    Asked(
        label=_("The ride home"),
        topic="safety",
        codes=("ride_home_required", "no_driving_until_next_day"),
    ),
    Asked(label=_("Who watches over you"), topic="safety", codes=("staff_in_room",)),
    Asked(label=_("Languages"), topic="language"),
    Asked(label=_("Youngest age"), topic="who", codes=("min_age",)),
)
