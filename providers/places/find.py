"""Text to a place: the one lookup behind the search box, from our own table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _

from providers import geo
from providers.models import PlaceKind, PlaceName, every_region
from providers.place_names import name_key
from providers.places.found import (
    CLEARLY,
    Found,
    PlaceAmbiguous,
    PlaceNotFound,
    label,
    of_place,
)
from providers.places.near import nearest
from providers.places.spelling import near_names
from providers.places.words import Reading, RegionWords, codes_of, region_words
from providers.text import plain

HOME = 10  # how many times its people a place in the searcher's country counts
MOST_LETTERS, MOST_WORDS = 120, 16
MOST_OFFERED = 8
MOST_CODE_WORDS = 2  # "K1A 0B6"
TOWN_OF_POSTCODE_KM = 50  # a town typed with a postcode is at most this far from it
_NUMBER = r"([+-]?[0-9]{1,3}(?:\.[0-9]+)?)"
_DECIMAL = r"([+-]?[0-9]{1,3}\.[0-9]+)"
_POINT = re.compile(rf"{_NUMBER}\s*[,;]\s*{_NUMBER}|{_DECIMAL}\s+{_DECIMAL}")
_REGION_CODE = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
_LOST_ZEROS = re.compile(r"[0-9]{3,4}")


def find(text: str, *, country: str | None = None) -> Found:
    """Return the one place that a text names.

    `text`: a postcode, a town with or without its region and country, a region, or
    "latitude, longitude" in degrees; case, accents and punctuation do not matter.
    `country`: the searcher's, DEFAULT_COUNTRY if not given. It decides what two letters
    mean (CO is Colorado in the US), and whose towns weigh more.

    Of several places of one name, one is returned only if it clearly weighs most: ten
    times as much as the next. A place weighs its people, in the searcher's country ten
    times that; a region counts as 800,000 people, a town without a figure as 1,000. The
    others stand in `also`, to be offered. So in the US New York is the city, Colorado
    and Georgia are the states, and Portland, Birmingham, Paris and Washington are asked
    about. At most five queries; never a request to another host.

    Raises: PlaceAmbiguous with what the text may mean, most people first; PlaceNotFound
    with near spellings, or none.
    """
    text = text.replace("−", "-").strip()
    if len(text) > MOST_LETTERS:
        raise PlaceNotFound(text[:MOST_LETTERS])
    if numbers := _POINT.fullmatch(text):
        return _typed_point(text, [float(n) for n in numbers.groups() if n])
    words = plain(text).split()
    if not words or len(words) > MOST_WORDS:
        raise PlaceNotFound(text)
    regions = region_words(country or settings.DEFAULT_COUNTRY)
    if _REGION_CODE.fullmatch(text) and text.upper() in regions.by_code:
        return regions.found(text.upper())
    name = text.partition(",")[0] if "," in text else ""
    lookup = _Lookup(words, regions, name=plain(name))
    if meant := lookup.meant():
        return _likeliest(text, meant, regions.home)
    raise PlaceNotFound(text, lookup.suggestions())


def at(point: geo.Point) -> Found:
    """Return a point as a place; its region is that of its nearest place.

    Raises: PlaceNotFound off the globe.
    """
    try:
        here = geo.point(round(point.latitude, 6), round(point.longitude, 6))
    except ValueError as error:
        raise PlaceNotFound("") from error
    near = nearest(here)
    region = every_region()[near.region]
    town = label(near.name, region, near.postcode)
    return Found(
        label=_("a point near %(place)s") % {"place": town},
        point=here,
        region=region.code,
        country=region.country,
        kind="point",
        query=f"{_degrees(here.latitude)},{_degrees(here.longitude)}",
    )


def _degrees(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _typed_point(text: str, numbers: list[float]) -> Found:
    latitude, longitude = numbers
    try:
        return at(geo.Point(latitude, longitude))
    except PlaceNotFound as error:
        turned = abs(latitude) <= 180 and abs(longitude) <= 90
        offered = [at(geo.Point(longitude, latitude))] if turned else []
        raise PlaceNotFound(text, offered) from error


def _likeliest(text: str, meant: list[Found], home: str) -> Found:
    """The place that clearly weighs most (see find); `meant` holds at least one."""

    def weight(found: Found) -> int:
        return found.people * (HOME if found.country == home else 1)

    first, *others = sorted(meant, key=weight, reverse=True)
    if others and weight(first) < CLEARLY * weight(others[0]):
        by_people = sorted(meant, key=lambda found: found.people, reverse=True)
        raise PlaceAmbiguous(text, by_people[:MOST_OFFERED])
    return replace(first, also=tuple(others[:MOST_OFFERED]))


class _Lookup:
    """One text's readings, with all that the table holds under their names."""

    def __init__(self, words: list[str], regions: RegionWords, name: str) -> None:
        """`name` is what stands before the first comma, plain; "" without one."""
        self.words = words
        self.regions = regions
        self.readings = regions.readings(words)
        self.by_comma = [reading for reading in self.readings if reading.name == name]

    @cached_property
    def stored(self) -> dict[str, list[Found]]:
        """Places by key, of every beginning and end of the words, in one query."""
        lengths = range(1, len(self.words) + 1)
        ends = [end for n in lengths for end in (self.words[:n], self.words[-n:])]
        names = [Reading(" ".join(end), ()) for end in ends]
        keys = {key for name in names for key in name.stored_names()}
        return self._places((keys | {self._with_zeros}) - {""})

    def _places(self, keys: Iterable[str]) -> dict[str, list[Found]]:
        stored = defaultdict(list)
        rows = PlaceName.objects.filter(plain__in=keys).select_related("place")
        for row in rows:
            region = self.regions.by_code[row.place.region_id]
            stored[row.plain].append(of_place(row.place, region))
        return stored

    def meant(self) -> list[Found]:
        """Every place that a reading of the words names; a comma ends a name."""
        for readings in (self.by_comma, self.readings):
            if named := [found for r in readings for found in self._named(r)]:
                break
        return list(dict.fromkeys([*named, *self._with_postcode()]))

    def _named(self, reading: Reading) -> list[Found]:
        """Regions after the name are those at home if that leaves anything."""
        alike = self._alike(reading)
        for at_home in (True, False):
            if met := [f for f in alike if reading.fits(f, at_home=at_home)]:
                return met
        return []

    def _alike(self, reading: Reading) -> list[Found]:
        """Places and regions of the reading's name, the regions after it not asked."""
        regions = self.regions.named(reading.name)
        for key in reading.stored_names():
            if places := self.stored.get(key, []):
                return [*places, *regions]
        return regions

    def _with_postcode(self) -> list[Found]:
        """Postcodes typed before or after their own town or region."""
        return [
            found
            for code, rest in self._codes()
            for found in self._of_code(code)
            if any(self._holds(reading, found) for reading in rest)
        ]

    def _codes(self) -> Iterator[tuple[str, list[Reading]]]:
        """Words that may be a postcode, and how those beside them may be read."""
        for size in range(1, min(MOST_CODE_WORDS + 1, len(self.words))):
            for code, rest in (
                (self.words[-size:], self.words[:-size]),
                (self.words[:size], self.words[size:]),
            ):
                said = self.regions.said(tuple(rest))
                alone = [Reading("", regions) for regions in said]
                yield " ".join(code), [*self.regions.readings(rest), *alone]

    def _of_code(self, words: str) -> list[Found]:
        for code in codes_of(words):
            if places := self.stored.get(code.lower(), []):
                return [f for f in places if f.kind == PlaceKind.POSTCODE]
        return []

    def _holds(self, reading: Reading, code: Found) -> bool:
        """True if the postcode lies where the words beside it say."""
        if not reading.fits(code, at_home=False):
            return False
        key = name_key(reading.name)
        near = (
            geo.distance_km(code.point, town.point) <= TOWN_OF_POSTCODE_KM
            for town in self.stored.get(key, [])
        )
        return key in ("", name_key(code.name)) or any(near)

    @property
    def _with_zeros(self) -> str:
        """The US ZIP that a spreadsheet may have made of 02138, or ""."""
        typed = self.words[0]
        lost = self.regions.home == "US" and _LOST_ZEROS.fullmatch(typed)
        return typed.zfill(5) if lost else ""

    def suggestions(self) -> list[Found]:
        """Near spellings, and the parts of the text that are known, likeliest first."""
        typed = [
            found for code, _rest in self._codes() for found in self._of_code(code)
        ]
        offered = self.stored.get(self._with_zeros, []) or self._elsewhere()
        if not (typed or offered):
            offered = [*self._near_regions(), *self._near_names()]
        if not offered:
            offered = [*typed, *self._parts()]
        return list(dict.fromkeys(offered))[:MOST_OFFERED]

    def _elsewhere(self) -> list[Found]:
        """Places of that name in other regions than were said."""
        named = (self._alike(r) for r in reversed(self.readings) if r.regions)
        return next((_most_people_first(alike) for alike in named if alike), [])

    def _near_regions(self) -> list[Found]:
        words = " ".join(self.words)
        near = get_close_matches(words, self.regions.names(), n=2, cutoff=0.8)
        return [found for name in near for found in self.regions.named(name)]

    def _near_names(self) -> list[Found]:
        """Nearly that name, in the regions said if it is there."""
        reading = self.readings[-1]
        names = near_names(name_key(reading.name))
        places = self._places(names) if names else {}
        near = _most_people_first([f for name in names for f in places[name]])
        return [f for f in near if reading.fits(f, at_home=False)] or near

    def _parts(self) -> list[Found]:
        """What the longest beginning or end of the text names."""
        for length in range(len(self.words) - 1, 0, -1):
            ends = self.words[:length], self.words[-length:]
            readings = [r for end in ends for r in self.regions.readings(end)]
            if met := [found for r in readings for found in self._named(r)]:
                return _most_people_first(met)
        return []


def _most_people_first(places: list[Found]) -> list[Found]:
    return sorted(places, key=lambda found: found.people, reverse=True)
