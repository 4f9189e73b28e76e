"""Crisis help: the right country's lines, as working links, whatever is broken."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation

from providers import crisis, vocabulary
from providers.models import CrisisLine, Region
from tests import factories


@pytest.fixture
def regions(db):
    factories.regions()
    for line in crisis.packaged():
        region = line.region
        known = {"kind": region.kind, "name_en": region.name_en, "parent_id": "001"}
        if region.parent and region.parent.code != "001":
            known["parent_id"] = region.parent.code
        Region.objects.get_or_create(code=region.code, defaults=known)


@pytest.fixture
def loaded(regions):
    call_command("load_crisis_lines", stdout=io.StringIO())


def said(country: str) -> str:
    return re.sub(r"<.*?>", "", crisis.sentence(crisis.lines_for(country), country))


SENTENCES = {
    "US": "In danger now? Call or text 988. Emergency 911.",
    "CA": "In danger now? Call or text 988. Emergency 911.",
    "GB": "In danger now? Call 116 123. Text SHOUT to 85258. Emergency 999.",
    "IE": "In danger now? Call 116 123. Text HELLO to 50808. Emergency 112.",
    "AU": "In danger now? Call 13 11 14. Text 0477 13 11 14. Emergency 000.",
    "NZ": "In danger now? Call or text 1737. Emergency 111.",
    "DE": "In danger now? Call 116 123. Emergency 112.",
    "FR": "In danger now? Find help at findahelpline.com. Emergency 112.",
    "JP": "In danger now? Find help at findahelpline.com.",
}


@pytest.mark.parametrize(("country", "sentence"), SENTENCES.items())
def test_each_country_is_told_its_own_numbers_from_the_package(country, sentence):
    lines = crisis.packaged_for(country)
    assert re.sub(r"<.*?>", "", crisis.sentence(lines, country)) == sentence


@pytest.mark.parametrize("country", ["US", "GB", "IE", "NZ"])
def test_the_table_says_the_same_as_the_package(loaded, country):
    assert said(country) == SENTENCES[country]


def test_the_numbers_are_links_that_dial_and_write(loaded):
    sentence = crisis.sentence(crisis.lines_for("GB"), "GB")
    found = re.findall(r'href="([^"]+)"', sentence)
    assert found == ["tel:116123", "sms:85258?body=SHOUT", "tel:999"]


def test_an_editors_correction_is_shown_at_once(loaded):
    CrisisLine.objects.filter(region="NZ").update(call="0800 1737", text_to="")
    assert said("NZ") == "In danger now? Call 0800 1737. Emergency 111."


def test_an_empty_table_gives_the_packaged_lines(regions):
    assert said("US") == SENTENCES["US"]


def test_a_database_that_is_away_gives_the_packaged_lines(monkeypatch):
    def away(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(CrisisLine.objects, "for_country", away)
    monkeypatch.setattr(CrisisLine.objects, "select_related", away)
    assert said("CA") == SENTENCES["CA"]
    assert len(crisis.every_line()) == len(crisis.packaged())


def test_a_country_without_lines_gets_its_unions_then_the_worlds(loaded):
    Region.objects.create(code="FR", kind="country", name_en="France", parent_id="EU")
    Region.objects.create(code="JP", kind="country", name_en="Japan", parent_id="001")
    assert said("FR") == SENTENCES["FR"]
    assert said("JP") == SENTENCES["JP"]


def test_lines_for_one_group_never_stand_for_everyone(loaded):
    assert all(line.audience == "everyone" for line in crisis.lines_for("US"))
    assert "838255" not in said("US")


@pytest.mark.parametrize(("country", "most"), [("US", 1), ("JP", 2)])
def test_crisis_help_costs_few_queries(
    loaded, country, most, django_assert_max_num_queries
):
    with django_assert_max_num_queries(most):
        said(country)


@pytest.mark.parametrize("broken", ["", "{", "[1]", '[{"region": "US"}]', "null"])
def test_a_broken_file_still_gives_a_sentence(tmp_path, monkeypatch, broken):
    path = tmp_path / "lines.json"
    path.write_text(broken)
    monkeypatch.setattr(crisis, "LINES_FILE", path)
    crisis.packaged.cache_clear()
    try:
        sentence = crisis.operators_sentence()
    finally:
        crisis.packaged.cache_clear()
    assert "In danger now? Call your country&#x27;s emergency number." in sentence


def test_lost_regions_still_give_the_operators_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(crisis, "REGIONS_FILE", tmp_path / "missing.csv")
    for cached in (crisis.packaged, crisis._regions):
        cached.cache_clear()
    try:
        assert "988" in crisis.operators_sentence()
    finally:
        for cached in (crisis.packaged, crisis._regions):
            cached.cache_clear()


def test_the_package_speaks_spanish():
    lines = crisis.packaged_for("US")
    with translation.override("es"):
        assert lines[0].note == "Para español, oprima 2 cuando llame."
        assert "¿Está en peligro ahora?" in crisis.sentence(lines, "US")


# The packaged file itself


def test_every_packaged_line_fits_its_model(regions):
    assert crisis.packaged()
    for line in crisis.packaged():
        line.full_clean()


def test_every_packaged_line_has_a_source_and_a_review_within_ninety_days():
    for line in crisis.packaged():
        assert line.source_title
        lasts = timedelta(days=vocabulary.REVIEW_DAYS)
        assert line.review_by <= line.checked_on + lasts
        assert line.checked_on >= date(2026, 11, 22)


def test_every_packaged_line_has_its_words_in_both_languages():
    for row in json.loads(crisis.LINES_FILE.read_text(encoding="utf-8")):
        for name in ("name", "hours", "note"):
            assert bool(row.get(f"{name}_en")) == bool(row.get(f"{name}_es")), row


def test_the_line_that_ended_is_not_offered():
    # The US option for LGBTQ+ youth ended on 2025-07-17; no restart was found.
    text = crisis.LINES_FILE.read_text(encoding="utf-8")
    assert "press 3" not in text.lower()
    assert "oprima 3" not in text.lower()


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("US", "988"),
        ("US", "838255"),
        ("CA", "988"),
        ("GB", "116 123"),
        ("GB", "85258"),
        ("GB-ENG", "111"),
        ("GB-SCT", "111"),
        ("GB-WLS", "111"),
        ("GB-NIR", "0808 808 8000"),
        ("IE", "116 123"),
        ("IE", "50808"),
        ("AU", "13 11 14"),
        ("AU", "0477 13 11 14"),
        ("NZ", "1737"),
        ("DE", "116 123"),
        ("DE", "0800 111 0 111"),
        ("DE", "0800 111 0 222"),
    ],
)
def test_a_number_stands_in_its_region(region, number):
    lines = [line for line in crisis.packaged() if line.region.code == region]
    assert any(number in (line.call, line.text_to) for line in lines)


# The command


def test_loading_again_adds_nothing(loaded):
    output = io.StringIO()
    call_command("load_crisis_lines", stdout=output)
    assert output.getvalue().startswith("0 crisis lines added")
    assert CrisisLine.objects.count() == len(crisis.packaged())


def test_loading_leaves_an_edited_line_and_names_it(loaded):
    CrisisLine.objects.filter(region="NZ").update(call="0800 1737")
    output = io.StringIO()
    call_command("load_crisis_lines", stdout=output)
    assert "Left as edited: NZ 1737" in output.getvalue()
    assert CrisisLine.objects.get(region="NZ").call == "0800 1737"


def test_loading_adds_what_was_deleted(loaded):
    CrisisLine.objects.filter(region="GB").delete()
    call_command("load_crisis_lines", stdout=io.StringIO())
    assert CrisisLine.objects.filter(region="GB").count() == 2


def test_loading_without_regions_is_refused_and_keeps_nothing(db):
    with pytest.raises(CommandError, match="Run load_places first"):
        call_command("load_crisis_lines", stdout=io.StringIO())
    assert not CrisisLine.objects.exists()


def test_loading_an_empty_package_is_refused(regions, monkeypatch):
    monkeypatch.setattr(crisis, "packaged", tuple)
    with pytest.raises(CommandError, match="No crisis lines"):
        call_command("load_crisis_lines", stdout=io.StringIO())
