"""The gazetteer: postcodes and towns with their points, and the names they go by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from providers.geo import Point
from providers.models.fields import axes
from providers.models.searching import Searched


class PlaceKind(models.TextChoices):
    POSTCODE = "postcode", "Postcode"
    TOWN = "town", "Town"


class Place(Searched):
    """A postcode or a town: country, region, point (WGS 84) and population."""

    kind = models.CharField(choices=PlaceKind, max_length=8)
    name = models.CharField(max_length=120, help_text="The town, also of a postcode.")
    postcode = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2)
    region = models.ForeignKey("providers.Region", models.PROTECT)
    latitude = models.FloatField(help_text="WGS 84 degrees, north positive")
    longitude = models.FloatField(help_text="WGS 84 degrees, east positive")
    x_km, y_km, z_km = axes()
    population = models.PositiveIntegerField(default=0, help_text="0 where not known")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_kind_known", condition=Q(kind__in=PlaceKind.values)
            ),
            models.CheckConstraint(
                name="place_on_globe",
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="place_postcode_where_kind_says",
                condition=Q(kind=PlaceKind.TOWN, postcode="")
                | Q(kind=PlaceKind.POSTCODE) & ~Q(postcode=""),
            ),
            models.UniqueConstraint(
                name="place_postcode_unique",
                fields=["country", "postcode"],
                condition=~Q(postcode=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.postcode}".strip()

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class PlaceName(Searched):
    """One plain name (see providers.text.plain) that people may type for a place."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")
    plain = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="place_name_unique", fields=["plain", "place"])
        ]

    def __str__(self) -> str:
        return self.plain
