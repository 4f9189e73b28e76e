"""Error pages: crisis help first, and nothing that can fail on the way."""

import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from providers import crisis
from providers.views import errors


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


def test_the_page_stands_without_the_packaged_file(tmp_path, monkeypatch):
    monkeypatch.setattr(crisis, "LINES_FILE", tmp_path / "missing.json")
    crisis.packaged.cache_clear()
    try:
        html = errors.server_error(RequestFactory().get("/")).content.decode()
    finally:
        crisis.packaged.cache_clear()
    assert "In danger now?" in html


def test_another_countrys_number_is_never_shown(settings):
    settings.DEFAULT_COUNTRY = "FR"
    html = errors.server_error(RequestFactory().get("/")).content.decode()
    assert "In danger now?" in html
    assert "988" not in html


def test_the_page_says_which_language_it_is_in():
    with translation.override("es"):
        html = errors.server_error(RequestFactory().get("/")).content.decode()
    assert '<html lang="es">' in html
