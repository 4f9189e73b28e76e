"""Where the samples are: points near real towns, the bigger the likelier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import cos, pi, radians, sin, sqrt
from random import Random
from typing import NamedTuple

from providers.geo import Point
from providers.models import Place, PlaceKind
from providers.places import Nearest

SEED = 988
TOTAL = 240
EACH_STATE = 2  # at least, in the 50 states and DC; the rest by their people
KM_PER_DEGREE = 111.2
POSTCODE_WITHIN_KM = 60
# Region: how many samples (0: by its people), an area code, the usual time zone.
_REGIONS = """
US-AL 0 205 America/Chicago       US-AK 0 907 America/Anchorage
US-AZ 0 602 America/Phoenix       US-AR 0 501 America/Chicago
US-CA 0 213 America/Los_Angeles   US-CO 0 303 America/Denver
US-CT 0 203 America/New_York      US-DE 0 302 America/New_York
US-DC 0 202 America/New_York      US-FL 0 305 America/New_York
US-GA 0 404 America/New_York      US-HI 0 808 Pacific/Honolulu
US-ID 0 208 America/Boise         US-IL 0 312 America/Chicago
US-IN 0 317 America/Indiana/Indianapolis US-IA 0 515 America/Chicago
US-KS 0 316 America/Chicago       US-KY 0 502 America/New_York
US-LA 0 504 America/Chicago       US-ME 0 207 America/New_York
US-MD 0 410 America/New_York      US-MA 0 617 America/New_York
US-MI 0 313 America/Detroit       US-MN 0 612 America/Chicago
US-MS 0 601 America/Chicago       US-MO 0 314 America/Chicago
US-MT 0 406 America/Denver        US-NE 0 402 America/Chicago
US-NV 0 702 America/Los_Angeles   US-NH 0 603 America/New_York
US-NJ 0 201 America/New_York      US-NM 0 505 America/Denver
US-NY 0 212 America/New_York      US-NC 0 704 America/New_York
US-ND 0 701 America/Chicago       US-OH 0 216 America/New_York
US-OK 0 405 America/Chicago       US-OR 0 503 America/Los_Angeles
US-PA 0 215 America/New_York      US-RI 0 401 America/New_York
US-SC 0 803 America/New_York      US-SD 0 605 America/Chicago
US-TN 0 615 America/Chicago       US-TX 0 214 America/Chicago
US-UT 0 801 America/Denver        US-VT 0 802 America/New_York
US-VA 0 804 America/New_York      US-WA 0 206 America/Los_Angeles
US-WV 0 304 America/New_York      US-WI 0 414 America/Chicago
US-WY 0 307 America/Denver        CA-AB 2 403 America/Edmonton
CA-BC 2 604 America/Vancouver     CA-MB 1 204 America/Winnipeg
CA-NS 1 902 America/Halifax       CA-ON 3 416 America/Toronto
CA-QC 1 514 America/Toronto
"""


class GazetteerLacksTownsError(ValueError):
    """A region of the samples has no town in the gazetteer."""


class Spot(NamedTuple):
    """Where one sample is, and what goes with the place."""

    town: str
    region: str
    postcode: str
    point: Point
    phone: str
    time_zone: str

    @property
    def country(self) -> str:
        return self.region[:2]


class _Region(NamedTuple):
    code: str
    count: int
    area_code: str
    time_zone: str


def regions() -> list[_Region]:
    words = _REGIONS.split()
    rows = zip(*(words[column::4] for column in range(4)), strict=True)
    return [_Region(code, int(count), area, zone) for code, count, area, zone in rows]


def spots() -> Iterator[Spot]:
    """The places of all samples, region by region, the same every time.

    Raises: GazetteerLacksTownsError.
    """
    random, towns, wanted = Random(SEED), _towns(), regions()
    missing = [region.code for region in wanted if not towns[region.code]]
    if missing:
        raise GazetteerLacksTownsError(", ".join(missing))
    counts, ground = _counts(wanted, towns, random), _Ground()
    for region in wanted:
        weights = [town.population for town in towns[region.code]]
        drawn = random.choices(towns[region.code], weights, k=counts[region.code])
        # The first of a region is in its biggest town, so that people find one.
        for number, town in enumerate([towns[region.code][0], *drawn[1:]]):
            yield _spot(region, number, town, _near(town, ground, random), ground)


class _Ground:
    """Whose region and which postcode a point has, from one reading of all places."""

    def __init__(self) -> None:
        self._everywhere = Nearest(Place.objects.all())
        self._codes: dict[str, Nearest] = {}

    def region(self, at: Point) -> str:
        return self._everywhere.to(at).region

    def postcode(self, at: Point, region: str) -> str:
        """The nearest of the region; "" where none is near."""
        if region not in self._codes:
            codes = Place.objects.filter(kind=PlaceKind.POSTCODE, region=region)
            self._codes[region] = Nearest(codes)
        near = self._codes[region].to(at, POSTCODE_WITHIN_KM)
        return near.postcode if near else ""


def _towns() -> dict[str, list[Place]]:
    """Towns whose people are known, most people first, by region."""
    towns: dict[str, list[Place]] = defaultdict(list)
    known = Place.objects.filter(kind=PlaceKind.TOWN, population__gt=0)
    codes = [region.code for region in regions()]
    for town in known.filter(region__in=codes).order_by("-population", "name", "pk"):
        towns[town.region_id].append(town)
    return towns


def _counts(wanted: list[_Region], towns: dict, random: Random) -> dict[str, int]:
    """How many samples each region gets: the fixed ones, the rest by people."""
    counts = {region.code: region.count or EACH_STATE for region in wanted}
    states = [region.code for region in wanted if not region.count]
    people = [sum(town.population for town in towns[code]) for code in states]
    for code in random.choices(states, people, k=TOTAL - sum(counts.values())):
        counts[code] += 1
    return counts


def _spot(
    region: _Region, number: int, town: Place, point: Point, ground: _Ground
) -> Spot:
    return Spot(
        town=town.name,
        region=region.code,
        postcode=_whole(ground.postcode(point, region.code), region.code),
        point=point,
        # 555-0100 to 555-0199 are kept free for fiction.
        phone=f"+1{region.area_code}55501{number:02}",
        time_zone=region.time_zone,
    )


def _near(town: Place, ground: _Ground, random: Random) -> Point:
    """A point in or by the town, and surely in its region."""
    most_km = min(5, sqrt(town.population) / 100)
    for _try in range(4):
        km, bearing = most_km * sqrt(random.random()), random.random() * 2 * pi
        north, east = km * cos(bearing), km * sin(bearing)
        degree_east_km = KM_PER_DEGREE * cos(radians(town.latitude))
        point = Point(
            round(town.latitude + north / KM_PER_DEGREE, 5),
            round(town.longitude + east / degree_east_km, 5),
        )
        if ground.region(point) == town.region_id:
            return point
    return town.point


def _whole(postcode: str, region: str) -> str:
    """A postcode; an invented end where only its area is known."""
    is_area = region.startswith("CA") and len(postcode) == 3
    return f"{postcode} 0X0" if is_area else postcode
