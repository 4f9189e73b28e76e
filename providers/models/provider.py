"""Organizations, their listings and opening hours."""

from __future__ import annotations

from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Substr
from django.urls import reverse
from phonenumber_field.modelfields import PhoneNumberField

from providers import geo, vocabulary
from providers.models.checked import date_fits_precision, date_in_words
from providers.models.fields import (
    CodeField,
    MatchKeyField,
    PlaceKeyField,
    PlainTextField,
    axes,
    one_of,
)
from providers.models.region import Region
from providers.models.searching import Searched, SearchedQuerySet
from providers.models.translated import Translated
from providers.npi import npi_is_valid

LISTED_STATUSES = ("active", "temporarily_closed")


def validate_npi(npi: str) -> None:
    if not npi_is_valid(npi):
        raise ValidationError("Not an NPI: its check digit does not fit.")


def npi_has_ten_digits(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_npi_ten_digits",
        condition=Q(npi="") | Q(npi__regex=r"^[12][0-9]{9}$"),
    )


class Organization(models.Model):
    """Who runs one or more providers."""

    code = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    website = models.URLField(blank=True)
    npi = models.CharField(
        "NPI",
        max_length=10,
        blank=True,
        validators=[validate_npi],
        help_text="US National Provider Identifier, 10 digits. Proves typing only.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            npi_has_ten_digits("organization"),
            models.CheckConstraint(
                name="organization_has_a_name", condition=~Q(name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


def chord_squared(origin: geo.Point, to: str = ""):
    """km² of the straight line to a row's provider, found by the path `to`, in SQL."""
    at = geo.position(origin)
    squares = [
        (F(f"{to}{axis}") - Value(centre)) * (F(f"{to}{axis}") - Value(centre))
        for axis, centre in zip(("x_km", "y_km", "z_km"), at, strict=True)
    ]
    return squares[0] + squares[1] + squares[2]


class ProviderQuerySet(SearchedQuerySet):
    """Questions about listings. "On" is the day for which the question is asked."""

    def listed(self):
        """What a search may show: published, and open or closed for a while only."""
        return self.filter(published=True, status__in=LISTED_STATUSES)

    def with_a_page(self):
        """What has a public page: published; closed ones too, with a notice."""
        return self.filter(published=True).exclude(status="do_not_list")

    def samples(self):
        return self.filter(is_sample=True)

    def in_country(self, country: str):
        return self.filter(country=country)

    def in_regions(self, codes):
        """Whose address lies in one of the regions, or in a region within it."""
        # A subdivision lies in a country, that in a union, that in the world.
        held_by = ("region", *(f"region{'__parent' * n}" for n in (1, 2, 3)))
        inside = [Q(**{f"{region}__in": codes}) for region in held_by]
        return self.filter(reduce(or_, inside))

    def confirmed(self, on: date):
        """Whose contact was confirmed within 180 days, not by a website alone."""
        since = on - timedelta(days=vocabulary.UNCONFIRMED_DAYS)
        return self.filter(
            contact_checked_on__gte=since,
            contact_method__in=vocabulary.CONFIRMING_METHODS,
        )

    def unconfirmed(self, on: date):
        """The rest: shown as "last reported", never as fresh. Never asked counts."""
        return self.exclude(pk__in=Provider.objects.confirmed(on).values("pk"))

    def checked_within(self, days: int, on: date):
        return self.filter(contact_checked_on__gte=on - timedelta(days=days))

    def named(self, words: str):
        """Whose name has every one of the (plain) words, as a word's beginning."""
        matching = self
        for word in words.split():
            begins = Q(plain_name__startswith=word)
            matching = matching.filter(begins | Q(plain_name__contains=f" {word}"))
        return matching

    def with_offering(self, offerings, *, or_none=False):
        """With one offering that is all of what `offerings` (a QuerySet) asks.

        `or_none`: listings that state no offering at all come too.
        """
        own = {"provider": OuterRef("pk")}
        wanted = Q(Exists(offerings.filter(**own)))
        if or_none:
            wanted |= ~Q(Exists(offerings.model.objects.filter(**own)))
        return self.filter(wanted)

    def from_point(self, origin: geo.Point):
        """With `chord_squared`: km² of the straight line to `origin`; NULL: no point.

        Plain arithmetic on the stored positions, in one order everywhere, so that
        filter, order and display agree to the last bit on every database.
        """
        return self.annotate(chord_squared=chord_squared(origin))

    def within_km(self, origin: geo.Point, radius_km: float):
        """Within `radius_km` over the ground of `origin`, with `chord_squared`."""
        at, chord = geo.position(origin), geo.chord_km(radius_km)
        box = {
            f"{axis}__range": (centre - chord, centre + chord)
            for axis, centre in zip(("x_km", "y_km", "z_km"), at, strict=True)
        }
        inside = self.filter(**box).from_point(origin)
        return inside.filter(chord_squared__lte=chord * chord)


class Provider(Searched):
    """One listing: a practice at one place, or one that only works by telehealth."""

    listing = "pk"

    slug = models.SlugField(unique=True, max_length=120)
    name = models.CharField(max_length=200)
    plain_name = PlainTextField(of="name", max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="providers"
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="providers")
    country = models.CharField(max_length=2, help_text="ISO 3166-1, as of the region.")
    street = models.CharField(max_length=200, blank=True)
    street2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    match_key = MatchKeyField(max_length=480, db_index=True)
    place_key = PlaceKeyField(max_length=240, db_index=True, default="")
    npi = models.CharField(
        "NPI",
        max_length=10,
        blank=True,
        db_index=True,
        validators=[validate_npi],
        help_text="US National Provider Identifier, 10 digits. Proves typing only.",
    )
    phone = PhoneNumberField(blank=True)
    phone_extension = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True, max_length=300)
    about_en = models.TextField("about", blank=True)
    about_es = models.TextField("about, in Spanish", blank=True)
    about = Translated()
    time_zone = models.CharField(max_length=40, blank=True)

    latitude = models.FloatField(null=True, blank=True, help_text="WGS 84, north +")
    longitude = models.FloatField(null=True, blank=True, help_text="WGS 84, east +")
    point_precision = CodeField(
        vocabulary.POINT_PRECISIONS, blank=True, max_length=7, default=""
    )
    x_km, y_km, z_km = axes()

    published = models.BooleanField(default=False, help_text="Ours to decide.")
    status = CodeField(vocabulary.STATUSES, default="active", max_length=20)
    status_reason = models.CharField(max_length=200, blank=True)
    status_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)

    contact_checked_on = models.DateField(null=True, blank=True)
    contact_precision = CodeField(
        vocabulary.DATE_PRECISIONS, blank=True, default="", max_length=5
    )
    contact_method = CodeField(vocabulary.METHODS, blank=True, default="")
    contact_source = models.ForeignKey(
        "providers.Source", models.PROTECT, null=True, blank=True, related_name="+"
    )
    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["x_km", "y_km"]),
            models.Index(fields=["plain_name"]),
        ]
        constraints = [
            models.CheckConstraint(name="provider_has_a_name", condition=~Q(name="")),
            npi_has_ten_digits("provider"),
            models.CheckConstraint(
                name="provider_country_of_region",
                # A union ("EU") or the world ("001") is no address.
                condition=Q(country=Substr("region", 1, 2))
                & ~Q(country__in=["EU", "00"]),
            ),
            models.CheckConstraint(
                name="provider_point_on_globe",
                # A CHECK that comes out NULL passes, hence the explicit IS NOT NULL.
                condition=Q(latitude=None, longitude=None, point_precision="")
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                & Q(point_precision__in=list(vocabulary.POINT_PRECISIONS)),
            ),
            one_of("status", vocabulary.STATUSES, model="provider"),
            models.CheckConstraint(
                name="provider_contact_check_whole",
                condition=Q(
                    contact_checked_on=None,
                    contact_method="",
                    contact_precision="",
                    contact_source=None,
                )
                | Q(contact_checked_on__isnull=False, contact_source__isnull=False)
                & Q(contact_method__in=list(vocabulary.METHODS))
                & Q(contact_precision__in=list(vocabulary.DATE_PRECISIONS))
                & date_fits_precision("contact_checked_on", "contact_precision"),
            ),
            models.CheckConstraint(
                name="provider_published_is_checked",
                condition=Q(published=False) | Q(contact_checked_on__isnull=False),
                violation_error_message="Record a contact check before publishing.",
            ),
            models.CheckConstraint(
                name="provider_do_not_list_unpublished",
                condition=~Q(status="do_not_list") | Q(published=False),
                violation_error_message="A do-not-list entry stays unpublished.",
            ),
            models.CheckConstraint(
                name="provider_extension_of_a_phone",
                condition=Q(phone_extension="") | ~Q(phone=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("provider", kwargs={"slug": self.slug})

    @property
    def point(self) -> geo.Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return geo.Point(self.latitude, self.longitude)

    @property
    def contact_checked_in_words(self) -> str:
        if self.contact_checked_on is None:
            return ""
        return date_in_words(self.contact_checked_on, self.contact_precision)

    def is_unconfirmed(self, on: date) -> bool:
        """Not confirmed within 180 days of `on` (see ProviderQuerySet.confirmed)."""
        if self.contact_method not in vocabulary.CONFIRMING_METHODS:
            return True
        return (on - self.contact_checked_on).days > vocabulary.UNCONFIRMED_DAYS


class Weekday(models.IntegerChoices):
    MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


class Hours(models.Model):
    """One weekly opening row, in the provider's time zone."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()
    by_appointment = models.BooleanField(default=False)
    note_en = models.CharField("note", max_length=200, blank=True)
    note_es = models.CharField("note in Spanish", max_length=200, blank=True)
    note = Translated()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name_plural = "hours"
        constraints = [
            models.UniqueConstraint(
                name="hours_unique", fields=["provider", "weekday", "opens"]
            ),
            models.CheckConstraint(
                name="hours_weekday_known", condition=Q(weekday__in=Weekday.values)
            ),
            models.CheckConstraint(
                name="hours_open_before_close", condition=Q(opens__lt=F("closes"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"
