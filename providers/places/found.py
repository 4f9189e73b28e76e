"""What a text may mean on the map, and the two ways of not knowing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from providers.geo import Point
from providers.models import Place, Region, RegionKind

# Two letters after the comma are how people there write an address.
_ABBREVIATED = ("US", "CA")
CLEARLY = 10  # times the people of the next place of its name: likely the one meant
PEOPLE_OF_A_REGION = 800_000  # how many it counts as beside towns of the same name
PEOPLE_UNKNOWN = 1_000  # towns without a census figure are mostly smaller


@dataclass(frozen=True)
class Found:
    """A place that a text names.

    label: what to call it, in the active language ("Denver, CO 80202").
    name: the town's or the region's alone ("Denver"); "" of a point.
    point: where to measure from; None for a region, which is searched as a whole.
    region, country: codes ("US-CO", "US"); of a point, those of its nearest place.
    query: the text that finds exactly this again, in any language.
    also: what else the text may mean where this was clearly likelier; offer these.
    """

    label: str
    point: Point | None
    region: str
    country: str
    kind: Literal["postcode", "town", "region", "point"]
    query: str
    name: str = field(default="", compare=False, repr=False)
    people: int = field(default=0, compare=False, repr=False)
    also: tuple[Found, ...] = field(default=(), compare=False, repr=False)


class PlaceError(ValueError):
    """A text that names no one place; `places` are what to offer instead.

    The message never holds what was typed, so that no log or report does.
    """

    def __init__(self, text: str, places: Sequence[Found] = ()) -> None:
        super().__init__()
        self.text = text
        self.places = tuple(places)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.places)} places to offer>"


class PlaceNotFound(PlaceError):
    """No place of that name; `places` are near spellings, likeliest first."""

    def __str__(self) -> str:
        if self.places:
            return _("We know no place of that name. Did you mean one of these?")
        return _("We know no place of that name. Try a postcode, or a town and state.")


class PlaceAmbiguous(PlaceError):
    """Several places of that name; `places` has them, most people first."""

    def __str__(self) -> str:
        return _("Several places have that name. Which one do you mean?")


def of_place(place: Place, region: Region) -> Found:
    """The Found of a gazetteer row; `region` has its parent loaded."""
    return Found(
        label=label(place.name, region, place.postcode),
        point=place.point,
        region=region.code,
        country=place.country,
        kind=place.kind,
        query=label(place.name, region, place.postcode, "name_en"),
        name=place.name,
        people=place.population or PEOPLE_UNKNOWN,
    )


def label(town: str, region: Region, postcode: str = "", name: str = "name") -> str:
    """What to call a place ("Denver, CO 80202"); `name`: which name of its region."""
    return f"{town}, {_region_of_address(region, name)} {postcode}".rstrip()


def _region_of_address(region: Region, name: str) -> str:
    """What follows the town: "CO", "Bavaria, Germany" or "France"."""
    if region.kind != RegionKind.SUBDIVISION:
        return getattr(region, name)
    if region.country in _ABBREVIATED:
        return region.code.partition("-")[2]
    return f"{getattr(region, name)}, {getattr(region.parent, name)}"


def of_region(region: Region) -> Found:
    """The Found of a country, or of a subdivision whose parent is loaded already."""
    part = region.kind == RegionKind.SUBDIVISION
    return Found(
        label=f"{region.name}, {region.parent.name}" if part else region.name,
        point=None,
        region=region.code,
        country=region.country,
        kind="region",
        query=region.code if part else f"{region.name_en} (country)",
        name=region.name,
        people=PEOPLE_OF_A_REGION,
    )
