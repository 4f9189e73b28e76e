"""What holds for every public page: help first, nothing asked of others, no traces."""

import re
from functools import cache

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from providers import crisis
from providers.models import CrisisLine, Provider
from tests import factories as f
from tests import pages
from tests.pages import Page, visit

pytestmark = pytest.mark.any_database

PATHS = [
    "/",
    "/search/",
    "/search/?near=80202&within=50&route=iv&need=step_free_entry&max_price=500",
    "/search/?near=80202&within=1&route=rectal",
    "/search/?near=nowhere&within=far&route=x&page=0",
    "/search/?near=Portland",
    "/providers/the-clinic/",
    "/budget/",
    "/budget/?amount=4000&near=80202&driver=someone",
    "/budget/?amount=1&per=month&near=80202",
    "/budget/?amount=much&near=Portland&fare=x",
    "/compare/",
    "/compare/?p=the-clinic&p=second&p=third&near=80202&driver=nobody&fare=40",
    "/compare/?p=the-clinic&p=nobody&q=clinic&near=nowhere",
    "/regions/",
    "/regions/US/",
    "/regions/US-CO/?page=1",
    "/providers/the-clinic/report/",
    "/providers/the-clinic/report/thanks/",
    "/about/",
    "/about/freshness/",
    "/privacy/",
    "/crisis/",
]
MISSING = ["/nothing-here/", "/providers/none/", "/regions/XX/", "/regions/US/?page=9"]


@pytest.fixture(scope="module")
def listings(gazetteer):
    """One listing that says much, and others around it, one of them a sample."""
    stated = ("medicare", "sliding_scale", "lift", "driver_must_stay", "mdd_si", "gad")
    stated += ("es", "acls_staff", "bp_check", "psychiatrist", "adults", "accepting")
    f.provider(
        slug="the-clinic",
        name="The Clinic",
        city="Denver",
        street="1 Main Street",
        phone="+13035550123",
        website="https://clinic.example.org/",
        email="desk@example.org",
        offerings=f.offering(prices=f.price(0, 50_000) | f.price(None, kind="prep"))
        | f.offering("oral", "home_unwatched", "none", serves=("US-CO",))
        | f.offering("nasal_esketamine", therapy="not_stated"),
        facts=f.facts(*(f.fact(code) for code in stated)),
    )
    for number in range(12):
        f.provider(name=f"Clinic {number}", city="Denver", is_sample=number == 0)
    f.provider(slug="second", offerings=whole_course())
    f.provider(slug="third", offerings=f.offering(prices=f.price(days=200)))


def whole_course() -> dict:
    """An offering whose course is known: six dosing visits, as the clinic says."""
    return f.offering(prices=f.price(50_000, count_min=6, count_max=6))


@pytest.fixture(scope="module")
def get(listings):
    """Ask for a page, each address once: these tests only read."""
    return cache(Client().get)


@pytest.fixture(scope="module")
def page(get):
    return cache(lambda path: Page(get(path).content.decode()))


def every_path() -> list[str]:
    return [*PATHS, *MISSING, *(f"/es{path}" for path in [*PATHS, *MISSING])]


def test_every_public_address_is_tried_here():
    patterns = get_resolver("providers.urls").url_patterns
    tried = [path.partition("?")[0] for path in PATHS]
    for pattern in patterns:
        if pattern.name != "robots":
            assert any(pattern.pattern.regex.search(path[1:]) for path in tried)


@pytest.mark.parametrize("path", every_path())
def test_crisis_help_is_the_first_thing_after_the_skip_link(path, page):
    found = page(path)
    body = found.tags[[tag for tag, _a in found.tags].index("body") + 1 :]
    (first, skip), (second, aside) = body[:2]
    assert (first, skip["href"]) == ("a", "#main")
    assert (second, aside["class"]) == ("aside", "crisis")
    addresses = [address for _words, address in found.links]
    assert addresses[:4] == ["#main", "tel:988", "sms:988", "tel:911"]
    assert addresses[4].endswith("/crisis/")


@pytest.mark.parametrize("path", every_path())
def test_the_standard_notice_stands_on_every_page(path, page):
    words = page(path).words
    if path.startswith("/es/"):
        assert "kapfinder es un directorio." in words
    else:
        assert (
            "kapfinder is a directory. It does not give medical advice and does not "
            "check whether treatment is right for you. Clinics cannot pay for rank. "
            "Prices and services change. Ask the clinic, and ask your own doctor."
        ) in words


