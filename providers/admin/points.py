"""Where an editor's address lies: our own table, then a geocoder if one is set."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from providers.geo import Point
from providers.models import Region, RegionKind
from providers.places.addresses import Address, AddressPoint, address_points


@dataclass(frozen=True, slots=True)
class Placed:
    """The point of an address, its precision ("" for none), and what to tell."""

    point: Point | None
    precision: str
    warnings: list[str] = field(default_factory=list)


def find_point(*, region: Region, street: str, city: str, postcode: str) -> Placed:
    """The finest point known for an address. A geocoder that fails is only a warning.

    Without a postcode and a town there is nothing to find, and nothing to say.
    """
    part = region.code if region.kind == RegionKind.SUBDIVISION else ""
    address = Address(street, city, part, postcode, region.country)
    found, warnings = _asked_online(address)
    found = found or address_points([address])[0]
    if found is None and (city or postcode):
        warnings.append(
            _(
                "No point was found for this address, so searches by distance leave "
                "it out. Is the postcode right? Or type the point."
            )
        )
    if found is None:
        return Placed(None, "", warnings)
    return Placed(found.point, found.precision, warnings)


def _asked_online(address: Address) -> tuple[AddressPoint | None, list[str]]:
    # Not at the top: a search must never load what can ask another host.
    from providers.places.geocoders import LookupUnavailable, online_point

    try:
        return online_point(address), []
    except (LookupUnavailable, ImproperlyConfigured) as error:
        text = _(
            "The online geocoder gave no answer (%(error)s), so the point is "
            "from our own table."
        )
        return None, [text % {"error": error}]
