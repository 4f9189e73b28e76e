"""Error pages: crisis help first, and nothing that can fail on the way."""

import json
import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from providers.views import errors

SHOUT = {"call": "116 123", "text_to": "85258", "text_body": "SHOUT"}
US = {
    "region": "US",
    "audience": "everyone",
    "name_en": "988 Lifeline",
    "call": "988",
    "text_to": "988",
    "text_body": "",
    "emergency": "911",
}
VETERANS = {**US, "audience": "veterans", "call": "988,1", "text_to": "838255"}
GB = {**US, "region": "GB", "emergency": "999", **SHOUT}


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """Put lines in place of the packaged file."""

    def put(lines):
        path = tmp_path / "crisis_lines.json"
        path.write_text(json.dumps(lines))
        monkeypatch.setattr(errors, "CRISIS_LINES", path)
        errors._packaged_lines.cache_clear()

    yield put
    errors._packaged_lines.cache_clear()


def words(html: str) -> str:
    return re.sub(r"<.*?>", "", html)


def links(html: str) -> list[str]:
    return re.findall(r'href="((?:tel|sms):[^"]+)"', html)


@pytest.mark.urls("tests.urls")
def test_a_fault_shows_the_operators_crisis_lines_without_a_database():
    # No django_db mark: any query would raise.
    response = Client(raise_request_exception=False).get("/fault/server_fault/x/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "In danger now? Call or text 988. Emergency 911." in words(html)
    assert {"tel:988", "sms:988", "tel:911"} <= set(links(html))
    assert html.index("In danger now?") < html.index("<h1>")
    assert "Traceback" not in html


def test_a_fault_page_passes_the_content_security_policy():
    html = errors.server_error(RequestFactory().get("/")).content.decode()
    assert "<script" not in html
    assert "style=" not in html
    assert "<style" not in html
    assert "://" not in html


@pytest.mark.urls("tests.urls")
def test_a_request_for_an_unknown_host_gets_400_and_crisis_help():
    response = Client().get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "988" in response.content.decode()


def test_a_form_from_another_page_gets_403_and_crisis_help():
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post("/admin/login/", {"username": "editor"})
    assert response.status_code == 403
    assert "988" in response.content.decode()
    assert "form was not accepted" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("fault", "status"), [("not_found", 404), ("forbidden", 403)])
@pytest.mark.urls("tests.urls")
def test_missing_and_forbidden_pages_say_so_and_repeat_nothing(fault, status):
    response = Client().get(f"/fault/{fault}/zanzibarquux/")
    html = response.content.decode()
    assert response.status_code == status
    assert "988" in html
    assert "zanzibarquux" not in html.replace(response.wsgi_request.path, "")


# The sentence


def test_one_number_to_call_and_text_is_said_once(packaged):
    packaged([US, VETERANS])
    sentence = errors.crisis_sentence()
    assert words(sentence) == "In danger now? Call or text 988. Emergency 911."
    assert links(sentence) == ["tel:988", "sms:988", "tel:911"]


def test_a_word_to_send_stands_in_the_text_and_in_its_link(packaged, settings):
    packaged([US, GB])
    settings.DEFAULT_COUNTRY = "GB"
    sentence = errors.crisis_sentence()
    assert words(sentence) == (
        "In danger now? Call 116 123. Text SHOUT to 85258. Emergency 999."
    )
    assert links(sentence) == ["tel:116123", "sms:85258?body=SHOUT", "tel:999"]


def test_an_emergency_number_of_two_lines_is_said_once(packaged):
    packaged([US, {**US, "call": "800 273 8255", "text_to": ""}])
    assert links(errors.crisis_sentence()).count("tel:911") == 1


def test_another_countrys_number_is_never_shown(packaged, settings):
    packaged([US])
    settings.DEFAULT_COUNTRY = "FR"
    sentence = errors.crisis_sentence()
    assert "988" not in sentence
    assert "your country's emergency number" in sentence.replace("&#x27;", "'")


@pytest.mark.parametrize("broken", ["", "{", "[1]", '[{"region": "US"}]', "null"])
def test_a_broken_file_still_gives_a_page(tmp_path, monkeypatch, broken):
    path = tmp_path / "crisis_lines.json"
    path.write_text(broken)
    monkeypatch.setattr(errors, "CRISIS_LINES", path)
    errors._packaged_lines.cache_clear()
    try:
        assert "In danger now?" in errors.crisis_sentence()
    finally:
        errors._packaged_lines.cache_clear()


def test_a_missing_file_still_gives_a_page(tmp_path, monkeypatch):
    monkeypatch.setattr(errors, "CRISIS_LINES", tmp_path / "missing.json")
    errors._packaged_lines.cache_clear()
    assert errors.server_error(RequestFactory().get("/")).status_code == 500
    errors._packaged_lines.cache_clear()


def test_the_page_says_which_language_it_is_in():
    with translation.override("es"):
        html = errors.server_error(RequestFactory().get("/")).content.decode()
    assert '<html lang="es">' in html
