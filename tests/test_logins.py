"""Logging in: throttled, and over when the password or the account is."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings as in_force
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers.admin.logins import address_of
from tests.forms_in_pages import submit
from tests.test_admin_people import person

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LOGIN = "/admin/login/"
RIGHT, WRONG = "right one, this", "zanzibarquux"
NEW = {"password1": "correct horse 9", "password2": "correct horse 9"}


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ana", password=RIGHT, is_staff=True)


def log_in(client, password: str = RIGHT, *, name: str = "ana", **sent):
    typed = {"username": name, "password": password, "next": "/admin/"}
    return client.post(LOGIN, typed, **sent)


def fail(client, times: int, **sent) -> None:
    for _ in range(times):
        answer = log_in(client, WRONG, **sent)
    assert answer.status_code == (200 if times < 5 else 429)


def is_in(client) -> bool:
    return client.get("/admin/").status_code == 200


# --- Throttled ------------------------------------------------------------------------


def test_four_wrong_passwords_are_forgiven(client, editor):
    fail(client, 4)
    assert log_in(client).status_code == 302
    assert is_in(client)
    assert not AccessAttempt.objects.exists()


def test_after_the_fifth_even_the_right_one_is_refused_in_words(client, editor):
    fail(client, 5)
    page = log_in(client)
    assert page.status_code == 429
    assert "no password is tried for 15 minutes" in page.content.decode()
    assert "Content-Security-Policy" in page.headers
    assert not is_in(client)


def test_a_quarter_of_an_hour_later_it_is_tried_again(client, editor):
    fail(client, 5)
    fail(client, 7)  # to go on does not make it longer
    almost = timezone.now() - timedelta(minutes=14)
    AccessAttempt.objects.update(attempt_time=almost)
    assert log_in(client).status_code == 429
    AccessAttempt.objects.update(attempt_time=almost - timedelta(minutes=2))
    assert log_in(client).status_code == 302


def test_another_address_and_another_name_are_not_locked_with_it(client, editor):
    fail(client, 5)
    assert log_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
    User.objects.create_user("ben", password=RIGHT, is_staff=True)
    assert log_in(Client(), name="ben").status_code == 302


def test_another_browser_is_locked_with_it(client, editor):
    fail(client, 5, headers={"User-Agent": "one"})
    other = Client()
    assert log_in(other, headers={"User-Agent": "two"}).status_code == 429


def test_nothing_is_kept_of_an_attempt_but_name_and_address(client, editor):
    fail(client, 3, headers={"User-Agent": "browser", "Accept": "text/html"})
    [kept] = AccessAttempt.objects.values()
    aside = ("id", "attempt_time")  # and the lines that axes draws between attempts
    told = {n: v for n, v in kept.items() if n not in aside and str(v).strip("\n-")}
    expected = {"username": "ana", "ip_address": "127.0.0.1", "failures_since_start": 3}
    assert told == expected


def test_old_attempts_go_with_the_next_one(client, editor):
    fail(client, 1)
    fail(client, 1, name="old")
    long_ago = timezone.now() - timedelta(minutes=16)
    AccessAttempt.objects.filter(username="old").update(attempt_time=long_ago)
    fail(client, 1)
    assert [kept.username for kept in AccessAttempt.objects.all()] == ["ana"]


def test_nothing_is_kept_of_a_login(client, editor):
    log_in(client)
    client.post("/admin/logout/")
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_no_log_names_who_failed_or_from_where(client, editor, caplog):
    caplog.set_level(logging.DEBUG)
    fail(client, 6, name="zanzibar", REMOTE_ADDR="192.0.2.7")
    assert caplog.records
    assert "zanzibar" not in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_no_page_shows_the_attempts():
    tables = {model._meta.app_label for model in admin.site._registry}
    assert "axes" not in tables


@pytest.mark.parametrize(
    ("told", "trusted", "address"),
    [
        ("", False, "192.0.2.1"),
        ("203.0.113.9", False, "192.0.2.1"),
        ("", True, "192.0.2.1"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("198.51.100.5, 203.0.113.9", True, "203.0.113.9"),
        ("2001:db8::1", True, "2001:db8::1"),
        ("203.0.113.9, nonsense", True, "192.0.2.1"),
    ],
)
def test_only_a_proxy_that_is_trusted_tells_the_address(
    rf, settings, told, trusted, address
):
    settings.FORWARDED_FOR = trusted
    headers = {"X-Forwarded-For": told} if told else {}
    request = rf.post(LOGIN, REMOTE_ADDR="192.0.2.1", headers=headers)
    assert address_of(request) == address


# --- Over -----------------------------------------------------------------------------


@pytest.fixture
def two_browsers(client, editor):
    other = Client()
    log_in(client)
    log_in(other)
    assert is_in(client)
    assert is_in(other)
    return client, other


def test_ones_own_new_password_ends_every_other_session(two_browsers):
    here, there = two_browsers
    typed = {f"new_{name}": value for name, value in NEW.items()}
    here.post("/admin/password_change/", {"old_password": RIGHT} | typed)
    assert is_in(here)
    assert not is_in(there)


def test_a_password_that_a_manager_sets_ends_all_sessions(two_browsers, editor):
    manager = Client()
    person(manager, "managers")
    page = reverse("admin:auth_user_password_change", args=[editor.pk])
    assert submit(manager, page, **NEW, usable_password="true").status_code == 302
    assert not any(map(is_in, two_browsers))


@pytest.mark.parametrize("right", ["is_active", "is_staff"])
def test_an_account_that_is_closed_is_out_at_once(two_browsers, editor, right):
    manager = Client()
    person(manager, "managers")
    page = reverse("admin:auth_user_change", args=[editor.pk])
    assert submit(manager, page, **{right: []}).status_code == 302
    assert not any(map(is_in, two_browsers))


def test_a_session_ends_with_the_browser_and_after_twelve_hours(client, editor):
    cookie = log_in(client).cookies[in_force.SESSION_COOKIE_NAME]
    assert not cookie["expires"]
    assert not cookie["max-age"]
    left = client.session.get_expiry_date() - timezone.now()
    assert left <= timedelta(hours=12)
