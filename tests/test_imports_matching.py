"""Which listing a row is about: by address, by key, by name, across sources."""

import pytest
from django.contrib.auth import get_user_model

from providers import actions
from providers.imports.pipeline import load
from providers.models import FormerSlug, Provider
from tests import factories
from tests.importing import imported, listings, only, standing, write

pytestmark = pytest.mark.django_db
KEY = "blue mesa clinic|100 aspen street|80202|us"
OTHER = {"source": "other"}
NEXT_DOOR = {"source": "other", "name": "Dry Creek"}


@pytest.fixture(autouse=True)
def _regions():
    factories.regions()
    factories.source()


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("editor")


def prices(path, *variations):
    line = {
        "slug": "blue-mesa-clinic-denver",
        "route": "iv",
        "kind": "dose_visit",
        "unit": "session",
        "price_min": "450",
        "price_currency": "USD",
        "currency": "USD",
        "method": "phone",
        "checked_on": "2025-05-04",
    }
    return write(path / "prices.csv", *(line | v for v in variations or ({},)))


def lines(report) -> list[str]:
    return [str(reject) for reject in report.rejected]


# --- By address -----------------------------------------------------------------------


def test_a_row_with_an_address_is_about_that_listing_whatever_it_says(tmp_path):
    imported(listings(tmp_path))
    row = {"slug": "blue-mesa-clinic-denver", "source": "other", "name": "Mesa"}
    report = imported(listings(tmp_path, row | {"last_verified": "2025"}))
    assert [changed.slug for changed in report.changed] == ["blue-mesa-clinic-denver"]
    assert only()["name"] == "Mesa"
    # Its address names it, so no other key is needed.
    assert only()["sources"] == {"harbor_list": [KEY]}


def test_a_row_with_an_address_and_a_key_leaves_the_key(tmp_path):
    imported(listings(tmp_path))
    row = {"slug": "blue-mesa-clinic-denver", "source": "other", "source_id": "7"}
    imported(listings(tmp_path, row))
    assert only()["sources"] == {"harbor_list": [KEY], "other": ["7"]}


def test_a_former_address_leads_to_the_listing(tmp_path):
    imported(listings(tmp_path))
    FormerSlug.objects.create(slug="mesa", provider=Provider.objects.get())
    report = imported(listings(tmp_path, {"slug": "mesa", "website": "a.example.org"}))
    assert len(report.changed) == 1
    assert only()["slug"] == "blue-mesa-clinic-denver"


def test_a_price_row_of_an_unknown_address_is_rejected(tmp_path):
    factories.provider(slug="sample", is_sample=True)
    rows = {"slug": "gone"}, {"slug": "sample"}
    report = imported(prices(tmp_path, *rows), "prices")
    assert lines(report) == [
        "line 2 rejected: slug: no listing has this address: gone",
        "line 3 rejected: slug: no listing has this address: sample",
    ]


def test_a_whole_row_of_an_address_that_is_gone_is_that_listing_again(tmp_path):
    report = imported(listings(tmp_path, {"slug": "blue-mesa"}))
    assert [new.slug for new in report.new] == ["blue-mesa"]
    assert not only()["published"]
    assert len(imported(listings(tmp_path, {"slug": "blue-mesa"})).changed) == 0


def test_a_second_row_of_one_address_repeats_the_first(tmp_path):
    imported(listings(tmp_path))
    row = {"slug": "blue-mesa-clinic-denver"}
    report = imported(listings(tmp_path, row, {}, row))
    assert sorted(report.repeated) == [(3, 2), (4, 2)]


def test_a_new_listing_takes_no_former_address(tmp_path):
    other = factories.provider()
    FormerSlug.objects.create(slug="blue-mesa-clinic-denver", provider=other)
    imported(listings(tmp_path))
    assert "blue-mesa-clinic-denver-2" in standing()


# --- Rows of parts --------------------------------------------------------------------


def test_price_rows_of_one_listing_are_one_change(tmp_path):
    imported(listings(tmp_path))
    provider = Provider.objects.get()
    drug = {"kind": "drug", "price_min": "90"}
    report = imported(prices(tmp_path, {}, drug), "prices", "2025")
    assert report.summary == "0 new, 1 changed, 0 unchanged, 0 repeated, 0 rejected"
    assert provider.changes.count() == 2
    (offering,) = only()["offerings"].values()
    assert len(offering["prices"]) == 2
    again = imported(prices(tmp_path, {}, drug), "prices", "2025")
    assert again.unchanged == 1
    assert provider.changes.count() == 2


def test_a_price_that_two_rows_state_is_the_first_ones(tmp_path):
    imported(listings(tmp_path))
    report = imported(prices(tmp_path, {}, {"price_min": "600"}), "prices", "2025")
    assert report.repeated == [(3, 2)]
    (offering,) = only()["offerings"].values()
    assert {p["amount_min_cents"] for p in offering["prices"].values()} == {45_000}


def test_a_price_row_is_matched_by_plain_name_and_postcode(tmp_path):
    imported(listings(tmp_path))
    named = {"slug": "", "name": "BLUE  mesa Clínic", "postcode": "80202"}
    report = imported(prices(tmp_path, named), "prices", "2025")
    assert len(report.changed) == 1


