"""docs/rights.md is right: every address of the admin, opened as everybody.

The document's tables are the expectation.
"""

import re
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser, Group, User
from django.template.backends.django import Template

from providers.models import RegionalEditor
from tests import factories
from tests.admin_addresses import address, routes, rows_in, rows_of_no_region

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

DOCUMENT = Path(__file__).parent.parent / "docs" / "rights.md"
PEOPLE = ("nobody", "staff", "regional editors", "editors", "managers", "superuser")
COLUMNS = {
    "nobody": "nobody",
    "staff": "staff",
    "regional editors": "regional: own",
    "editors": "editor",
    "managers": "manager",
    "superuser": "superuser",
}
ANOTHERS = "regional: another's"
NOTHING, NO_REGION = "–", "·"
ABOUT = {"listing": "provider", "run": "importrun"}


def tables_of(text: str) -> list[dict[str, dict[str, str]]]:
    """Each table of the document: its rows by the code in their first cell."""
    found, head = [], None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = cells
            found.append({})
        elif not set(line) <= set("|- "):
            name = re.match(r"`([^`]+)`", cells[0])[1]
            found[-1][name] = dict(zip(head, cells, strict=True))
    return found


TABLES, PAGES = tables_of(DOCUMENT.read_text())


# --- The document is whole ------------------------------------------------------------


def test_every_address_of_the_admin_has_its_row():
    lacking = [
        f"table `{route.table}`" if route.table else f"page `{route.name}`"
        for route in routes()
        if route.name not in PAGES and route.table not in TABLES
    ]
    assert not lacking, f"docs/rights.md lacks a row for: {', '.join(lacking)}"


def test_every_row_has_its_address():
    known = {route.name for route in routes()} | {r.table for r in routes()}
    gone = [name for name in (*TABLES, *PAGES) if name not in known]
    assert not gone, f"docs/rights.md has rows of pages that are gone: {gone}"


# --- And right ------------------------------------------------------------------------


def someone(role: str) -> User | AnonymousUser:
    if role == "nobody":
        return AnonymousUser()
    made = User.objects.create_user("someone", is_staff=True)
    if role == "superuser":
        User.objects.filter(pk=made.pk).update(is_superuser=True)
    elif role != "staff":
        made.groups.add(Group.objects.get(name=role))
    if role == "regional editors":
        RegionalEditor.objects.create(user=made, region_id="US-CO")
    return made


@pytest.fixture
def world():
    """Two regions with a row of everything, the second made by somebody else."""
    factories.regions()

    def build(role: str):
        user = someone(role)
        stranger = User.objects.create_user("maker", is_staff=True)
        own = rows_in("US-CO", by=stranger if role == "nobody" else user)
        another = rows_in("US-UT", by=stranger)
        return user, own | rows_of_no_region(), another

    return build


def outcome(client, method: str, at: str, *, of_a_row: bool) -> str:
    """What somebody gets: yes, no, login or missing. Nothing of it is kept."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    data = {"post": "yes"} if at.endswith("/delete/") else {}
    with factories.rolled_back():
        answer = getattr(client, method.lower())(at, data)
    client.cookies = cookies
    leads_to = answer.get("Location", "").partition("?")[0]
    if answer.status_code == 302 and leads_to == "/admin/login/":
        return "login"
    if answer.status_code == 404 or (of_a_row and leads_to == "/admin/"):
        return "missing"
    return "no" if answer.status_code == 403 else "yes"


def of_table(table: str, verb: str) -> list[tuple[str, str]]:
    """The letter and the method of each thing that a table's address does."""
    return {
        "changelist": [("V", "GET")],
        "history": [("V", "GET")],
        "add": [("A", "GET"), ("A", "POST")],
        "change": [("V", "GET"), ("C", "POST")],
        "delete": [("D", "GET"), ("D", "POST")],
    }[verb]


def expected(role: str, own: dict, another: dict):
    """(name, method, row, the answers that are right) of everything there is."""
    for route in routes():
        if route.table in TABLES:
            yield from _expected_of_table(route, role, own, another)
        elif route.name in PAGES:
            yield from _expected_of_page(route, role, own, another)


def _expected_of_table(route, role, own, another):
    cells = TABLES[route.table]
    refused = {"login"} if role == "nobody" else {"no"}
    row = None if route.verb in ("changelist", "add") else own[route.table]
    for letter, method in of_table(route.table, route.verb):
        right = {"yes"} if letter in cells[COLUMNS[role]] else refused
        yield route.name, method, row, right
        if role == "regional editors" and row and cells[ANOTHERS] != NO_REGION:
            assert cells[ANOTHERS] == NOTHING
            yield route.name, method, another[route.table], {"no", "missing"}


def _expected_of_page(route, role, own, another):
    cells = PAGES[route.name]
    about = ABOUT.get(cells["about"], cells["about"])
    row = None if about == NO_REGION else own[about]
    for method in cells["does"].split():
        yield route.name, method, row, {cells[COLUMNS[role]]}
        if role == "regional editors" and cells[ANOTHERS] != NO_REGION:
            yield route.name, method, another[about], {cells[ANOTHERS]}


@contextmanager
def undrawn():
    """Who may do what is decided before a page is drawn, and drawing takes long."""
    with (
        mock.patch.object(Template, "render", return_value=""),
        mock.patch.object(AdminSite, "each_context", return_value={}),
    ):
        yield


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_gets_what_the_document_says(client, world, role):
    user, own, another = world(role)
    if user.is_authenticated:
        client.force_login(User.objects.get(pk=user.pk))
    wrong = []
    with undrawn():
        for name, method, row, right in expected(role, own, another):
            at = address(name, row)
            got = outcome(client, method, at, of_a_row=row is not None)
            if got not in right:
                wrong.append(f"{method} {name} {at}: {got}, not {'/'.join(right)}")
    assert not wrong, f"{role}:\n" + "\n".join(wrong)
