"""Every question of the vocabulary as one row: yes, no, partly or not stated.

A row that its editor leaves alone writes nothing, whatever became of it meanwhile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import actions, vocabulary
from providers.admin import fact_rows
from providers.admin.forms import require_past
from providers.admin.widgets import MethodField, PlainDate, SourceField, all_sources
from providers.models import Fact, Provider

ANSWERS = [*vocabulary.ANSWERS.choices, ("", gettext_lazy("Not stated"))]

Answer = tuple[str, int | None]  # "" for not stated, and the number beside it


@dataclass
class Row:
    """One question: how it stands, how the page showed it, and what was typed."""

    topic: str
    term: vocabulary.Code
    fact: Fact | None
    seen: Answer
    answer: str = ""
    typed: str = ""  # the number as text
    number: int | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"fact-{self.topic}-{self.term.code}"

    @property
    def key(self) -> str:
        return f"{self.topic}/{self.term.code}"

    @property
    def is_changed(self) -> bool:
        return (self.answer, self.number) != self.seen

    @property
    def stands_out(self) -> bool:
        return bool(self.fact or self.is_changed or self.errors)

    @property
    def standing(self) -> Answer:
        return (self.fact.answer, self.fact.number) if self.fact else ("", None)

    @property
    def group(self) -> str:
        """The heading within a long topic, "" where there is none."""
        grouped = self.term.group in vocabulary.GROUPS
        label = vocabulary.GROUPS.label(self.term.group) if grouped else ""
        return "" if label == vocabulary.TOPIC_LABELS[self.topic] else label

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(code, label, code == self.answer) for code, label in ANSWERS]

    @property
    def is_stale(self) -> bool:
        return self.fact is not None and self.fact.is_stale(timezone.localdate())

    @property
    def drawn(self) -> SafeString:
        return fact_rows.drawn(self)

    def show(self, answer: Answer) -> None:
        self.answer, self.number = answer
        self.typed = "" if self.number is None else str(self.number)


class BasisForm(forms.Form):
    """How what changed in one topic is known."""

    checked_on = forms.DateField(
        required=False,
        label=gettext_lazy("Checked on"),
        widget=PlainDate,
        initial=timezone.localdate,
    )
    method = MethodField(required=False, label=gettext_lazy("How"))
    source = SourceField(required=False, label=gettext_lazy("Source"))

    use_required_attribute = False

    def __init__(self, *args, sources: list, **options) -> None:
        super().__init__(*args, **options)
        self.fields["source"].offer(sources)

    def clean(self) -> dict:
        require_past(self, "checked_on")
        return self.cleaned_data

    def require(self) -> None:
        """Something in the topic changed: say what of its basis is missing."""
        for name in self.fields:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Needed for the answers that you changed."))

    def refuse_if_chosen(self) -> None:
        """Nothing changed, so a method would be lost without a word."""
        if self.cleaned_data.get("method") and "method" not in self.errors:
            message = _("You changed no answer here. Only a new answer needs this.")
            self.add_error("method", message)

    @property
    def columns(self) -> dict[str, Any]:
        return self.cleaned_data | {"precision": "day"}


@dataclass
class Topic:
    """One heading with its rows; `basis` is None where it is given from outside."""

    code: str
    rows: list[Row]
    basis: BasisForm | None

    @property
    def label(self) -> str:
        return vocabulary.TOPIC_LABELS[self.code]

    @property
    def changed(self) -> list[Row]:
        return [row for row in self.rows if row.is_changed]

    @property
    def first(self) -> list[Row]:
        """What is stated, changed or wrong, to stand in sight."""
        return [row for row in self.rows if row.stands_out]

    @property
    def rest(self) -> list[Row]:
        return [row for row in self.rows if not row.stands_out]

    @property
    def stated(self) -> int:
        return sum(row.fact is not None for row in self.rows)

    @property
    def is_wrong(self) -> bool:
        errors = self.basis is not None and bool(self.basis.errors)
        return errors or any(row.errors for row in self.rows)

    @property
    def is_open(self) -> bool:
        return bool(self.stated or self.is_wrong or self.changed)

    @property
    def seen_name(self) -> str:
        return f"seen-{self.code}"

    @property
    def seen(self) -> str:
        """What the page shows, to be posted back with what is typed over it."""
        stated = {row.term.code: row.seen for row in self.rows if row.seen[0]}
        return json.dumps(stated, separators=(",", ":"))


class FactsForm:
    """The facts of a listing, or those of some topics, as rows of radio buttons.

    `facts` are the listing's as they stand. With `checked` (the columns checked_on,
    precision, method and source) no topic asks how it is known; it may still be empty
    then and come with `record`. `seen` of a posted page tells which rows were touched.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        data: Mapping[str, str] | None = None,
        *,
        topics: Iterable[str] = vocabulary.TOPICS,
        checked: Mapping[str, Any] | None = None,
    ) -> None:
        self.data, self.checked = data, checked
        self._stated = {(fact.topic, fact.code): fact for fact in facts}
        sources = all_sources() if checked is None else []
        self.topics = [self._topic(code, sources) for code in topics]
        if data is not None:
            for topic in self.topics:
                self._clean(topic)
                _show_standing(topic)

    @property
    def changed(self) -> list[Row]:
        """The rows that the editor touched."""
        return [row for topic in self.topics for row in topic.changed]

    def is_valid(self) -> bool:
        wrong = any(topic.is_wrong for topic in self.topics)
        return self.data is not None and not wrong

    def record(
        self,
        provider: Provider,
        *,
        by: AbstractBaseUser,
        checked: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the touched rows, each with its topic's basis or with `checked`."""
        for topic in self.topics:
            basis = topic.basis.columns if topic.basis else checked or self.checked
            for row in topic.changed:
                _save(row, provider, basis, by)

    def _topic(self, code: str, sources: list) -> Topic:
        basis = None
        if self.checked is None:
            basis = BasisForm(self.data, prefix=f"basis-{code}", sources=sources)
        seen = self._seen(code)
        rows = [
            self._row(code, term, seen) for term in vocabulary.TOPICS[code].values()
        ]
        return Topic(code, rows, basis)

    def _row(self, topic: str, term: vocabulary.Code, seen: dict | None) -> Row:
        row = Row(topic, term, self._stated.get((topic, term.code)), ("", None))
        row.seen = row.standing if seen is None else seen.get(term.code, ("", None))
        row.show(row.seen)
        return row

    def _seen(self, topic: str) -> dict[str, Answer] | None:
        """What the posted page had shown; None where it does not say."""
        try:
            posted = json.loads((self.data or {}).get(f"seen-{topic}", ""))
            return {code: (str(a), n and int(n)) for code, (a, n) in posted.items()}
        except (ValueError, TypeError, AttributeError):
            return None

    def _clean(self, topic: Topic) -> None:
        for row in topic.rows:
            _read(row, self.data)
        if topic.basis is None:
            return
        topic.basis.full_clean()
        if topic.changed or any(row.errors for row in topic.rows):
            topic.basis.require()
        else:
            topic.basis.refuse_if_chosen()


def _read(row: Row, data: Mapping[str, str]) -> None:
    """Take what was typed into a row; one that was not posted stays as it was seen."""
    if row.name not in data:
        return
    row.answer = data[row.name]
    row.typed = data.get(f"{row.name}-number", "").strip()
    if row.answer not in dict(ANSWERS):
        row.errors.append(_("Choose one of the answers."))
        row.answer = row.seen[0]
    row.number = _number(row)
    _fit_number(row)


def _number(row: Row) -> int | None:
    if not row.term.unit or not row.typed:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", row.typed):
        row.errors.append(_("Write a whole number, 0 or more."))
        return None
    return int(row.typed)


def _fit_number(row: Row) -> None:
    """A number left over from a former answer goes; a new one needs its answer."""
    if row.answer in ("", "no") and row.number == row.seen[1]:
        row.number = None
    if row.answer == "" and row.number is not None and row.term.number_only:
        row.answer = "yes"
    if row.answer == "" and row.number is not None:
        row.errors.append(_("Choose an answer to this number."))
    if row.answer == "no" and row.number is not None:
        row.errors.append(_("A “no” has no number."))
    counts = row.term.number_only and row.answer in ("yes", "partial")
    if counts and row.number is None and not row.errors:
        message = _("Here the number is the answer, in %(unit)s.")
        row.errors.append(message % {"unit": row.term.unit})


def _show_standing(topic: Topic) -> None:
    """Rows left alone show what stands by now, and are posted as such next time."""
    for row in topic.rows:
        if not row.is_changed and not row.errors:
            row.seen = row.standing
            row.show(row.standing)


def _save(row: Row, provider: Provider, basis: Mapping, by: AbstractBaseUser) -> None:
    if row.answer == "":
        if row.fact is not None:
            actions.remove(row.fact, by=by)
        return
    fact = row.fact or Fact(provider=provider, topic=row.topic, code=row.term.code)
    fact.answer, fact.number = row.answer, row.number
    for column, value in basis.items():
        setattr(fact, column, value)
    actions.save(fact, by=by)
