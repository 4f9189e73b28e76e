"""How many clinics an option would find, in words beside it, and that it is barred."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

MOST_NUMBERS = 10_000  # whose words are kept


class Words(dict[int, bytes]):
    """What says a number in one language, made when it is first said, in that one."""

    def __init__(self, say: Callable[[int], str], barred: str) -> None:
        super().__init__()
        self._say = say
        self.barred = barred.encode()  # of an option that cannot be chosen

    def __missing__(self, number: int) -> bytes:
        if len(self) >= MOST_NUMBERS:
            self.clear()
        self[number] = said = self._say(number).encode()
        return said


@cache
def beside(language: str) -> Words:
    """The counts within checkboxes' labels: "12", read as ", 12 clinics"."""
    with override(language):
        barred = _in_label(0, _(", cannot be checked"))
    return Words(_in_label, barred)


@cache
def within(language: str) -> Words:
    """The counts within selects' options: ", 12 clinics"."""
    with override(language):
        return Words(_in_option, _in_option(0))


def _in_label(number: int, more: str = "") -> str:
    return _label(_clinics(number), more).replace("\0", _digits(number))


@lru_cache(maxsize=100)  # each language has a few forms of "clinics"
def _label(clinics: str, more: str) -> str:
    before, after = clinics.split("\0")
    return format_html(
        '{} <span class="count">{}\0{}</span>',
        _unseen(","),
        _unseen(before),
        _unseen(after + more),
    )


def _in_option(number: int) -> str:
    return escape(", " + _clinics(number).replace("\0", _digits(number)))


def _unseen(words: str) -> SafeString:
    """Words that are read out and not shown."""
    html = '<span class="unseen">{}</span>'
    return format_html(html, words) if words else SafeString()


def _clinics(number: int) -> str:
    """ "12 clinics", a NUL for its digits."""
    return ngettext("%(n)s clinic", "%(n)s clinics", number) % {"n": "\0"}


def _digits(number: int) -> str:
    if number < 1_000:
        return str(number)
    return _thousands(number // 1_000, get_language()) + f"{number % 1_000:03}"


# To find how a language groups digits takes longer than all the rest.
@lru_cache(maxsize=1_000)
def _thousands(number: int, language: str) -> str:
    """So many thousands, up to their last three digits: "12," of 12,345."""
    return number_format(number * 1_000, force_grouping=True).removesuffix("000")
