"""The form that says which column of a spreadsheet is what, and what its words mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from providers.imports.layouts import FOREIGN, LAYOUTS, STANDS_FOR, Column
from providers.imports.mapping import DAY_FIRST, MONTH_FIRST, Mapping
from providers.imports.rows import reported
from providers.imports.staging import KINDS
from providers.models import Region, RegionKind

JOINED = ("name", "street", "notes", "note_en")  # of several columns, one text
NOTHING = "-"  # a word that says nothing
FIXED = {
    "listings": (
        *("country", "region", "checked_on", "method", "routes", "modality"),
        *("therapy", "format", "price_currency", "price_unit"),
    ),
    "prices": (
        *("route", "setting", "therapy", "format", "kind", "payee", "unit"),
        *("currency", "applies_to", "checked_on", "method"),
    ),
}


class ColumnsForm(forms.Form):
    """Column by column, then what holds for every row, then the words not known.

    headings: of the file; words: field → words that need a meaning.
    """

    def __init__(
        self,
        kind: str,
        headings: Sequence[str],
        samples: Sequence[Sequence[str]],
        *,
        words: dict[str, list[str]] | None = None,
        is_dated: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.kind, self.headings = kind, headings
        self.layout = LAYOUTS[kind] | FOREIGN.get(kind, {})
        self.samples, self.is_dated = samples, is_dated
        self.asked = _keys(words or {})
        for number, heading in enumerate(headings):
            self.fields[_column(number)] = _which(heading, self.layout)
        for name in FIXED[kind]:
            self.fields[f"fixed-{name}"] = _fixed(name, self.layout[name])
        self.fields["dates"] = forms.ChoiceField(
            label=_("11/10/2026 is"), choices=_orders(), required=False
        )
        for key, (name, word) in self.asked.items():
            self.fields[key] = _meaning(word, self.layout[name])

    # What the template shows

    def columns(self) -> Iterable[tuple[str, list[str], forms.BoundField]]:
        """Each heading with the first values below it, and the choice of its field."""
        for number, heading in enumerate(self.headings):
            values = [row[number] for row in self.samples if row[number]]
            yield heading, values, self[_column(number)]

    def fixed(self) -> list[forms.BoundField]:
        return [self[f"fixed-{name}"] for name in FIXED[self.kind]]

    def unknown(self) -> Iterable[tuple[str, list[forms.BoundField]]]:
        """The words to explain, by the field in which they stand."""
        for name in dict.fromkeys(name for name, _word in self.asked.values()):
            keys = [key for key, (of, _word) in self.asked.items() if of == name]
            yield self.layout[name].label, [self[key] for key in keys]

    # What it makes of the answers

    def clean(self) -> dict:
        cleaned = super().clean()
        chosen = {
            number: cleaned.get(_column(number), "")
            for number in range(len(self.headings))
        }
        for number, name in chosen.items():
            if name and not self._may_join(name) and _repeats(chosen, number):
                text = _("Another column above is this already.")
                self.add_error(_column(number), text)
        self._require(set(chosen.values()), cleaned)
        return cleaned

    def _may_join(self, name: str) -> bool:
        return self.layout[name].is_list or name in JOINED

    def _require(self, chosen: set[str], cleaned: dict) -> None:
        given = {name for name in FIXED[self.kind] if cleaned.get(f"fixed-{name}")}
        dated = {"checked_on", "last_verified"} & (chosen | given)
        for name in KINDS[self.kind].REQUIRED:
            if {name, STANDS_FOR.get(name)} & (chosen | given):
                continue
            if name in FIXED[self.kind]:
                text = _("No column says it: say it here for all rows.")
                self.add_error(f"fixed-{name}", text)
            else:
                text = _("No column is: %(what)s.") % {"what": self.layout[name].label}
                self.add_error(None, text)
        priced = chosen & {"price_min", "price_max"}
        for name in {"price_currency", "currency"} & set(self.layout) - chosen - given:
            if priced:
                text = _("No column says it: say in which money the prices are.")
                self.add_error(f"fixed-{name}", text)
        if not dated and not self.is_dated and "fixed-checked_on" not in self.errors:
            text = _("No column says it: say it here for all rows.")
            self.add_error("fixed-checked_on", text)

    def mapping(self, *, source: str) -> Mapping:
        """How to read the file, once the form is valid."""
        cleaned = self.cleaned_data
        columns = {h: cleaned[_column(n)] for n, h in enumerate(self.headings)}
        fixed = {name: cleaned[f"fixed-{name}"] for name in FIXED[self.kind]}
        if source and "source" not in columns.values():
            fixed["source"] = source
        words: dict[str, dict[str, str]] = {}
        for key, (name, word) in self.asked.items():
            code = "" if cleaned[key] == NOTHING else cleaned[key]
            words.setdefault(name, {})[word.lower()] = code
        given = {name: value for name, value in fixed.items() if value}
        return Mapping(columns, given, words, cleaned["dates"])


def initial_of(mapping: Mapping, headings: Sequence[str]) -> dict[str, str]:
    """What the form shows at first."""
    columns = {_column(n): mapping.columns.get(h, "") for n, h in enumerate(headings)}
    fixed = {f"fixed-{name}": value for name, value in mapping.fixed.items()}
    return columns | fixed | {"dates": mapping.dates} | meanings_of(mapping)


def meanings_of(mapping: Mapping) -> dict[str, str]:
    """The words that a mapping explains, as the form's fields have them."""
    return {
        _word(name, word): code or NOTHING
        for name, words in mapping.words.items()
        for word, code in words.items()
    }


