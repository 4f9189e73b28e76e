"""The question: every search parameter, declared and validated once.

`ProviderFilter` reads a query string; `Search` is the question that it parsed, in
plain values; `matching` is its answer as a QuerySet. Pages, the command and exports
ask through these, so that a search means the same everywhere (design.md 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache, cached_property

import django_filters as filters
from django.conf import settings
from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Collate
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import geo, vocabulary
from providers.forms import CodesField, RegionsField, SearchForm
from providers.models import Fact, Offering, Provider, every_region
from providers.question import (
    DEAREST_CENTS,
    FACT_GROUPS,
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
    "checked": _("Last checked first"),
    "name": _("Name"),
}
# The stored amount of an offering (its columns' first word) by which a sort orders.
SORT_AMOUNTS = {"price": "session", "course": "course"}
MILES_COUNTRIES = ("US", "GB")


def matching(search: Search) -> QuerySet[Provider]:
    """The listings that answer the question, wherever they are: no reach, no order."""
    found = Provider.objects.listed()
    if search.origin and not search.any_country:
        found = found.in_country(search.origin.country)
    if search.region:
        found = found.in_regions(search.region)
    if search.words:
        found = found.named(search.words)
    if search.unconfirmed == "hide":
        found = found.confirmed(search.on)
    elif search.unconfirmed == "only":
        found = found.unconfirmed(search.on)
    if search.checked_within_days:
        found = found.checked_within(search.checked_within_days, search.on)
    return _stating(_offering(found, search), search)


def _offering(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    """Everything asked of an offering must hold for one and the same offering."""
    if not search.asks_of_an_offering and search.max_cents is None:
        return found
    if not search.asks_of_an_offering and "unpriced" in search.include:
        return found.with_offering(offerings_asked(search), or_none=True)
    return found.with_offering(offerings_asked(search))


def offerings_asked(search: Search) -> QuerySet[Offering]:
    """The offerings of any listing that are all of what the question asks."""
    offerings = Offering.objects.by(**{p: getattr(search, p) for p in OFFERING_PARTS})
    if search.serves:
        offerings = offerings.serving(search.serves)
    if search.max_cents is not None:
        offerings = offerings.filter(_price_within(search))
    return offerings


def _price_within(search: Search) -> Q:
    """The low end within the limit, known, complete, current, in the currency."""
    here = Q(session_currency=search.currency, session_min_cents__lte=search.max_cents)
    fresh = Q(session_known_until__gte=search.on)
    whole = Q(session_complete=True)
    wanted = here & whole & fresh
    if "stale_price" in search.include:
        wanted |= here & whole & ~fresh
    if "incomplete" in search.include:
        wanted |= here & ~whole
    if "unpriced" in search.include:
        wanted |= Q(session_min_cents=None) | ~Q(session_currency=search.currency)
    return wanted


def _stating(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    silent_too = "not_stated" in search.include
    for name, topic in FACT_GROUPS.items():
        if codes := getattr(search, name):
            found = found.filter(_states_any(topic, codes, silent_too))
    if search.accepting:
        found = found.filter(_takes_patients(search.accepting, silent_too))
    for need in search.need:
        found = found.filter(_meets(need, silent_too))
    return found


def _states_any(topic: str, codes: tuple[str, ...], silent_too: bool) -> Q:
    about = Fact.objects.filter(provider=OuterRef("pk"), topic=topic)
    wanted = Q(Exists(about.filter(code__in=codes).helping()))
    if silent_too:
        for code in codes:
            wanted |= ~Q(Exists(about.filter(code=code)))
    return wanted


def _takes_patients(accepting: str, silent_too: bool) -> Q:
    """Its codes answer one question: who states any of them is not silent."""
    about = Fact.objects.filter(provider=OuterRef("pk"), topic="new_patients")
    codes = ("accepting", "waitlist")[: 1 + (accepting == "waitlist")]
    met = Q(Exists(about.filter(code__in=codes).helping()))
    return met | ~Q(Exists(about)) if silent_too else met


def _meets(need: str, silent_too: bool) -> Q:
    """A help is met by yes or partial; a requirement only by a plain no."""
    about = Fact.objects.filter(
        provider=OuterRef("pk"), topic=vocabulary.topic_of(need), code=need
    )
    requirement = vocabulary.NEEDS[need].requirement
    met = Q(Exists(about.not_requiring() if requirement else about.helping()))
    return met | ~Q(Exists(about)) if silent_too else met


def in_order(found: QuerySet[Provider], search: Search) -> QuerySet[Provider]:
    """The total order that the question asks for; unknown last, then by id."""
    if search.sort == "distance" and search.origin:
        return found.order_by(F("chord_squared").asc(nulls_last=True), "pk")
    if search.sort in SORT_AMOUNTS:
        return _cheapest_first(found, search, SORT_AMOUNTS[search.sort])
    if search.sort == "checked":
        return found.order_by(F("contact_checked_on").desc(nulls_last=True), "pk")
    return found.order_by(_by_code_points("plain_name"), "pk")


def _by_code_points(column: str) -> Collate:
    """One order of words on every database, whatever language it sorts in."""
    return Collate(column, "C" if connection.vendor == "postgresql" else "BINARY")


def _cheapest_first(
    found: QuerySet[Provider], search: Search, amount: str
) -> QuerySet[Provider]:
    """By the lowest whole amount, then by the lowest "at least"; unknown last."""
    low = f"{amount}_min_cents"
    current = offerings_asked(search).filter(
        **{
            "provider": OuterRef("pk"),
            f"{amount}_currency": search.currency,
            f"{amount}_known_until__gte": search.on,
            f"{low}__isnull": False,
        }
    )
    whole, at_least = (
        Subquery(
            current.filter(**{f"{amount}_complete": c}).order_by(low).values(low)[:1]
        )
        for c in (True, False)
    )
    return found.annotate(price=whole).order_by(
        F("price").asc(nulls_last=True),
        Case(When(price=None, then=at_least)).asc(nulls_last=True),
        "pk",
    )


class CodesFilter(filters.MultipleChoiceFilter):
    field_class = CodesField


class RegionsFilter(filters.MultipleChoiceFilter):
    field_class = RegionsField


def _codes(codes: vocabulary.Codes, label) -> CodesFilter:
    return CodesFilter(codes=codes, label=label)


def _one_of(label, choices: dict, **options) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=list(choices.items()), **options)


class ProviderFilter(filters.FilterSet):
    """Every parameter of a search. `is_valid()` first: a bad value finds nothing."""

    near = filters.CharFilter(
        label=_("Town, ZIP or postcode, state or province"), max_length=200
    )
    lat = filters.NumberFilter(label=_("Latitude"), min_value=-90, max_value=90)
    lng = filters.NumberFilter(label=_("Longitude"), min_value=-180, max_value=180)
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
    max_price = filters.NumberFilter(
        label=_("Most you can pay for one session"),
        min_value=0,
        max_value=DEAREST_CENTS // 100,
        help_text=_("We compare the lowest price that the clinic published."),
    )
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

    def __init__(self, data: QueryDict | None = None) -> None:
        """Shares the filters, which no question changes; FilterSet would copy them."""
        self.is_bound = data is not None
        self.data = data or QueryDict()
        self.queryset = Provider.objects.all()
        self.filters = self.base_filters

    @cached_property
    def form(self) -> SearchForm:
        fields = {name: asked.field for name, asked in self.filters.items()}
        return SearchForm(self.data, fields, _blank())

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
        regions = list(given["region"])
        if place and not place.point:
            regions.append(place.region)
        groups = (*OFFERING_PARTS, *FACT_GROUPS, "need")
        return Search(
            on=timezone.localdate(),
            origin=origin,
            radius_km=_radius_km(given["within"], unit) if origin else None,
            unit=unit,
            **{name: tuple(given[name]) for name in groups},
            region=tuple(regions),
            serves=with_parents(given["serves"]),
            accepting=given["accepting"],
            max_cents=_cents(given["max_price"]),
            currency=given["currency"]
            or vocabulary.CURRENCY_OF_COUNTRY.get(country, "USD"),
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
def _blank() -> dict[str, object]:
    """What each parameter means where the question does not name it."""
    fields = {n: asked.field for n, asked in ProviderFilter.base_filters.items()}
    return {
        name: field.clean(field.widget.value_from_datadict(QueryDict(), {}, name))
        for name, field in fields.items()
    }
