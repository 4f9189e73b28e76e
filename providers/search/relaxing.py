"""What to ask instead where nothing matches: one change at a time, each tried. Pure.

None steers to riskier care: no need is ever dropped, and nothing here proposes ketamine
at home with nobody watching, a compounded medicine to who asked for a licensed one, a
medicine to who asked for none, or less therapy than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil, sqrt

from providers import geo, vocabulary
from providers.question import (
    DEAREST_CENTS,
    INCLUDABLE,
    LIMITS,
    WIDEST,
    Search,
    in_km,
    in_unit,
)
from providers.search.answer import Answer, Engine

MOST = 5
# Amount of question.LIMITS → the parameter that limits it.
PARAMETERS = {"session": "max_price", "course": "max_course", "total": "max_total"}
UNWATCHED = "home_unwatched"
WATCHED = tuple(code for code in vocabulary.SETTINGS if code != UNWATCHED)
COMPOUNDED = "compounded"
# Parameter → what a question has of it when it is left out, the least missed first.
DROPPED = {
    "unconfirmed": ("unconfirmed", "include"),
    "checked_within": ("checked_within_days", None),
    "q": ("words", ""),
    "accepting": ("accepting", ""),
    "language": ("language", ()),
    "pay": ("pay", ()),
    "condition": ("condition", ()),
}


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change to the question after which at least one listing matches.

    By `kind`, `name` is the parameter that changes and `value` what it becomes:

    - "include": "include_unpriced" or another of question.INCLUDABLE, "yes";
    - "radius": "within", whole units of the question's unit;
    - "price": one of PARAMETERS, whole units of the question's currency;
    - "option": a part of an offering, the one code that is chosen in it instead;
    - "drop": any parameter of DROPPED, "".
    """

    kind: str
    name: str
    value: str
    search: Search  # the question with the change; its radius is one that was chosen
    changes: dict[str, str]  # parameter → value of the link to it, "" leaves it out
    total: int = 0


def relaxations(asked: Search, answer: Answer, engine: Engine) -> list[Relaxation]:
    """The cheapest few for an answer without a match, each tried by the engine.

    The least given up comes first: take in those who do not say, then look farther,
    then pay more, then another format, setting, route or more therapy (of each the
    one that most offer), then do without a filter. All but the one that looks farther
    keep the radius within which was searched.
    """
    if answer.total:
        return []
    kept = replace(asked, radius_km=answer.radius_km, page=1)
    reach = {}
    if asked.origin and asked.radius_km is None:
        reach = {"within": f"{in_unit(answer.radius_km, asked.unit):g}"}
    tried = (
        next(_that_help(alternatives, engine), None)
        for alternatives in _proposed(kept, reach, answer, engine)
    )
    return list(islice(filter(None, tried), MOST))


def _that_help(
    alternatives: Iterable[Relaxation], engine: Engine
) -> Iterator[Relaxation]:
    for each in alternatives:
        total = engine.total(each.search)
        if total and _is_safe(each, total, engine):
            yield replace(each, total=total)


def _is_safe(proposed: Relaxation, total: int, engine: Engine) -> bool:
    """No other price or option brings a listing that matches only by unwatched use at
    home, and nothing brings such listings alone, unless that setting was chosen."""
    if proposed.search.setting:
        return True
    too_many = 1 if proposed.kind in ("price", "option") else total
    watched = _total_in(WATCHED, proposed, engine)
    if total - watched < too_many:  # no more than those are unwatched
        return True
    return _total_in(tuple(vocabulary.SETTINGS), proposed, engine) - watched < too_many


def _total_in(settings: tuple[str, ...], proposed: Relaxation, engine: Engine) -> int:
    return engine.total(replace(proposed.search, setting=settings))


# --- What can be proposed -------------------------------------------------------------


def _proposed(
    kept: Search, reach: dict[str, str], answer: Answer, engine: Engine
) -> Iterator[Iterable[Relaxation]]:
    """Alternatives of which the first that helps is enough, the cheapest first."""

    def one(kind: str, name: str, value: str, **changed) -> Relaxation:
        changes = reach | {name: value}
        return Relaxation(kind, name, value, replace(kept, **changed), changes)

    for reason in INCLUDABLE:
        if answer.left_out[reason]:
            include = kept.include | {reason}
            yield [one("include", f"include_{reason}", "yes", include=include)]
    yield (
        one("radius", "within", f"{radius}", radius_km=in_km(radius, kept.unit))
        for radius in _wider(answer, kept.unit)
    )
    for amount in kept.limits:
        yield (
            one(
                "price",
                PARAMETERS[amount],
                f"{cents // 100}",
                **{LIMITS[amount]: cents},
            )
            for cents in _dearer(kept, engine, amount)
        )
    for part, allowed in ALLOWED.items():
        yield (
            one("option", part, code, **{part: (code,)})
            for code in _others(part, allowed, kept, answer)
        )
    for name, (column, blank) in DROPPED.items():
        if getattr(kept, column) != blank:
            yield [one("drop", name, "", **{column: blank})]


def _wider(answer: Answer, unit: str) -> Iterator[int]:
    """The smallest whole radii in the unit that reach the nearest few."""
    for hit in answer.beyond:
        radius = ceil(in_unit(geo.arc_km(sqrt(hit.chord_squared)), unit))
        if radius <= WIDEST:
            yield radius


def _dearer(kept: Search, engine: Engine, amount: str) -> Iterator[int]:
    """The lowest limit in whole units of the currency that is within someone's."""
    watched = replace(kept, setting=kept.setting or WATCHED)
    lowest = engine.lowest_cents(watched, amount)
    if lowest is not None and lowest <= DEAREST_CENTS:
        yield ceil(lowest / 100) * 100


def _others(part: str, allowed: Allowed, kept: Search, answer: Answer) -> list[str]:
    """Other codes of a part in which some were chosen, that which most offer first."""
    chosen = getattr(kept, part)
    if not chosen:
        return []
    codes = [code for code in allowed(chosen) if code not in chosen]
    counted = {code: answer.counts[part][code] for code in codes}
    return sorted(filter(counted.get, codes), key=lambda code: -counted[code])


def _formats(chosen: tuple[str, ...]) -> list[str]:
    return _stated(vocabulary.FORMATS)


def _settings(chosen: tuple[str, ...]) -> list[str]:
    return [code for code in _stated(vocabulary.SETTINGS) if code != UNWATCHED]


def _routes(chosen: tuple[str, ...]) -> list[str]:
    """No medicine to who asked for none, compounded only to who asked for nothing else,
    and never "no medicine" to who asked for some."""
    if set(chosen) == {vocabulary.NO_MEDICINE}:
        return []
    compounded = all(vocabulary.ROUTES[c].product == COMPOUNDED for c in chosen)
    return [
        code
        for code in _stated(vocabulary.ROUTES)
        if code != vocabulary.NO_MEDICINE
        and (compounded or vocabulary.ROUTES[code].product != COMPOUNDED)
    ]


def _therapies(chosen: tuple[str, ...]) -> list[str]:
    """No less than the most of what was asked for, the vocabulary's order upwards."""
    levels = _stated(vocabulary.THERAPIES)
    asked = [levels.index(code) for code in chosen if code in levels]
    return levels[max(asked) :] if asked else []


def _stated(codes: vocabulary.Codes) -> list[str]:
    return [code for code in codes if code != vocabulary.NOT_STATED]


Allowed = Callable[[tuple[str, ...]], list[str]]
ALLOWED: dict[str, Allowed] = {
    "format": _formats,
    "setting": _settings,
    "route": _routes,
    "therapy": _therapies,
}
