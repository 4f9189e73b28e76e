"""Names spelled nearly as typed, found in bounded time."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from string import ascii_lowercase, digits

from django.db.models.functions import Length

from providers.models import PlaceName

_SHORTEST, _LONGEST = 4, 40  # letters; shorter words are near to everything
_LIKENESS = 0.81  # of difflib, 1 for equal words
_BEGINNING = 3
_MOST_NAMES = 3_000


def near_names(word: str) -> list[str]:
    """Return stored names (see name_key) spelled nearly as `word`, nearest first.

    One letter dropped, doubled, wrong or swapped anywhere; failing that, names of the
    same beginning that look alike. At most two queries.
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return []
    names = PlaceName.objects.filter(plain__in=one_edit_from(word))
    near = list(names.values_list("plain", flat=True).distinct())
    if near:
        return sorted(near, key=lambda name: _likeness(word, name), reverse=True)
    return get_close_matches(word, _beginning_as(word), n=6, cutoff=_LIKENESS)


def one_edit_from(word: str) -> set[str]:
    """Every text one typing slip away from `word`."""
    letters = ascii_lowercase + " "
    if any(c in digits for c in word):
        letters = digits
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    edits = {a + b[1:] for a, b in splits if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in splits if b for c in letters}
    edits |= {a + c + b for a, b in splits for c in letters}
    return edits - {word}


def _beginning_as(word: str) -> list[str]:
    start = word[:_BEGINNING]
    # A range uses the index, which LIKE on SQLite does not.
    names = PlaceName.objects.filter(plain__range=(start, f"{start}zzz"))
    alike = names.annotate(length=Length("plain")).filter(
        length__range=(len(word) - 2, len(word) + 2)
    )
    return list(alike.values_list("plain", flat=True).distinct()[:_MOST_NAMES])


def _likeness(word: str, name: str) -> tuple[float, int]:
    same = 0
    while same < min(len(word), len(name)) and word[same] == name[same]:
        same += 1
    return SequenceMatcher(None, word, name).ratio(), same
