"""One question asked of one segment: what matches, and what each group leaves.

Everything is a set over the words of a scope: all of the segment's, or those that a
circle touches.
"""

from __future__ import annotations

from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np

from providers import geo
from providers.question import FACT_GROUPS, OFFERING_PARTS, PRICE_REASONS, Search
from providers.search.index import bits, travelling
from providers.search.index.bits import ALL, Bits
from providers.search.index.segment import Segment

AT_ONCE = 16_384  # listings whose way is reckoned together
DAYS_CONFIRMED = 180  # vocabulary.UNCONFIRMED_DAYS, held to it by a test


class Scope(NamedTuple):
    """Some words of a segment, and the living listings in them that are in reach."""

    segment: Segment
    words: np.ndarray | slice
    inside: Bits
    far_km: np.ndarray | None = None  # chords to the words' middles, if reckoned

    @classmethod
    def everywhere(cls, segment: Segment) -> Scope:
        return cls(segment, ALL, segment.alive)

    @classmethod
    def within(cls, segment: Segment, origin: geo.Point, radius_km: float) -> Scope:
        at, chord_km = geo.position(origin), geo.chord_km(radius_km)
        if radius_km >= geo.FARTHEST_KM or segment.lies_within(at, chord_km):
            return cls(segment, ALL, segment.alive & segment.pointed)
        far_km = segment.middles_away_km(at)
        words, inside = segment.within(at, chord_km, far_km)
        scope = cls(segment, words, inside & segment.alive[words], far_km[words])
        if 2 * len(words) < segment.words:
            return scope
        return cls(segment, ALL, scope.whole(scope.inside), far_km)

    @classmethod
    def serving(cls, segment: Segment, regions: tuple[str, ...]) -> Scope:
        """Words with all who take people of one of the regions at home."""
        some = bits.any_of(segment.serving(regions))
        whole = cls.everywhere(segment)
        own, words = whole.filled(some)
        return cls(segment, words, whole.inside[own])

    def rows_at(self, places: np.ndarray) -> np.ndarray:
        """The segment's rows at some places of this scope."""
        if isinstance(self.words, slice):
            return places
        return bits.rows_of(self.words[places >> 6], places)

    def filled(self, found: Bits) -> tuple[np.ndarray | slice, np.ndarray | slice]:
        """Which words of a set are filled (bits.filled), here and in the segment."""
        some = bits.filled(found)
        if some is ALL:
            return ALL, self.words
        return some, some if isinstance(self.words, slice) else self.words[some]

    def here(self, sets: Bits) -> Bits:
        """Sets over the whole segment as sets over this scope."""
        return bits.chosen(sets, self.words)

    def whole(self, found: Bits) -> Bits:
        """A set over this scope as one over the whole segment."""
        if isinstance(self.words, slice):
            return found
        whole = bits.none(self.segment.words)
        whole[self.words] = found
        return whole