def test_a_price_row_of_no_listing_or_of_several_is_rejected(tmp_path):
    rows = {"source_id": "1"}, {"source_id": "2"}
    imported(listings(tmp_path, *rows))
    named = {"slug": "", "name": "Blue Mesa Clinic", "postcode": "80202"}
    other = named | {"postcode": "80203"}
    report = imported(prices(tmp_path, named, other), "prices", "2025")
    assert lines(report) == [
        "line 2 rejected: name: 2 listings have it there: "
        "blue-mesa-clinic-denver, blue-mesa-clinic-denver-2",
        "line 3 rejected: name: no listing has this name and postcode: "
        "Blue Mesa Clinic, 80203",
    ]


# --- Across sources -------------------------------------------------------------------


def test_a_listing_that_an_editor_made_gets_its_source(tmp_path):
    names = {"name": "Blue Mesa Clinic", "city": "Denver", "postcode": "80202"}
    factories.provider(**names, street="100 Aspen Street")
    assert imported(listings(tmp_path)).new == []
    assert only()["sources"] == {"harbor_list": [KEY]}


@pytest.mark.parametrize("blank", ["street", "postcode"])
def test_without_a_full_place_another_sources_listing_is_another(tmp_path, blank):
    imported(listings(tmp_path, {blank: ""}))
    assert len(imported(listings(tmp_path, OTHER | {blank: ""})).new) == 1


def test_two_sources_in_one_file_make_one_listing_of_one_clinic(tmp_path):
    both = listings(tmp_path, {"phone": "303-555-0142"}, OTHER | {"kap": "yes"})
    report = imported(both)
    assert len(report.new) == 1
    assert set(only()["sources"]) == {"harbor_list", "other"}
    assert only()["phone"] == "+13035550142"
    assert "full_kap" in next(iter(only()["offerings"]))
    assert imported(both).summary.startswith("0 new, 0 changed, 1 unchanged")


def test_an_invented_listing_takes_no_sources_row(tmp_path):
    names = {"name": "Blue Mesa Clinic", "city": "Denver", "postcode": "80202"}
    factories.provider(**names, street="100 Aspen Street", is_sample=True)
    assert len(imported(listings(tmp_path)).new) == 1
    assert not only()["is_sample"]


# --- Possible duplicates --------------------------------------------------------------


def test_another_sources_name_at_one_place_lands_as_a_draft_and_is_named(tmp_path):
    imported(listings(tmp_path))
    for new in (1, 0):
        report = imported(listings(tmp_path, NEXT_DOOR))
        assert len(report.new) == new
        assert [str(duplicate) for duplicate in report.duplicates] == [
            "line 2 possible duplicate: dry-creek-denver stands where "
            "blue-mesa-clinic-denver (Blue Mesa Clinic) does; left as a draft"
        ]
        assert report.published == 0
        assert report.conflicts == []
        assert not standing()["dry-creek-denver"]["published"]


def test_two_names_of_one_source_at_one_place_are_two_programmes(tmp_path):
    report = imported(listings(tmp_path, {}, {"name": "Dry Creek"}))
    assert (report.published, report.duplicates) == (2, [])


def test_two_sources_at_one_place_in_one_file_are_possible_duplicates(tmp_path):
    report = imported(listings(tmp_path, {}, NEXT_DOOR))
    assert report.published == 1
    (found,) = report.duplicates
    assert (found.slug, found.other_name) == ("dry-creek-denver", "Blue Mesa Clinic")
    # Only once both stand do both have an address.
    assert found.other_slug == "line 2"
    before = standing()
    imported(listings(tmp_path, {}, NEXT_DOOR))
    assert standing() == before


def test_what_somebody_told_apart_is_published(tmp_path, editor):
    imported(listings(tmp_path))
    imported(listings(tmp_path, NEXT_DOOR))
    one, other = Provider.objects.order_by("pk")
    actions.keep_apart(one=one, other=other, by=editor)
    report = imported(listings(tmp_path, NEXT_DOOR))
    assert (report.published, report.duplicates) == (1, [])


def test_a_draft_that_an_editor_published_stays_public(tmp_path, editor):
    imported(listings(tmp_path))
    imported(listings(tmp_path, NEXT_DOOR))
    draft = Provider.objects.get(slug="dry-creek-denver")
    actions.set_published(providers=[draft], published=True, by=editor)
    report = imported(listings(tmp_path, NEXT_DOOR))
    assert (report.unchanged, report.duplicates) == (1, [])
    assert standing()["dry-creek-denver"]["published"]


# --- Regions --------------------------------------------------------------------------


def test_a_regional_editors_file_changes_nothing_outside_their_regions(tmp_path):
    utah = {"name": "Dry Creek", "region": "UT", "postcode": "84101"}
    imported(listings(tmp_path, {}, utah))
    before = standing()
    later = {"last_verified": "2025"}
    file = listings(
        tmp_path,
        later,
        later | utah,
        later | {"slug": "dry-creek-denver"},
        later | {"slug": "blue-mesa-clinic-denver", "region": "UT"},
        {"name": "Third", "region": "UT"},
    )
    for _ in range(2):
        report = load("listings", file, within=frozenset({"US-CO"}))
        assert lines(report) == [
            f"line {line} rejected: region: is not one of your regions"
            for line in (3, 4, 5, 6)
        ]
    assert standing()["dry-creek-denver"] == before["dry-creek-denver"]
    assert set(standing()) == set(before)
    assert load("listings", file, within=frozenset({"US"})).rejected == []


def test_an_editor_without_a_region_changes_nothing(tmp_path):
    imported(listings(tmp_path))
    report = load("prices", prices(tmp_path), within=frozenset())
    assert lines(report) == ["line 2 rejected: region: is not one of your regions"]
