"""Listings whose point lies far from where their postcode is."""

from __future__ import annotations

from django.db.models import Case, F, FloatField, OuterRef, Subquery, Value, When
from django.db.models.functions import Replace, Substr, Upper

from providers import geo
from providers.models import Place, PlaceKind
from providers.models.provider import ProviderQuerySet

FAR_KM = 25.0


def far_from_postcode(
    providers: ProviderQuerySet, km: float = FAR_KM
) -> ProviderQuerySet:
    """Those whose point is more than `km` from the middle of their postcode's area.

    The postcode is a US ZIP or begins with a Canadian one's first three characters;
    one that our table lacks tells nothing.
    """
    chord = geo.chord_km(km)
    found = providers.alias(postcode_area=_area()).alias(chord_to_it=_chord_squared())
    return found.filter(chord_to_it__gt=chord * chord)


def _chord_squared() -> Subquery:
    places = Place.objects.filter(
        kind=PlaceKind.POSTCODE,
        country=OuterRef("country"),
        postcode=OuterRef("postcode_area"),
    )
    squares = [
        (OuterRef(axis) - F(axis)) * (OuterRef(axis) - F(axis))
        for axis in geo.Position._fields
    ]
    # As the index on postcodes says it, or SQLite reads the whole table for each row.
    places = places.exclude(postcode="")
    squared = places.annotate(squared=squares[0] + squares[1] + squares[2])
    return Subquery(squared.values("squared")[:1], output_field=FloatField())


def _area() -> Case:
    """The part of a listing's postcode under which our table holds its area."""
    plain = Upper(Replace("postcode", Value(" "), Value("")))
    return Case(
        When(country="CA", then=Substr(plain, 1, 3)), default=Substr(plain, 1, 5)
    )
