"""A point belongs to its address, and the finest that is stated stands."""

from providers.imports.merge import Conflict
from tests.importing import row
from tests.merging import (
    ADDRESS,
    POSTAL,
    TOWN,
    checked,
    merged,
    standing,
)


def point_after(before, offered, *touched, **stated):
    return merged(standing(point=before), row(point=offered, **stated), *touched)


def test_a_finer_point_replaces_a_coarser_one_even_when_older():
    for stated in ({}, checked("2022-01-01")):
        assert point_after(POSTAL, ADDRESS, **stated)[0]["point"] == ADDRESS
        assert point_after(None, TOWN, **stated)[0]["point"] == TOWN


def test_a_coarser_point_never_replaces_a_finer_one():
    newer = checked("2025-01-01")
    assert point_after(ADDRESS, POSTAL, **newer) == (
        standing(point=ADDRESS, **newer),
        [],
    )
    assert point_after(POSTAL, TOWN, **newer)[0]["point"] == POSTAL


def test_of_two_points_alike_the_newer_one_stands():
    other = POSTAL | {"latitude": 39.75}
    assert point_after(POSTAL, other)[0]["point"] == other
    assert point_after(POSTAL, other, **checked("2022-01-01"))[0]["point"] == POSTAL


def test_a_point_that_a_person_set_stays():
    listing, conflicts = point_after(POSTAL, ADDRESS, "point")
    assert listing["point"] == POSTAL
    assert conflicts == [Conflict("point", POSTAL, ADDRESS)]
    assert point_after(ADDRESS, POSTAL, "point")[1] == []


def test_a_point_belongs_to_its_address():
    moved = row(street="7 Willow Way", point=TOWN, **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), moved)[0]["point"] == TOWN
    nowhere = row(street="7 Willow Way", **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), nowhere)[0]["point"] is None
    # The address that stands is another, so its point does not come along.
    older = row(street="7 Willow Way", point=ADDRESS, **checked("2022-01-01"))
    assert merged(standing(point=POSTAL), older)[0]["point"] == POSTAL


def test_an_address_typed_otherwise_is_the_same_address():
    stated = row(street="100  ASPEN street.", point=TOWN, **checked("2025-01-01"))
    assert merged(standing(point=ADDRESS), stated)[0]["point"] == ADDRESS
