"""Up to four listings side by side: who, what they say, and what nobody says."""

import re

import pytest

from providers.models import FormerSlug, Provider
from tests import factories as f
from tests.pages import Page, query_of, visit

pytestmark = [pytest.mark.usefixtures("clinics"), pytest.mark.any_database]


@pytest.fixture(scope="module")
def clinics(gazetteer):
    """One that says much, one that says little, one at home, and three more."""
    stated = [f.fact(c) for c in ("step_free_entry", "acls_staff", "medicare")]
    stated += [f.fact("wait_days", number=12), f.fact("accepting"), f.fact("pmhnp")]
    infusion = f.price(50_000, 60_000, count_min=6, count_max=6)
    f.provider(
        slug="much",
        name="Much",
        city="Denver",
        phone="+13035550123",
        offerings=f.offering(prices=infusion)
        | f.offering("im_injection", therapy="none", prices=f.price(40_000)),
        facts=f.facts(*stated),
    )
    f.provider(slug="little", name="Little", at=f.BOULDER, offerings={})
    f.provider(
        slug="home",
        name="Home",
        offerings=f.offering(
            "sublingual", "home_unwatched", "none", prices=f.price(12_000)
        ),
        facts=f.facts(f.fact("step_free_entry", "no"), f.fact("quiet_room")),
    )
    f.provider(slug="closed", name="Closed", status="closed")
    f.provider(slug="hidden", name="Hidden", published=False)
    f.provider(slug="fifth", name="Fifth", at=f.SALT_LAKE_CITY)


def compare(*slugs: str, **asked) -> Page:
    return visit("/compare/", p=slugs, **asked)


def names(page: Page) -> list[str]:
    head = page.html.split("<thead ")[1].split("</thead>")[0]
    return re.findall(r'class="name" href="[^"]+">([^<]+)<', head)


def row(page: Page, label: str) -> list[str]:
    """The words of a row: of its head, then of each cell."""
    rows = page.html.split("<tr")
    found = next(
        r
        for r in rows
        if re.match(rf'[^>]*><th scope="row"[^>]*>{re.escape(label)}[ <]', r)
    )
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.S)
    bare = (re.sub(r'<span class="whose">.*?</span>', "", cell) for cell in cells)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in bare]


# --- Who is compared ------------------------------------------------------------------


def test_listings_stand_in_the_order_of_the_address_each_once():
    assert names(compare("little", "much", "little")) == ["Little", "Much"]


def test_a_fifth_is_refused_in_words_and_the_first_four_are_kept():
    page = compare("much", "little", "home", "closed", "fifth")
    assert names(page) == ["Much", "Little", "Home", "Closed"]
    assert "We compare up to four. Left out: Fifth." in page.words
    assert "Four is the most. Remove one to add another." in page.words


@pytest.mark.parametrize("slug", ["nobody", "hidden", "<b>", "a\x00b", "x" * 500])
def test_an_address_without_a_page_is_said_and_the_rest_is_kept(slug):
    page = compare("much", slug)
    assert names(page) == ["Much"]
    assert "We have no page of that address" in page.words
    assert "<b>" not in page.html


def test_a_closed_clinic_stays_and_says_so():
    page = compare("closed", "much")
    assert names(page) == ["Closed", "Much"]
    assert "This clinic has closed." in page.words


def test_a_former_address_leads_to_the_listing_that_has_it_now():
    FormerSlug.objects.create(slug="old", provider=Provider.objects.get(slug="much"))
    assert names(compare("old", "little", "much")) == ["Much", "Little"]


def test_an_empty_comparison_tells_how_to_fill_it():
    page = compare()
    assert "<table" not in page.html
    assert "Nothing is chosen yet." in page.words
    assert page.link("Search by place") == "/search/"
    assert page.control("q")


def test_each_column_has_a_link_that_removes_it_and_keeps_the_way():
    page = compare("much", "little", near="80202", driver="someone")
    there = query_of(page.link("Remove Much"))
    assert there == {"p": ["little"], "near": ["80202"], "driver": ["someone"]}


def test_another_is_added_by_name_without_a_script():
    page = compare("much", q="fif", near="80202")
    assert page.control("q")["value"] == "fif"
    assert query_of(page.link("Add Fifth")) == {
        "p": ["much", "fifth"],
        "near": ["80202"],
    }


def test_only_what_a_search_would_show_can_be_added():
    for name in ("hidden", "closed", "no such name"):
        assert "No clinic that we list has these words" in compare("much", q=name).words


def test_the_other_language_is_the_same_comparison():
    there = compare("much", "home", near="80202").link("Español")
    assert there.startswith("/es/compare/?")
    assert query_of(there) == {"p": ["much", "home"], "near": ["80202"]}


