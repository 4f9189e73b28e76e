"""Every code of the field: label, plain definition, codes in other standards.

The one home of codes: the database holds codes only, and forms, filters, exports and
help text read this module. Pure: no Django models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code with its words. `standards` maps a standard to its code there."""

    code: str
    label: str | Promise
    definition: str | Promise
    requirement: bool = False  # the filter reads "does not require …" and keeps "no"
    group: str = ""
    unit: str = ""  # what a fact's number counts ("minutes"), "" where it has none
    aliases: tuple[str, ...] = ()
    standards: Mapping[str, str] = field(default_factory=dict)


class Codes(Mapping[str, Code]):
    """A table of codes in the order in which people should read them."""

    def __init__(self, *codes: Code) -> None:
        self._codes = {code.code: code for code in codes}
        if len(self._codes) != len(codes):
            raise ValueError("a code stands twice in one table")
        self._aliases = {alias: c.code for c in codes for alias in c.aliases}

    def __getitem__(self, code: str) -> Code:
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
        """The code that `word` names, itself or as an alias ("iv"), or None."""
        word = word.strip().lower()
        return word if word in self._codes else self._aliases.get(word)
