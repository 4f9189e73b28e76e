"""Parts of pages that are drawn once, and filled for each request."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from providers.views import slots
from providers.views.answer import Page
from providers.views.card_prices import ShownPrice
from providers.views.links import Link
from providers.views.slots import Slotted, draw, slot

CHANGES = "providers/_search.html"
PAGES = "providers/_pages.html"
LISTS = [
    [],
    [Page(1, "")],
    [Page(1, ""), Page(2, "?page=2&near=<b>"), Page(None, ""), Page(9, "?page=9")],
    [Page(1, "?page=1"), Page(2, "")],
]


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The templates that were drawn."""
    names = []

    def counted(template, context):
        names.append(template)
        return render_to_string(template, context)

    slots._drawn.cache_clear()
    monkeypatch.setattr(slots, "render_to_string", counted)
    return names


def text(template, context) -> str:
    return draw(template, context).decode()


@pytest.mark.parametrize("pages", LISTS, ids=len)
def test_what_is_drawn_is_what_the_template_makes_of_it(pages):
    for language in ("en", "es"):
        with override(language):
            plain = render_to_string(PAGES, {"pages": pages})
            assert text(PAGES, {"pages": pages}) == plain.strip()


def test_a_template_is_drawn_once_for_each_shape_and_language(drawn):
    for url in ("?page=2", "?page=2&near=Denver"):
        assert escaped(url) in text(PAGES, {"pages": [Page(1, ""), Page(2, url)]})
    assert len(drawn) == 1
    draw(PAGES, {"pages": [Page(1, "?page=1"), Page(2, "")]})
    draw(PAGES, {"pages": LISTS[2]})
    with override("es"):
        assert "Página" in text(PAGES, {"pages": LISTS[2]})
    assert len(drawn) == 4


def escaped(url: str) -> str:
    return url.replace("&", "&amp;")


def test_texts_are_escaped_and_markup_is_not():
    shown = {
        "heading": "<5 results>",
        "cards": b"<article>",
        "reach": SafeString("<i>"),
    }
    shown |= {"instead": [Link("<b>", "?a=1&b=2")]}
    html = text(CHANGES, shown)
    assert '<h2 id="found">&lt;5 results&gt;</h2>' in html
    assert "<article>" in html
    assert "<p><i></p>" in html
    assert '<a href="?a=1&amp;b=2">&lt;b&gt;</a>' in html


def test_no_text_is_kept(drawn, monkeypatch):
    kept = []
    monkeypatch.setattr(
        slots, "Slotted", lambda html: kept.append(html) or Slotted(html)
    )
    draw(CHANGES, {"heading": "Near Denver", "chosen": [Link("Name: asc", "?q=asc")]})
    assert len(kept) == 1
    assert not any(word in kept[0] for word in ("Denver", "asc"))


def test_a_text_that_is_not_there_has_no_slot():
    assert "<h2" not in text(CHANGES, {"heading": ""})


def test_a_slot_stands_there_once():
    with pytest.raises(ValueError, match="twice"):
        Slotted(slot("a") + slot("b") + slot("a"))


def test_what_is_usual_in_one_is_not_in_the_other():
    plain = Slotted(f"{slot('a')}, {slot('b')}", {"a": "one"})
    other = plain.with_usual({"b": "two"})
    assert (plain.fill({}), other.fill({})) == (b"one, ", b"one, two")
    assert other.fill({"a": "1", "b": ""}) == b"1, "


COURSE = ShownPrice(
    amount="$900",
    of="",
    checked="Checked today",
    estimated="From prices of <today>",
    stale=False,
    complete=False,
)


def course(**columns) -> str:
    shown = {"course": replace(COURSE, **columns), "travel": slot("travel")}
    return Slotted(text("providers/_card_course.html", shown)).fill({}).decode()


def test_a_dataclass_shows_its_fields(drawn):
    assert course() == "<strong>$900</strong> a course, some parts not posted"
    assert course(amount="<1>", of="IM") == (
        "<strong>&lt;1&gt;</strong> a course, some parts not posted (IM)"
    )
    assert course(complete=True) == "<strong>$900</strong> a course"
    assert course(amount="$5") == course(amount="$7").replace("7", "5")
    assert len(drawn) == 3


def test_a_slot_may_stand_in_what_is_shown():
    shown = {"course": COURSE, "travel": slot("travel")}
    fillable = Slotted(text("providers/_card_course.html", shown))
    assert fillable.fill({"travel": " and more"}).endswith(b"posted and more")
