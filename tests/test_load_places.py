"""`manage.py load_places`, and what it says of a GeoNames file that is no such file."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from providers import places
from providers.imports import gazetteer, geonames
from providers.imports.gazetteer import Loaded
from providers.imports.rows import BadFile
from providers.models import Place, PlaceName
from tests.gazetteers import load_small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_gazetteer(db, monkeypatch):
    """The command loads the small gazetteer, once: the real one takes seconds."""
    load_small()
    loaded = Loaded(0, 0, Place.objects.count())
    monkeypatch.setattr(gazetteer, "load", lambda: (Loaded(0, 0, 1), loaded))


def line(postcode="SW1A 1AA", town="London", **parts) -> str:
    row = {
        "country": "GB",
        "postcode": postcode,
        "town": town,
        "name1": "England",
        "code1": "ENG",
        "name2": "Greater London",
        "code2": "",
        "name3": "Westminster",
        "code3": "",
        "latitude": "51.5010",
        "longitude": "-0.1416",
        "accuracy": "6",
    }
    return "\t".join((row | parts).values()) + "\n"


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes, name: str = "GB.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def zipped(*names: str, content: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content or line())
    return data.getvalue()


def load(path: Path) -> str:
    out = io.StringIO()
    call_command("load_places", geonames=path, stdout=out)
    return out.getvalue()


def test_the_command_alone_loads_regions_and_places():
    out = io.StringIO()
    call_command("load_places", stdout=out)
    assert "Regions: 0 new, 0 changed, 1 as before." in out.getvalue()


def test_a_countrys_postcodes_are_added_and_found(file):
    path = file(line() + line("M1 1AE", "Manchester", latitude="53.48"))
    assert "Postcodes of GB.txt: 2 new, 0 changed, 0 as before." in load(path)
    found = places.find("m1 1ae")
    assert found.label == "Manchester, England, United Kingdom M11AE"
    assert (found.point.latitude, found.region) == (53.48, "GB-ENG")


def test_the_same_file_twice_changes_nothing(file):
    path = file(line())
    load(path)
    assert "0 new, 0 changed, 1 as before" in load(path)


def test_rows_of_one_postcode_become_one_place_in_their_middle(file):
    path = file(line("1AB", latitude="51.0") + line("1ab", "Ely", latitude="52.0"))
    (row,) = geonames.postcode_rows(path)
    assert (row.name, row.latitude) == ("London", 51.5)


@pytest.mark.parametrize(
    ("parts", "region"),
    [
        ({"code1": "ENG"}, "GB-ENG"),
        ({"code1": "", "name1": "england"}, "GB-ENG"),
        ({"code1": "XXX", "name1": "Elsewhere"}, "GB"),
        ({"country": "FR", "code1": "11", "name1": "Île-de-France"}, "FR"),
        ({"country": "CA", "code1": "AB", "name1": "Alberta"}, "CA-AB"),
    ],
)
def test_a_region_is_read_by_code_or_name_else_it_is_the_country(file, parts, region):
    (row,) = geonames.postcode_rows(file(line(**parts)))
    assert row.region == region


def test_blank_lines_and_windows_line_ends_are_no_matter(file):
    text = "\ufeff" + line().replace("\n", "\r\n") + "\r\n"
    assert len(geonames.postcode_rows(file(text))) == 1


def test_a_zip_holds_the_file_beside_a_readme(file):
    path = file(zipped("GB.txt", "readme.txt"), "GB.zip")
    assert "1 new" in load(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no postcode"),
        ("\n\n", "holds no postcode"),
        ("name,postcode\n", "line 1: 1 columns instead of 12"),
        (line() + "GB\tM1\n", "line 2: 2 columns"),
        (line() + line("", "Ely"), "line 2: no postcode or town"),
        (line(town=""), "line 1: no postcode or town"),
        (line("1" * 11), "line 1: no postcode or town"),
        (line(town="x" * 121), "line 1: no postcode or town"),
        (line(town="Lon\x00don"), "line 1: no postcode or town"),
        (line(latitude="north"), "line 1: no latitude and longitude: 'north'"),
        (line(latitude="91"), "line 1: no latitude and longitude"),
        (line(longitude="nan"), "line 1: no latitude and longitude"),
        (line(country="XX"), "line 1: 'XX' is no country that we know"),
        (line(country=""), "line 1: '' is no country"),
        ("x" * 1_000_000, "line 1: 1 columns"),
        (line().encode() + b"\xff\xfe\n", "not UTF-8"),
        (zipped("readme.txt"), "holds 0 data files"),
        (zipped("GB.txt", "FR.txt"), "holds 2 data files"),
        (zipped("GB.txt")[:-40], "not UTF-8"),
        (zipped("GB.txt", content="GB\n"), "line 1: 1 columns"),
    ],
)
def test_a_bad_file_gets_one_clear_line_and_changes_nothing(file, content, said):
    before = Place.objects.count(), PlaceName.objects.count()
    path = file(content)
    with pytest.raises(CommandError, match=r"^Nothing loaded\. GB\.txt: ") as refused:
        load(path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (Place.objects.count(), PlaceName.objects.count()) == before


def test_a_zip_that_unpacks_to_too_much_is_refused(file, monkeypatch):
    monkeypatch.setattr(geonames, "MOST_BYTES", 1_000)
    path = file(zipped("GB.txt", content=line() * 20))
    with pytest.raises(BadFile, match="too big"):
        geonames.postcode_rows(path)


def test_a_damaged_zip_is_refused(file):
    data = bytearray(zipped("GB.txt", content=line() * 50))
    data[60:90] = b"\x00" * 30
    with pytest.raises(BadFile, match=r"\.zip file cannot be read"):
        geonames.postcode_rows(file(bytes(data)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"none\.txt: No such file or directory"):
        load(tmp_path / "none.txt")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="directory"):
        load(tmp_path)
