"""Regions: ISO 3166-2 subdivisions, countries, unions and the world."""

from __future__ import annotations

from django.db import models

from providers.models.searching import Searched, SearchedQuerySet
from providers.models.translated import Translated
from providers.remembered import until_others_change


class RegionKind(models.TextChoices):
    SUBDIVISION = "subdivision", "Subdivision"
    COUNTRY = "country", "Country"
    UNION = "union", "Union"
    WORLD = "world", "World"


class RegionQuerySet(SearchedQuerySet):
    def subdivisions_of(self, country: str):
        """The states, provinces or nations of a country, by English name."""
        return self.filter(parent=country, kind=RegionKind.SUBDIVISION)


class Region(Searched):
    """A place with its own rules, named by its ISO 3166 code."""

    is_in_every_listing = True

    code = models.CharField(
        primary_key=True,
        max_length=10,
        help_text="ISO 3166-2 or 3166-1 code (US-CO, GB), EU, or 001 for the world.",
    )
    kind = models.CharField(choices=RegionKind, max_length=12)
    name_en = models.CharField("name", max_length=80)
    name_es = models.CharField("name in Spanish", max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = Translated()
    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["name_en"]
        constraints = [
            models.CheckConstraint(
                name="region_kind_known", condition=models.Q(kind__in=RegionKind.values)
            ),
            models.CheckConstraint(
                name="region_not_its_own_parent",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("code")),
            ),
            models.CheckConstraint(
                name="region_only_world_is_top",
                condition=models.Q(kind=RegionKind.WORLD, parent=None)
                | ~models.Q(kind=RegionKind.WORLD) & models.Q(parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def country(self) -> str:
        """The two-letter country of a subdivision or a country, else ""."""
        below_union = (RegionKind.SUBDIVISION, RegionKind.COUNTRY)
        return self.code[:2] if self.kind in below_union else ""


@until_others_change
def every_region() -> dict[str, Region]:
    """All regions by code, each with its parent. One query, or none."""
    regions = Region.objects.in_bulk()
    for region in regions.values():
        if region.parent_id:
            region.parent = regions[region.parent_id]
    return regions
