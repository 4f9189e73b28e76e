"""Files from anywhere: read, or refused with one line."""

import datetime
import json
import zipfile

import openpyxl
import pytest

from providers.imports import tables, workbooks
from providers.imports.rows import BadFile
from providers.imports.tables import Record, read_json, read_table


def read(path, *required):
    table = read_table(path, required=required or ("name", "city"))
    return table.headings, list(table.records)


def refusal(path, *required) -> str:
    with pytest.raises(BadFile) as error:
        read(path, *required)
    message = str(error.value)
    assert "\n" not in message
    return message


@pytest.fixture
def csv_file(tmp_path):
    def make(content: str | bytes, name="some.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def xlsx_file(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_headings_are_case_blind_and_a_byte_order_mark_is_none(csv_file):
    path = csv_file(b"\xef\xbb\xbfName,CITY \nBlue Mesa,Denver\n")
    assert read(path) == (("name", "city"), [Record(2, ["Blue Mesa", "Denver"])])


def test_blank_lines_are_passed_over_and_counted(csv_file):
    path = csv_file('name,city\r\n\r\n"A, B",\r\n,\r\nC,"Den\r\nver"\r\nD,\r\n')
    assert [record.line for record in read(path)[1]] == [3, 5, 7]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_headings_may_be_parted_as_other_countries_do(csv_file, sign):
    path = csv_file(f'name{sign}city\n"A{sign}B"{sign}Denver, CO\n')
    assert read(path)[1] == [Record(2, [f"A{sign}B", "Denver, CO"])]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
def test_what_is_not_utf8_is_refused(csv_file, encoding):
    path = csv_file("name,city\nCafé São,München\n".encode(encoding))
    assert refusal(path) == "some.csv is not UTF-8. Save it as CSV UTF-8."


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(csv_file, content):
    assert refusal(csv_file(content)) == "some.csv is empty."


def test_a_file_without_a_header_is_refused(csv_file):
    assert refusal(csv_file("Blue Mesa,Denver\n")) == (
        "some.csv has no header: its first line must name the columns name, city."
    )


def test_missing_columns_are_named(csv_file):
    message = refusal(csv_file("name\nBlue Mesa\n"), "name", "city", "zip")
    assert message == "some.csv lacks the column city, zip."


def test_a_column_named_twice_is_refused(csv_file):
    message = refusal(csv_file("name,city,City\na,b,c\n"))
    assert message == "some.csv has two columns named city."


@pytest.mark.parametrize("length", [100_001, 1_000_000])
def test_an_enormous_cell_is_refused(csv_file, length):
    message = refusal(csv_file(f"name,city\nA,B\n{'x' * length},Denver\n"))
    assert message.startswith("some.csv, line 3: ")


def test_nul_characters_are_refused(csv_file):
    message = refusal(csv_file("name,city\nA\0B,Denver\n"))
    assert message == ("some.csv, line 2: NUL characters. This is not a text file.")


def test_a_quote_that_never_ends_is_refused(csv_file):
    message = refusal(csv_file('name,city\n"A,Denver\n'))
    assert message.startswith("some.csv, line 2: not CSV: ")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "gone.csv"
    assert refusal(path) == "Cannot read gone.csv: No such file or directory."
    assert refusal(tmp_path).endswith(": Is a directory.")


def test_a_file_that_is_too_big_is_refused(csv_file, monkeypatch):
    monkeypatch.setattr(tables, "FILE_BYTES", 10)
    message = refusal(csv_file("name,city\nA,B\n"))
    assert message == "some.csv is too big: 14 bytes."


# --- Workbooks ------------------------------------------------------------------------


def test_a_workbook_reads_as_text(tmp_path):
    path = xlsx_file(
        tmp_path / "a.xlsx",
        ("Name", "City", "Zip", "On", "Ratio"),
        ("Blue Mesa", None, 2138, datetime.datetime(2024, 5, 31), 0.5),
        (),
        ("Dry Creek", "Boulder", 80301.0),
    )
    assert read(path) == (
        ("name", "city", "zip", "on", "ratio"),
        [
            Record(2, ["Blue Mesa", "", "2138", "2024-05-31", "0.5"]),
            Record(4, ["Dry Creek", "Boulder", "80301", "", ""]),
        ],
    )


def test_a_workbook_is_known_by_what_is_in_it(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", ("name", "city"), ("A", "B"))
    assert read(path.rename(tmp_path / "a.csv"))[1] == [Record(2, ["A", "B"])]


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/worksheets/sheet1.xml", bytes(workbooks.UNPACKED_BYTES + 1)
        )
    assert path.stat().st_size < 200_000
    monkeypatch.setattr(tables.openpyxl, "load_workbook", None)
    assert refusal(path) == "bomb.xlsx is too big: 100,000,001 bytes when unpacked."


def test_a_sheet_of_blank_rows_without_end_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(("name", "city"))
    book.active.cell(row=5_000, column=1, value="far down")
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == (
        "a.xlsx: more than 1,000 blank rows in a row."
    )


def test_a_sheet_of_too_many_columns_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.cell(row=1, column=16_384, value="name")
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "a.xlsx, line 1: 16,384 columns."


@pytest.mark.parametrize("member", ["xl/workbook.xml", "other.txt"])
def test_an_archive_that_is_no_workbook_is_refused(tmp_path, member):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(member, "<broken")
    assert refusal(tmp_path / "a.xlsx") == "a.xlsx is not an XLSX workbook."


def test_a_workbook_that_is_cut_is_refused(tmp_path):
    path = xlsx_file(tmp_path / "a.xlsx", ("name", "city"), ("A", "B"))
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path) == "a.xlsx is not an XLSX workbook."


# --- JSON -----------------------------------------------------------------------------


def json_refusal(path) -> str:
    with pytest.raises(BadFile) as error:
        read_json(path)
    return str(error.value)


def test_json_is_read(csv_file):
    path = csv_file(json.dumps({"rows": [1]}), "a.json")
    assert read_json(path) == {"rows": [1]}


@pytest.mark.parametrize(
    "content", ["{", "name,city\n", "[" * 100_000, '{"a": 1}]', "nul"]
)
def test_what_is_not_json_is_refused(csv_file, content):
    message = json_refusal(csv_file(content, "a.json"))
    assert message.startswith("a.json is not JSON: ")


def test_json_that_is_not_utf8_or_empty_is_refused(csv_file):
    assert json_refusal(csv_file(b'["\xe9"]', "a.json")) == "a.json is not UTF-8."
    assert json_refusal(csv_file(b"", "b.json")) == "b.json is empty."


def test_half_a_character_is_refused():
    with pytest.raises(BadFile, match="broken characters"):
        tables.checked_cell("a.json", 3, json.loads(r'"\ud83d"'))
    assert tables.checked_cell("a.json", 3, "💧") == "💧"
