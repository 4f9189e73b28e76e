"""Points for addresses whose source gives none: the middle of the postcode."""

from __future__ import annotations

from providers.models import Place, PlaceKind
from providers.places.words import codes_of


def postcode_points(addresses: set[tuple[str, str]]) -> dict[tuple[str, str], dict]:
    """A document's point by (country, postcode), for the postcodes that we know.

    A postcode that is not in the table but whose area is gets the area's point.
    """
    codes = {address: codes_of(address[1]) for address in addresses}
    every = {code for found in codes.values() for code in found}
    postcodes = Place.objects.filter(kind=PlaceKind.POSTCODE, postcode__in=every)
    known = {
        (country, postcode): {
            "latitude": latitude,
            "longitude": longitude,
            "precision": "postal",
        }
        for country, postcode, latitude, longitude in postcodes.values_list(
            "country", "postcode", "latitude", "longitude"
        )
    }
    points = {}
    for (country, postcode), own in codes.items():
        for code in own:
            if (country, code) in known:
                points[country, postcode] = known[country, code]
                break
    return points
