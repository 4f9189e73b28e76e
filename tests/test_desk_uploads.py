"""A file through the admin: sent, mapped, looked at, and brought in or dropped."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import actions
from providers.models import (
    ColumnMapping,
    ImportRun,
    PriceLine,
    Provider,
    Region,
    Upload,
)
from tests import factories, importing
from tests.forms_in_pages import filled, messages_of
from tests.importing import FACILITY, LISTING
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

IMPORT = "/admin/providers/provider/import/"
OWN = {
    "Clinic": "Blue Mesa Clinic",
    "Town": "Denver",
    "State": "CO",
    "Zip": "80202",
    "Treatment": "Drip",
    "Session price": "$450",
    "Called on": "2026-03-03",
}


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


@pytest.fixture
def admin(client, boss):
    factories.regions()
    factories.source()
    client.force_login(boss)
    return client


@pytest.fixture
def regional(client):
    """An editor of Utah alone."""
    factories.regions()
    editor = User.objects.create_user("ed", is_staff=True)
    editor.groups.add(Group.objects.get(name="regional editors"))
    editor.kept_regions.create(region=Region.objects.get(code="US-UT"))
    client.force_login(editor)
    return client


def table(*rows: dict[str, str]) -> bytes:
    file = io.StringIO(newline="")
    sheet = csv.DictWriter(file, rows[0])
    sheet.writeheader()
    sheet.writerows(rows)
    return file.getvalue().encode()


def send(client, content: bytes, name="clinics.csv", **given):
    file = SimpleUploadedFile(name, content)
    page = client.get(IMPORT)
    return client.post(IMPORT, filled(page) | {"file": file} | given)


def refused(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return answer.context["form"].errors


def read(client, address) -> Page:
    return Page(client.get(address).content.decode())


def confirm(client, address):
    fingerprint = read(client, address).control("fingerprint")["value"]
    return client.post(f"{address}confirm/", {"fingerprint": fingerprint})


# --- Sending --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "given", "field"),
    [
        (b"", "a.csv", {}, "file"),
        (b"name\n", "a.pdf", {}, "file"),
        (b"%PDF-1.7", "a.csv", {}, "file"),
        (b"PK\x03\x04", "a.xlsx", {}, "file"),
        (b'name,city\n"open', "a.csv", {}, "file"),
        (b"name,name\nA,B\n", "a.csv", {}, "file"),
        (table(LISTING), "a.csv", {"kind": "anything"}, "kind"),
        (table(LISTING), "a.csv", {"reported": "2999"}, "reported"),
        (table(LISTING), "a.csv", {"reported": "soon"}, "reported"),
        (table(LISTING), "a.csv", {"source": "nobody"}, "source"),
        (table(LISTING), "a.csv", {"source": "sample"}, "source"),
        (table(LISTING), "a.csv", {"new_source": "…"}, "new_source"),
        (
            table(LISTING),
            "a.csv",
            {"source": "clinic", "new_source": "X"},
            "new_source",
        ),
        (table(OWN), "a.csv", {}, "source"),
        (table(FACILITY), "a.csv", {"kind": "samhsa_directory"}, "reported"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    admin, content, name, given, field
):
    errors = refused(send(admin, content, name, **given))
    assert list(errors) == [field]
    assert not Upload.objects.exists()


def test_a_refused_form_keeps_what_was_typed(admin):
    answer = send(admin, b"", new_source="Volunteers", reported="2024-05")
    values = filled(answer)
    assert (values["new_source"], values["reported"]) == (["Volunteers"], ["2024-05"])


def test_a_file_above_20_mb_is_refused(admin, monkeypatch):
    monkeypatch.setattr("providers.admin.desk.upload_form.LARGEST_BYTES", 10)
    assert "20 MB" in str(refused(send(admin, table(LISTING))))


# --- Looking --------------------------------------------------------------------------


def test_our_own_layout_goes_straight_to_the_preview_and_keeps_nothing(admin):
    answer = send(admin, table(LISTING, LISTING | {"name": "Other", "city": ""}))
    upload = Upload.objects.get()
    assert answer.url == reverse("admin:import_preview", args=[upload.pk])
    page = read(admin, answer.url)
    assert "1 new 0 changed 0 unchanged 0 conflicts 1 rows refused" in page.words
    assert "Row 2: Blue Mesa Clinic, Colorado" in page.words
    assert "3 City is blank" in page.words
    assert not Provider.objects.exists()
    report = admin.get(page.link("The whole report as text"))
    assert "line 3 rejected: city" in report.content.decode()


def test_a_chosen_source_is_the_source_of_a_file_in_our_layout(admin):
    row = {name: value for name, value in LISTING.items() if name != "source"}
    confirm(admin, send(admin, table(row), new_source="Harbor").url)
    records = Provider.objects.get().source_records.all()
    assert {record.source.name for record in records} == {"Harbor"}


def test_the_preview_tells_changes_and_conflicts_in_words(admin, boss, tmp_path):
    importing.imported(importing.listings(tmp_path))
    provider = Provider.objects.get()
    with actions.recording(provider, by=boss):
        provider.phone = "+13035550142"
        actions.save(provider, by=boss)
    changed = LISTING | {"phone": "720-555-0100", "email": "a@mesa.example"}
    page = read(admin, send(admin, table(changed)).url)
    assert "0 new 1 changed 0 unchanged 1 conflicts" in page.words
    for said in ("E-mail not stated a@mesa.example", "Phone", "Ours, it stays"):
        assert said in page.words


def test_prices_are_previewed_with_what_matches_nothing_and_what_looks_mistyped(admin):
    factories.provider(slug="blue-mesa", offerings=factories.offering())
    route = {"route": "iv_infusion", "setting": "in_clinic", "therapy": "full_kap"}
    known = {"checked_on": "2026-01-05", "method": "phone"}
    price = route | known | {"kind": "dose_visit", "unit": "visit", "currency": "USD"}
    price |= {"slug": "blue-mesa", "format": "individual", "price_min": "40"}
    rows = table(price, price | {"slug": "gone"}, price | {"method": ""})
    page = read(admin, send(admin, rows, kind="prices").url)
    assert "1 changed 0 unchanged 0 conflicts 2 rows refused" in page.words
    assert "3 Its address here (from an export) no listing has this address: gone" in (
        page.words
    )
    assert "4 How it was checked is blank" in page.words
    assert "the price of dose_visit is kept, but it is far from the 150 to 1400" in (
        page.words
    )
    assert not PriceLine.objects.exists()


def test_what_is_closed_stays_closed_and_is_named(admin, boss, tmp_path):
    importing.imported(importing.listings(tmp_path))
    provider = Provider.objects.get()
    provider.status, provider.published = "closed", False
    actions.save(provider, by=boss)
    page = read(admin, send(admin, table(LISTING | {"phone": "720-555-0100"})).url)
    assert "they stay closed" in page.words


def test_a_long_list_is_cut_and_the_rest_counted(admin):
    rows = [LISTING | {"name": f"Clinic {n:03}"} for n in range(60)]
    page = read(admin, send(admin, table(*rows)).url)
    assert "60 new" in page.words
    assert "and 35 more, in the whole report" in page.words
    assert "Clinic 059" not in page.words


def test_the_preview_asks_the_same_queries_of_one_row_and_of_two_hundred(admin):
    counts = []
    for number in (1, 200):
        rows = [LISTING | {"name": f"Clinic {n:03}"} for n in range(number)]
        address = send(admin, table(*rows)).url
        with CaptureQueriesContext(connection) as queries:
            admin.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Confirming -----------------------------------------------------------------------


def test_what_is_confirmed_is_kept_by_its_editor_and_the_file_is_forgotten(admin, boss):
    answer = confirm(admin, send(admin, table(LISTING)).url)
    run = ImportRun.objects.get()
    assert (run.by, run.new, run.file_name) == (boss, 1, "clinics.csv")
    assert answer.url == reverse("admin:providers_importrun_change", args=[run.pk])
    assert not Upload.objects.exists()


def test_a_directory_that_changed_meanwhile_is_looked_at_anew(admin, tmp_path):
    address = send(admin, table(LISTING)).url
    seen = read(admin, address).control("fingerprint")["value"]
    importing.imported(importing.listings(tmp_path))
    answer = admin.post(f"{address}confirm/", {"fingerprint": seen})
    assert answer.url == address
    assert "has changed since you looked" in messages_of(answer)
    assert ImportRun.objects.count() == 1
    assert "1 unchanged" in read(admin, address).words


@pytest.mark.parametrize("typed", ["", "nonsense"])
def test_nothing_is_brought_in_without_a_look(admin, typed):
    address = send(admin, table(LISTING)).url
    admin.post(f"{address}confirm/", {"fingerprint": typed})
    assert not Provider.objects.exists()
    assert admin.get(f"{address}confirm/").status_code == 405


def test_a_dropped_file_is_forgotten_and_changes_nothing(admin):
    address = send(admin, table(LISTING)).url
    answer = admin.post(f"{address}drop/")
    assert "Nothing was changed" in messages_of(answer)
    assert not Upload.objects.exists()
    assert admin.get(address).status_code == 404


# --- Columns --------------------------------------------------------------------------


def columns_of(client, content=None, **given):
    answer = send(client, content or table(OWN), new_source="Volunteers", **given)
    return answer.url, filled(client.get(answer.url))


def word_of(answer) -> str:
    [name] = [name for name in filled(answer) if name.startswith("word-")]
    return name


def test_a_word_that_is_no_code_is_asked_about_and_remembered(admin):
    address, guessed = columns_of(admin)
    answer = admin.post(address, guessed)
    assert "“Drip”" in answer.content.decode()
    assert not Provider.objects.exists()
    word = word_of(answer)
    answer = admin.post(address, filled(answer) | {word: "iv_infusion"})
    assert answer.url == reverse("admin:import_preview", args=[Upload.objects.get().pk])
    mapping = ColumnMapping.objects.get(source__code="volunteers").mapping
    assert mapping["words"] == {"routes": {"drip": "iv_infusion"}}
    confirm(admin, answer.url)
    offering = Provider.objects.get().offerings.get()
    assert (offering.route, offering.session_min_cents) == ("iv_infusion", 45_000)

    again = send(admin, table(OWN | {"Town": "Boulder"}), source="volunteers")
    page = admin.get(again.url)
    assert "Filled in as the last file of Volunteers" in page.content.decode()
    assert admin.post(again.url, filled(page)).status_code == 302


def test_the_day_of_the_last_file_is_not_taken_for_the_next_ones(admin):
    undated = {name: value for name, value in OWN.items() if name != "Called on"}
    address, guessed = columns_of(admin, table(undated | {"Treatment": "IV"}))
    answer = admin.post(address, guessed)
    assert list(refused(answer)) == ["fixed-checked_on"]
    answer = admin.post(address, guessed | {"fixed-checked_on": "2026-03-03"})
    assert answer.status_code == 302
    again = send(admin, table(undated), source="volunteers")
    assert filled(admin.get(again.url))["fixed-checked_on"] == [""]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"column-0": "nothing"}, "column-0"),
        ({"column-0": ""}, "__all__"),
        ({"column-6": "city"}, "column-6"),
        ({"fixed-country": ""}, "fixed-country"),
        ({"fixed-country": "XX"}, "fixed-country"),
        ({"fixed-checked_on": "2999-01-01"}, "fixed-checked_on"),
        ({"fixed-price_currency": ""}, "fixed-price_currency"),
        ({"fixed-method": "dream"}, "fixed-method"),
        ({"dates": "any"}, "dates"),
    ],
)
def test_a_wrong_answer_about_columns_is_refused_at_its_field(admin, typed, field):
    address, guessed = columns_of(admin)
    errors = refused(admin.post(address, guessed | typed))
    assert field in errors
    assert "mapping" not in Upload.objects.get().options


# --- Whose ----------------------------------------------------------------------------


def test_an_upload_belongs_to_its_editor_alone(admin, client):
    address = send(admin, table(LISTING)).url
    other = User.objects.create_superuser("other")
    client.force_login(other)
    pages = ("", "report/", "columns/")
    assert [client.get(f"{address}{p}").status_code for p in pages] == [404] * 3
    for verb in ("confirm", "drop"):
        assert client.post(f"{address}{verb}/").status_code == 404
    assert "clinics.csv" not in client.get(IMPORT).content.decode()


def test_a_regional_editor_changes_only_her_regions(regional):
    rows = LISTING, LISTING | {"name": "Salt Clinic", "region": "UT"}
    address = send(regional, table(*rows)).url
    page = read(regional, address)
    assert "1 new" in page.words
    assert "1 rows refused" in page.words
    confirm(regional, address)
    assert Provider.objects.get().region_id == "US-UT"


def test_a_regional_editor_exports_only_her_regions(regional):
    for region in ("US-CO", "US-UT"):
        factories.provider(name=f"In {region}", region=region)
    answer = regional.get("/admin/providers/provider/export/listings/csv/")
    text = b"".join(answer.streaming_content).decode()
    assert "In US-UT" in text
    assert "In US-CO" not in text


def test_a_regional_editor_names_no_new_source(regional):
    assert "new_source" not in filled(regional.get(IMPORT))


def test_nobody_without_the_right_brings_anything_in(client):
    client.force_login(User.objects.create_user("temp", is_staff=True))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT).status_code == 403


# --- Files to take along --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["listings", "prices"])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_templates_and_exports_come_as_files(admin, kind, format_):
    factories.provider()
    for address in (f"{IMPORT}template", "/admin/providers/provider/export"):
        answer = admin.get(f"{address}/{kind}/{format_}/")
        assert f'.{format_}"' in answer.headers["Content-Disposition"]
        assert len(b"".join(answer.streaming_content)) > 100
        assert admin.get(f"{address}/{kind}/exe/").status_code == 404
        assert admin.get(f"{address}/nothing/{format_}/").status_code == 404


def test_an_export_that_is_brought_in_again_changes_nothing(admin):
    factories.provider(facts=factories.fact("medicaid"))
    answer = admin.get("/admin/providers/provider/export/listings/csv/")
    page = read(admin, send(admin, b"".join(answer.streaming_content)).url)
    assert "1 unchanged" in page.words
    assert "nothing to bring in" in page.words
