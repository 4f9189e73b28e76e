"""Exports: what is written, and that it imports again to no change."""

from __future__ import annotations

import io
import re
import time

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import actions, exports, vocabulary
from providers.exports.tables import guarded
from providers.imports.tables import read_table
from providers.models import Provider
from tests import factories, importing
from tests.factories import days_ago, rolled_back
from tests.test_documents import listings, named  # noqa: F401


def tidy(listing):
    """The document as editors and imports write them; the layouts hold it whole."""
    tidied = past(stripped(listing))
    return tidied | {
        "is_sample": False,
        "name": tidied["name"] or "A",
        "street2": tidied["street2"] if tidied["street"] else "",
        "sources": listing["sources"],
    }


def stripped(value):
    """Texts without white space at their ends, of sources that an import may name."""
    if isinstance(value, dict):
        return {key: stripped(part) for key, part in value.items()}
    if isinstance(value, list):
        return list(dict.fromkeys(value))
    if isinstance(value, str):
        text = value.strip()
        return "clinic" if text == "sample" else text
    return value


def past(value):
    """Nothing was checked on a day to come."""
    if isinstance(value, dict):
        value = {key: past(part) for key, part in value.items()}
        if value.get("checked_on", "") > "2026-01-02":
            value["checked_on"] = f"2020{value['checked_on'][4:]}"
        return value
    return value


# What the layouts do not hold, and what follows from a new start.
NOT_HELD = ("hours", "about_es", "time_zone", "status_reason", "organization")
NEW = ("sources", "status_on")


def held(listing):
    """What the layouts hold of a document."""
    rest = {k: v for k, v in listing.items() if k not in (*NOT_HELD, *NEW)}
    facts = {
        topic: {code: _without_odd_number(topic, code, f) for code, f in codes.items()}
        for topic, codes in listing["facts"].items()
    }
    return rest | {"facts": facts}


def _without_odd_number(topic, code, fact):
    has_unit = bool(vocabulary.TOPICS[topic][code].unit)
    return fact if has_unit else fact | {"number": None}


any_listings = settings(
    deadline=None, max_examples=8, suppress_health_check=list(HealthCheck)
)


def write_both(folder, format_):
    """The files of a whole directory, by kind."""
    paths = {kind: folder / f"{kind}.{format_}" for kind in exports.KINDS}
    for kind, path in paths.items():
        with path.open("wb") as file:
            exports.write(kind, Provider.objects.all(), file, format_)
    return paths


@any_listings
@given(
    wanted=st.lists(listings().map(tidy), max_size=3, unique_by=lambda d: d["slug"]),
    format_=st.sampled_from(exports.FORMATS),
)
def test_an_export_imports_to_no_change_and_restores_what_is_gone(
    named,  # noqa: F811
    tmp_path,
    wanted,
    format_,
):
    with rolled_back():
        for listing in wanted:
            actions.apply_one(listing)
        before = importing.standing()
        paths = write_both(tmp_path, format_)
        for kind, path in paths.items():
            assert summary(path, kind) == "0 new, 0 changed"
        assert importing.standing() == before
        Provider.objects.all().delete()
        for kind, path in paths.items():
            summary(path, kind)
        after = importing.standing()
        for slug, listing in before.items():
            if listing["status"] in ("active", "temporarily_closed"):
                assert held(after[slug]) == held(listing)


def summary(path, kind):
    """What an import counts; nothing may be rejected."""
    report = importing.imported(path, kind)
    assert not report.rejected, "\n".join(report.lines())
    return ", ".join(report.summary.split(", ")[:2])


# --- What is written ------------------------------------------------------------------


def table(kind="listings", **options) -> list[dict]:
    """The rows of an export, without their blank cells."""
    _headings, rows = exports.table(kind, Provider.objects.all(), **options)
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def test_what_is_known_alike_stands_in_one_row_and_the_rest_follows(db):
    known = factories.checked(method="website")
    offerings = factories.offering(prices=factories.price(), serves=("US-CO",))
    offerings |= factories.offering("oral", **known)
    factories.provider(
        slug="blue-mesa",
        offerings=offerings,
        facts=factories.facts(
            factories.fact("es"), factories.fact("lift", "no", **known)
        ),
    )
    first, rest = table()
    assert first["name"]
    assert (first["routes"], first["price_min"]) == ("iv_infusion", "400")
    assert (first["languages"], first["serves"]) == ("es", "US-CO")
    assert (first["method"], first["source"]) == ("phone", "clinic")
    assert rest == {
        "slug": "blue-mesa",
        "checked_on": known["checked_on"],
        "method": "website",
        "source": "clinic",
        "routes": "oral",
        "modality": "in_clinic",
        "therapy": "full_kap",
        "format": "individual",
        "facts": "access/lift=no",
    }


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "drug"},
        {"payee": "therapist"},
        {"applies_to": "sliding_scale"},
        {"unit": "package_of_n", "package_size": 6},
        {"unit": "hour", "minutes": 50},
        {"superseded_on": days_ago(1)},
        {"disputed": True},
        {"note_en": "From."},
        {"includes": ["drug"]},
        {"days": 11},
        {"low": None},
    ],
)
def test_a_price_that_the_listings_cannot_hold_is_among_the_prices_only(db, other):
    prices = factories.price(**other)
    factories.provider(offerings=factories.offering(prices=prices))
    assert "price_unit" not in table()[0]
    assert [row["kind"] for row in table("prices")] == [other.get("kind", "dose_visit")]