# --- What they say --------------------------------------------------------------------


def test_each_offering_is_a_line_with_its_route():
    page = compare("much", "home")
    _label, much, home = row(page, "One session")
    assert much.startswith("IV drip: $500–$600 Estimate from prices posted on")
    assert "Shot in a muscle (IM): $400 Estimate" in much
    assert home.startswith("$120 Estimate")


def test_offerings_of_one_route_are_told_apart_each_with_it():
    pain = f.offering(variant="pain", prices=f.price(82_000))
    f.provider(slug="pain", offerings=f.offering(prices=f.price(49_000)) | pain)
    words = row(compare("pain"), "One session")[1]
    assert "IV drip: $490 Estimate" in words
    assert "IV drip · pain: $820 Estimate" in words


def test_unknown_is_to_ask_and_never_no():
    page = compare("much", "little")
    assert row(page, "Step-free way in")[2] == "Not stated, ask"
    assert row(page, "Therapy")[2] == "Not stated, ask"
    assert row(page, "One session")[2] == "Not stated, ask"


def test_rows_that_differ_are_marked_by_word_and_sign():
    page = compare("much", "home")
    assert row(page, "Step-free way in")[0] == "Step-free way in ≠ differs"
    assert row(page, "Alone or with others")[0] == "Alone or with others = same"


def test_one_alone_has_no_marks():
    assert "≠" not in compare("much").words


def test_what_one_of_three_says_alone_stands_with_its_like():
    page = compare("much", "little", "home")
    _label, *cells = row(page, "Said by this one alone, ask the others")[:4]
    assert cells == ["Not stated, ask", "Not stated, ask", "Quiet room"]
    assert row(page, "Step-free way in")[1:] == ["Yes", "Not stated, ask", "No"]


def test_care_at_home_and_compounded_medicine_carry_their_notice():
    _label, _much, home = row(compare("much", "home"), "How ketamine is given")
    assert "Not approved by the FDA in any form." in home
    assert "at home with no one monitoring you" in home


def test_every_amount_has_its_date_method_and_source_beside_it():
    page = compare("much", "home", near="80202", driver="someone")
    shown = 0
    for line in re.findall(r'<span class="said[^"]*">(.*?)\n', page.html):
        if re.search(r"\$\d", line):
            shown += 1
            assert re.search(r"posted (on|in) .*20\d\d · Phone call · The clinic", line)
    assert shown >= 6


def test_wait_payment_help_clinicians_and_freshness_have_their_rows():
    page = compare("much", "little")
    wait = row(page, "New patients and wait")[1]
    assert "Taking new patients" in wait
    assert "12 days" in wait
    assert "Ask your plan before you book." in row(page, "Paying")[1]
    assert row(page, "Clinicians")[1] == "Psychiatric nurse practitioner"
    assert row(page, "Last confirmed")[1].startswith("Last checked on")


def test_facts_checked_alike_are_dated_once_and_others_beside_them():
    old = f.fact("quiet_room", days=30)
    f.provider(
        slug="two-dates",
        facts=f.facts(f.fact("step_free_entry"), f.fact("near_transit"), old),
    )
    page = compare("two-dates")
    assert row(page, "Step-free way in")[1] == "Yes"
    assert re.search(r"Yes Checked on .*20\d\d", row(page, "Quiet room")[1])


# --- The way there --------------------------------------------------------------------


def test_travel_and_distance_wait_for_a_place():
    assert "Course with travel" not in compare("much", "fifth").words
    page = compare("much", "fifth", near="80202", driver="nobody", fare="50")
    _label, much, _fifth = row(page, "Course with travel")
    assert "IV drip: $3,300–$3,900 Estimate" in much  # six sessions and six fares
    assert "miles away" in row(page, "Distance")[2]


def test_a_wrong_place_is_said_at_its_field_and_the_comparison_stays():
    page = compare("much", "little", near="nowhere at all", fare="x")
    assert names(page) == ["Much", "Little"]
    typed = {c["id"]: c for c in page.controls if "aria-invalid" in c}
    assert typed["id_near"]["value"] == "nowhere at all"
    assert typed["id_fare"]["value"] == "x"
    assert "Course with travel" not in page.words


def test_the_forms_keep_who_is_compared():
    hidden = [
        c["value"] for c in compare("much", "home").controls if c.get("name") == "p"
    ]
    assert hidden == ["much", "home"] * 2


def test_four_are_read_in_a_bounded_number_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        compare("much", "little", "home", "fifth", near="80202", q="clinic")
