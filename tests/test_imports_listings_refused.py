"""A row of the own listing layout is refused at its field, and a file whole."""

import pytest

from providers.imports import listings
from providers.imports.rows import BadFile
from tests import importing
from tests.importing import LISTING, write
from tests.listing_rows import refusal


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"name": ""}, "name: is blank"),
        ({"city": ""}, "city: is blank"),
        ({"country": ""}, "country: is blank"),
        ({"country": "Atlantis"}, "country: 'Atlantis' is no country"),
        ({"postcode": "denver"}, "postcode: 'denver' is no ZIP code"),
        ({"routes": "smoked"}, "routes: 'smoked' is not known"),
        ({"kap": "sometimes"}, "kap: 'sometimes' is neither yes nor no"),
        ({"modality": "boat"}, "modality: 'boat' is not known"),
        (
            {"routes": "esketamine", "modality": "home_live_video"},
            "modality: esketamine is given only at a clinic or a hospital",
        ),
        (
            {"accepts_insurance": "no", "payment": "medicare"},
            "accepts_insurance: is no, but payment names medicare",
        ),
        ({"payment": "shells"}, "payment: 'shells' is not known"),
        ({"languages": "Klingon"}, "languages: 'Klingon' is not known"),
        ({"age_groups": "elders"}, "age_groups: 'elders' is not known"),
        ({"programs": "sports"}, "programs: 'sports' is not known"),
        ({"telehealth": "partly"}, "telehealth: 'partly' is neither yes nor no"),
        ({"status": "asleep"}, "status: 'asleep' is not known"),
        (
            {"coord_precision": "close", "latitude": "39", "longitude": "-104"},
            "coord_precision: 'close' is not known",
        ),
        ({"latitude": "39"}, "longitude: is blank beside the other half of the point"),
        ({"source": "a b"}, "source: 'a b' is no code (letters, digits, - and _)"),
        (
            {"source": "sample"},
            "source: sample listings are invented and never imported",
        ),
        ({"source_id": "x" * 481}, "source_id: longer than 480 characters"),
        ({"notes": "x" * 2_001}, "notes: longer than 2000 characters"),
        ({"licence": "x" * 121}, "licence: longer than 120 characters"),
        ({"last_verified": ""}, "checked_on: is blank, and no --reported says it"),
        ({"last_verified": "2999"}, "last_verified: '2999' is still to come"),
        (
            {"last_verified": "May"},
            "last_verified: 'May' is no year (2024) and no date (2024-05-31)",
        ),
    ],
)
def test_a_row_is_refused_at_its_field(tmp_path, cells, refused):
    assert refusal(tmp_path, **cells) == refused


@pytest.mark.parametrize("column", ["name", "city", "country"])
def test_a_file_without_a_required_column_is_refused(tmp_path, column):
    cells = {name: value for name, value in LISTING.items() if name != column}
    with pytest.raises(BadFile, match=f"lacks the column {column}"):
        listings.parse(write(tmp_path / "a.csv", cells), None)


def test_headings_are_case_blind_and_unknown_ones_are_told(tmp_path):
    path = importing.listings(tmp_path, {"stars": "5"})
    path.write_text(path.read_text().replace("name", "NAME").replace("city", "City"))
    parsed = listings.parse(path, None)
    assert parsed.unknown == ("stars",)
    assert next(parsed.rows).listing["city"] == "Denver"
