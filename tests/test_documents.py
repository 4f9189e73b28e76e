"""A listing as one nested dict: tables and document are each other's inverse."""

import json
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import actions, costs, documents, vocabulary
from providers.documents import EMPTY, differences, document, flat, free_slug
from providers.models import Organization, Provider, Source
from tests import factories
from tests.factories import days_ago, fact, facts, offering, price, rolled_back

# --- Any valid document ---------------------------------------------------------------

# PostgreSQL keeps no NUL, and half a surrogate pair is no character.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.text(LETTERS, max_size=12)
NAMES = st.text(LETTERS, min_size=1, max_size=12)
REGIONS = st.sampled_from(["US-CO", "US-UT", "CA-AB", "GB", "NZ"])
SOURCES = st.sampled_from(["clinic", "samhsa_mh_directory", "sample"])
CENTS = st.none() | st.integers(0, 10_000_000)
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
NUMBERS = st.none() | st.integers(0, 30_000)


def codes(table):
    return st.sampled_from(list(table))


@st.composite
def checks(draw) -> dict:
    precision, day = draw(codes(vocabulary.DATE_PRECISIONS)), draw(DAYS)
    if precision != "day":
        day = day.replace(day=1)
    if precision == "year":
        day = day.replace(month=1)
    return {
        "checked_on": day.isoformat(),
        "precision": precision,
        "method": draw(codes(vocabulary.METHODS)),
        "source": draw(SOURCES),
    }


@st.composite
def lines(draw) -> tuple[str, dict]:
    unit, low, extra = draw(codes(vocabulary.PRICE_UNITS)), draw(CENTS), draw(CENTS)
    kind, counts = draw(codes(vocabulary.PRICE_KINDS)), (None, None)
    if kind in costs.COUNTED_KINDS:
        counts = draw(st.sampled_from([(None, None), (0, None), (3, 3), (4, 6)]))
    values = draw(checks()) | {
        "count_min": counts[0],
        "count_max": counts[1],
        "minutes": draw(st.none() | st.integers(1, 600)) if unit == "hour" else None,
        "amount_min_cents": low,
        "amount_max_cents": None if extra is None else (low or 0) + extra,
        "currency": "",
        "disputed": draw(st.booleans()),
        "note_en": draw(TEXTS),
        "note_es": draw(TEXTS),
        "includes": draw(st.lists(codes(vocabulary.PRICE_KINDS), max_size=2)),
    }
    if (low, extra) != (None, None):
        values["currency"] = draw(codes(vocabulary.CURRENCIES))
    checked_on = date.fromisoformat(values["checked_on"])
    past = st.integers(0, 900).map(lambda days: checked_on + timedelta(days))
    key = (
        kind,
        draw(codes(vocabulary.PAYEES)),
        unit,
        draw(codes(vocabulary.APPLIES_TO)),
        str(draw(st.integers(2, 50)) if unit == "package_of_n" else 1),
        str(draw(st.none() | past) or ""),
    )
    return "|".join(key), values


@st.composite
def offerings(draw) -> tuple[str, dict]:
    route = draw(codes(vocabulary.ROUTES))
    supervised = [*vocabulary.SUPERVISED_SETTINGS, vocabulary.NOT_STATED]
    is_spray = route == vocabulary.NASAL_ESKETAMINE
    key = (
        route,
        draw(st.sampled_from(supervised) if is_spray else codes(vocabulary.SETTINGS)),
        draw(codes(vocabulary.THERAPIES)),
        draw(codes(vocabulary.FORMATS)),
        draw(st.sampled_from(["", "pain 4 h", "a|b", "é"])),
    )
    own = {
        "serves": sorted(draw(st.sets(REGIONS, max_size=3))),
        "prices": dict(draw(st.lists(lines(), max_size=3))),
    }
    return "|".join(key), draw(checks()) | own


@st.composite
def statements(draw) -> dict:
    answer = draw(codes(vocabulary.ANSWERS))
    return draw(checks()) | {
        "answer": answer,
        "scope": draw(codes(vocabulary.SCOPES)),
        "number": None if answer == "no" else draw(NUMBERS),
        "note_en": draw(TEXTS),
        "note_es": draw(TEXTS),
    }


FACT_KEYS = [
    (topic, code) for topic, table in vocabulary.TOPICS.items() for code in table
]


