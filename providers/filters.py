"""The question: every search parameter, declared and validated once.

`ProviderFilter` reads a query string; `Search` is the question that it parsed, in
plain values. Pages, the command and exports ask through these, so that a search means
the same everywhere (design.md 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import costs, geo, vocabulary
from providers.forms import CodesField, RegionsField, SearchForm
from providers.matching import in_order, matching
from providers.models import Provider, every_region
from providers.question import (
    DEAREST_CENTS,
    FACT_GROUPS,
    MOST_NIGHTS,
    MOST_PAGES,
    OFFERING_PARTS,
    WIDEST,
    Search,
)
from providers.text import plain

# Why a listing is left out; the parameter include_<reason> takes it in.
INCLUDES = {
    "unpriced": _("Also clinics with no published price"),
    "stale_price": _("Also clinics whose price is older than 90 days"),
    "incomplete": _("Also clinics that publish only part of the price"),
    "not_stated": _("Also clinics that do not say whether they meet my needs"),
}
SORTS = {
    "distance": _("Nearest first"),
    "price": _("Lowest session price first"),
    "course": _("Lowest course cost first"),
    "travel": _("Lowest cost of a course with travel first"),
    "checked": _("Last checked first"),
    "posted": _("Most prices published first"),
    "name": _("Name"),
}
DRIVERS = {
    "someone": _("Someone drives me"),
    "nobody": _("I have nobody to drive me"),
}
MILES_COUNTRIES = ("US", "GB")
DEAREST_RATE = 100  # for a mile or a kilometer
DEAREST_FARE = 100_000  # for a ride or a night


class CodesFilter(filters.MultipleChoiceFilter):
    field_class = CodesField


class RegionsFilter(filters.MultipleChoiceFilter):
    field_class = RegionsField


class DegreesFilter(filters.Filter):
    field_class = forms.FloatField


def _codes(codes: vocabulary.Codes, label) -> CodesFilter:
    return CodesFilter(codes=codes, label=label)


def _one_of(label, choices: dict, **options) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=list(choices.items()), **options)


def _amount(label, most: int = DEAREST_CENTS // 100, **options) -> filters.NumberFilter:
    """So much money, in whole units of the question's currency."""
    return filters.NumberFilter(label=label, min_value=0, max_value=most, **options)


def _about_the_rate() -> str:
    amount = number_format(settings.TRAVEL_CENTS_PER_MILE / 100, 3)
    known = {
        "rate": f"{amount} {settings.TRAVEL_CURRENCY}",
        "source": settings.TRAVEL_SOURCE,
        "factor": number_format(settings.ROAD_FACTOR, 1),
        "roads": settings.ROAD_FACTOR_SOURCE,
    }
    words = gettext(
        "Left open, we count %(rate)s a mile (%(source)s); in another currency it is "
        "not known. We take roads to be %(factor)s times the straight line (%(roads)s)."
    )
    return words % known


