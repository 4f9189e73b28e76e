"""Counts beside options: each as if it alone were chosen in its group."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from providers.question import OFFERING_PARTS
from providers.search.answer import Tally
from providers.search.index import bits
from providers.search.index.asking import Asked
from providers.search.index.bundles import Parted
from providers.search.index.segment import Segment

NONE = Tally()
SMALL = 1_000  # words that are counted sooner than the empty ones are left out
# Groups of what a listing states. A need is added to those asked for; else one counts.
STATED = ("need", "condition", "pay", "language", "accepting")


def tallies(asked: Asked) -> dict[str, Tally]:
    """Group → option → how many."""
    numbers = iter(_numbers(asked).tolist())
    found = {
        group: Tally(zip(names, numbers, strict=False))
        for group, names in asked.segment.ordered_codes
    }
    if asked.lenient:
        found |= {group: _not_denying(asked, group) for group in STATED}
    return found | {"unconfirmed": _unconfirmed(asked)}


def _numbers(asked: Asked) -> np.ndarray:
    """How many have each option, in the order of the segment's.

    Every option is counted within the answer; those of a group in which something is
    chosen are counted anew, within what the other groups leave.
    """
    segment = asked.segment
    sets = len(segment.sets) + prod(segment.slots.shape[:2])
    is_short = sets * len(asked.scope.inside) <= bits.BLOCK
    return _at_once(asked) if is_short else _in_turn(asked)


def _at_once(asked: Asked) -> np.ndarray:
    """Where the sets in this scope are short."""
    segment, words = asked.segment, asked.scope.words
    found = bits.chosen(segment.sets, words) & asked.found
    if asked.is_joint:
        slots = bits.chosen(segment.slots, words)
        for rows, rest in _joint_parts(asked):
            rest = rest & asked.listings
            found[rows] = bits.any_of(slots[:, rows] & rest[:, None])
    for rows, within in _chosen_groups(asked):
        found[rows] = bits.chosen(segment.sets[rows], words) & within
    in_regions = segment.regions.counts(asked.without("region"), words)
    return np.concatenate([bits.sizes(found), in_regions])


def _in_turn(asked: Asked) -> np.ndarray:
    """The same group by group, each in the words in which it has anybody."""
    segment = asked.segment
    first, last = segment.slots.shape[1] if asked.is_joint else 0, len(segment.sets)
    numbers = np.empty(len(segment.options), np.int64)
    parted = _parted(asked, asked.found)
    numbers[first:last] = _counts(segment, slice(first, last), parted)
    if asked.is_joint:
        for rows, rest in _joint_parts(asked):
            numbers[rows] = _jointly(asked, rows, rest)
    for rows, within in _chosen_groups(asked):
        numbers[rows] = _counts(segment, rows, _parted(asked, within))
    if "region" in asked.groups:
        parted = _parted(asked, asked.without("region"))
    numbers[last:] = _in_regions(segment, parted)
    return numbers


def _chosen_groups(asked: Asked) -> Iterator[tuple[slice, bits.Bits]]:
    """The sets of each group in which something is chosen, and what the others leave;
    of parts of offerings, of one with which nothing else must be joint."""
    groups, part = asked.segment.groups, asked.lone_part
    for group in () if asked.lenient else STATED:
        if group in asked.groups and group in groups:
            yield _slice(groups[group]), asked.without(group)
    if part in OFFERING_PARTS:
        yield _slice(groups[part]), asked.listings


def _joint_parts(asked: Asked) -> Iterator[tuple[slice, bits.Bits]]:
    """The sets of one and the same offering's parts, and what else is asked of it:
    of those in which nothing is chosen together, then of each of the others."""
    groups = asked.segment.groups
    open_rows = [groups[part] for part in OFFERING_PARTS if part not in asked.parts]
    if open_rows:
        yield slice(open_rows[0].start, open_rows[-1].stop), asked.slots
    for part in OFFERING_PARTS:
        if part in asked.parts and part != asked.lone_part:
            yield _slice(groups[part]), asked.slots_besides(part)


def _slice(rows: range) -> slice:
    return slice(rows.start, rows.stop)


def _parted(asked: Asked, within: bits.Bits) -> Parted:
    words = asked.scope.words
    return Parted.of(within) if words is bits.ALL else Parted.of_some(within, words)


def _counts(segment: Segment, rows: slice, within: Parted) -> np.ndarray:
    """How many of some of the sets are in another."""
    others = bits.counts(segment.sets[rows], within.rest, within.words)
    return others + within.in_full(segment.before, rows)


def _in_regions(segment: Segment, within: Parted) -> np.ndarray:
    rows = slice(len(segment.sets), len(segment.options))
    others = segment.regions.counts(within.rest, within.words)
    return others + within.in_full(segment.before, rows)


def _not_denying(asked: Asked, group: str) -> Tally:
    """Where those that do not state it count too: all but those that deny."""
    within = asked.without(group)
    whole, total = asked.scope.whole(within), bits.count(within)
    start = len(group) + 1
    denying = {
        option[start:]: int(bits.holds(whole, rows).sum())
        for option, rows in asked.segment.denied.items()
        if option.startswith(f"{group}/")
    }
    named = {*asked.segment.codes.get(group, ()), *denying}
    counted = {name: total - denying.get(name, 0) for name in named}
    return Tally.with_others(counted, total)


def _jointly(asked: Asked, rows: slice, rest: bits.Bits) -> np.ndarray:
    """How many listings have an offering with each option that is all of `rest`."""
    rest = rest & asked.listings
    some, words = asked.scope.filled(bits.any_of(rest))
    rest, slots = rest[:, some], asked.segment.slots[:, rows]
    are_few = rest.size > SMALL and 3 * np.count_nonzero(rest) < rest.size
    sizes = _sizes_of_few if are_few else _sizes_of_many
    return sizes(slots, words, rest)


def _sizes_of_many(
    slots: bits.Bits, words: np.ndarray | slice, rest: bits.Bits
) -> np.ndarray:
    """Of each option's listings: who has it in an offering that is all of `rest`."""
    found = np.zeros(slots.shape[1], np.int64)
    step = max(1, bits.BLOCK // max(1, rest.size))
    for at in range(0, len(found), step):
        own = bits.chosen(slots[:, at : at + step], words)
        found[at : at + step] = bits.sizes(bits.any_of(own & rest[:, None]))
    return found


def _sizes_of_few(
    slots: bits.Bits, words: np.ndarray | slice, rest: bits.Bits
) -> np.ndarray:
    """The same, where most words of `rest` are empty."""
    found = np.zeros(slots.shape[1], np.int64)
    step = max(1, bits.BLOCK // max(1, rest.shape[1]))
    filled = [wanted.nonzero()[0] for wanted in rest]
    for at in range(0, len(found), step):
        own = slots[:, at : at + step]
        chosen = bits.none(own.shape[1], rest.shape[1])
        for options, wanted, some in zip(own, rest, filled, strict=True):
            where = some if isinstance(words, slice) else words[some]
            chosen[:, some] |= options.take(where, axis=1) & wanted[some]
        found[at : at + step] = bits.sizes(chosen)
    return found


def _unconfirmed(asked: Asked) -> Tally:
    rest = asked.without("unconfirmed")
    total = asked.total if rest is asked.found else bits.count(rest)
    confirmed = bits.count(rest & asked.confirmed)
    return Tally({"include": total, "hide": confirmed, "only": total - confirmed})


def added(first: dict[str, Tally], second: dict[str, Tally]) -> dict[str, Tally]:
    """The counts of two segments together."""
    return {
        group: _sum(first.get(group, NONE), second.get(group, NONE))
        for group in {**first, **second}
    }


def _sum(first: Tally, second: Tally) -> Tally:
    named = {option: first[option] + second[option] for option in {**first, **second}}
    return Tally.with_others(named, first.others + second.others)


def countries(asked: Asked, found: bits.Bits) -> list[str]:
    """The countries in which some of a set are."""
    named = asked.segment.codes.get("country", ())
    return [c for c in named if np.count_nonzero(asked.of(f"country/{c}") & found)]
