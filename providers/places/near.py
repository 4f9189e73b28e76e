"""From a point to the gazetteer: the nearest place, and its region."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin

from django.db.models import Q

from providers.geo import EARTH_RADIUS_KM, HALF_WAY_ROUND_KM, Point, distance_km
from providers.models import Place
from providers.places.found import PlaceNotFound

_REACHES_KM = (10, 50, 250, 1_000, 4_000)
_MARGIN = 1.01  # the box is of a sphere, the distance of the ellipsoid


def nearest_place(at: Point) -> Place:
    """Return the postcode or town nearest to a point, with its region.

    Exact, over the poles and the date line too. Raises PlaceNotFound while the
    gazetteer is empty.
    """
    reaches = [*_REACHES_KM, HALF_WAY_ROUND_KM]
    for reach_km in reaches:
        places = Place.objects.filter(box(at, reach_km))
        rows = places.values_list("latitude", "longitude", "pk")
        distances = ((distance_km(at, Point(*row[:2])), row[2]) for row in rows)
        nearest_km, pk = min(distances, default=(0.0, None))
        # What lies in a corner of the box may be beyond something just outside it.
        if pk is not None and (nearest_km <= reach_km or reach_km == reaches[-1]):
            return Place.objects.select_related("region__parent").get(pk=pk)
    raise PlaceNotFound("")


def region_of(at: Point) -> str:
    """Return the code of the region of the place nearest to a point."""
    return nearest_place(at).region_id


def box(at: Point, reach_km: float) -> Q:
    """Return the condition that holds for every place within `reach_km` of a point.

    Units: kilometres over the ground. It also admits places in the box's corners.
    """
    angle = min(reach_km * _MARGIN / EARTH_RADIUS_KM, radians(180))
    south, north = at.latitude - degrees(angle), at.latitude + degrees(angle)
    within = Q(latitude__range=(south, north))
    if south <= -90 or north >= 90:
        return within
    half_width = degrees(asin(sin(angle) / cos(radians(at.latitude))))
    return within & _between(at.longitude - half_width, at.longitude + half_width)


def _between(west: float, east: float) -> Q:
    """Longitudes from west to east, where either may lie beyond the date line."""
    if west < -180:
        return Q(longitude__gte=west + 360) | Q(longitude__lte=east)
    if east > 180:
        return Q(longitude__gte=west) | Q(longitude__lte=east - 360)
    return Q(longitude__range=(west, east))
