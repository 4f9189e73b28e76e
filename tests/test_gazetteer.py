"""How a load changes the tables: it adds and corrects, and never deletes a place."""

import pytest
from django.db import IntegrityError, transaction

from providers.imports.gazetteer import PlaceRow, load_places, load_regions
from providers.models import Place, PlaceName, Region, RegionKind
from providers.place_names import name_key
from tests.gazetteers import load_small, postcode, town

ERIE = town("Erie", "US-PA", 42.1292, -80.0851, 94_831, "gem city")


@pytest.fixture
def small(db):
    load_small()


def names_of(name: str) -> set[str]:
    return set(
        PlaceName.objects.filter(place__name=name).values_list("plain", flat=True)
    )


def test_a_new_row_is_added_with_its_names(small):
    loaded = load_places([ERIE])
    assert str(loaded) == "1 new, 0 changed, 0 as before"
    place = Place.objects.get(name="Erie")
    assert (place.region_id, place.country, place.population) == ("US-PA", "US", 94_831)
    assert names_of("Erie") == {"erie", "gem city"}


def test_a_corrected_row_is_changed_in_its_place(small):
    load_places([ERIE])
    before = Place.objects.get(name="Erie").pk
    loaded = load_places([ERIE._replace(population=95_000, names=("flagship city",))])
    assert str(loaded) == "0 new, 1 changed, 0 as before"
    place = Place.objects.get(name="Erie")
    assert (place.pk, place.population) == (before, 95_000)
    assert names_of("Erie") == {"erie", "flagship city"}


def test_a_row_with_another_name_only_counts_as_changed(small):
    load_places([ERIE])
    loaded = load_places([ERIE._replace(names=())])
    assert (loaded.new, loaded.changed, loaded.unchanged) == (0, 1, 0)
    assert names_of("Erie") == {"erie"}


def test_a_postcode_is_known_by_its_code_alone(small):
    load_places([postcode("16501", "Erie", "US-PA", 42.12, -80.08)])
    assert names_of("Erie") == {"16501"}


def test_rows_that_the_file_does_not_hold_stay(small):
    before = Place.objects.count(), PlaceName.objects.count()
    load_places([])
    assert (Place.objects.count(), PlaceName.objects.count()) == before


def test_a_load_that_fails_changes_nothing(small):
    before = Place.objects.count()
    off_the_globe = ERIE._replace(name="Nowhere", latitude=95.0)
    with pytest.raises(IntegrityError), transaction.atomic():
        load_places([ERIE, off_the_globe])
    assert Place.objects.count() == before


REGIONS = """code,kind,parent,name_en,name_es,also
001,world,,World,Mundo,
US,country,001,United States,Estados Unidos,USA
US-CO,subdivision,US,{name},,Colo
"""


def test_regions_are_corrected_and_never_deleted(db, tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(REGIONS.format(name="Colorada"), encoding="utf-8")
    assert str(load_regions(path)) == "3 new, 0 changed, 0 as before"
    Region.objects.create(
        code="US-UT", kind=RegionKind.SUBDIVISION, name_en="Utah", parent_id="US"
    )
    path.write_text(REGIONS.format(name="Colorado"), encoding="utf-8")
    assert str(load_regions(path)) == "0 new, 1 changed, 2 as before"
    assert Region.objects.get(pk="US-CO").name_en == "Colorado"
    assert Region.objects.filter(pk="US-UT").exists()


def test_a_rows_key_outlives_corrections():
    row = PlaceRow("town", "Erie", "", "US", "US-PA", 42.1, -80.1, 94_831)
    assert row.key == row._replace(latitude=42.2, population=1, names=("e",)).key
    assert row.key != row._replace(region="US-CO").key
    assert row.plain_names == {name_key("Erie")}
