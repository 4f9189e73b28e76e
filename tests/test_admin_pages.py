"""What holds for every page of the admin: the strict policy, and its place."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve

from tests import factories
from tests.admin_addresses import address, routes, rows_in, rows_of_no_region
from tests.pages import Page
from tests.test_rights_matrix import ABOUT, NO_REGION, PAGES, TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src"}


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def rows():
    factories.regions()
    boss = User.objects.create_user("maker")
    return rows_in("US-CO", by=boss) | rows_of_no_region()


def shown(rows: dict) -> list[str]:
    """The address of every page that can be looked at (see docs/rights.md)."""
    found = []
    for route in routes():
        if route.table in TABLES:
            about = route.table if route.verb in ("change", "delete", "history") else ""
        elif "GET" not in PAGES.get(route.name, {}).get("does", ""):
            continue
        else:
            about = PAGES[route.name]["about"].replace(NO_REGION, "")
        found.append(
            address(route.name, rows[ABOUT.get(about, about)] if about else None)
        )
    return found


def breaches(page: Page):
    """What the policy would block, or would have to be loosened for."""
    for tag, given in page.tags:
        kind = given.get("type") or ""
        if tag == "style" or "style" in given:
            yield f"a style in <{tag}>"
        if tag == "script" and "src" not in given and kind != "application/json":
            yield "a script inside the page"
        if any(name.startswith("on") for name in given):
            yield f"a handler in <{tag}>"
        if any((value or "").startswith("javascript:") for value in given.values()):
            yield f"a script in an address of <{tag}>"
        if (given.get(LOADING.get(tag)) or "").startswith(("http", "//", "data:")):
            yield f"something of another host in <{tag}>"


def test_no_page_needs_what_the_policy_forbids(admin, rows):
    pages = shown(rows)
    assert len(pages) > 100
    for at in pages:
        answer = admin.get(at, follow=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        if answer["Content-Type"].startswith("text/html"):
            found = list(breaches(Page(answer.content.decode())))
            assert not found, f"{at}: {found}"


def test_nor_do_the_pages_before_the_desk(settings, rows):
    settings.SECOND_FACTOR = True
    client = Client()
    client.force_login(User.objects.create_user("new", is_staff=True))
    for at in ("/admin/", "/admin/auth/user/second-factor/enrol/"):
        answer = client.get(at, follow=True)
        assert answer.status_code == 200
        assert list(breaches(Page(answer.content.decode()))) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: red'>",
        "<style>p {}</style>",
        "<script>1</script>",
        "<a onclick='go()'>",
        "<a href='javascript:go()'>",
        "<img src='https://example.org/a.png'>",
        "<img src='data:image/png;base64,AA'>",
    ],
)
def test_a_breach_would_be_seen(html):
    assert len(list(breaches(Page(html)))) == 1


def test_the_admin_stands_outside_the_languages_of_the_public_pages(admin):
    assert resolve("/admin/").app_name == "admin"
    assert admin.get("/es/admin/").status_code == 404
