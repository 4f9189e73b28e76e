"""Read rendered pages as a visitor would: their words, links and form controls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from providers import actions
from providers.imports.gazetteer import load_places
from providers.models import Provider
from tests.factories import DENVER, document, provider, regions, source
from tests.gazetteers import load_small, town

VOID = {"input", "br", "meta", "link", "hr", "img"}


class Page(HTMLParser):
    """One page: tags in order, words by tag, links and controls."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict]] = []
        self.links: list[tuple[str, str]] = []  # (words, address)
        self.controls: list[dict] = []
        self._words: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self._link: list[str] | None = None
        self._select: dict | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "a":
            self._link = []
        if tag in ("input", "select"):
            self.controls.append({"tag": tag, "chosen": []} | found)
        if tag == "select":
            self._select = self.controls[-1]
        if tag == "option" and "selected" in found and self._select is not None:
            self._select["chosen"].append(found["value"])

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "a" and self._link is not None:
            address = next(
                a.get("href", "") for t, a in reversed(self.tags) if t == "a"
            )
            self.links.append((_squeezed("".join(self._link)), address))
            self._link = None

    def handle_data(self, data):
        self._words.append((tuple(self._open), data))
        if self._link is not None:
            self._link.append(data)

    @property
    def words(self) -> str:
        """Everything that stands on the page."""
        return _squeezed(" ".join(words for path, words in self._words))

    def in_tag(self, tag: str) -> list[str]:
        """The words of each piece of text inside a tag."""
        return [_squeezed(w) for path, w in self._words if tag in path and w.strip()]

    def heading(self, level: int = 1) -> str:
        return " ".join(self.in_tag(f"h{level}"))

    def link(self, words: str) -> str:
        """The address of the one link with these words in it."""
        found = [address for text, address in self.links if words in text]
        assert len(set(found)) == 1, f"{words!r}: {found}"
        return found[0]

    def control(self, name: str) -> dict:
        [found] = [c for c in self.controls if c.get("name") == name]
        return found

    def checked(self, name: str) -> list[str]:
        boxes = [c for c in self.controls if c.get("name") == name]
        return [box["value"] for box in boxes if "checked" in box]

    def has(self, tag: str, **attributes) -> bool:
        return any(
            name == tag and attributes.items() <= found.items()
            for name, found in self.tags
        )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def visit(path: str, status: int = 200, **query) -> Page:
    """Ask for a page without a cookie or a script, as a visitor does."""
    response = Client().get(path, query)
    assert response.status_code == status, response.status_code
    return Page(response.content.decode())


def search(**query) -> Page:
    return visit("/search/", **query)


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def put(name: str, **columns) -> Provider:
    """A listing in Denver."""
    return provider(name=name, city="Denver", **columns)


def put_many(count: int, **columns) -> None:
    """Listings "Clinic 00", "Clinic 01" … each a little further north of Denver."""
    regions()
    source()
    north, west = DENVER
    documents = [
        document(name=f"Clinic {n:02}", at=(north + n / 1000, west), **columns)
        for n in range(count)
    ]
    actions.apply([actions.Edit(None, wanted) for wanted in documents])


def gazetteer() -> None:
    """The small gazetteer, and the regions of the listings that tests make."""
    load_small()
    regions()
    load_places([town("Glasgow", "GB-SCT", 55.8651, -4.2576, 626_410)])
