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


def test_chosen_clinics_stand_side_by_side_and_a_column_leaves_the_shortlist(
    page, clinics
):
    choose(page, "Birch", "Ash")
    assert kept(page) == ["birch", "ash"]
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_url("**/compare/?p=birch&p=ash&near=Denver")
    assert page.locator("thead a.name").all_inner_texts() == ["Birch", "Ash"]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("tbody .whose").first.is_visible()
    page.get_by_role("link", name="Remove Ash").click()
    page.wait_for_url("**/compare/?p=birch&near=Denver")
    assert kept(page) == ["birch"]


def test_choosing_is_said_aloud_refuses_a_fifth_and_tells_the_server_nothing(
    page, context, clinics
):
    before, said = len(clinics), page.get_by_role("status")
    choose(page, "Cedar")
    assert said.inner_text() == "Cedar is chosen to compare, 1 of 4."
    pressed = page.locator("button[aria-pressed=true]").all_inner_texts()
    assert [" ".join(words.split()) for words in pressed] == ["Compare Cedar"]
    choose(page, "Ash", "Birch", "Elm", "Fir")
    assert kept(page) == ["cedar", "ash", "birch", "elm"]
    assert said.inner_text() == "Four is the most. Remove one to add another."
    page.get_by_role("button", name="Forget all").click()
    assert kept(page) == []
    assert [url for url in clinics[before:] if not url.endswith(".svg")] == []
    assert context.cookies() == []


def test_the_shortlist_goes_by_keyboard_and_without_room_the_link_compares(
    page, browser, clinics, live_server
):
    choose(page, "Elm")
    page.goto(f"{live_server.url}/providers/elm/")
    bar = page.get_by_role("complementary", name="Chosen to compare")
    bar.locator("summary").press("Enter")
    bar.get_by_role("button", name="Remove Elm").press("Enter")
    assert kept(page) == []
    assert bar.is_hidden()
    assert page.evaluate("document.activeElement.id") == "main"
    blocked = browser.new_context()
    blocked.add_init_script("delete Storage.prototype.setItem;")
    page = blocked.new_page()
    page.goto(f"{live_server.url}/providers/elm/")
    assert page.locator("button.choose").count() == 0
    page.get_by_role("link", name="Compare with others").click()
    assert page.locator("thead a.name").all_inner_texts() == ["Elm"]
    blocked.close()


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
