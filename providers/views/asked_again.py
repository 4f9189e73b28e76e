"""Fields of the search's question on another page: what was typed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from providers.filters import ProviderFilter

PLACE = ("near", "lat", "lng")
# How a person gets there, and what it costs them.
RIDE = ("driver", "fare", "rate", "nights", "night")
KEPT = (*PLACE, "unit", "currency", *RIDE)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter with one value as a page draws it."""

    name: str
    label: str
    hint: str
    value: str
    choices: list[tuple[str, str]]  # of a select, the first for no choice
    errors: list[str]

    @property
    def described_by(self) -> str:
        ids = [f"hint_{self.name}"] if self.hint else []
        ids += [f"error_{self.name}"] if self.errors else []
        return " ".join(ids)


def field(question: ProviderFilter, name: str) -> Field:
    """The parameter with what was typed into it, last of several."""
    asked = question.filters[name]
    choices = [(value, str(label)) for value, label in asked.extra.get("choices", [])]
    value = question.form.data.get(name, "")
    if name == "unit" and question.form.is_valid():
        value = question.search.unit
    elif choices:
        choices.insert(0, ("", _("Not said")))
    return Field(
        name=name,
        label=str(asked.label),
        hint=str(asked.extra.get("help_text", "")),
        value=value,
        choices=choices,
        errors=[str(error) for error in question.form.errors.get(name, [])],
    )


def fields(question: ProviderFilter, names: Iterable[str]) -> dict[str, Field]:
    return {name: field(question, name) for name in names}


def place_and_ride(question: ProviderFilter) -> dict[str, Field | bool]:
    """The fields of where a person starts and how they get there.

    `more_open`: whether something stands in those that are seldom needed.
    """
    found = fields(question, ("near", "unit", *RIDE))
    seldom = [found[name] for name in ("rate", "nights", "night")]
    return found | {"more_open": any(each.value or each.errors for each in seldom)}


def summary(question: ProviderFilter, shown: Iterable[str]) -> list[tuple[str, str]]:
    """(id of the input, message) of everything that is wrong; of a point at "near"."""
    return [
        (
            f"id_{name if name in shown else 'near'}",
            f"{question.filters[name].label}: {message}",
        )
        for name, messages in question.form.errors.items()
        for message in messages
    ]
