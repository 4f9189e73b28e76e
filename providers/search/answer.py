"""What an engine answers, as plain values; both engines are held to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from providers import geo
from providers.question import LEFT_OUT, Search

# Groups with a count beside each option: as if that option alone were chosen in its
# group, all other groups kept; for needs, as if it were added.
COUNTED = ("route", "setting", "therapy", "format", "condition", "pay", "language")
COUNTED += ("need", "region", "accepting", "unconfirmed")

MOST_POINTS = 5_000  # on the map, beyond which it shows clusters


class Hit(NamedTuple):
    """One listing of an answer. `chord_squared` is None without a place or a point."""

    pk: int
    chord_squared: float | None  # km², see geo.arc_km


class Tally(dict[str, int]):
    """Counts by option. Of an option that no listing names, `others` count: none,
    unless those that do not state it are taken in."""

    others = 0

    @classmethod
    def with_others(cls, counts: dict[str, int], others: int) -> Tally:
        tally = cls(counts)
        tally.others = others
        return tally

    def __missing__(self, option: str) -> int:
        return self.others


class Cluster(NamedTuple):
    """Matches that lie near each other: how many, and the middle of where they are."""

    count: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the matches are: each one's point, or clusters where they are too many.

    They come in no order, as columns: thousands of pairs would take longer to make
    than the answer.
    """

    pks: Sequence[int] = ()  # of each point
    latitudes: Sequence[float] = ()  # of each point or cluster, in degrees
    longitudes: Sequence[float] = ()
    counts: Sequence[int] = ()  # of each cluster, how many are in it

    @property
    def points(self) -> dict[int, geo.Point]:
        """The point of each listing."""
        pairs = map(geo.Point, self.latitudes, self.longitudes)
        return dict(zip(self.pks, pairs, strict=False))

    @property
    def clusters(self) -> list[Cluster]:
        return list(map(Cluster, self.counts, self.latitudes, self.longitudes))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question."""

    total: int
    hits: list[Hit]  # one page of the total order
    radius_km: float | None  # within which was searched; None: no radius
    left_out: dict[str, int]  # reason of LEFT_OUT → how many its one click would add
    counts: dict[str, Tally]  # group of COUNTED → option → count
    beyond: list[Hit]  # nearest few past the radius, when nothing matches
    unpriced: list[Hit]  # nearest few unpriced, when few priced ones match
    remote_total: int  # offer care at home where the patient is, and match the rest
    abroad: tuple[str, ...] = ()  # other countries, where `other_country` counts some
    spread: Spread | None = None  # when asked for


class Engine(Protocol):
    """Answers questions: the ORM's SQL (orm.Orm) or the index (index.Index)."""

    def answer(
        self,
        search: Search,
        *,
        page_size: int,
        home: tuple[str, ...] = (),
        spread: bool = False,
    ) -> Answer:
        """Answer in full. `home`: the patient's region and those that hold it.

        A page past the last has no hits. Left-out numbers and counts stand within the
        same radius as the answer. `spread`: tell where the matches are as well.
        """

    def total(self, search: Search) -> int:
        """How many match within the question's own radius, or anywhere without one."""

    def amounts(self, search: Search, name: str) -> list[int]:
        """The low ends in cents of an amount of question.LIMITS, lowest first: one for
        each offering that is all of what is asked and whose amount is whole and
        current, of the listings that match within the question's own radius."""

    def lowest_cents(self, search: Search, name: str) -> int | None:
        """The lowest such amount if the question set no limit to it."""


def nothing_left_out() -> dict[str, int]:
    return dict.fromkeys(LEFT_OUT, 0)
