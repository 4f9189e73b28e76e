"""What the index is built from: one plain row a listing, wherever it comes from."""

from __future__ import annotations

from typing import NamedTuple

from providers.costs import POSTED


class Amount(NamedTuple):
    """A stored amount of an offering whose low end is known."""

    low_cents: int
    currency: str
    complete: bool
    known_until: int  # proleptic ordinal of the last day on which it is fresh


class Offer(NamedTuple):
    """One offering: its four parts, where it serves people at home, its amounts."""

    route: str
    setting: str
    therapy: str
    format: str
    serves: tuple[str, ...] = ()  # regions it lists; () unless it is taken at home
    session: Amount | None = None
    course: Amount | None = None
    trips: tuple[int, int] = (0, 0)  # the fewest of a course: to doses, to others


class Row(NamedTuple):
    """One listing that a search may show.

    A fact is named by its group and code: "condition/ptsd", "pay/medicaid",
    "language/es", "need/lift". `met` holds those that satisfy their filter (a help
    with yes or partial, a requirement with no); `denied` those stated that do not.
    New patients are two such options, "accepting/yes" and "accepting/waitlist",
    each met or, where anything at all is stated about new patients, else denied.
    """

    pk: int
    name: str  # plain words, see text.plain
    country: str
    regions: tuple[str, ...]  # of the address, and those that hold it
    latitude: float | None
    longitude: float | None
    x_km: float | None  # as the database computes them: both engines must agree to
    y_km: float | None  # the last bit
    z_km: float | None
    checked_on: int  # proleptic ordinal of the last contact check; 0 for never
    confirming: bool  # asked in a way that confirms, see vocabulary
    met: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    # Proleptic ordinal of the last day on which a price tells each of POSTED; 0: none.
    posted: tuple[int, ...] = (0,) * len(POSTED)
