"""No amount of money stands anywhere on the site without its date, method and source.

A crawl of the sample site: whatever looks like money must have beside it, in the same
paragraph, row, list item or panel of costs, when, how and from where it is known.
"""

from __future__ import annotations

import re
from functools import cached_property
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from providers import vocabulary
from providers.imports import samples
from providers.imports.gazetteer import load_places
from providers.models import Provider
from tests.gazetteers import town
from tests.pages import VOID
from tests.sample_places import gazetteer

pytestmark = pytest.mark.any_database

MONEY = re.compile(r"(?:CA|A|NZ)?[$£€]\s?\d")
METHODS = "|".join(str(code.label) for code in vocabulary.METHODS.values())
KNOWN = re.compile(rf"\b(?:19|20)\d\d\b[^·]* · (?:{METHODS}) · \S", re.IGNORECASE)
# Where an amount's date, method and source may stand, and no farther away.
NEAR = {"p", "li", "tr", "dd", "td", "span", "strong", "th", "a", "div", "dl", "ul"}
NO_PRICE = {
    "law",  # a right, with an amount that the law names
    "rate",  # what driving costs, with its source
    "chosen",  # what the visitor asked for
    "usual",  # of many prices: says that each is of the last 90 days
    "left-out",  # what one click would ask for instead
}
NOT_READ = {"form", "style", "script", "summary"}


class Node:
    def __init__(self, tag: str, classes: set[str], parent: Node | None) -> None:
        self.tag, self.classes, self.parent = tag, classes, parent
        self.texts: list[str] = []
        self.children: list[Node] = []

    @cached_property
    def text(self) -> str:
        inner = " ".join(child.text for child in self.children)
        return re.sub(r"\s+", " ", f"{' '.join(self.texts)} {inner}").strip()

    @cached_property
    def ancestors(self) -> list[Node]:
        return [self, *(self.parent.ancestors if self.parent else [])]

    @property
    def everything(self) -> list[Node]:
        return [self, *(n for child in self.children for n in child.everything)]


