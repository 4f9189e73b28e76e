"""Open reports as a list, and dealing with them."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.models import ProblemReport, RegionalEditor
from tests import factories
from tests.forms_in_pages import messages_of
from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

REPORTS = "/admin/providers/provider/reports/"


def log_in(client, group: str, *regions: str) -> User:
    person = User.objects.create_user(group, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    for region in regions:
        RegionalEditor.objects.create(user=person, region_id=region)
    client.force_login(person)
    return person


def report(text: str, **columns) -> ProblemReport:
    provider = factories.provider(**columns)
    actions.report_problem(provider=provider, group="prices", text=text)
    return ProblemReport.objects.get(text=text)


def shown(client) -> Page:
    answer = client.get(REPORTS)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_open_reports_stand_oldest_first_with_a_link_to_the_call_sheet(client):
    log_in(client, "editors")
    first, _second = report("Costs <more>.", name="One"), report("Moved.")
    page = shown(client)
    assert page.words.index("Costs <more>.") < page.words.index("Moved.")
    assert page.link("One").endswith(f"/{first.provider_id}/check/")
    assert "2 open reports" in page.words


def test_one_click_deals_with_a_report(client):
    editor = log_in(client, "editors")
    found = report("Moved.")
    answer = client.post(f"{REPORTS}resolve/", {"report": found.pk})
    assert "1 report is dealt with." in messages_of(answer)
    found.refresh_from_db()
    assert found.resolved_by == editor
    assert "Nobody says that anything is wrong." in shown(client).words
    assert client.get(f"{REPORTS}resolve/").status_code == 405


def test_a_regional_editor_sees_and_settles_reports_of_the_region_only(client):
    log_in(client, "regional editors", "US-UT")
    elsewhere = report("Colorado.")
    report("Utah.", region="US-UT")
    words = shown(client).words
    assert "Utah." in words
    assert "Colorado." not in words
    client.post(f"{REPORTS}resolve/", {"report": [elsewhere.pk, "x"]})
    assert ProblemReport.objects.open().count() == 2


def test_the_list_makes_the_same_queries_however_long_it_is(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            shown(client)
        return len(made)

    log_in(client, "editors")
    report("One.")
    few = queries()
    for number in range(5):
        report(f"Number {number}.")
    assert queries() == few <= 12
