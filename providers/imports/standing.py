"""Every listing that stands, by all that a row may name it by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from providers.imports.rows import Row
from providers.models import FormerSlug, NotDuplicate, Provider, Region, SourceRecord
from providers.text import plain


@dataclass(slots=True)
class Listing:
    """What tells a listing from others."""

    slug: str
    name: str
    region: str
    sources: set[str] = field(default_factory=set)

    @classmethod
    def of_row(cls, row: Row) -> Listing:
        """The listing that a row is about to make; it has no address here yet."""
        listing = row.listing
        return cls(f"line {row.line}", listing["name"], listing["region"], {row.source})


class Standing:
    """The listings of the directory. Samples are none: they go when a real one comes.

    Asks six queries, however many listings there are.
    """

    def __init__(self) -> None:
        self.listings: dict[int, Listing] = {}
        self.by_slug: dict[str, int] = {}
        self.by_key: dict[tuple[str, str], int] = {}
        self.by_match: dict[str, list[int]] = defaultdict(list)
        self.taken: set[str] = set()  # addresses, the former ones too
        self._by_place: dict[str, list[int]] = defaultdict(list)
        self._by_words: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._read_listings()
        self._read_addresses()
        self._read_sources()
        pairs = NotDuplicate.objects.values_list("one", "other")
        self._apart = {pair for a, b in pairs for pair in ((a, b), (b, a))}

    def _read_listings(self) -> None:
        columns = ("slug", "name", "region", "match_key", "place_key", "plain_name")
        found = Provider.objects.filter(is_sample=False).order_by("pk")
        rows = found.values_list("pk", "postcode", *columns)
        for key, postcode, slug, name, region, match_key, place, words in rows:
            self.listings[key] = Listing(slug, name, region)
            self.by_slug[slug] = key
            self.by_match[match_key].append(key)
            self._by_words[words, plain(postcode)].append(key)
            if place:
                self._by_place[place].append(key)

    def _read_addresses(self) -> None:
        former = FormerSlug.objects.filter(provider__is_sample=False)
        for slug, key in former.values_list("slug", "provider"):
            if key in self.listings:  # else it came after they were read
                self.by_slug.setdefault(slug, key)
        samples = Provider.objects.samples().values_list("slug", flat=True)
        self.taken = {*self.by_slug, *samples}

    def _read_sources(self) -> None:
        records = SourceRecord.objects.filter(provider__is_sample=False)
        for source, key, provider in records.values_list(
            "source__code", "key", "provider"
        ):
            if provider in self.listings:
                self.by_key[source, key] = provider
                self.listings[provider].sources.add(source)

    def called(self, name: str, postcode: str) -> list[int]:
        """The listings of that name in that postcode, however they are typed."""
        return self._by_words.get((plain(name)[:200], plain(postcode)), [])

    def at_place(self, place: str, *, beside: int | None) -> list[Listing]:
        """The listings at a place (see text.place_key) that may be the same clinic.

        Without the one they stand `beside`, and those that somebody told from it.
        """
        keys = self._by_place.get(place[:240], ())
        others = (k for k in keys if k != beside and (k, beside) not in self._apart)
        return [self.listings[key] for key in others]


def all_within(regions: frozenset[str] | None) -> frozenset[str] | None:
    """The regions with all that lie in them; None stands for everywhere."""
    if regions is None:
        return None
    inside = Q(code__in=regions) | Q(parent__in=regions)
    found = Region.objects.filter(inside | Q(parent__parent__in=regions))
    return frozenset(found.values_list("code", flat=True))
