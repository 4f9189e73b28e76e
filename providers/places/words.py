"""How a typed text may be read: a name, and regions said after it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from providers.models import RegionKind, every_region
from providers.place_names import name_key, postcode_key
from providers.places.found import Found, of_region
from providers.remembered import until_others_change
from providers.text import plain

REGIONS_FILE = Path(__file__).resolve().parent.parent / "data" / "regions.csv"
MOST_REGIONS = 3  # said after a name: "London, Ontario, Canada" has two
_LONGEST_REGION = 6  # words of "República Democrática del Congo", with room
_KIND_WORDS = {
    "state": RegionKind.SUBDIVISION,
    "province": RegionKind.SUBDIVISION,
    "country": RegionKind.COUNTRY,
}
# Full postcodes of which the table may hold only the first part (its area).
_AREA_OF = [
    re.compile(r"([0-9]{5})[0-9]{4}"),  # US ZIP+4
    re.compile(r"([A-Z][0-9][A-Z])[0-9][A-Z][0-9]"),  # CA
    re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}"),  # GB
    re.compile(r"([A-Z][0-9][0-9W])[A-Z0-9]{4}"),  # IE
]


class Meaning(NamedTuple):
    """Regions that some words may mean: those of the searcher's country, and all."""

    at_home: frozenset[str]
    every: frozenset[str]
    region_only: bool = False

    def fits(self, found: Found, *, at_home: bool) -> bool:
        codes = self.at_home if at_home and self.at_home else self.every
        itself, within = found.region in codes, found.country in codes
        if self.region_only:
            return itself and found.kind == "region"
        # A region does not lie in itself: "New York, New York" is the city.
        return within and not itself if found.kind == "region" else within or itself


class Reading(NamedTuple):
    """A name as plain words, and the regions said after it, innermost first."""

    name: str
    regions: tuple[Meaning, ...]

    def stored_names(self) -> list[str]:
        """What the table may hold the name under, the exact one first."""
        return [name_key(self.name), *(code.lower() for code in codes_of(self.name))]

    def fits(self, found: Found, *, at_home: bool) -> bool:
        return all(m.fits(found, at_home=at_home) for m in self.regions)


def codes_of(words: str) -> list[str]:
    """The postcodes that words may stand for, full code first; [] without a digit."""
    code = postcode_key(words)
    if not any(c.isdigit() for c in code):
        return []
    areas = [found[1] for shape in _AREA_OF if (found := shape.fullmatch(code))]
    return [code, *areas]


class RegionWords:
    """Every region by its code and by what people call it, for one home country."""

    def __init__(self, home: str) -> None:
        self.home = home
        kinds = (RegionKind.SUBDIVISION, RegionKind.COUNTRY)
        self.by_code = {c: r for c, r in every_region().items() if r.kind in kinds}
        self._names: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, set[str]] = defaultdict(set)
        for code, region in self.by_code.items():
            self._codes[_plain(code)].add(code)
            self._codes[_plain(code.rpartition("-")[2])].add(code)
            for name in (region.name_en, region.name_es, *_also_names().get(code, ())):
                self._names[_plain(name)].add(code)
                self._names[_plain(name.replace("&", "and"))].add(code)
        self._names.pop("", None)

    def names(self) -> list[str]:
        return list(self._names)

    def found(self, code: str) -> Found:
        return of_region(self.by_code[code])

    def named(self, words: str) -> list[Found]:
        """Regions of a name or a code; of a code (CO) those at home, else countries."""
        codes = self._codes.get(words, set())
        at_home = {code for code in codes if self._is_home(code)}
        countries = {code for code in codes if "-" not in code}
        codes = (at_home or countries or codes) | self._names.get(words, set())
        return [self.found(code) for code in sorted(codes)]

    def readings(self, words: list[str]) -> list[Reading]:
        """Each way to split the words into a name and regions, longest name first."""
        return [
            Reading(" ".join(words[:split]), regions)
            for split in range(len(words), 0, -1)
            for regions in self.said(tuple(words[split:]))
        ]

    def said(
        self, words: tuple[str, ...], most: int = MOST_REGIONS
    ) -> Iterator[tuple[Meaning, ...]]:
        """Each way to read all the words as regions, at most `most` of them."""
        if not words:
            yield ()
        if not words or not most:
            return
        for end in range(1, min(len(words), _LONGEST_REGION) + 1):
            if meaning := self._meaning(" ".join(words[:end])):
                for rest in self.said(words[end:], most - 1):
                    yield (meaning, *rest)

    def _meaning(self, words: str) -> Meaning | None:
        if kind := _KIND_WORDS.get(words):
            codes = frozenset(c for c, r in self.by_code.items() if r.kind == kind)
            return Meaning(frozenset(), codes, region_only=True)
        codes = self._codes.get(words, set()) | self._names.get(words, set())
        at_home = frozenset(code for code in codes if self._is_home(code))
        return Meaning(at_home, frozenset(codes)) if codes else None

    def _is_home(self, code: str) -> bool:
        return code.partition("-")[0] == self.home


region_words = until_others_change(RegionWords)
_plain = cache(plain)  # of some 700 names that hardly ever change


@cache
def _also_names() -> dict[str, list[str]]:
    """Usual abbreviations ("Calif", "UK") by region code, from the packaged file."""
    with REGIONS_FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: row["also"].split("|")
            for row in csv.DictReader(lines)
            if row["also"]
        }
