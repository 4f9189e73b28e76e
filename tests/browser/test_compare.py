"""The shortlist, kept in a browser alone, and a comparison on one sheet of paper."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from providers.imports import samples
from providers.models import Provider
from tests import factories as f
from tests import sample_places
from tests.pages import gazetteer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    # pytest-base-url 2.1, of which pytest-playwright is made
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance"),
]


@pytest.fixture
def clinics(page, context, live_server):
    """Five clinics in Denver, the browser on the search for them; what it asks for."""
    gazetteer()
    for name in ("Ash", "Birch", "Cedar", "Elm", "Fir"):
        f.provider(slug=name.lower(), name=name, city="Denver")
    page.set_default_timeout(10_000)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/search/?near=Denver")
    return asked


def choose(page, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=f"Compare {name}", exact=True).click()


def kept(page) -> list[str]:
    script = "JSON.parse(localStorage['kapfinder.shortlist']).map(one => one.slug)"
    return page.evaluate(script)


def test_chosen_clinics_stand_side_by_side_at_an_address_that_names_them(page, clinics):
    choose(page, "Birch", "Ash")
    assert kept(page) == ["birch", "ash"]
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_url("**/compare/?p=birch&p=ash&near=Denver")
    assert page.locator("thead a.name").all_inner_texts() == ["Birch", "Ash"]


def test_choosing_asks_the_server_nothing_and_sets_no_cookie(page, context, clinics):
    before = len(clinics)
    choose(page, "Ash", "Birch", "Ash")
    page.get_by_role("button", name="Forget all").click()
    assert kept(page) == []
    assert len(clinics) == before
    assert context.cookies() == []


def test_a_fifth_is_refused_in_words_and_the_four_stay(page, clinics):
    choose(page, "Ash", "Birch", "Cedar", "Elm", "Fir")
    assert kept(page) == ["ash", "birch", "cedar", "elm"]
    said = page.get_by_role("status").inner_text()
    assert said == "Four is the most. Remove one to add another."


def test_what_was_chosen_is_said_aloud_and_shown_as_pressed(page, clinics):
    choose(page, "Cedar")
    assert page.get_by_role("status").inner_text() == (
        "Cedar is chosen to compare, 1 of 4."
    )
    pressed = page.locator("button[aria-pressed=true]").all_inner_texts()
    assert [" ".join(words.split()) for words in pressed] == ["Compare Cedar"]


def test_the_shortlist_is_there_on_the_next_page_and_goes_by_keyboard(
    page, clinics, live_server
):
    choose(page, "Elm")
    page.goto(f"{live_server.url}/providers/elm/")
    bar = page.get_by_role("complementary", name="Chosen to compare")
    bar.locator("summary").press("Enter")
    bar.get_by_role("button", name="Remove Elm").press("Enter")
    assert kept(page) == []
    assert bar.is_hidden()
    assert page.evaluate("document.activeElement.id") == "main"


def test_removing_a_column_takes_it_off_the_shortlist(page, clinics, live_server):
    choose(page, "Ash", "Fir")
    page.goto(f"{live_server.url}/compare/?p=ash&p=fir")
    page.get_by_role("link", name="Remove Ash").click()
    page.wait_for_url("**/compare/?p=fir")
    assert kept(page) == ["fir"]


def test_without_room_to_keep_anything_the_plain_link_compares(
    browser, clinics, live_server
):
    blocked = browser.new_context()
    blocked.add_init_script("delete Storage.prototype.setItem;")
    page = blocked.new_page()
    page.goto(f"{live_server.url}/providers/elm/")
    assert page.locator("button.choose").count() == 0
    page.get_by_role("link", name="Compare with others").click()
    assert page.locator("thead a.name").all_inner_texts() == ["Elm"]
    blocked.close()


def test_a_comparison_does_not_scroll_sideways_on_a_phone(page, clinics, live_server):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/compare/?p=ash&p=elm&p=fir&p=cedar&near=Denver")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("tbody .whose").first.is_visible()


SHEET = re.compile(rb"/Type\s*/Page[^s]")


def test_four_sample_listings_are_printed_on_one_sheet(page, live_server):
    sample_places.gazetteer()
    call_command("load_courses", stdout=StringIO())
    samples.load(timezone.localdate())
    slugs = list(Provider.objects.order_by("pk").values_list("slug", flat=True))
    for first in (0, 7, 90):
        four = "&".join(f"p={slug}" for slug in slugs[first::31][:4])
        page.goto(f"{live_server.url}/compare/?lat=40&lng=-100&driver=someone&{four}")
        assert page.locator("thead a.name").count() == 4
        printed = page.pdf(prefer_css_page_size=True)
        assert len(SHEET.findall(printed)) == 1
