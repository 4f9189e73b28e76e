"""From a point to the gazetteer: the nearest place, and its region."""

from __future__ import annotations

from math import asin, cos, degrees, radians, sin

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
_CHORD = " + ".join(f"({axis} - %s) * ({axis} - %s)" for axis in geo.Position._fields)
_NEAREST = f"""SELECT {_COLUMNS} FROM {_TABLE}
WHERE latitude >= %s AND latitude <= %s AND (longitude >= %s {{}} longitude <= %s)
ORDER BY {_CHORD}, id LIMIT 1"""
_WITHIN, _ACROSS = _NEAREST.format("AND"), _NEAREST.format("OR")


def nearest_place(at: Point) -> Place:
    """Return the postcode or town nearest to a point.

    Exact, over the poles and the date line too. Raises PlaceNotFound while the
    gazetteer is empty.
    """
    reaches = [*_REACHES_KM, HALF_WAY_ROUND_KM]
    for reach_km in reaches:
        place = _nearest(at, reach_km)
        # What lies in a corner of the box may be beyond something just outside it.
        if place and geo.distance_km(at, place.point) <= reach_km:
            return place
    raise PlaceNotFound("")


def region_of(at: Point) -> str:
    """Return the code of the region of the place nearest to a point."""
    return nearest_place(at).region_id


def _nearest(at: Point, reach_km: float) -> Place | None:
    """The nearest place of the box; None in an empty one."""
    _south, _north, west, east = bounds = _bounds(at, reach_km)
    middle = [axis for axis in geo.position(at) for _twice in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN if west <= east else _ACROSS, [*bounds, *middle])
        row = cursor.fetchone()
    return row and Place.from_db(connection.alias, _NAMES, row)


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
