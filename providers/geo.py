"""Where things are and how far apart: points, earth-centred positions, distances.

Pure: no Django. One measure serves filter, order and display: the straight chord
between two earth-centred positions, bent into an arc over the ground.
"""

from math import asin, cos, isfinite, pi, radians, sin, sqrt
from typing import NamedTuple

KM_PER_MILE = 1.609344  # exact, international yard and pound agreement (1959)
EARTH_RADIUS_KM = 6371.0088  # mean radius R1 (Moritz, Journal of Geodesy 74, 2000)
SEMI_MAJOR_KM = 6378.137  # WGS 84 (NGA.STND.0036)
ECCENTRICITY_SQUARED = 6.69437999014e-3  # WGS 84 (NGA.STND.0036)
FARTHEST_KM = EARTH_RADIUS_KM * pi  # what arc_km gives for the longest chord
LONGEST_CHORD_KM = 2 * SEMI_MAJOR_KM * (1 + 1e-9)  # across the equator, rounded up


class Point(NamedTuple):
    """A place on the globe in WGS 84 degrees, north and east positive."""

    latitude: float
    longitude: float


class Position(NamedTuple):
    """Earth-centred Cartesian kilometres on the WGS 84 ellipsoid, height 0."""

    x_km: float
    y_km: float
    z_km: float


def point(latitude: float, longitude: float) -> Point:
    """Return the point, checked.

    Units: degrees. Raises ValueError off the globe, for NaN and for infinity.
    """
    if not (isfinite(latitude) and isfinite(longitude)):
        raise ValueError("a latitude and a longitude are finite numbers")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"no point on the globe at {latitude}, {longitude}")
    return Point(latitude, longitude)


def position(at: Point) -> Position:
    """Return the earth-centred position of a point on the ground.

    Units: degrees in, kilometres out. Source: WGS 84 geodetic to Cartesian
    (NGA.STND.0036, 4.1), height 0. The Provider table computes the same in SQL.
    """
    latitude, longitude = radians(at.latitude), radians(at.longitude)
    normal_km = SEMI_MAJOR_KM / sqrt(1 - ECCENTRICITY_SQUARED * sin(latitude) ** 2)
    return Position(
        normal_km * cos(latitude) * cos(longitude),
        normal_km * cos(latitude) * sin(longitude),
        normal_km * (1 - ECCENTRICITY_SQUARED) * sin(latitude),
    )


def arc_km(chord_km: float) -> float:
    """Bend a straight chord into the distance over the ground.

    Units: kilometres. Within 2 cm of the geodesic up to 100 km and 20 m up to
    1,000 km, because there the earth's curvature hardly differs from a sphere's.
    """
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, chord_km / (2 * EARTH_RADIUS_KM)))


def chord_km(arc: float) -> float:
    """Straighten a distance over the ground into its chord: the inverse of arc_km.

    Units: kilometres. An arc of half way round or more gives the longest chord there
    is, so that a circle of that radius holds every place.
    """
    if arc < 0:
        raise ValueError(f"a distance of {arc} km")
    if arc >= FARTHEST_KM:
        return LONGEST_CHORD_KM
    return 2 * EARTH_RADIUS_KM * sin(arc / (2 * EARTH_RADIUS_KM))


def distance_km(start: Point, end: Point) -> float:
    """Return the distance over the ground in kilometres (see arc_km for errors)."""
    a, b = position(start), position(end)
    return arc_km(sqrt(sum((p - q) ** 2 for p, q in zip(a, b, strict=True))))
