"""What the way to the visits of a course costs, of many listings at once.

The same as costs.travel_cents says of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from providers import geo
from providers.costs import Ride
from providers.search.index import bits
from providers.search.index.bits import Bits


@dataclass(frozen=True, slots=True)
class Trips:
    """The fewest return trips of every offering's course, a row a slot."""

    pairs: np.ndarray  # int64 (numbers, 2): trips to dosing visits, to others
    codes: np.ndarray  # uint8, or more (slots, words, 64): number in `pairs`

    def going(self, *, by_fare: bool) -> Bits:
        """(slots, words): whose course has trips; but those to doses, if by fare."""
        has_some = self.pairs[:, 1:].any(axis=1) if by_fare else self.pairs.any(axis=1)
        found = bits.none(*self.codes.shape[:2])
        for own, codes in zip(found, self.codes, strict=True):
            own[:] = bits.pack(has_some[codes])[:, 0]
        return found

    def cents(self, codes: np.ndarray, trip_cents: np.ndarray, ride: Ride):
        """The known part of the way, by what one trip to each place costs."""
        doses, others = self.pairs.T
        stay = np.where(self.pairs.any(axis=1), ride.stay_cents or 0, 0)
        if ride.driver == "nobody":
            fixed = doses * (ride.fare_cents or 0) + stay
            return others[codes] * trip_cents + fixed[codes]
        return (doses + others)[codes] * trip_cents + stay[codes]


def trip_cents(chords_squared: np.ndarray, ride: Ride) -> np.ndarray:
    """Ride.trip_cents at those distances; 0 where one or the rate is not known."""
    if ride.per_km_cents is None:
        return np.zeros(chords_squared.shape, np.int64)
    across_km = 2 * geo.EARTH_RADIUS_KM
    share = np.fmin(1.0, np.sqrt(chords_squared) / across_km)
    distance_km = across_km * np.arcsin(np.where(np.isnan(chords_squared), 0, share))
    return np.rint(2 * distance_km * ride.road_factor * ride.per_km_cents).astype(
        np.int64
    )