class ProviderFilter(filters.FilterSet):
    """Every parameter of a search. `is_valid()` first: a bad value finds nothing."""

    near = filters.CharFilter(
        label=_("Town, ZIP or postcode, state or province"), max_length=200
    )
    lat = DegreesFilter(label=_("Latitude"), min_value=-90, max_value=90)
    lng = DegreesFilter(label=_("Longitude"), min_value=-180, max_value=180)
    within = filters.NumberFilter(
        label=_("Within"),
        min_value=Decimal("0.1"),
        max_value=WIDEST,
        help_text=_("Left open, we look as far as it takes to find some."),
    )
    unit = _one_of(_("Unit"), {"mi": _("miles"), "km": _("kilometers")})
    route = _codes(vocabulary.ROUTES, _("How ketamine is given"))
    setting = _codes(vocabulary.SETTINGS, _("Where you take it"))
    therapy = _codes(vocabulary.THERAPIES, _("How much therapy"))
    format = _codes(vocabulary.FORMATS, _("Alone or with others"))
    condition = _codes(vocabulary.CONDITIONS, _("Conditions"))
    pay = _codes(vocabulary.PAYMENTS, _("Ways to pay"))
    need = _codes(vocabulary.NEEDS, _("What you need"))
    language = _codes(vocabulary.LANGUAGES, _("Language"))
    region = RegionsFilter(label=_("State, province or country"))
    serves = RegionsFilter(
        label=_("Your state or province, for care at home by video or post")
    )
    accepting = _one_of(
        _("New patients"),
        {
            "yes": _("Says it takes new patients"),
            "waitlist": _("Takes new patients, or has a waiting list"),
        },
    )
    max_price = _amount(
        _("Most you can pay for one session"),
        help_text=_("We compare the lowest price that the clinic published."),
    )
    max_course = _amount(
        _("Most you can pay for a whole course"),
        help_text=_(
            "We compare the lowest sum of the clinic’s prices over a typical course; "
            "the clinic sets yours."
        ),
    )
    max_total = _amount(
        _("Most you can pay for a course with travel"),
        help_text=_("It needs your place. What a trip costs is under “Getting there”."),
    )
    rate = _amount(
        _("What driving a mile or a kilometer costs"),
        DEAREST_RATE,
        help_text=lazy(_about_the_rate, str)(),
    )
    driver = _one_of(_("Who drives you home after a dose"), DRIVERS)
    fare = _amount(
        _("A ride to a dosing visit and back, where nobody drives you"),
        DEAREST_FARE,
        help_text=_("By taxi, bus or medical transport. Left open, it is not counted."),
    )
    nights = filters.NumberFilter(
        label=_("Nights that you stay there, in all"),
        min_value=0,
        max_value=MOST_NIGHTS,
        decimal_places=0,
    )
    night = _amount(_("What a night costs"), DEAREST_FARE)
    currency = _one_of(_("Currency"), {code: code for code in vocabulary.CURRENCIES})
    include_unpriced = _one_of(INCLUDES["unpriced"], {"yes": _("Yes")})
    include_stale_price = _one_of(INCLUDES["stale_price"], {"yes": _("Yes")})
    include_incomplete = _one_of(INCLUDES["incomplete"], {"yes": _("Yes")})
    include_not_stated = _one_of(INCLUDES["not_stated"], {"yes": _("Yes")})
    unconfirmed = _one_of(
        _("Not confirmed for 180 days"),
        {
            "include": _("Show them, marked"),
            "hide": _("Hide them"),
            "only": _("Show only them"),
        },
    )
    country = _one_of(_("Country"), {"any": _("Also across the border")})
    checked_within = filters.NumberFilter(
        label=_("Checked within (days)"), min_value=1, max_value=3650, decimal_places=0
    )
    q = filters.CharFilter(label=_("Words in the name"), max_length=200)
    sort = _one_of(_("Order"), SORTS)
    page = filters.NumberFilter(
        label=_("Page"), min_value=1, max_value=MOST_PAGES, decimal_places=0
    )

    class Meta:
        model = Provider
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, on: date | None = None) -> None:
        """`on`: the day for which it is asked, today if not given.

        Shares the filters, which no question changes; FilterSet would copy them.
        """
        self.on = on or timezone.localdate()
        self.is_bound = data is not None
        self.data = data or QueryDict()
        self.queryset = Provider.objects.all()
        self.filters = self.base_filters

    @cached_property
    def form(self) -> SearchForm:
        return SearchForm(self.data, _fields(), _blank())

    def filter_queryset(self, queryset: QuerySet[Provider]) -> QuerySet[Provider]:
        """All matches in order: within the radius where one is given."""
        search, found = self.search, matching(self.search)
        if search.origin and search.radius_km is not None:
            found = found.within_km(search.origin.point, search.radius_km)
        elif search.origin:
            found = found.from_point(search.origin.point)
        return in_order(found, search)

    @cached_property
    def search(self) -> Search:
        """The question of a valid form."""
        given = self.form.cleaned_data
        place = self.form.origin
        country = place.country if place else settings.DEFAULT_COUNTRY
        unit = given["unit"] or ("mi" if country in MILES_COUNTRIES else "km")
        origin = place if place and place.point else None
        currency = given["currency"] or vocabulary.CURRENCY_OF_COUNTRY.get(
            country, "USD"
        )
        regions = list(given["region"])
        if place and not place.point:
            regions.append(place.region)
        groups = (*OFFERING_PARTS, *FACT_GROUPS, "need")
        return Search(
            on=self.on,
            origin=origin,
            radius_km=_radius_km(given["within"], unit) if origin else None,
            unit=unit,
            **{name: tuple(given[name]) for name in groups},
            region=tuple(regions),
            serves=with_parents(given["serves"]),
            accepting=given["accepting"],
            max_cents=_cents(given["max_price"]),
            max_course_cents=_cents(given["max_course"]),
            max_total_cents=_cents(given["max_total"]),
            ride=_ride(given, currency, unit),
            currency=currency,
            include=frozenset(r for r in INCLUDES if given[f"include_{r}"]),
            unconfirmed=given["unconfirmed"] or "include",
            any_country=bool(given["country"]),
            checked_within_days=_whole(given["checked_within"]),
            words=plain(given["q"]),
            sort=given["sort"] or ("distance" if origin else "name"),
            page=_whole(given["page"]) or 1,
        )


def _radius_km(within: Decimal | None, unit: str) -> float | None:
    if within is None:
        return None
    return float(within) * (geo.KM_PER_MILE if unit == "mi" else 1)


def _ride(given: dict, currency: str, unit: str) -> costs.Ride:
    return costs.Ride(
        per_km_cents=_per_km_cents(given["rate"], currency, unit),
        road_factor=settings.ROAD_FACTOR,
        driver=given["driver"],
        fare_cents=_cents(given["fare"]),
        nights=_whole(given["nights"]) or 0,
        night_cents=_cents(given["night"]),
    )


def _per_km_cents(rate: Decimal | None, currency: str, unit: str) -> float | None:
    """What driving a kilometre costs; None: not known in that currency."""
    if rate is not None:
        cents = float(rate * 100)
        return cents / geo.KM_PER_MILE if unit == "mi" else cents
    if currency != settings.TRAVEL_CURRENCY:
        return None
    return settings.TRAVEL_CENTS_PER_MILE / geo.KM_PER_MILE


def _cents(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def with_parents(codes: Iterable[str]) -> tuple[str, ...]:
    """The regions and every region that holds them: who serves the US serves all."""
    given = list(dict.fromkeys(codes))
    regions = every_region() if given else {}
    held = dict.fromkeys(given)
    for code in given:
        region = regions.get(code)
        while region and (region := region.parent):
            held[region.code] = None
    return tuple(held)


@cache
def _fields() -> dict[str, forms.Field]:
    return {name: asked.field for name, asked in ProviderFilter.base_filters.items()}


@cache
def _blank() -> dict[str, object]:
    """What each parameter means where the question does not name it."""
    return {
        name: field.clean(field.widget.value_from_datadict(QueryDict(), {}, name))
        for name, field in _fields().items()
    }