FORBIDDEN = re.compile(
    r"""\b(un)?safe\b|\bproven\b|\$0\b(?!\.\d)|you\ qualify|good\ candidate
    |non-addictive|\bcures?\b|rewires?|\breset\b|\bcovered\b|\baddicts?\b
    |committed\ suicide|schizophrenic|guaranteed?""",
    re.IGNORECASE | re.VERBOSE,
)


@pytest.mark.parametrize("path", [*PATHS, *MISSING])
def test_no_page_promises_judges_or_hurts(path, page):
    assert FORBIDDEN.findall(page(path).words) == []


@pytest.mark.parametrize("path", [*PATHS, *MISSING])
def test_only_esketamine_is_called_fda_approved(path, page):
    for before, after in re.findall(
        r"(.{90})FDA approved(.{40})", page(path).words, re.IGNORECASE
    ):
        esketamine = "esketamine nasal spray is" in before
        product = "two kinds of depression" in after
        assert esketamine or product or "Not approved" in before


@pytest.mark.parametrize("path", every_path())
def test_no_page_asks_another_host_for_anything(path, page):
    found = page(path)
    for tag, attributes in found.tags:
        address = attributes.get("src") or attributes.get("href") or ""
        if tag == "a":
            continue
        assert not re.match(r"(\w+:)?//|data:", address), (tag, address)
        assert "srcset" not in attributes


OUTSIDE = {
    "/providers/the-clinic/": {"clinic.example.org", "www.openstreetmap.org"},
    "/crisis/": {
        line.website.split("/")[2] for line in crisis.packaged() if line.website
    },
}


@pytest.mark.parametrize("path", every_path())
def test_links_to_other_sites_are_the_clinics_directions_and_crisis_lines(path, page):
    hosts = {
        address.split("/")[2]
        for _words, address in page(path).links
        if address.startswith(("http:", "https:", "//"))
    }
    assert hosts <= OUTSIDE.get(path.removeprefix("/es"), set())


@pytest.mark.parametrize("path", every_path())
def test_no_page_has_script_or_style_in_it(path, page):
    found = page(path)
    for tag, attributes in found.tags:
        assert tag != "style"
        assert tag != "script" or attributes.get("src", "").endswith(
            ("app.js", "shortlist.js")
        )
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize("path", every_path())
def test_every_page_is_private_where_somebody_asked_something(path, page, get):
    response = get(path)
    asked = "?" in path or path.endswith("/search/")
    assert ("private, no-cache" in response.get("Cache-Control", "")) == asked
    assert ("noindex" in response.get("X-Robots-Tag", "")) == asked
    if asked:
        marked = page(path).has("meta", name="robots", content="noindex")
        assert marked


@pytest.mark.parametrize("path", [*every_path(), "/robots.txt"])
def test_no_public_page_sets_a_cookie(path, get):
    response = get(path)
    assert not response.cookies
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", every_path())
def test_every_page_names_its_language_and_links_to_the_other(path, page, get):
    found = page(path)
    spanish = path.startswith("/es/")
    language, other, name = (
        ("es", "en", "English") if spanish else ("en", "es", "Español")
    )
    assert found.has("html", lang=language)
    address = found.link(name)
    assert found.has("a", lang=other, hreflang=other)
    assert address.startswith("/es/") != spanish
    translated = Page(get(address).content.decode())
    assert translated.has("html", lang=other)


@pytest.mark.parametrize("path", PATHS)
def test_the_other_language_is_the_same_page_with_the_same_question(path, page):
    there = page(path).link("Español")
    bare, _mark, _query = path.partition("?")
    assert there.partition("?")[0] == f"/es{bare}"
    if "/search/" in path:
        expected = {k: v for k, v in pages.query_of(path).items() if k != "page"}
        assert pages.query_of(there) == expected


@pytest.mark.parametrize("path", every_path())
def test_every_page_has_one_main_heading_and_a_quiet_title(path, page):
    found = page(path)
    assert [tag for tag, _a in found.tags].count("h1") == 1
    [title] = found.in_tag("title")
    assert "kapfinder" in title
    assert not re.search("ketamin|depress|80202|psycho", title, re.IGNORECASE)


