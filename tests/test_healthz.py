"""Whoever spreads requests asks whether a process is ready for them."""

import pytest
from django.http import HttpResponse

from providers.search import live

pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch):
    """How often the first index was begun, none being built."""
    times = []
    live.forget()
    monkeypatch.setattr(live, "start", lambda: times.append(1))
    return times


def test_a_process_is_starting_until_it_has_an_index(client, started):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"starting\n")
    assert started == [1]
    live.current()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert started == [1]


def test_asking_reads_no_table_and_leaves_no_cookie(
    client, started, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.headers["Content-Type"] == "text/plain"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/es/healthz", "/healthz/"])
def test_it_stands_outside_the_languages(client, path):
    assert client.get(path).status_code == 404


def test_only_questions_are_answered(client):
    assert client.post("/healthz").status_code == 405


def test_a_balancer_may_ask_without_https(client, started, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/about/").status_code == 301
    assert client.get("/healthz").status_code == 503


def test_another_machines_name_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_that_a_process_is_starting_is_no_fault(client, started, caplog):
    assert client.get("/healthz").status_code == 503
    assert not caplog.records


def test_a_fault_of_it_is_logged(client, monkeypatch, caplog):
    def fails():
        raise RuntimeError

    monkeypatch.setattr(live, "is_ready", fails)
    client.raise_request_exception = False
    assert client.get("/healthz").status_code == 500
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_503_of_another_page_is_logged(client, monkeypatch, caplog):
    busy = HttpResponse(status=503)
    monkeypatch.setattr("providers.views.search._page", lambda *_args: busy)
    assert client.get("/search/").status_code == 503
    assert [record.levelname for record in caplog.records] == ["ERROR"]
