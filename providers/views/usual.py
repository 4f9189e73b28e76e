"""What is usual here: the prices of a route in a region and its country, drawn.

The picture is inline SVG whose numbers all stand beside it in words as well. It is of
prices that stand today, each with its date, method and source on its clinic's page;
of fewer than five it would tell about clinics, not about what is usual, so then
nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from providers import remembered, vocabulary, wording
from providers.models import Offering, Provider, Region
from providers.question import Search
from providers.search import live
from providers.vocabulary import NO_MEDICINE, NOT_STATED

FEWEST = 5
SUMS = ("session", "course")
# The picture, in its own units.
WIDTH, HEIGHT, BARS = 320, 64, 16
_BASE = 56  # where the bars stand


@dataclass(frozen=True, slots=True)
class Spread:
    """Sorted prices, and the numbers that describe them."""

    cents: tuple[int, ...]

    @property
    def lowest(self) -> int:
        return self.cents[0]

    @property
    def highest(self) -> int:
        return self.cents[-1]

    @property
    def middle_half(self) -> tuple[int, int]:
        """The prices that a quarter of all are at or below, and at or above.

        Each is a price that somebody posted: none is made up between two.
        """
        quarter = (len(self.cents) - 1) // 4
        return self.cents[quarter], self.cents[-1 - quarter]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture's shapes, in its own units."""

    bars: list[Bar]
    middle: Bar
    own: list[float]  # where the listing's own prices stand


@dataclass(frozen=True, slots=True)
class Usual:
    """What one sum usually is at one place."""

    place: str
    words: list[str]
    drawn: Drawn | None  # None: too few prices


@dataclass(frozen=True, slots=True)
class UsualSum:
    """What a session or a course of one route usually costs, near and far."""

    title: str
    places: list[Usual]


def usual(
    provider: Provider, offerings: Sequence[Offering], on: date
) -> list[UsualSum]:
    """For each route that the listing offers: what a session and a course cost."""
    currency = vocabulary.CURRENCY_OF_COUNTRY.get(provider.country, "USD")
    routes = dict.fromkeys(o.route for o in offerings)
    told = []
    for route in routes:
        if route in (NOT_STATED, NO_MEDICINE):
            continue
        own_offerings = [o for o in offerings if o.route == route]
        for name in SUMS:
            own = _own(own_offerings, name, currency, on)
            asked = (route, name, currency, on)
            places = [_usual(at, own, *asked) for at in _places(provider.region)]
            told.append(UsualSum(_title(route, name), places))
    return told


def _title(route: str, name: str) -> str:
    known = {"route": vocabulary.ROUTES.label(route)}
    if name == "session":
        return _("%(route)s: a session") % known
    return _("%(route)s: a whole course") % known


def _places(region: Region) -> list[Region]:
    """The region and its country."""
    has_country = region.parent and region.country != region.pk
    return [region, region.parent] if has_country else [region]


def _own(
    offerings: Iterable[Offering], name: str, currency: str, on: date
) -> list[int]:
    """The listing's own prices of the kind that stands in the picture."""
    own = set()
    for offering in offerings:
        of = {part: getattr(offering, f"{name}_{part}") for part in _PARTS}
        here = of["complete"] and of["currency"] == currency
        if here and of["known_until"] >= on and of["min_cents"] is not None:
            own.add(of["min_cents"])
    return sorted(own)


_PARTS = ("min_cents", "currency", "complete", "known_until")


def _usual(
    at: Region, own: list[int], route: str, name: str, currency: str, on: date
) -> Usual:
    found = posted_amounts(at.pk, route, name, currency, on)
    if len(found) < FEWEST:
        few = _("%(place)s: fewer than five dated prices here")
        return Usual(at.name, [few % {"place": at.name}], None)
    spread = Spread(found)
    return Usual(at.name, _words(at, spread, own, currency), draw(spread, own))


@remembered.until_changed
def posted_amounts(
    region: str, route: str, name: str, currency: str, on: date
) -> tuple[int, ...]:
    """The low ends of whole, current sums of the route there, in order."""
    asked = Search(on=on, region=(region,), route=(route,), currency=currency)
    return tuple(live.current().index.amounts(asked, name))


def _words(at: Region, spread: Spread, own: list[int], currency: str) -> list[str]:
    low, high = spread.middle_half
    known = {
        "place": at.name,
        "n": len(spread.cents),
        "lowest": wording.money(spread.lowest, currency),
        "highest": wording.money(spread.highest, currency),
        "middle": wording.amount_range(low, high, currency),
    }
    said = _(
        "%(place)s, %(n)d prices: lowest %(lowest)s, middle half %(middle)s, highest "
        "%(highest)s."
    )
    return [said % known, *(_own_words(cents, spread, currency) for cents in own)]


def _own_words(cents: int, spread: Spread, currency: str) -> str:
    low, high = spread.middle_half
    amount = {"amount": wording.money(cents, currency)}
    if cents < low:
        return _("This listing, %(amount)s: below the middle half.") % amount
    if cents > high:
        return _("This listing, %(amount)s: above the middle half.") % amount
    return _("This listing, %(amount)s: in the middle half.") % amount


def draw(spread: Spread, own: Iterable[int]) -> Drawn:
    """Bars of how many prices stand where, the middle half, and the listing's own."""
    wide = spread.highest - spread.lowest
    counts = [0] * BARS
    for cents in spread.cents:
        counts[
            min(BARS - 1, (cents - spread.lowest) * BARS // wide) if wide else 0
        ] += 1

    def x(cents: int) -> float:
        inside = min(max(cents, spread.lowest), spread.highest) - spread.lowest
        return round(WIDTH * inside / wide, 1) if wide else 0

    step, tallest = WIDTH / BARS, max(counts)
    bars = [
        Bar(round(n * step + 1, 1), round(_BASE - tall, 1), round(step - 2, 1), tall)
        for n, count in enumerate(counts)
        if (tall := round(count / tallest * (_BASE - 12), 1))
    ]
    low, high = map(x, spread.middle_half)
    middle = Bar(low, _BASE + 2, max(round(high - low, 1), 2), 4)
    return Drawn(bars, middle, [x(cents) for cents in own])
