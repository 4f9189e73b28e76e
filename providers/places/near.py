"""From a point to the gazetteer: what is nearest, and in which region."""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from providers import geo
from providers.geo import LONGEST_CHORD_KM, Point, Position
from providers.models import Place
from providers.places.found import PlaceNotFound
from providers.remembered import until_others_change

_REACHES_KM = (2, 6, 20, 60, 250, 1_000, 4_000)
_PART = "\t"  # ends the name and the postcode in a place's text
_TEXT = Concat("name", Value(_PART), "postcode", Value(_PART), "region_id")


class Near(NamedTuple):
    """A place of the gazetteer as one tells a point by it: its key, name, postcode
    ("" of a town) and the code of its region.
    """

    key: int
    name: str
    postcode: str
    region: str


class Nearest:
    """Places in the order of an axis through the earth: two are at least as far apart
    as along it, so the nearest of all is among few that lie together.

    Of the three axes x runs across North America, where most places and visitors are,
    and tells them apart best.
    """

    def __init__(self, places: QuerySet[Place]) -> None:
        """Reads them all; takes some 110 bytes a place."""
        listed = places.order_by("pk").values_list(_TEXT, "pk", *Position._fields)
        texts, numbers = [], array("d")
        for text, *own in listed.iterator():
            texts.append(text)
            numbers.extend(own)
        columns = np.array(numbers).reshape(-1, 4).T
        order = columns[1].argsort(kind="stable")
        self._texts = [texts[place] for place in order]
        self._keys, *axes_km = columns[:, order]
        self._axes_km = np.array(axes_km)

    def to(self, at: Point, within_km: float = LONGEST_CHORD_KM) -> Near | None:
        """The place nearest to a point; None where none is in reach.

        `within_km`: as the crow flies, through the ground. Exact, over the poles and
        the date line too. Of places at one point it is the one of the lowest key.
        """
        here = geo.position(at)
        reaches_km = [km for km in _REACHES_KM if km < within_km]
        for reach_km in (*reaches_km, within_km):
            ends = here.x_km - reach_km, here.x_km + reach_km
            start, end = self._axes_km[0].searchsorted(ends)
            if start == end:
                continue
            apart = self._axes_km[:, start:end] - np.array(here)[:, None]
            squares = np.add.reduce(apart * apart)
            least = squares.argmin()
            if squares[least] <= reach_km**2:
                return self._near(start + least)
        return None

    def _near(self, place: int) -> Near:
        return Near(int(self._keys[place]), *self._texts[place].rsplit(_PART, 2))


@until_others_change
def _everywhere() -> Nearest:
    return Nearest(Place.objects.all())


def nearest(at: Point) -> Near:
    """Return the postcode or town nearest to a point.

    Exact, over the poles and the date line too. Raises PlaceNotFound while the
    gazetteer is empty.
    """
    near = _everywhere().to(at)
    if near is None:
        raise PlaceNotFound("")
    return near


def region_of(at: Point) -> str:
    """Return the code of the region of the place nearest to a point."""
    return nearest(at).region
