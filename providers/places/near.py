"""From a point to the gazetteer: the nearest place, and its region."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin

import numpy as np
from django.db import connection
from django.db.models import Q

from providers import geo
from providers.geo import EARTH_RADIUS_KM, HALF_WAY_ROUND_KM, Point
from providers.models import Place
from providers.places.found import PlaceNotFound

_REACHES_KM = (2, 10, 50, 250, 1_000, 4_000)
_MARGIN = 1.01  # the box is of a sphere, the distance of the ellipsoid
# Plain SQL: to write it takes the ORM longer than a database takes to answer.
_TABLE = Place._meta.db_table
_COLUMNS = ", ".join(field.column for field in Place._meta.concrete_fields)
_NAMES = [field.attname for field in Place._meta.concrete_fields]
_ONE = f"SELECT {_COLUMNS} FROM {_TABLE} WHERE id = %s"
_NORTH_OF = f"SELECT id, latitude, longitude FROM {_TABLE} WHERE latitude >= %s"
_WITHIN = f"{_NORTH_OF} AND latitude <= %s AND longitude >= %s AND longitude <= %s"
_ACROSS = f"{_NORTH_OF} AND latitude <= %s AND (longitude >= %s OR longitude <= %s)"


def nearest_place(at: Point) -> Place:
    """Return the postcode or town nearest to a point.

    Exact, over the poles and the date line too. Raises PlaceNotFound while the
    gazetteer is empty.
    """
    reaches = [*_REACHES_KM, HALF_WAY_ROUND_KM]
    for reach_km in reaches:
        nearest_km, pk = _nearest(at, reach_km)
        # What lies in a corner of the box may be beyond something just outside it.
        if pk is not None and (nearest_km <= reach_km or reach_km == reaches[-1]):
            return _place(pk)
    raise PlaceNotFound("")


def region_of(at: Point) -> str:
    """Return the code of the region of the place nearest to a point."""
    return nearest_place(at).region_id


def _nearest(at: Point, reach_km: float) -> tuple[float, int | None]:
    """How far the nearest place of the box is, and its key; None in an empty box."""
    _south, _north, west, east = bounds = _bounds(at, reach_km)
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN if west <= east else _ACROSS, bounds)
        rows = cursor.fetchall()
    if not rows:
        return 0.0, None
    keys, latitudes, longitudes = zip(*rows, strict=True)
    distances = _distances_km(at, np.array(latitudes), np.array(longitudes))
    return min(zip(distances.tolist(), keys, strict=True))


def _distances_km(at: Point, latitudes: np.ndarray, longitudes: np.ndarray):
    """geo.distance_km to many points, in degrees."""
    north, east = np.radians(latitudes), np.radians(longitudes)
    flattened = 1 - geo.ECCENTRICITY_SQUARED * np.sin(north) ** 2
    normal_km = geo.SEMI_MAJOR_KM / np.sqrt(flattened)
    x_km, y_km, z_km = geo.position(at)
    squared = (normal_km * np.cos(north) * np.cos(east) - x_km) ** 2
    squared += (normal_km * np.cos(north) * np.sin(east) - y_km) ** 2
    squared += (normal_km * (1 - geo.ECCENTRICITY_SQUARED) * np.sin(north) - z_km) ** 2
    half_angles = np.minimum(1, np.sqrt(squared) / (2 * EARTH_RADIUS_KM))
    return 2 * EARTH_RADIUS_KM * np.arcsin(half_angles)


def _place(pk: int) -> Place:
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [pk])
        return Place.from_db(connection.alias, _NAMES, cursor.fetchone())


def box(at: Point, reach_km: float) -> Q:
    """Return the condition that holds for every place within `reach_km` of a point.

    Units: kilometres over the ground. It also admits places in the box's corners.
    """
    south, north, west, east = _bounds(at, reach_km)
    within = Q(latitude__range=(south, north))
    if west <= east:
        return within & Q(longitude__range=(west, east))
    return within & (Q(longitude__gte=west) | Q(longitude__lte=east))


def _bounds(at: Point, reach_km: float) -> tuple[float, float, float, float]:
    """South, north, west and east; west is the greater across the date line."""
    angle = min(reach_km * _MARGIN / EARTH_RADIUS_KM, radians(180))
    south, north = at.latitude - degrees(angle), at.latitude + degrees(angle)
    if south <= -90 or north >= 90:
        return south, north, -180.0, 180.0
    half_width = degrees(asin(sin(angle) / cos(radians(at.latitude))))
    west, east = at.longitude - half_width, at.longitude + half_width
    if west < -180:
        return south, north, west + 360, east
    return south, north, west, east - 360 if east > 180 else east