def test_a_date_is_written_as_exactly_as_it_is_known(db):
    year = factories.checked(checked_on="2024-01-01", precision="year")
    month = factories.checked(checked_on="2024-05-01", precision="month")
    factories.provider(contact=year, offerings=factories.offering(**month))
    assert [row["checked_on"] for row in table()] == ["2024", "2024-05"]


def test_samples_are_left_out_unless_asked_for(db):
    factories.provider(is_sample=True)
    assert table() == []
    assert len(table(samples=True)) == 1


def test_a_fixed_number_of_queries_reads_five_hundred_listings(db):
    def queries(number: int) -> int:
        for _ in range(number):
            factories.provider(facts=factories.fact("es"))
        with CaptureQueriesContext(connection) as captured:
            table()
        return len(captured)

    assert queries(1) == queries(5) <= 9


def written(format_: str) -> bytes:
    file = io.BytesIO()
    exports.write("listings", Provider.objects.all(), file, format_)
    return file.getvalue()


@pytest.mark.parametrize("format_", exports.FORMATS)
def test_the_same_listings_are_the_same_bytes(db, format_, monkeypatch):
    factories.provider(name="São José")
    first = written(format_)
    later = time.localtime(time.time() + 3_600)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert written(format_) == first


FORMULAS = ["=1+1", "+1", "-cmd", "@SUM(A1)", "  =1+1", "'=1", "'' @x", "-1-1"]


@pytest.mark.parametrize("cell", [*FORMULAS, "\t=1", "\r=1"])
def test_a_cell_that_starts_a_formula_is_escaped(cell):
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "'tis", "O'Hara", "a=1", "-104.99", "-3e-05"])
def test_any_other_cell_stays_as_it_is(cell):
    assert guarded(cell) == cell


@pytest.mark.parametrize("format_", exports.FORMATS)
def test_an_escaped_cell_is_read_back(tmp_path, format_):
    cells = [*FORMULAS, "'tis", "-104.99", "_x0041_", "a\x01\r\nb", "+13035550123"]
    rows = [{"name": cell, "city": "Denver"} for cell in cells]
    path = tmp_path / f"a.{format_}"
    with path.open("wb") as file:
        exports.write_table(("name", "city"), rows, file, format_)
    found = [record.cells[0] for record in read_table(path, required=()).records]
    assert found == cells


def test_no_cell_of_a_workbook_is_a_formula(db, tmp_path):
    factories.provider(name="=1+1", phone="+13035550123")
    (tmp_path / "a.xlsx").write_bytes(written("xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert sheet.parent.properties.modified.year == 2000
    assert {"'=1+1", "'+13035550123"} <= {cell.value for cell in cells}


# --- The command ----------------------------------------------------------------------


def command(*words) -> str:
    out = io.StringIO()
    call_command("export", *(str(word) for word in words), stdout=out)
    return out.getvalue()


def test_the_command_writes_files_and_prints_csv(db, tmp_path):
    factories.provider(slug="here")
    factories.provider(slug="there", region="US-UT", published=False)
    path = tmp_path / "listings.xlsx"
    assert command("listings", path) == f"2 rows in {path}\n"
    assert [p.name for p in tmp_path.iterdir()] == ["listings.xlsx"]
    assert command("listings", "-").count("\n") == 3
    assert "there" not in command("listings", "-", "--region", "US-CO")
    assert "there" not in command("prices", "-", "--published")
    assert "there" in command("prices", "-", "--region", "US")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("hours", "-"), "No kind 'hours': choose from listings, prices."),
        (("listings", "a.ods"), "a.ods must end in .csv or .xlsx."),
        (("listings", "-", "--region", "XX"), "--region: no region 'XX'."),
        (("listings", "/no/a.csv"), "Cannot write /no/a.csv: No such file"),
    ],
)
def test_the_command_refuses_in_words(db, words, reason):
    with pytest.raises(CommandError, match=re.escape(reason)):
        command(*words)


@pytest.mark.parametrize("format_", exports.FORMATS)
def test_the_templates_say_sample_and_import_cleanly(db, tmp_path, format_):
    factories.regions()
    paths = {kind: tmp_path / f"{kind}.{format_}" for kind in exports.KINDS}
    for kind, path in paths.items():
        command(kind, path, "--template")
    assert summary(paths["listings"], "listings") == "1 new, 0 changed"
    assert summary(paths["prices"], "prices") == "0 new, 1 changed"
    listing = importing.only()
    assert listing["name"] == "Sample Clinic"
    assert len(listing["offerings"]) == 2
