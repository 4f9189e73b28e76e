"""The shape of every table: one code with its words, and a table of codes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.functional import Promise

NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code with its words. `standards` maps a standard to its code there,
    several codes of one standard separated by a space."""

    code: str
    label: str | Promise
    definition: str | Promise
    note: str | Promise = ""  # a caveat that pages show beside the label
    requirement: bool = False  # the filter reads "does not require …" and keeps "no"
    group: str = ""
    unit: str = ""  # what a fact's number counts ("minutes"), "" where it has none
    number_only: bool = False  # the number is the answer, so no filter asks for a yes
    aliases: tuple[str, ...] = ()
    standards: Mapping[str, str] = field(default_factory=dict)


C = TypeVar("C", bound=Code)


class Codes(Mapping[str, C]):
    """A table of codes in the order in which people should read them."""

    def __init__(self, *codes: C) -> None:
        self._codes = {code.code: code for code in codes}
        words = [(word, c.code) for c in codes for word in (c.code.lower(), *c.aliases)]
        self._words = dict(words)
        if len(self._words) != len(words):
            raise ValueError("a code or an alias stands twice in one table")

    def __getitem__(self, code: str) -> C:
        return self._codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        """Pairs of code and label, as Django's fields want them."""
        return [(code.code, code.label) for code in self._codes.values()]

    def label(self, code: str) -> str | Promise:
        """The words for `code`; a code from another release shows as itself."""
        return self._codes[code].label if code in self._codes else code

    def resolve(self, word: str) -> str | None:
        """The code that `word` names, itself or as an alias ("IV"), or None.

        Blind to case; a space or a hyphen counts as an underscore.
        """
        return self._words.get("_".join(word.lower().replace("-", " ").split()))

    def from_standard(self, standard: str) -> dict[str, str]:
        """Our code by each code of `standard`, for codes that one of ours claims.

        Raises ValueError where two of ours claim the same code.
        """
        pairs = [
            (theirs, code.code)
            for code in self._codes.values()
            for theirs in code.standards.get(standard, "").split()
        ]
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"two codes claim one code of {standard}")
        return dict(pairs)
