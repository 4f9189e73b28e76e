"""A listing's point drawn among the towns of our own table: no tile, no request."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, radians

from providers import geo
from providers.models import Place, PlaceKind, Provider
from providers.places.addresses import postcode_place
from providers.places.distant import FAR_KM

WIDTH, HEIGHT = 480, 320  # of the drawing, in its own units
KM_A_DEGREE = 111.2  # of latitude, on the mean sphere
LEAST_KM, MOST_KM = 20.0, 2000.0  # from the middle of the drawing to its upper edge
TOWNS, ASKED_TOWNS = 8, 60
LABEL_WIDTH, LABEL_HEIGHT = 100, 16
BARS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Mark:
    """Something with a name at a place of the drawing."""

    name: str
    x: float
    y: float
    km: float  # from the listing

    @property
    def miles(self) -> float:
        return self.km / geo.KM_PER_MILE


@dataclass(frozen=True)
class Map:
    """The drawing; `postcode` is None where our table does not know it."""

    listing: Mark
    postcode: Mark | None
    bar_km: int
    bar_width: float
    towns: list[Mark] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def bar_miles(self) -> float:
        return self.bar_km / geo.KM_PER_MILE

    @property
    def is_far(self) -> bool:
        return self.postcode is not None and self.postcode.km > FAR_KM


def map_of(provider: Provider) -> Map | None:
    """The map of a listing with a point, in two queries; None without one."""
    here = provider.point
    if here is None:
        return None
    area = postcode_place(provider.postcode, provider.country)
    away_km = geo.distance_km(here, area.point) if area else 0.0
    reach_km = min(max(LEAST_KM, 1.3 * away_km), MOST_KM)
    scale = HEIGHT / 2 / reach_km
    bar = max(km for km in BARS_KM if km * scale <= WIDTH / 3 or km == BARS_KM[0])
    return Map(
        listing=_mark(provider.name, here, here, scale),
        postcode=area and _mark(area.postcode, area.point, here, scale),
        bar_km=bar,
        bar_width=bar * scale,
        towns=_apart(_mark(t.name, t.point, here, scale) for t in _towns(here, scale)),
    )


def _mark(name: str, at: geo.Point, middle: geo.Point, scale: float) -> Mark:
    """Where it is drawn: true to scale near the middle, which is all that is shown."""
    east = (at.longitude - middle.longitude) * cos(radians(middle.latitude))
    north = at.latitude - middle.latitude
    return Mark(
        name,
        round(WIDTH / 2 + east * KM_A_DEGREE * scale, 1),
        round(HEIGHT / 2 - north * KM_A_DEGREE * scale, 1),
        geo.distance_km(middle, at),
    )


def _towns(middle: geo.Point, scale: float):
    """The biggest towns within the drawing."""
    up = HEIGHT / 2 / scale / KM_A_DEGREE
    aside = WIDTH / 2 / scale / KM_A_DEGREE / max(0.05, cos(radians(middle.latitude)))
    inside = Place.objects.filter(
        kind=PlaceKind.TOWN,
        latitude__range=(middle.latitude - up, middle.latitude + up),
        longitude__range=(middle.longitude - aside, middle.longitude + aside),
    )
    return inside.order_by("-population", "pk")[:ASKED_TOWNS]


def _apart(marks) -> list[Mark]:
    """As many as can be read: a label that would cover another one is left out."""
    shown: list[Mark] = []
    for mark in marks:
        covers = any(
            abs(mark.x - other.x) < LABEL_WIDTH and abs(mark.y - other.y) < LABEL_HEIGHT
            for other in shown
        )
        if _fits(mark) and not covers and len(shown) < TOWNS:
            shown.append(mark)
    return sorted(shown, key=lambda mark: mark.km)


def _fits(mark: Mark) -> bool:
    """Whether its label stays within the drawing and clear of the scale's bar."""
    inside = mark.x < WIDTH - LABEL_WIDTH and mark.y > LABEL_HEIGHT
    return inside and mark.y < HEIGHT - 3 * LABEL_HEIGHT