@st.composite
def answers(draw) -> dict:
    drawn = st.dictionaries(st.sampled_from(FACT_KEYS), statements(), max_size=4)
    by_topic: dict[str, dict] = {}
    for (topic, code), statement in draw(drawn).items():
        by_topic.setdefault(topic, {})[code] = statement
    return by_topic


@st.composite
def opening_hours(draw) -> tuple[str, dict]:
    seconds = sorted(draw(st.sets(st.integers(0, 86_399), min_size=2, max_size=2)))
    opens, closes = (_clock(second) for second in seconds)
    return f"{draw(st.integers(0, 6))}|{opens}", {
        "closes": closes,
        "by_appointment": draw(st.booleans()),
        "note_en": draw(TEXTS),
        "note_es": draw(TEXTS),
    }


def _clock(second: int) -> str:
    return time(second // 3600, second // 60 % 60, second % 60).isoformat("seconds")


def _to_a_millimetre(degrees: float) -> float:
    return round(degrees, 9)  # PostgreSQL refuses to square 1e-200


POINTS = st.fixed_dictionaries(
    {
        "latitude": st.floats(-90, 90).map(_to_a_millimetre),
        "longitude": st.floats(-180, 180).map(_to_a_millimetre),
        "precision": codes(vocabulary.POINT_PRECISIONS),
    }
)
KEYS = st.sets(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=3)


@st.composite
def listings(draw) -> documents.Document:
    phone = draw(st.sampled_from(["", "+13035550123", "+14035550142"]))
    contact = draw(st.none() | checks())
    status = draw(codes(vocabulary.STATUSES))
    may_be_shown = contact is not None and status != "do_not_list"
    return {
        "slug": draw(st.from_regex(r"[a-z0-9-]{1,30}", fullmatch=True)),
        "name": draw(NAMES),
        **{name: draw(TEXTS) for name in ("street", "street2", "city", "about_en")},
        **{name: draw(TEXTS) for name in ("about_es", "time_zone", "status_reason")},
        "postcode": draw(st.text(LETTERS, max_size=12)),
        "phone": phone,
        "phone_extension": draw(st.sampled_from(["", "301"])) if phone else "",
        "npi": draw(st.sampled_from(["", "1234567893"])),
        "email": draw(st.sampled_from(["", "hello@example.org"])),
        "website": draw(st.sampled_from(["", "https://example.org/"])),
        "status": status,
        "status_on": draw(st.none() | DAYS.map(date.isoformat)),
        "organization": draw(st.sampled_from(["", "group-one", "group-two"])),
        "region": draw(REGIONS),
        "published": may_be_shown and draw(st.booleans()),
        "is_sample": draw(st.booleans()),
        "point": draw(st.none() | POINTS),
        "contact": contact,
        "hours": dict(draw(st.lists(opening_hours(), max_size=3))),
        "offerings": dict(draw(st.lists(offerings(), max_size=3))),
        "facts": draw(answers()),
        "sources": draw(st.dictionaries(SOURCES, KEYS.map(sorted), max_size=2)),
    }


def stored(provider: Provider) -> documents.Document:
    """The document as the tables alone tell it."""
    everything = documents.with_everything(Provider.objects.filter(pk=provider.pk))
    return document(everything.get())


@pytest.fixture
def named(db) -> None:
    """The rows that documents name by their code."""
    factories.regions()
    factories.source()
    for code in ("group-one", "group-two"):
        Organization.objects.create(code=code, name=code)


any_document = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@any_document
@given(wanted=listings())
def test_what_is_written_is_what_stands(named, wanted):
    with rolled_back():
        assert stored(actions.apply_one(wanted)) == wanted


@any_document
@given(before=listings(), after=listings())
def test_a_document_written_over_another_stands_and_can_be_taken_back(
    named, before, after
):
    with rolled_back():
        provider = actions.apply_one(before)
        actions.apply_one(after, provider)
        assert stored(provider) == after
        change = provider.changes.first()
        if before != after:
            assert (change.before, change.after) == (before, after)
        actions.apply_one(before, provider)
        assert stored(provider) == before


@any_document
@given(wanted=listings())
def test_what_stands_already_is_not_written_again(named, wanted):
    with rolled_back():
        provider = actions.apply_one(wanted)
        actions.apply_one(wanted, provider)
        assert provider.changes.count() == 1


pure = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@pure
@given(listings())
def test_a_document_is_plain_json(listing):
    assert json.loads(json.dumps(listing)) == listing


# --- Differences ----------------------------------------------------------------------


@pure
@given(listings())
def test_a_document_does_not_differ_from_itself(listing):
    assert differences(listing, listing) == {}


@pure
@given(listings(), listings())
def test_differences_are_every_path_where_two_documents_differ(before, after):
    found = differences(before, after)
    old, new = flat(before), flat(after)
    agreeing = {path for path in old.keys() & new.keys() if old[path] == new[path]}
    assert set(found) == (old.keys() | new.keys()) - agreeing
    for path, (was, becomes) in found.items():
        assert (was, becomes) == (old.get(path), new.get(path))


@pure
@given(listings(), listings())
def test_differences_the_other_way_round_are_swapped(before, after):
    there, back = differences(before, after), differences(after, before)
    assert {path: (new, old) for path, (old, new) in there.items()} == back


def test_a_new_listing_differs_from_nothing_in_all_that_it_says():
    found = differences(None, factories.document(name="A", street=""))
    assert found["name"] == (None, "A")
    assert differences(factories.document(), None)["status"] == ("active", None)


def test_paths_name_one_fact_one_price_and_one_offering():
    before = factories.document(
        offerings=offering(prices=price(40_000) | price(100, kind="drug")),
        facts=facts(fact("es"), fact("lift")),
        sources={"clinic": ["1"]},
    )
    after = before | {
        "offerings": offering(prices=price(45_000), serves=("US-CO",)),
        "facts": facts(fact("es"), fact("lift", "no")),
        "sources": {"clinic": ["1", "2"]},
    }
    at = "offerings/iv_infusion|in_clinic|full_kap|individual|"
    assert set(differences(before, after)) == {
        at,
        f"{at}/prices/dose_visit|clinic|visit|self_pay|1|",
        f"{at}/prices/drug|clinic|visit|self_pay|1|",
        "facts/access/lift",
        "sources/clinic",
    }


# --- Keys, slugs and names ------------------------------------------------------------


def test_a_slug_is_the_plain_name_and_city():
    assert free_slug("Clínica São José", "Salt Lake City", set()) == (
        "clinica-sao-jose-salt-lake-city"
    )


def test_a_taken_slug_is_counted_up_and_then_taken():
    taken = {"a-b"}
    assert [free_slug("A", "B", taken) for _ in range(3)] == ["a-b-2", "a-b-3", "a-b-4"]
    assert taken == {"a-b", "a-b-2", "a-b-3", "a-b-4"}


@pytest.mark.parametrize("name", ["…", "漢字", ""])
def test_a_name_without_latin_letters_has_a_slug_all_the_same(name):
    assert free_slug(name, "", set()) == "listing"


@given(st.text(max_size=130), st.text(max_size=20))
def test_a_slug_fits_its_column(name, city):
    slug = free_slug(name, city, set())
    assert 0 < len(slug) <= 110
    assert slug == slug.strip("-")


def test_a_row_of_another_sort_is_no_part_of_a_document():
    with pytest.raises(TypeError, match="no part"):
        documents.key(Source(code="clinic"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"organization": "no-such"},
        {"contact": factories.checked(source="no-such")},
        {"offerings": offering(source="no-such")},
        {"facts": fact("es", source="no-such")},
        {"sources": {"no-such": ["1"]}},
    ],
)
def test_a_document_that_names_what_is_not_there_is_refused(columns):
    with pytest.raises(KeyError, match="no-such"):
        factories.provider(**columns)
    assert not Provider.objects.exists()


@pytest.mark.django_db
def test_a_year_stays_a_year():
    reported = factories.checked(checked_on="2024-01-01", precision="year")
    made = factories.provider(contact=reported)
    assert stored(made)["contact"] == reported
    assert made.contact_checked_in_words == "2024"


@pytest.mark.django_db
def test_many_documents_take_as_many_queries_as_one():
    def queries(number: int) -> int:
        for _ in range(number):
            factories.provider(facts=fact("es"), sources={})
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for row in documents.with_everything(Provider.objects.all()):
                document(row)
        return len(captured)

    assert queries(1) == queries(5) <= 8


def test_an_empty_document_shows_every_column():
    assert set(EMPTY) == set(factories.document())
    assert days_ago(0) >= days_ago(1)
