"""Where a fact comes from, how fresh it is, and what state a listing is in.

Freshness follows domain rules: a fact goes stale by its group, never by a flag.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from providers.vocabulary.codes import Code, Codes

METHODS = Codes(
    Code(
        code="clinic_form",
        label=_("The clinic's own form"),
        definition=_("The clinic told us in writing."),
    ),
    Code(
        code="phone",
        label=_("Phone call"),
        definition=_("We called the clinic and asked."),
    ),
    Code(
        code="website",
        label=_("The clinic's website"),
        definition=_(
            "We read it on the clinic's site; nobody at the clinic confirmed."
        ),
    ),
    Code(
        code="official_registry",
        label=_("Official registry"),
        definition=_("A government register or survey says so."),
    ),
    Code(
        code="visitor_report",
        label=_("A visitor's report"),
        definition=_("Someone who uses this site told us."),
    ),
)
PERSON_METHODS = ("clinic_form", "phone")
CONFIRMING_METHODS = ("clinic_form", "phone", "official_registry")

DATE_PRECISIONS = Codes(
    Code(code="day", label=_("Day"), definition=_("The day is known.")),
    Code(code="month", label=_("Month"), definition=_("Only the month is known.")),
    Code(code="year", label=_("Year"), definition=_("Only the year is known.")),
)

POINT_PRECISIONS = Codes(
    Code(
        code="address",
        label=_("Street address"),
        definition=_("The point is at the street address."),
    ),
    Code(
        code="postal",
        label=_("Postal code"),
        definition=_("The point is the middle of the postal code."),
        aliases=("postcode", "zip"),
    ),
    Code(
        code="town",
        label=_("Town"),
        definition=_("The point is the middle of the town."),
        aliases=("city",),
    ),
)

ANSWERS = Codes(
    Code(code="yes", label=_("Yes"), definition=_("The source says yes.")),
    Code(code="no", label=_("No"), definition=_("The source says no.")),
    Code(
        code="partial",
        label=_("Partly"),
        definition=_("The source says in part or at times."),
    ),
)

SCOPES = Codes(
    Code(
        code="treatment",
        label=_("For this treatment"),
        definition=_("It holds for ketamine treatment here."),
    ),
    Code(
        code="facility",
        label=_("For some of its services, ask about ketamine"),
        definition=_("It holds for the whole site, which may do much more."),
    ),
)

STATUSES = Codes(
    Code(code="active", label=_("Open"), definition=_("It treats patients.")),
    Code(
        code="temporarily_closed",
        label=_("Closed for now"),
        definition=_("It plans to open again."),
    ),
    Code(code="closed", label=_("Closed"), definition=_("It has shut for good.")),
    Code(
        code="moved",
        label=_("Moved"),
        definition=_("It left this address and works at another place."),
    ),
    Code(
        code="do_not_list",
        label=_("Not to be listed"),
        definition=_("The owner asked to be left out, or it must not be shown."),
    ),
)

CHECK_GROUPS = Codes(
    Code(
        code="contact",
        label=_("Contact"),
        definition=_("Phone, address, open or closed, taking new patients."),
    ),
    Code(
        code="services",
        label=_("Services"),
        definition=_("Ways of giving ketamine, therapy, place, states served."),
    ),
    Code(
        code="prices",
        label=_("Prices"),
        definition=_("Prices, insurance and help with the cost."),
    ),
    Code(
        code="access",
        label=_("Access"),
        definition=_("Building, languages, groups served and who may come."),
    ),
    Code(
        code="licences",
        label=_("Licenses"),
        definition=_("Licenses, registry numbers and kinds of clinician."),
    ),
)

CHECK_OUTCOMES = Codes(
    Code(
        code="confirmed",
        label=_("Confirmed"),
        definition=_("Everything asked is still true."),
    ),
    Code(
        code="changed",
        label=_("Changed"),
        definition=_("Something was different and is now corrected."),
    ),
    Code(
        code="no_answer",
        label=_("No answer"),
        definition=_("Nobody answered."),
    ),
    Code(
        code="wrong_number",
        label=_("Wrong number"),
        definition=_("The number is dead or belongs to someone else."),
    ),
    Code(
        code="closed",
        label=_("Closed"),
        definition=_("The clinic has shut."),
    ),
    Code(
        code="refused",
        label=_("Refused"),
        definition=_("The clinic did not want to answer."),
    ),
)

# Days for which a checked group counts as fresh.
FRESH_DAYS = {
    "contact": 90,
    "services": 180,
    "prices": 90,
    "access": 365,
    "licences": 90,
}
UNCONFIRMED_DAYS = 180  # without a contact check: "last reported …, call first"
PRICE_HISTORY_DAYS = 365  # then a price is history only
REVIEW_DAYS = 90  # the longest a regulation note or crisis line may go unread

GROUP_OF_TOPIC = {
    "condition": "services",
    "payment": "prices",
    "access": "access",
    "population": "access",
    "language": "access",
    "screening": "services",
    "safety": "services",
    "clinician": "licences",
    "licence": "licences",
    "new_patients": "contact",
    "who": "access",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeed:
    """Where rows come from, as the table of sources is first filled.

    The table holds the English words; pages ask the catalogue for them.
    """

    code: str
    name: str
    publisher: str
    url: str = ""
    licence: str = ""


SOURCES = {
    seed.code: seed
    for seed in (
        SourceSeed(
            code="clinic",
            name=gettext_noop("The clinic itself"),
            publisher=gettext_noop("The clinic"),
        ),
        SourceSeed(
            code="samhsa_mh_directory",
            name=gettext_noop(
                "SAMHSA's survey of mental health facilities (National Directory "
                "and FindTreatment.gov)"
            ),
            publisher="SAMHSA",
            url=(
                "https://www.samhsa.gov/data/report/"
                "national-directory-of-mental-health-treatment-facilities"
            ),
            licence="US-Government-public-domain",
        ),
        SourceSeed(
            code="sample",
            name=gettext_noop("Invented sample listings"),
            publisher="kapfinder",
        ),
    )
}
