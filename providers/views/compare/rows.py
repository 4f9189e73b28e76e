"""What stands side by side: rows by topic, each with what every listing says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext as _

from providers import vocabulary, wording
from providers.models import Fact, Offering
from providers.views.cards import (
    accepting,
    asked_when,
    cautions,
    contact,
    payment_help,
)
from providers.views.compare.columns import Column
from providers.vocabulary import NOT_STATED


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a cell: words, and when and how they are known."""

    words: str
    checked: str = ""
    is_usual: bool = False  # checked as most of its column was
    of: str = ""  # which offering, where a listing has several
    route: str = ""  # its route, where they all share it
    is_caution: bool = False
    stale: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one listing says; nothing: not stated."""

    name: str  # of the listing
    said: list[Said]

    @property
    def plain(self) -> list[tuple[str, str]]:
        """What is compared: not when it was asked."""
        return [(said.of, said.words) for said in self.said]


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        return any(cell.plain != self.cells[0].plain for cell in self.cells)

    @property
    def is_one(self) -> bool:
        """Whether one cell can stand for all: the same words, known the same way."""
        return all(cell.said == self.cells[0].said for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Topic:
    """Rows under one heading, and what nobody says anything about."""

    code: str
    title: str
    rows: list[Row]
    silent: list[str]
    known: Row | None  # when and how all in a column was checked, unless said beside it


Says = Callable[[Column], list[Said]]


def row(label: str, columns: Sequence[Column], says: Says) -> Row:
    return Row(label, [Cell(c.provider.name, says(c)) for c in columns])


def topic(
    code: str,
    title: str,
    rows: list[Row],
    silent: Sequence[str] = (),
    *,
    told_beside: bool = False,
) -> Topic:
    """The topic with the usual check of each column said once, below its rows.

    `told_beside`: that check is said beside each line as well, as of money.
    """
    columns = list(zip(*(row.cells for row in rows), strict=True)) if rows else []
    usual = [_usual(cells) for cells in columns]
    if not any(usual):
        return Topic(code, title, rows, list(silent), None)
    marked = []
    for each in rows:
        pairs = zip(each.cells, usual, strict=True)
        marked.append(Row(each.label, [_marked(*pair, told_beside) for pair in pairs]))
    known = [
        Cell(cell.name, [Said(checked)] if checked else [])
        for cell, checked in zip(rows[0].cells, usual, strict=True)
    ]
    return Topic(code, title, marked, list(silent), Row(_("Known from"), known))


def _usual(cells: Sequence[Cell]) -> str:
    checks = [said.checked for cell in cells for said in cell.said if said.checked]
    return Counter(checks).most_common(1)[0][0] if checks else ""


def _marked(cell: Cell, usual: str, told_beside: bool) -> Cell:
    said = [
        replace(s, checked=s.checked if told_beside else "", is_usual=True)
        if usual and s.checked == usual
        else s
        for s in cell.said
    ]
    return Cell(cell.name, said)


# --- Treatment ------------------------------------------------------------------------


def treatment(columns: Sequence[Column]) -> Topic:
    rows = [
        row(_("How ketamine is given"), columns, _routes),
        row(_("Therapy"), columns, partial(_part, "therapy", vocabulary.THERAPIES)),
        row(_("Where"), columns, partial(_part, "setting", vocabulary.SETTINGS)),
        row(
            _("Alone or with others"),
            columns,
            partial(_part, "format", vocabulary.FORMATS),
        ),
        row(_("Clinicians"), columns, _clinicians),
    ]
    return topic("treatment", _("Treatment"), rows)


def name_of(offering: Offering, column: Column, but: str = "") -> str:
    """Which of a listing's offerings: its route, where they have several, and what
    else tells it apart; "" for the only one. `but`: the part that is told anyway."""
    others = [e.offering for e in column.estimates if e.offering.pk != offering.pk]
    words = []
    for part, codes in _TELLING.items():
        code = getattr(offering, part)
        if any(getattr(other, part) != code for other in others) and part != but:
            words.append(str(codes.label(code)))
            others = [other for other in others if getattr(other, part) == code]
    if others and offering.variant:
        words.append(offering.variant)
    return " · ".join(words)


_TELLING = {
    "route": vocabulary.ROUTES,
    "setting": vocabulary.SETTINGS,
    "therapy": vocabulary.THERAPIES,
    "format": vocabulary.FORMATS,
}


def _routes(column: Column) -> list[Said]:
    """Each way of giving it, then what must stand beside them."""
    on, said = column.search.on, []
    offerings = [estimate.offering for estimate in column.estimates]
    for offering in offerings:
        if offering.route != NOT_STATED:
            label = str(vocabulary.ROUTES.label(offering.route))
            words, stale = wording.reported(offering) or label, offering.is_stale(on)
            said.append(Said(words, asked_when(offering, on), stale=stale))
    notes = [Said(note, is_caution=True) for note in cautions(offerings)]
    return [*dict.fromkeys(said), *notes]


def _part(part: str, codes: vocabulary.Codes, column: Column) -> list[Said]:
    """The part of each offering; said once where all have the same."""
    on, said = column.search.on, []
    for estimate in column.estimates:
        offering = estimate.offering
        code = getattr(offering, part)
        if code != NOT_STATED:
            words, checked = str(codes.label(code)), asked_when(offering, on)
            of, stale = name_of(offering, column, part), offering.is_stale(on)
            said.append(Said(words, checked, of=of, stale=stale))
    known = {(s.words, s.checked) for s in said}
    if len(said) == len(column.estimates) and (len({s.of for s in said}) == 1):
        said = [replace(s, of="") for s in said]
    elif len(said) == len(column.estimates) and len(known) == 1:
        return [replace(said[0], of="")]
    return list(dict.fromkeys(said))


def _clinicians(column: Column) -> list[Said]:
    """All that are there, on a line for each check of them."""
    stated = [f for f in column.provider.facts.all() if f.topic == "clinician"]
    said = [_fact_said(f, column, named=True) for f in stated if f.answer != "no"]
    together: dict[tuple[str, bool], list[str]] = {}
    for each in said:
        together.setdefault((each.checked, each.stale), []).append(each.words)
    return [
        Said(", ".join(words), checked, stale=stale)
        for (checked, stale), words in together.items()
    ]


# --- Facts ----------------------------------------------------------------------------


def getting_there(columns: Sequence[Column]) -> Topic:
    rows = []
    if columns[0].search.origin:
        rows.append(row(_("Distance"), columns, _distance))
    rows.append(row(_("New patients and wait"), columns, _wait))
    listed, silent = _facts("access", columns, without=("wait_days",))
    title = _("Getting there and being let in")
    return topic("access", title, [*rows, *listed], silent)


def safety(columns: Sequence[Column]) -> Topic:
    rows, silent = _facts("safety", columns)
    return topic("safety", _("Safety: what the clinic says it does"), rows, silent)


def freshness(columns: Sequence[Column]) -> Topic:
    rows = [row(_("Last confirmed"), columns, _contact)]
    return topic("fresh", _("How sure we are"), rows)


def _distance(column: Column) -> list[Said]:
    return [Said(column.distance)] if column.distance else []


def _wait(column: Column) -> list[Said]:
    facts = list(column.provider.facts.all())
    said = [Said(*pair) for pair in accepting(facts, column.search.on)]
    wait = [f for f in facts if (f.topic, f.code) == ("access", "wait_days")]
    return said + [_fact_said(fact, column, named=True) for fact in wait]


def _contact(column: Column) -> list[Said]:
    provider = column.provider
    source = provider.contact_source
    where = [provider.get_contact_method_display(), source and _(source.name)]
    unconfirmed = provider.is_unconfirmed(column.search.on)
    words = contact(provider, column.search.on)
    return [Said(" · ".join(filter(None, (words, *where))), partial=unconfirmed)]


# What is asked of most clinics, so that it stands in a comparison stated or not.
_USUAL = {
    "access": ("step_free_entry", "accessible_toilet", "near_transit"),
    "safety": ("staff_in_room", "observation_minutes", "emergency_plan"),
}
_USUAL["access"] += ("ride_home_help", "driver_must_stay")


def _facts(
    topic: str, columns: Sequence[Column], without: Sequence[str] = ()
) -> tuple[list[Row], list[str]]:
    """A row for each code that can be compared, and the usual ones nobody states.

    What one of many states alone stands in a row with its like.
    """
    codes = vocabulary.TOPICS[topic]
    stated = Counter(f.code for c in columns for f in _of_topic(topic, c))
    told = [code for code in codes if stated[code] and code not in without]
    alone = [
        code
        for code in told
        if stated[code] == 1 and len(columns) > 2 and code not in _USUAL[topic]
    ]
    rows = [
        row(str(codes.label(code)), columns, partial(_answer, topic, code))
        for code in told
        if code not in alone
    ]
    if alone:
        said_alone = partial(_named_answers, topic, alone)
        rows.append(
            row(_("Said by this one alone, ask the others"), columns, said_alone)
        )
    silent = [str(codes.label(code)) for code in _USUAL[topic] if not stated[code]]
    return rows, silent


def _of_topic(topic: str, column: Column) -> Iterator[Fact]:
    return (fact for fact in column.provider.facts.all() if fact.topic == topic)


def _answer(topic: str, code: str, column: Column) -> list[Said]:
    found = [fact for fact in _of_topic(topic, column) if fact.code == code]
    return [_fact_said(fact, column) for fact in found]


def _named_answers(topic: str, codes: Sequence[str], column: Column) -> list[Said]:
    found = [fact for fact in _of_topic(topic, column) if fact.code in codes]
    return [_fact_said(fact, column, named=True) for fact in found]


def _fact_said(fact: Fact, column: Column, *, named: bool = False) -> Said:
    """A fact's answer; `named`: with its label, or as that alone for a plain yes."""
    words = wording.answer(fact)
    if named:
        label = str(fact.term.label)
        plain = fact.answer == "yes" and not fact.is_partial and fact.number is None
        words = label if plain else f"{label}: {wording.lower_first(words)}"
    if fact.note:
        words = f"{words}. {fact.note}"
    on = column.search.on
    return Said(
        words, asked_when(fact, on), stale=fact.is_stale(on), partial=fact.is_partial
    )


def help_with_cost(column: Column) -> list[Said]:
    found = payment_help(column.provider.facts.all(), column.search.on)
    return [Said(paid.words, paid.checked) for paid in found]