class Tree(HTMLParser):
    """The page's main part as nodes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._at = Node("root", set(), None)
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, set((dict(attrs).get("class") or "").split()), self._at)
        self._at.children.append(node)
        if tag not in VOID | {"rect", "path"}:
            self._at = node

    def handle_endtag(self, tag):
        if any(node.tag == tag for node in self._at.ancestors):
            while self._at.tag != tag:
                self._at = self._at.parent
            self._at = self._at.parent

    def handle_data(self, data):
        self._at.texts.append(data)

    @property
    def main(self) -> Node:
        return next(node for node in self.root.everything if node.tag == "main")


def unknown_prices(html: str) -> list[str]:
    """The amounts of a page that nothing beside them tells the origin of."""
    main = Tree(html).main
    wrong = [
        node.text
        for node in main.everything
        if MONEY.search(" ".join(node.texts)) and not _is_known(node)
    ]
    prices = (n for n in main.everything if "price" in n.classes)
    return wrong + [
        node.text
        for node in prices
        if any(child.tag == "strong" for child in node.children) and not _is_known(node)
    ]


def _is_known(node: Node) -> bool:
    if any(n.classes & NO_PRICE or n.tag in NOT_READ for n in node.ancestors):
        return True
    for each in node.ancestors:
        if each.tag not in NEAR:
            return False
        if "costs" in each.classes:  # what all of its sums are known from
            said = [n for n in each.children if "known" in n.classes]
            return any(KNOWN.search(n.text) for n in said)
        if KNOWN.search(each.text):
            return True
        if "price" in each.classes and "costs" not in _classes_above(each):
            return False
    return False


def _classes_above(node: Node) -> set[str]:
    return {name for each in node.ancestors for name in each.classes}


# --- The crawl ------------------------------------------------------------------------


# Where the samples' gazetteer has their regions.
TOWNS = [
    ("Denver", "US-CO", 25.1, -100.1, 715_522),
    ("Red Deer", "CA-AB", 37.1, -84.1, 106_000),
]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        gazetteer()
        call_command("load_courses", stdout=StringIO())
        samples.load(timezone.localdate())
        load_places([town(*place) for place in TOWNS])
        yield
        transaction.set_rollback(True)


SEARCHES = [
    "?near=Denver,+CO",
    "?near=Denver,+CO&within=3000&sort=price&include_stale_price=yes",
    "?near=Denver,+CO&within=3000&sort=course&max_course=3000",
    "?near=Denver,+CO&within=3000&sort=travel&driver=nobody",
    "?near=Denver,+CO&within=3000&max_total=4000&driver=someone",
    "?near=Red+Deer,+AB&within=3000&unit=km&sort=posted",
    "?sort=price&max_price=1",
    "?region=US-CA&sort=course",
]
JOURNEY = "?near=Denver,+CO&driver=nobody&fare=40&nights=2&night=90"


def html_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def every(step: int) -> list[Provider]:
    return list(Provider.objects.listed().order_by("pk"))[::step]


@pytest.mark.parametrize("question", SEARCHES)
def test_no_search_shows_a_price_of_unknown_origin(site, question):
    html = html_of(f"/search/{question}")
    assert unknown_prices(html) == []
    cards = [n for n in Tree(html).main.everything if "card" in n.classes]
    assert any(MONEY.search(card.text) for card in cards) or "max_price=1" in question


def test_no_listing_shows_a_price_of_unknown_origin(site):
    shown = 0
    for number, provider in enumerate(every(12)):
        html = html_of(provider.get_absolute_url() + JOURNEY * (number % 2))
        assert unknown_prices(html) == [], provider.slug
        assert "We know no place" not in html
        shown += len(MONEY.findall(Tree(html).main.text))
    assert shown > 250


def test_no_region_shows_a_price_of_unknown_origin(site):
    for code in ("US", "US-CO", "US-CA", "CA", "CA-AB"):
        assert unknown_prices(html_of(f"/regions/{code}/")) == []


def test_no_comparison_or_budget_shows_a_price_of_unknown_origin(site):
    slugs = [provider.slug for provider in every(50)][:4]
    side_by_side = "&".join(f"p={slug}" for slug in slugs)
    assert unknown_prices(html_of(f"/compare/?{side_by_side}")) == []
    assert unknown_prices(html_of(f"/compare/{JOURNEY}&{side_by_side}")) == []
    asked = "/budget/?amount=9000&near=Denver,+CO&driver=someone"
    html = html_of(asked).replace("$9,000", "what one has")
    assert unknown_prices(html) == []
    assert MONEY.search(Tree(html).main.text)


# --- And it would be seen -------------------------------------------------------------

WHEN = '<span class="known">Checked on May 3, 2026 · Phone call · The clinic</span>'
GOOD = [
    f'<p class="price"><strong>$400</strong> a session {WHEN}</p>',
    f"<table><tr><th>Session</th><td>$400</td><td>{WHEN}</td></tr></table>",
    f'<div class="costs"><dl><div class="price"><dd><strong>$2,400</strong></dd></div>'
    f'</dl><p class="known">{WHEN}</p></div>',
]


@pytest.mark.parametrize("html", GOOD)
def test_a_price_with_all_three_passes(html):
    assert unknown_prices(f"<main>{html}</main>") == []


@pytest.mark.parametrize("html", GOOD)
@pytest.mark.parametrize("lost", [" · Phone call", " · The clinic", "on May 3, 2026"])
def test_a_price_that_loses_one_of_the_three_is_found(html, lost):
    assert unknown_prices(f"<main>{html.replace(lost, '')}</main>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>From £225 a visit</p>",
        '<p class="price"><strong>free</strong> a session</p>',
        f"<section><p>$400</p><p>{WHEN}</p></section>",
        f'<article><p class="price"><strong>CA$400</strong></p>{GOOD[0]}</article>',
        f'<div class="costs"><p>$400</p>{GOOD[1]}</div>',
    ],
)
def test_a_price_beside_nothing_is_found(html):
    assert unknown_prices(f"<main>{html}</main>")