def _column(number: int) -> str:
    return f"column-{number}"


def _word(name: str, word: str) -> str:
    """The name of a word's choice: the same on every page, whatever the word holds."""
    return f"word-{name}-{sha256(word.lower().encode()).hexdigest()[:12]}"


def _keys(words: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    return {
        _word(name, word): (name, word)
        for name, listed in words.items()
        for word in listed
    }


def _repeats(chosen: dict[int, str], number: int) -> bool:
    earlier = Counter(name for n, name in chosen.items() if n < number)
    return earlier[chosen[number]] > 0


def _which(heading: str, layout: dict[str, Column]) -> forms.ChoiceField:
    choices = [(name, column.label) for name, column in layout.items()]
    return forms.ChoiceField(
        label=capfirst(heading) or _("(no heading)"),
        choices=[("", _("leave it alone")), *choices],
        required=False,
    )


def _fixed(name: str, column: Column) -> forms.Field:
    label = column.label
    if name == "country":
        countries = Region.objects.filter(kind=RegionKind.COUNTRY)
        named = countries.order_by("name_en").values_list("code", "name_en")
        choices = [("", _("as the file says")), *named]
        return forms.ChoiceField(label=_("Country"), choices=choices, required=False)
    if column.codes is not None:
        choices = [("", _("as the file says")), *column.codes.choices]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if name == "checked_on":
        return forms.CharField(
            label=label,
            required=False,
            max_length=10,
            validators=[_check_day],
            widget=forms.TextInput({"placeholder": "2026-05-31", "size": 12}),
        )
    return forms.CharField(label=label, required=False, max_length=100)


def _check_day(text: str) -> None:
    try:
        reported(text)
    except ValueError as error:
        raise forms.ValidationError(f"{error}.") from error


def _orders() -> list[tuple[str, str]]:
    return [
        ("", _("not to be guessed: such a row is refused")),
        (MONTH_FIRST, _("November 10 (month first, as in the US)")),
        (DAY_FIRST, _("October 11 (day first)")),
    ]


def _meaning(word: str, column: Column) -> forms.ChoiceField:
    codes = [("yes", _("Yes")), ("no", _("No"))]
    if column.codes is not None:
        codes = column.codes.choices
    return forms.ChoiceField(
        label=f"“{word}”",
        choices=[
            ("", _("choose …")),
            *codes,
            (NOTHING, _("says nothing: leave it out")),
        ],
        error_messages={"required": _("Say what this word means.")},
    )
