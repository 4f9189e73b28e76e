"""The parts that a price is made of: kind, unit, payee, who it is for, currency."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

PRICE_KINDS = Codes(
    Code(
        code="consult",
        label=_("First talk"),
        definition=_("The first call or visit to see what the clinic offers."),
        aliases=("intake", "consultation"),
    ),
    Code(
        code="medical_eval",
        label=_("First medical visit"),
        definition=_("A clinician checks your health before any medicine."),
    ),
    Code(
        code="prep",
        label=_("Preparation session"),
        definition=_("A therapy session before your first dose."),
        aliases=("preparation",),
    ),
    Code(
        code="dose_visit",
        label=_("Treatment session"),
        definition=_("The visit in which you take ketamine."),
        aliases=("session", "dose"),
    ),
    Code(
        code="monitoring_fee",
        label=_("Watch fee"),
        definition=_("What you pay for staff who watch you after the dose."),
        aliases=("monitoring",),
    ),
    Code(
        code="drug",
        label=_("Medicine"),
        definition=_("The medicine itself, when it is billed apart."),
    ),
    Code(
        code="pharmacy_shipping",
        label=_("Pharmacy and shipping"),
        definition=_("What the pharmacy asks to mix and send the medicine."),
        aliases=("shipping",),
    ),
    Code(
        code="integration",
        label=_("Integration session"),
        definition=_("A therapy session after a dose to make sense of it."),
    ),
    Code(
        code="booster",
        label=_("Booster session"),
        definition=_("A treatment session after the first course, as needed."),
    ),
    Code(
        code="monthly_membership",
        label=_("Monthly membership"),
        definition=_("A fee for each month that you are in the program."),
        aliases=("membership",),
    ),
    Code(
        code="package",
        label=_("Package"),
        definition=_("One price for a set of sessions."),
    ),
    Code(
        code="lab_test",
        label=_("Lab test"),
        definition=_("A blood, urine or other test that the clinic asks for."),
        aliases=("labs",),
    ),
    Code(
        code="cancellation_fee",
        label=_("Cancellation fee"),
        definition=_("What you pay if you cancel late or do not come."),
    ),
    Code(
        code="facility_fee",
        label=_("Facility fee"),
        definition=_("What a hospital or center asks for the use of its room."),
    ),
)

PRICE_UNITS = Codes(
    Code(code="visit", label=_("a visit"), definition=_("For each visit.")),
    Code(code="dose", label=_("a dose"), definition=_("For each dose.")),
    Code(code="hour", label=_("an hour"), definition=_("For each hour.")),
    Code(code="month", label=_("a month"), definition=_("For each month.")),
    Code(
        code="course",
        label=_("a course"),
        definition=_("Once, for the whole first course."),
    ),
    Code(
        code="package_of_n",
        label=_("a package"),
        definition=_("For a package with a stated number of sessions."),
    ),
)

PAYEES = Codes(
    Code(
        code="clinic",
        label=_("The clinic"),
        definition=_("You pay the clinic on this listing."),
    ),
    Code(
        code="therapist",
        label=_("The therapist"),
        definition=_("You pay a therapist who bills on their own."),
    ),
    Code(
        code="prescriber",
        label=_("The prescriber"),
        definition=_("You pay a prescriber who bills on their own."),
    ),
    Code(
        code="pharmacy",
        label=_("The pharmacy"),
        definition=_("You pay the pharmacy that makes or sells the medicine."),
    ),
    Code(
        code="laboratory",
        label=_("The laboratory"),
        definition=_("You pay the lab that runs the test."),
    ),
    Code(
        code="facility",
        label=_("The hospital or center"),
        definition=_("You pay the place whose room is used."),
    ),
)

APPLIES_TO = Codes(
    Code(
        code="self_pay",
        label=_("Without insurance"),
        definition=_("The price for people who pay themselves."),
    ),
    Code(
        code="sliding_scale",
        label=_("On the sliding scale"),
        definition=_("The price for people with lower income."),
    ),
    Code(
        code="insured_example",
        label=_("Example with insurance"),
        definition=_("What one insured person might pay. Ask your plan."),
    ),
    Code(
        code="public_copay",
        label=_("Share in a public plan"),
        definition=_("What you pay when a public plan pays the rest."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency(Code):
    """An ISO 4217 currency; its minor unit is a hundredth."""

    symbol: str


CURRENCIES = Codes(
    Currency(
        code="USD",
        label=_("US dollars"),
        definition=_("Money of the United States."),
        symbol="$",
    ),
    Currency(
        code="CAD",
        label=_("Canadian dollars"),
        definition=_("Money of Canada."),
        symbol="CA$",
    ),
    Currency(
        code="GBP",
        label=_("British pounds"),
        definition=_("Money of the United Kingdom."),
        symbol="£",
    ),
    Currency(
        code="EUR",
        label=_("Euros"),
        definition=_("Money of Ireland, Germany and other EU countries."),
        symbol="€",
    ),
    Currency(
        code="AUD",
        label=_("Australian dollars"),
        definition=_("Money of Australia."),
        symbol="A$",
    ),
    Currency(
        code="NZD",
        label=_("New Zealand dollars"),
        definition=_("Money of New Zealand."),
        symbol="NZ$",
    ),
)

_COUNTRIES_OF_CURRENCY = {
    "USD": "US PR GU VI AS MP",
    "CAD": "CA",
    "GBP": "GB",
    "EUR": "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
    "AUD": "AU",
    "NZD": "NZ",
}
CURRENCY_OF_COUNTRY = {
    country: currency
    for currency, countries in _COUNTRIES_OF_CURRENCY.items()
    for country in countries.split()
}
