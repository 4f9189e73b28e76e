"""What pages say of a listing's parts: words for every path of every document."""

import json

from django.utils.formats import date_format
from hypothesis import given, settings

from providers import story, vocabulary
from providers.documents import EMPTY, parts, path_of
from providers.story import Names, Said
from tests import factories
from tests.factories import fact, offering, price
from tests.test_documents import listings as any_document

NAMES = Names(
    sources={"clinic": "The clinic itself"},
    regions={"US-CO": "Colorado", "US-UT": "Utah"},
    organizations={"mesa": "Mesa Health"},
)
CODES = {
    code
    for table in vars(vocabulary).values()
    if isinstance(table, vocabulary.Codes)
    for code in table
    if "_" in code and code not in vocabulary.LANGUAGES
}


@given(any_document())
def test_every_path_of_every_document_has_words(listing):
    for path, value in parts(listing).items():
        label, said = story.label(path), story.words(path, value, Names())
        assert label
        assert not CODES.intersection(label.replace(",", " ").split())
        if value not in (None, "", [], {}, False):
            assert said, path
        assert story.label(path_of("/".join(path))) == label or path[0] == "sources"


@settings(max_examples=10)
@given(any_document(), any_document())
def test_every_difference_is_told_and_nothing_else(before, after):
    told = story.told(before, after, NAMES)
    assert story.told(after, before, NAMES) == [
        Said(what, new, old, known_new, known_old)
        for what, old, new, known_old, known_new in told
    ]
    assert story.told(before, before, NAMES) == []


def said(before, after):
    return [tuple(part) for part in story.told(before, after, NAMES)]


def listing(**columns):
    return factories.document(slug="one", name="One", **columns)


def on(days):
    when = date_format(factories.days_ago(days))
    return f"{when}, Phone call, The clinic itself"


def test_a_price_is_told_as_money_with_its_dates():
    before = listing(offerings=offering(prices=price(45_000, days=20)))
    after = listing(offerings=offering(prices=price(40_000, 55_000)))
    assert said(before, after) == [
        (
            "Price of IV drip, full ketamine-assisted psychotherapy (KAP), "
            "at the clinic, one person: Treatment session",
            "$450 a visit, paid to the clinic",
            "$400–$550 a visit, paid to the clinic",
            on(20),
            on(10),
        )
    ]


def test_an_unknown_price_is_never_an_amount():
    after = listing(offerings=offering(prices=price(None)))
    assert [s[2] for s in said(listing(offerings=offering()), after)] == [
        "Not published"
    ]


def test_a_confirmed_answer_is_told_as_the_same_one_known_anew():
    before, after = (
        listing(facts=fact("medicaid", days=days, note_en="some plans"))
        for days in (40, 10)
    )
    [part] = story.told(before, after, NAMES)
    assert part.is_same_value
    assert (part.what, part.after) == ("Paying: Medicaid", "Yes, “some plans”")
    assert (part.before_known, part.after_known) == (on(40), on(10))


def test_columns_are_told_in_words():
    after = {
        "organization": "mesa",
        "region": "US-UT",
        "status": "temporarily_closed",
        "status_on": "2026-03-03",
        "published": False,
        "hours": {"0|09:00:00": {"closes": "17:30:00", "by_appointment": True}},
    }
    told = {
        part.what: (part.before, part.after)
        for part in story.told(
            EMPTY | {"region": "US-CO", "published": True}, EMPTY | after, NAMES
        )
    }
    assert told == {
        "Run by": ("", "Mesa Health"),
        "State or province": ("Colorado", "Utah"),
        "Published": ("Yes", "No"),
        "Status": ("Open", "Closed for now"),
        "Status since": ("", "March 3, 2026"),
        "Hours: Monday from 9 a.m.": ("", "until 5:30 p.m., by appointment"),
    }


def test_what_another_release_wrote_shows_as_itself():
    gone = factories.checked() | {"answer": "maybe", "scope": "x", "number": None}
    for path in ("facts/old/code", "facts/access/gone", "color", "the listing"):
        assert story.label_of(path)
    assert story.words(("facts", "old", "code"), gone, NAMES) == "maybe"
    assert story.words(("color",), json.loads('["red"]'), NAMES)
    assert story.label(("offerings", "levitation|b|a|c|")) == (
        "Offering: levitation, a, b, c"
    )
