"""Counts beside options: each as if it alone were chosen in its group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from providers.question import OFFERING_PARTS
from providers.search.answer import Tally
from providers.search.index import bits
from providers.search.index.asking import Asked

NONE = Tally()
SMALL = 1_000  # words that are counted sooner than the empty ones are left out
# Groups of what a listing states. A need is added to those asked for; else one counts.
STATED = ("need", "condition", "pay", "language", "accepting")


def tallies(asked: Asked) -> dict[str, Tally]:
    """Group → option → how many.

    One pass counts every option within the answer; groups in which something is chosen
    are counted anew, within what the other groups leave.
    """
    is_joint = bool(asked.parts) or asked.price is not None
    found = dict(_within_the_answer(asked, besides_parts=is_joint))
    if is_joint:
        found |= _of_parts(asked)
    for group in STATED:
        if asked.lenient:
            found[group] = _not_denying(asked, group)
    for group in (*STATED, "region"):
        if group in asked.groups and not (asked.lenient and group in STATED):
            found[group] = _of_group(asked, group)
    return found | {"unconfirmed": _unconfirmed(asked)}


def _within_the_answer(
    asked: Asked, *, besides_parts: bool
) -> Iterator[tuple[str, Tally]]:
    segment, within = asked.segment, asked.found
    first = segment.slots.shape[1] if besides_parts else 0
    dense = _counts(asked, segment.sets[first:], within)
    numbers = [*dense.tolist(), *_in_regions(asked, within).tolist()]
    for group, names in segment.codes.items():
        start = segment.groups[group].start - first
        if start >= 0:
            own = zip(names, numbers[start : start + len(names)], strict=True)
            yield group, Tally(own)


def _counts(asked: Asked, sets: bits.Bits, within: bits.Bits) -> np.ndarray:
    some, words = asked.scope.filled(within)
    return bits.counts(sets, within[some], words)


def _in_regions(asked: Asked, within: bits.Bits) -> np.ndarray:
    return asked.segment.regions.counts(asked.scope.whole(within))


def _of_group(asked: Asked, group: str) -> Tally:
    return _counted(asked, group, asked.without(group))


def _counted(asked: Asked, group: str, within: bits.Bits) -> Tally:
    segment, rows = asked.segment, asked.segment.groups.get(group, range(0))
    if group == "region":
        numbers = _in_regions(asked, within)
    else:
        numbers = _counts(asked, segment.sets[rows.start : rows.stop], within)
    names = segment.codes.get(group, ())
    return Tally(zip(names, numbers.tolist(), strict=True))


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


def _of_parts(asked: Asked) -> dict[str, Tally]:
    """Of one and the same offering: each part together with all else asked of it."""
    groups, found = asked.segment.groups, {}
    open_rows = [groups[part] for part in OFFERING_PARTS if part not in asked.parts]
    first = min((rows.start for rows in open_rows), default=0)
    last = max((rows.stop for rows in open_rows), default=0)
    numbers = _jointly(asked, range(first, last), asked.slots)
    for part in OFFERING_PARTS:
        rows = groups[part]
        own = numbers[rows.start - first : rows.stop - first]
        if part in asked.parts:
            own = _of_part(asked, part, rows)
        names = asked.segment.codes[part]
        found[part] = Tally(zip(names, own.tolist(), strict=True))
    return found


def _of_part(asked: Asked, part: str, rows: range) -> np.ndarray:
    """Of one part in which something is chosen."""
    if asked.parts.keys() == {part} and asked.price is None:
        sets = asked.segment.sets[rows.start : rows.stop]
        return _counts(asked, sets, asked.listings)  # nothing else must be joint
    return _jointly(asked, rows, asked.slots_besides(part))


def _jointly(asked: Asked, rows: range, rest: bits.Bits) -> np.ndarray:
    """How many listings have an offering with each option that is all of `rest`."""
    rest = rest & asked.listings
    some, words = asked.scope.filled(bits.any_of(rest))
    rest, slots = rest[:, some], asked.segment.slots[:, rows.start : rows.stop]
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
    total, confirmed = bits.count(rest), bits.count(rest & asked.confirmed)
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
    counted = _counted(asked, "country", found)
    return [country for country, number in counted.items() if number]
