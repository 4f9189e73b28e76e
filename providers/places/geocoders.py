"""geopy geocoders: one that asks our own table, and one online for editors only.

Apart from the rest, so that nothing that a search calls can ask another host.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point as GeopyPoint

from providers import geo
from providers.places.addresses import Address, AddressPoint
from providers.places.find import at, find
from providers.places.found import Found, PlaceAmbiguous, PlaceNotFound
from providers.places.near import region_of

TIMEOUT_S = 5
PAUSE_S = 1  # between requests: what Nominatim's usage policy asks for


class LookupUnavailable(Exception):
    """The online geocoder did not answer; the message says why, without the address."""


class _NoNetwork(BaseSyncAdapter):
    """An adapter that refuses every request."""

    def get_json(self, url, *, timeout, headers):
        raise GeopyError("This geocoder asks no other host.")

    get_text = get_json


class TableGeocoder(Geocoder):
    """geopy's interface to our own gazetteer: no request, no key, no limit."""

    def __init__(self, *, country: str | None = None) -> None:
        super().__init__(
            adapter_factory=lambda *, proxies, ssl_context: _NoNetwork(
                proxies=proxies, ssl_context=ssl_context
            )
        )
        self.country = country

    def geocode(self, query, *, exactly_one=True, timeout=DEFAULT_SENTINEL):
        """Return the Location of a text, or None: no such place, several, or a region.

        With `exactly_one=False` a list of all that the text may mean, most people
        first; regions, having no point, are left out.
        """
        try:
            found = find(str(query), country=self.country)
            places = [found] if exactly_one else [found, *found.also]
        except PlaceAmbiguous as error:
            places = [] if exactly_one else error.places
        except PlaceNotFound:
            places = []
        return _answer([_location(p) for p in places if p.point], exactly_one)

    def reverse(self, query, *, exactly_one=True, timeout=DEFAULT_SENTINEL):
        """Return the Location of a point, named by its nearest place, or None."""
        point = GeopyPoint(query)
        try:
            places = [_location(at(geo.Point(point.latitude, point.longitude)))]
        except PlaceNotFound:
            places = []
        return _answer(places, exactly_one)


def _location(found: Found) -> Location:
    raw = {"kind": found.kind, "region": found.region, "country": found.country}
    return Location(found.label, tuple(found.point), raw | {"query": found.query})


def _answer(locations: list[Location], exactly_one: bool):
    if not locations:
        return None
    return locations[0] if exactly_one else locations


@cache
def online_geocoder() -> RateLimiter | None:
    """Return the `geocode` of the operator's online geocoder, or None if none is set.

    For editors' addresses only. One request a second at most, each with a time limit.
    Raises: ImproperlyConfigured if its options do not fit it.
    """
    if not settings.ONLINE_GEOCODER:
        return None
    geocoder_class = get_geocoder_for_service(settings.ONLINE_GEOCODER)
    options = {"timeout": TIMEOUT_S} | settings.ONLINE_GEOCODER_OPTIONS
    try:
        geocoder = geocoder_class(**options | {"timeout": float(options["timeout"])})
    except (ConfigurationError, TypeError, ValueError) as error:
        message = f"ONLINE_GEOCODER_OPTIONS do not fit {settings.ONLINE_GEOCODER}."
        raise ImproperlyConfigured(message) from error
    return RateLimiter(
        geocoder.geocode,
        min_delay_seconds=PAUSE_S,
        max_retries=0,
        swallow_exceptions=False,
    )


def online_point(address: Address) -> AddressPoint | None:
    """Return an address's point as the online geocoder has it; None if it has none.

    None too where no geocoder is set, where no street is said, and for an answer that
    lies in another region than the address. Raises: LookupUnavailable.
    """
    geocode = online_geocoder()
    if geocode is None or not address.street:
        return None
    region = address.region_code
    town = f"{region.partition('-')[2]} {address.postcode}".strip()
    parts = (address.street, address.city, town, address.country)
    try:
        location = geocode(", ".join(part for part in parts if part))
    except GeopyError as error:
        raise LookupUnavailable(type(error).__name__) from error
    if location is None:
        return None
    point = geo.point(location.latitude, location.longitude)
    if region and region_of(point) != region:
        return None
    return AddressPoint(point, "address")
