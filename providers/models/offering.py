"""What a provider offers, and what it charges for it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from providers import vocabulary
from providers.costs import COUNTED_KINDS
from providers.models.checked import Checked
from providers.models.fields import CodeField, one_of
from providers.models.provider import Provider
from providers.models.region import Region
from providers.models.searching import (
    Searched,
    SearchedQuerySet,
    appends_links,
)
from providers.models.translated import Translated
from providers.vocabulary import NASAL_ESKETAMINE, NOT_STATED, SUPERVISED_SETTINGS

# What tells one price line of an offering from another.
PRICE_KEY = ("kind", "payee", "unit", "applies_to", "package_size")


class OfferingQuerySet(SearchedQuerySet):
    """Questions that must hold for one and the same offering: chain them."""

    def by(self, **choices):
        """With each named part (route, setting …) among its chosen codes."""
        chosen = {f"{part}__in": codes for part, codes in choices.items() if codes}
        return self.filter(**chosen)

    def remote(self):
        """Taken at home: by video, by post, or with a clinician who comes."""
        return self.filter(setting__in=vocabulary.REMOTE_SETTINGS)

    def serving(self, regions):
        """At home, for people in one of the regions: only those that it lists."""
        return self.remote().filter(serves__in=regions)


def _stored_amount_whole(amount: str) -> models.CheckConstraint:
    """All of a stored amount is known, with at least one end, or none of it."""
    low, high = f"{amount}_min_cents", f"{amount}_max_cents"
    none = {low: None, high: None, f"{amount}_currency": ""}
    none |= {f"{amount}_known_until": None, f"{amount}_complete": False}
    return models.CheckConstraint(
        name=f"offering_{amount}_amount_whole",
        condition=Q(**none)
        | Q(**{f"{amount}_currency__in": list(vocabulary.CURRENCIES)})
        & Q(**{f"{amount}_known_until__isnull": False})
        & (Q(**{f"{low}__isnull": False}) | Q(**{f"{high}__isnull": False})),
    )


class Offering(Searched, Checked):
    """Route × setting × therapy level × format (× variant) of one provider.

    The session and course columns are `costs.session`, `costs.course` and `costs.trips`
    of its current price lines, stored so that search can filter and order by them:
    `actions` alone writes them.
    """

    group = "services"
    listing = "provider"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="offerings")
    route = CodeField(vocabulary.ROUTES, default=NOT_STATED)
    setting = CodeField(vocabulary.SETTINGS, default=NOT_STATED)
    therapy = CodeField(vocabulary.THERAPIES, default=NOT_STATED)
    format = CodeField(vocabulary.FORMATS, default=NOT_STATED)
    variant = models.CharField(
        max_length=60, blank=True, default="", help_text='"depression", "pain 4 h" …'
    )
    serves = models.ManyToManyField(Region, blank=True, related_name="+")
    session_min_cents = models.PositiveIntegerField(null=True, editable=False)
    session_max_cents = models.PositiveIntegerField(null=True, editable=False)
    session_currency = models.CharField(
        max_length=3, blank=True, default="", editable=False
    )
    session_complete = models.BooleanField(default=False, editable=False)
    session_known_until = models.DateField(null=True, editable=False)
    course_min_cents = models.PositiveIntegerField(null=True, editable=False)
    course_max_cents = models.PositiveIntegerField(null=True, editable=False)
    course_currency = models.CharField(
        max_length=3, blank=True, default="", editable=False
    )
    course_complete = models.BooleanField(default=False, editable=False)
    course_known_until = models.DateField(null=True, editable=False)
    # The fewest visits of a course for which a person goes there and back.
    course_dose_trips = models.PositiveSmallIntegerField(default=0, editable=False)
    course_other_trips = models.PositiveSmallIntegerField(default=0, editable=False)
    objects = OfferingQuerySet.as_manager()

    class Meta(Checked.Meta):
        ordering = ["provider", "pk"]
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                name="offering_unique",
                fields=["provider", "route", "setting", "therapy", "format", "variant"],
            ),
            one_of("route", vocabulary.ROUTES, model="offering"),
            one_of("setting", vocabulary.SETTINGS, model="offering"),
            one_of("therapy", vocabulary.THERAPIES, model="offering"),
            one_of("format", vocabulary.FORMATS, model="offering"),
            models.CheckConstraint(
                name="offering_esketamine_supervised",
                condition=~Q(route=NASAL_ESKETAMINE)
                | Q(setting__in=[*SUPERVISED_SETTINGS, NOT_STATED]),
                violation_error_message=(
                    "Esketamine is given only at a clinic or a hospital."
                ),
            ),
            _stored_amount_whole("session"),
            _stored_amount_whole("course"),
        ]

    def __str__(self) -> str:
        return str(self.get_route_display())

    @property
    def key(self) -> str:
        """Its natural key within the listing, as documents write it."""
        parts = (self.route, self.setting, self.therapy, self.format, self.variant)
        return "|".join(parts)

    def has_current_session_price(self, on: date) -> bool:
        return self.session_known_until is not None and self.session_known_until >= on


appends_links(Offering.serves.through)


class PriceLineQuerySet(SearchedQuerySet):
    def current(self):
        """Not yet superseded; disputed and stale ones included."""
        return self.filter(superseded_on=None)


class PriceLine(Searched, Checked):
    """One dated price of one offering. NULL is unknown, 0 is free."""

    group = "prices"
    listing = "offering__provider"

    offering = models.ForeignKey(Offering, models.CASCADE, related_name="prices")
    kind = CodeField(vocabulary.PRICE_KINDS)
    payee = CodeField(vocabulary.PAYEES, default="clinic")
    unit = CodeField(vocabulary.PRICE_UNITS, default="visit")
    package_size = models.PositiveSmallIntegerField(
        default=1, help_text="How many a package holds; 1 for other units."
    )
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Minutes of a visit priced by the hour."
    )
    amount_min_cents = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minor units. Blank unknown, 0 free."
    )
    amount_max_cents = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minor units; as the minimum for one price."
    )
    currency = CodeField(vocabulary.CURRENCIES, blank=True, default="", max_length=3)
    count_min = models.PositiveSmallIntegerField(
        "times in a course",
        null=True,
        blank=True,
        help_text="As the clinic says; blank where it does not.",
    )
    count_max = models.PositiveSmallIntegerField(
        "times in a course, at most",
        null=True,
        blank=True,
        help_text="As the least for a fixed number; blank for so many or more.",
    )
    applies_to = CodeField(vocabulary.APPLIES_TO, default="self_pay")
    includes = models.JSONField(
        default=list, blank=True, help_text="Kinds that this price already covers."
    )
    disputed = models.BooleanField(default=False)
    superseded_on = models.DateField(null=True, blank=True)
    note_en = models.CharField("note", max_length=300, blank=True)
    note_es = models.CharField("note in Spanish", max_length=300, blank=True)
    note = Translated()
    objects = PriceLineQuerySet.as_manager()

    KEY = PRICE_KEY

    class Meta(Checked.Meta):
        ordering = ["offering", "pk"]
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                name="priceline_one_current",
                fields=["offering", *PRICE_KEY],
                condition=Q(superseded_on=None),
            ),
            models.UniqueConstraint(
                name="priceline_one_superseded_a_day",
                fields=["offering", *PRICE_KEY, "superseded_on"],
                condition=Q(superseded_on__isnull=False),
            ),
            one_of("kind", vocabulary.PRICE_KINDS, model="priceline"),
            one_of("payee", vocabulary.PAYEES, model="priceline"),
            one_of("unit", vocabulary.PRICE_UNITS, model="priceline"),
            one_of("applies_to", vocabulary.APPLIES_TO, model="priceline"),
            models.CheckConstraint(
                name="priceline_min_up_to_max",
                condition=Q(amount_min_cents=None)
                | Q(amount_max_cents=None)
                | Q(amount_min_cents__lte=F("amount_max_cents")),
                violation_error_message="The minimum is above the maximum.",
            ),
            models.CheckConstraint(
                name="priceline_currency_with_amount",
                condition=Q(amount_min_cents=None, amount_max_cents=None, currency="")
                | Q(currency__in=list(vocabulary.CURRENCIES))
                & (
                    Q(amount_min_cents__isnull=False)
                    | Q(amount_max_cents__isnull=False)
                ),
                violation_error_message="An amount needs a currency, and only it.",
            ),
            models.CheckConstraint(
                name="priceline_package_holds_some",
                condition=Q(unit="package_of_n", package_size__gte=2)
                | ~Q(unit="package_of_n") & Q(package_size=1),
                violation_error_message="Only a package has a size, of 2 or more.",
            ),
            models.CheckConstraint(
                name="priceline_counts_of_a_course",
                condition=Q(count_min=None, count_max=None)
                | Q(kind__in=COUNTED_KINDS, count_min__isnull=False)
                & (Q(count_max=None) | Q(count_min__lte=F("count_max"))),
                violation_error_message=(
                    "Times in a course go from the least to the most, and are not of "
                    "packages or cancellations."
                ),
            ),
            models.CheckConstraint(
                name="priceline_hour_has_minutes",
                condition=Q(minutes=None)
                | Q(unit="hour", minutes__isnull=False, minutes__gte=1),
                violation_error_message="Minutes go with a price by the hour.",
            ),
            models.CheckConstraint(
                name="priceline_superseded_after_check",
                condition=Q(superseded_on=None) | Q(superseded_on__gte=F("checked_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def key(self) -> str:
        """Its natural key within the offering; a past line's ends in its last day."""
        parts = [str(getattr(self, part)) for part in self.KEY]
        return "|".join([*parts, str(self.superseded_on or "")])
