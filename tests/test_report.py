"""Saying what is wrong with a listing: what is asked, kept, refused and told."""

import pytest
from django.test import Client

from providers.actions.desk import REPORTS_KEPT
from providers.models import ProblemReport
from tests import factories
from tests.pages import Page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

WRONG = {"group": "contact", "text": "They moved in May."}


@pytest.fixture
def address():
    return f"{factories.provider(name='Here').get_absolute_url()}report/"


def send(address: str, **typed):
    """As a browser without cookies or scripts, which must pass every check."""
    return Client(enforce_csrf_checks=True).post(address, WRONG | typed)


def test_a_report_needs_no_cookie_token_or_name_and_leads_to_thanks(address):
    answer = send(address)
    assert answer.status_code == 302
    assert not answer.cookies
    page = visit(answer.url)
    assert "within 2 business days" in page.words
    report = ProblemReport.objects.get()
    assert (report.group, report.text) == ("contact", "They moved in May.")
    assert report.provider.name == "Here"


def test_the_listing_links_to_the_form_which_asks_for_nothing_personal(address):
    listing = address.removesuffix("report/")
    assert visit(listing).link("Something here is wrong?") == address
    names = {control["name"] for control in visit(address).controls}
    assert names == {"group", "leave_blank"}
    assert "We ask for no name" in visit(address).words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"group": ""}, "Choose what it is about."),
        ({"group": "weather"}, "Choose what it is about."),
        ({"text": " \n "}, "Write what is wrong."),
        ({"text": "x" * 501}, "At most 500 characters, please."),
        ({"text": "a\x00b"}, "Write what is wrong."),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_stays_typed(address, typed, told):
    answer = send(address, **typed)
    page = Page(answer.content.decode())
    assert answer.status_code == 400
    assert page.link(told)
    assert told in page.words
    assert typed.get("text", "They moved in May.").strip() in page.html
    assert not ProblemReport.objects.exists()


def test_a_lines_end_is_one_character_as_browsers_count(address):
    text = "\r\n".join(["x"] * 250)  # 499 characters to a browser
    assert send(address, text=text).status_code == 302
    assert len(ProblemReport.objects.get().text) == 499


def test_a_robot_that_fills_the_hidden_field_is_thanked_and_forgotten(address):
    assert send(address, leave_blank="http://spam.example").status_code == 302
    assert not ProblemReport.objects.exists()


def test_a_listing_with_twenty_open_reports_takes_no_more(address):
    for _n in range(REPORTS_KEPT + 1):
        assert send(address).status_code == 302
    assert ProblemReport.objects.count() == REPORTS_KEPT


def test_only_a_listing_with_a_page_can_be_reported(address):
    hidden = factories.provider(published=False).get_absolute_url()
    for there in ("/providers/none/", hidden):
        assert send(f"{there}report/").status_code == 404
        assert Client().get(f"{there}report/thanks/").status_code == 404


def test_a_post_of_nothing_at_all_is_refused_in_words(address):
    answer = Client(enforce_csrf_checks=True).post(address)
    assert answer.status_code == 400
    assert "Write what is wrong." in answer.content.decode()
