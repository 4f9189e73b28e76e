"""Points of listings' addresses, for editors and importers, from our own table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from providers.geo import Point
from providers.models import Place, PlaceKind, PlaceName
from providers.place_names import name_key, postcode_key
from providers.places.found import CLEARLY
from providers.places.words import codes_of

_KEYS_A_QUERY = 10_000  # SQLite takes 32,766 values in one statement


class Address(NamedTuple):
    """Where a listing says it is; parts that it does not say are ""."""

    street: str = ""
    city: str = ""
    region: str = ""  # "US-CO", or "CO" for short
    postcode: str = ""
    country: str = "US"

    @property
    def region_code(self) -> str:
        short = self.region and "-" not in self.region and self.region != self.country
        return f"{self.country}-{self.region}" if short else self.region


class AddressPoint(NamedTuple):
    """A point and how fine it is; our own table knows no streets."""

    point: Point
    precision: Literal["address", "postal", "town"]


def postcode_place(postcode: str, country: str) -> Place | None:
    """Return the place of a postcode, or of the area that a full one lies in."""
    codes = codes_of(postcode)
    keys = [code.lower() for code in codes]
    names = PlaceName.objects.filter(
        plain__in=keys, place__country=country, place__kind=PlaceKind.POSTCODE
    ).select_related("place")
    found = {name.plain: name.place for name in names}
    return next((found[key] for key in keys if key in found), None)


def address_point(
    *, street="", city="", region="", postcode="", country="US"
) -> AddressPoint | None:
    """Return the point of one address (see address_points). One query."""
    return address_points([Address(street, city, region, postcode, country)])[0]


def address_points(addresses: Sequence[Address]) -> list[AddressPoint | None]:
    """Return a point for each address, None where our table has none.

    The postcode's point ("postal") if it lies in the region that the address says, else
    the town's ("town") if there is one town of that name, or one ten times as big as
    the next. Shape: a list as long as `addresses`. One query for some 5,000 addresses.
    """
    places = _stored(addresses)
    return [_postal(address, places) or _town(address, places) for address in addresses]


class _Known(NamedTuple):
    kind: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


def _stored(addresses: Sequence[Address]) -> dict[str, list[_Known]]:
    """What the table holds under the postcodes and towns of the addresses."""
    keys = list({key for address in addresses for key in _keys(address)})
    countries = {address.country for address in addresses}
    there = PlaceName.objects.filter(place__country__in=countries)
    columns = [f"place__{name}" for name in _Known._fields]
    stored = defaultdict(list)
    for start in range(0, len(keys), _KEYS_A_QUERY):
        names = there.filter(plain__in=keys[start : start + _KEYS_A_QUERY])
        for key, *values in names.values_list("plain", *columns).iterator():
            stored[key].append(_Known(*values))
    return stored


def _codes(address: Address) -> list[str]:
    """Keys of the postcode; a spreadsheet may have cost a US ZIP its leading zeros."""
    code = postcode_key(address.postcode)
    if address.country == "US" and code.isdigit() and len(code) in (3, 4):
        code = code.zfill(5)
    return [known.lower() for known in codes_of(code)]


def _keys(address: Address) -> Iterator[str]:
    yield from _codes(address)
    if key := name_key(address.city):
        yield key


def _postal(address: Address, places: dict[str, list[_Known]]) -> AddressPoint | None:
    for code in _codes(address):
        for place in _there(address, places[code], PlaceKind.POSTCODE):
            return AddressPoint(place.point, "postal")
    return None


def _town(address: Address, places: dict[str, list[_Known]]) -> AddressPoint | None:
    towns = _there(address, places[name_key(address.city)], PlaceKind.TOWN)
    towns.sort(key=lambda town: town.population, reverse=True)
    people = [town.population for town in towns]
    if not towns or (len(towns) > 1 and people[0] < CLEARLY * people[1]):
        return None
    return AddressPoint(towns[0].point, "town")


def _there(address: Address, places: Iterable[_Known], kind: str) -> list[_Known]:
    """The places of a kind that lie where the address says."""
    region = address.region_code
    return [
        place
        for place in places
        if place.kind == kind
        and place.country == address.country
        and (not region or place.region in (region, address.country))
    ]
