"""Text and points to places, from our own gazetteer: never a request to another host.

`find` reads what a visitor typed; `at` names a point; `addresses` finds listings'
points; `geocoders` speaks geopy, for those who want it.
"""

from providers.places.find import at, find
from providers.places.found import Found, PlaceAmbiguous, PlaceError, PlaceNotFound
from providers.places.near import Nearest, nearest, region_of

__all__ = [
    "Found",
    "Nearest",
    "PlaceAmbiguous",
    "PlaceError",
    "PlaceNotFound",
    "at",
    "find",
    "nearest",
    "region_of",
]