class Asked:
    """The sets of a question: each active group's, the offerings', and the rest's."""

    def __init__(self, scope: Scope, search: Search, named: Bits | None = None) -> None:
        """`named`: as another question with the same words has it."""
        self.scope, self.search, self.segment = scope, search, scope.segment
        self.limits = search.limits
        self.named = self._named() if named is None else named
        self.lenient = "not_stated" in search.include
        self.groups = dict(self._groups())

    # --- What matches ---------------------------------------------------------------

    @cached_property
    def listings(self) -> Bits:
        """Match in all that is asked of the listing itself."""
        return self.besides()

    @cached_property
    def found(self) -> Bits:
        """Match in everything."""
        return self.listings & self.offering

    @cached_property
    def total(self) -> int:
        return bits.count(self.found)

    def besides(self, *left_open: str) -> Bits:
        """Match in all that is asked of the listing itself, some groups left open."""
        found = self.scope.inside
        for name, group in self.groups.items():
            if name not in left_open:
                found = found & group
        return found

    def without(self, group: str) -> Bits:
        """Match in everything but one group of the listing's own."""
        return (
            self.besides(group) & self.offering if group in self.groups else self.found
        )

    def including(self, reason: str) -> Bits:
        """What matches after the one click that takes in what is left out."""
        if reason in PRICE_REASONS:
            return self._including_price(reason)
        if reason == "not_stated":
            stated = self.besides(*self._facts)
            met = (self._not_denied(*group) for group in self._stated)
            return reduce(np.bitwise_and, met, stated & self.offering)
        return self.without("country" if reason == "other_country" else reason)

    # --- What is asked of the listing -----------------------------------------------

    def of(self, option: str) -> Bits:
        return self.scope.here(self.segment.has(option))

    def _groups(self):
        search, segment, words = self.search, self.segment, self.scope.words
        if search.origin and not search.any_country:
            yield "country", self.of(f"country/{search.origin.country}")
        if search.region:
            yield "region", self._any("region", search.region)
        if self.named is not None:
            yield "words", self.scope.here(self.named)
        if search.unconfirmed != "include":
            hide = search.unconfirmed == "hide"
            yield "unconfirmed", self.confirmed if hide else ~self.confirmed
        if search.checked_within_days:
            since = search.on.toordinal() - search.checked_within_days
            yield "checked_within", segment.checked_since(since, words)
        for name, options in self._stated:
            met = self._not_denied if self.lenient else self._any
            yield (f"need/{options[0]}" if name == "need" else name), met(name, options)

    def _named(self) -> Bits | None:
        """Whom the words of the question name, in the whole segment."""
        words, segment = self.search.words, self.segment
        return segment.names.having(words, segment.words) if words else None

    @property
    def confirmed(self) -> Bits:
        since = self.search.on.toordinal() - DAYS_CONFIRMED
        return self.scope.here(self.segment.confirmed(since))

    @cached_property
    def _stated(self) -> list[tuple[str, tuple[str, ...]]]:
        """(group, codes of which one is enough) of each thing that is to be stated."""
        search = self.search
        stated = [(name, getattr(search, name)) for name in FACT_GROUPS]
        stated.append(("accepting", (search.accepting,) if search.accepting else ()))
        stated += (("need", (need,)) for need in search.need)
        return [(name, codes) for name, codes in stated if codes]

    @property
    def _facts(self) -> list[str]:
        return [
            f"need/{options[0]}" if name == "need" else name
            for name, options in self._stated
        ]

    def _any(self, group: str, codes: tuple[str, ...]) -> Bits:
        found = self.of(f"{group}/{codes[0]}")
        for code in codes[1:]:
            found = found | self.of(f"{group}/{code}")
        return found

    def _not_denied(self, group: str, codes: tuple[str, ...]) -> Bits:
        """Met or not stated: one row states each thing, so all but those that deny."""
        denied = (self.segment.denying(f"{group}/{code}") for code in codes)
        return ~self.scope.here(reduce(np.bitwise_and, denied))

    # --- What is asked of one and the same offering ---------------------------------

    @cached_property
    def parts(self) -> dict[str, Bits]:
        """(slots, words) of each part that is asked for, and of `serves`."""
        search = self.search
        asked = {}
        for part in OFFERING_PARTS:
            if codes := getattr(search, part):
                asked[part] = self._offering_any(part, codes)
        if search.serves:
            asked["serves"] = self.scope.here(self.segment.serving(search.serves))
        return asked

    def _offering_any(self, part: str, codes: tuple[str, ...]) -> Bits:
        """(slots, words) of the offerings with one of the codes."""
        options, slots = self.segment.options, self.segment.slots
        named = (options.get(f"{part}/{code}") for code in codes)
        found = [self.scope.here(slots[:, row]) for row in named if row is not None]
        return reduce(np.bitwise_or, found) if found else bits.none(*self.offered.shape)

    @property
    def is_joint(self) -> bool:
        """Whether anything is asked of one and the same offering."""
        return bool(self.parts or self.limits)

    @property
    def lone_part(self) -> str | None:
        """The one part that is all that is asked of an offering."""
        is_lone = len(self.parts) == 1 and not self.limits
        return next(iter(self.parts)) if is_lone else None

    @cached_property
    def offering(self) -> Bits:
        """Whose listing has such an offering, if one is asked for."""
        if not self.is_joint:
            return self.scope.inside
        found = bits.any_of(self.slots)
        if "unpriced" in self.search.include:
            return found | self._offering_nothing
        return found

    @cached_property
    def slots(self) -> Bits:
        """(slots, words) of the offerings that are all of what is asked of one."""
        return self.slots_besides("")

    def slots_besides(self, part: str) -> Bits:
        """The same with one part left open."""
        found = self._of_parts(part) if part in self.parts else self._of_every_part
        return found if self.price is None else found & self.price

    @cached_property
    def offered(self) -> Bits:
        """(slots, words) of all offerings."""
        return self.scope.here(self.segment.offered)

    @cached_property
    def _of_every_part(self) -> Bits:
        """(slots, words) of the offerings that are what is asked, price apart."""
        return self._of_parts("")

    def _of_parts(self, left_open: str) -> Bits:
        wanted = [asked for part, asked in self.parts.items() if part != left_open]
        return reduce(np.bitwise_and, wanted) if wanted else self.offered

    @cached_property
    def price(self) -> Bits | None:
        """(slots, words) of the offerings within every limit; None without one."""
        if not self.limits:
            return None
        return reduce(np.bitwise_and, (within for within, _more in self._priced))

    @cached_property
    def _priced(self) -> list[tuple[Bits, dict[str, Bits]]]:
        """Of each limit, (slots, words) within it, or included; and what each reason
        adds to those that are whole and fresh."""
        return [self._within(amount, cents) for amount, cents in self.limits.items()]

    def _within(self, amount: str, cents: int) -> tuple[Bits, dict[str, Bits]]:
        here, whole, fresh = self.amounts(amount)
        include, low = self.search.include, self.up_to(amount, cents) & here
        low_whole = low & whole
        within = low_whole & fresh
        more = {
            "stale_price": low_whole ^ within,
            "incomplete": low ^ low_whole,
            "unpriced": ~here,
        }
        included = (own for reason, own in more.items() if reason in include)
        return reduce(np.bitwise_or, included, within), more

    def _including_price(self, reason: str) -> Bits:
        wider = [within | more[reason] for within, more in self._priced]
        more = bits.any_of(self._of_every_part & reduce(np.bitwise_and, wider))
        if reason == "unpriced":
            more |= self._offering_nothing
        return self.found | (self.listings & more)

    @property
    def _offering_nothing(self) -> Bits:
        """Whose listing states no offering at all: unpriced, if none is asked for."""
        if self.parts:
            return bits.none(len(self.scope.inside))
        return ~bits.any_of(self.offered)

    def amounts(self, name: str) -> tuple[Bits, Bits, Bits]:
        """(slots, words): an amount known in the currency and no history yet; complete;
        still fresh."""
        segment, search, stored = self.segment, self.search, _stored(name)
        since = search.history_before.toordinal()
        known = segment.known(stored, search.currency, since)
        fresh = segment.fresh(stored, search.on.toordinal())
        complete = segment.money[stored].complete
        here, complete, fresh = map(self.scope.here, (known, complete, fresh))
        if name == "total":
            complete = complete & ~self._way_is_unknown
        return here, complete, fresh

    @property
    def _way_is_unknown(self) -> Bits:
        """(slots, words) of who goes somewhere, and what the way or the nights cost is
        not known. How the person gets home after a dose is no matter: not to have said
        so is the person's own unknown, the same for every listing."""
        segment, here, ride = self.segment, self.scope.here, self.search.ride
        if ride.stay_cents is None or self.search.origin is None:
            return here(segment.going(by_fare=False))
        drives = here(segment.going(by_fare=ride.driver == "nobody"))
        if ride.per_km_cents is None:
            return drives
        return drives & ~here(segment.pointed)

    def up_to(self, amount: str, cents: int) -> Bits:
        """(slots, words) where the low end is at most that, if it is known."""
        low = self.segment.money[_stored(amount)].low_cents
        low = bits.in_words(low, self.scope.words, axis=1)
        within = bits.pack(low <= cents)[..., 0]
        if amount != "total" or self.search.origin is None:
            return within
        # A course with travel costs no less than the course.
        within &= self.amounts("course")[0]
        places = bits.positions(bits.any_of(within))
        fits = np.zeros((len(low), within.shape[1] * bits.WORD), bool)
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            fits[:, some] = self.lows(amount, self.scope.rows_at(some)) <= cents
        return within & bits.pack(fits).reshape(within.shape)

    def lows(self, amount: str, rows: np.ndarray) -> np.ndarray:
        """(slots, rows): the low ends of some listings, where they are known.

        From nowhere there is no way to pay for.
        """
        segment, ride, origin = self.segment, self.search.ride, self.search.origin
        low = segment.money[_stored(amount)].lows(rows)
        if amount != "total" or origin is None:
            return low
        squared = segment.chords_squared(rows, origin.point)
        trip_cents = travelling.trip_cents(squared, ride)
        word, bit = rows // bits.WORD, rows % bits.WORD
        total = low.astype(np.int64, order="C")
        for own, codes in zip(total, segment.trips.codes, strict=True):
            own += segment.trips.cents(codes[word, bit], trip_cents, ride)
        return total


def _stored(amount: str) -> str:
    return "course" if amount == "total" else amount
