"""Rows of an index, and questions of it, without a database."""

from datetime import date

from providers import geo
from providers.places import Found
from providers.question import Search
from providers.search.index.rows import Row

TODAY = date(2026, 11, 22)


def row(pk: int, latitude=None, longitude=None, **values) -> Row:
    at = (None, None, None)
    if latitude is not None:
        at = geo.position(geo.Point(latitude, longitude))
    known = {"name": "sample", "country": "US", "regions": ("US-CO", "US")}
    known |= {"checked_on": TODAY.toordinal(), "confirming": True} | values
    axes = dict(zip(("x_km", "y_km", "z_km"), at, strict=True))
    return Row(pk=pk, latitude=latitude, longitude=longitude, **axes, **known)


def near(latitude: float, longitude: float, radius_km: float, **values) -> Search:
    here = Found("Here", geo.Point(latitude, longitude), "US-CO", "US", "town", "Here")
    known = {"on": TODAY, "origin": here, "radius_km": radius_km} | values
    return Search(any_country=True, **known)


ANYWHERE = Search(on=TODAY, sort="name")
EVERYWHERE = [(90.0, 0.0), (-90.0, 7.0), (0.0, 180.0), (0.0, -180.0), (0.0, 0.0)]