@pytest.mark.parametrize("path", every_path())
def test_headings_never_skip_a_level(path, page):
    levels = [int(t[1]) for t, _a in page(path).tags if re.fullmatch(r"h[1-6]", t)]
    before = 0
    for level in levels:
        assert level <= before + 1
        before = level


@pytest.mark.parametrize("path", PATHS)
def test_every_control_has_a_label(path, page):
    found = page(path)
    labelled = {a.get("for") for tag, a in found.tags if tag == "label"}
    for control in found.controls:
        assert control["type" if control["tag"] == "input" else "tag"] == "hidden" or (
            control["id"] in labelled
        )


@pytest.mark.parametrize("path", PATHS)
def test_links_within_the_site_lead_somewhere(path, page, get):
    for _words, address in set(page(path).links):
        if address.startswith("/"):
            assert get(address).status_code == 200, address


READ_ONLY = [path for path in PATHS if not path.endswith("/report/")]


@pytest.mark.parametrize("path", [*READ_ONLY, "/robots.txt"])
def test_pages_are_read_and_never_written_to(path, listings):
    assert Client().post(path).status_code == 405
    assert Client().head(path).status_code == 200


def test_pages_stand_while_the_crisis_table_is_gone(monkeypatch, listings):
    def away(*_args):
        raise OperationalError

    monkeypatch.setattr(CrisisLine.objects, "for_country", away)
    assert "tel:988" in [address for _words, address in visit("/about/").links]


# The pages that explain


def test_about_names_the_operator_and_that_nobody_pays(settings, listings):
    settings.OPERATOR_NAME = "Example Trust"
    settings.OPERATOR_EMAIL = "desk@example.org"
    found = visit("/about/")
    assert "This copy of kapfinder is run by Example Trust." in found.words
    assert found.link("desk@example.org") == "mailto:desk@example.org"
    assert "No clinic can pay to be listed" in found.words


def test_about_says_so_where_the_operator_has_no_name(listings):
    assert "has not given a name" in visit("/about/").words


def test_about_names_whose_places_these_are(listings):
    assert "GeoNames (geonames.org, CC BY 4.0)" in visit("/about/").words


def test_privacy_says_what_is_kept_here_and_elsewhere(listings):
    words = visit("/privacy/").words
    assert "Public pages set no cookie." in words
    assert "Your browser keeps the addresses of pages in its history" in words


def test_crisis_lines_stand_by_country_the_operators_first(listings):
    found = visit("/crisis/")
    headings = found.in_tag("h2")
    assert headings[:3] == ["United States", "Australia", "Canada"]
    assert headings[-2:] == ["European Union", "World"]
    united = headings.index("United Kingdom")
    assert headings[united + 1 : united + 3] == ["England", "Northern Ireland"]
    assert "When you call 988, press 1." in found.words
    assert "Veterans" in found.in_tag("span")


def test_the_operators_country_comes_first_on_the_crisis_page(settings, listings):
    settings.DEFAULT_COUNTRY = "GB"
    found = visit("/crisis/")
    assert found.in_tag("h2")[0] == "United Kingdom"
    assert [address for _words, address in found.links][1] == "tel:116123"


def test_an_overdue_crisis_line_says_so(scratch):
    known = {"source_title": "x", "checked_on": f.days_ago(200), "call": "123"}
    CrisisLine.objects.create(
        region_id="US", name_en="Old line", review_by=f.days_ago(100), **known
    )
    assert "May be out of date" in visit("/crisis/").words
    CrisisLine.objects.update(review_by=f.days_ago(0))
    assert "May be out of date" not in visit("/crisis/").words


def test_robots_are_kept_out_of_what_people_ask_in_every_language(get):
    lines = get("/robots.txt").content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "Disallow: /compare/",
        "Disallow: /es/search/",
        "Disallow: /es/compare/",
    ]


@pytest.mark.parametrize("path", ["/", "/about/", "/privacy/"])
def test_a_page_that_explains_asks_only_for_crisis_lines(
    path, django_assert_max_num_queries, listings
):
    with django_assert_max_num_queries(2):
        visit(path)


def test_the_pages_stand_without_any_listing(scratch):
    Provider.objects.all().delete()
    for path in ("/", "/search/", "/search/?near=80202", "/regions/", "/regions/US/"):
        assert visit(path).heading()
