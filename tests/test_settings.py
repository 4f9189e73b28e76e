"""Nonsense in the environment is refused by name; each test reads settings afresh."""

import os
import runpy
import stat
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core import management
from django.core.exceptions import ImproperlyConfigured
from django.urls import resolve

from kapfinder import secret

ROOT = Path(__file__).parent.parent


@pytest.fixture
def settings_with(monkeypatch):
    """Read the settings afresh, with these variables and no others set."""

    def read(**variables) -> dict:
        with monkeypatch.context() as patch:
            for name in [*os.environ]:
                patch.delenv(name)
            for name, value in {"SECRET_KEY": "k" * 50, **variables}.items():
                patch.setenv(name, value)
            found = runpy.run_path(str(ROOT / "kapfinder" / "settings.py"))
        return {name: value for name, value in found.items() if name.isupper()}

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "https"),
        ("SECOND_FACTOR", "sometimes"),
        ("FORWARDED_FOR", "192.0.2.1"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("DEFAULT_COUNTRY", "XX"),
        ("DEFAULT_COUNTRY", "canada"),
        ("DATABASE_URL", "mysql://kap@localhost/kap"),
        ("DATABASE_URL", "postgres://kap:word@localhost:port/kap"),
        ("DATABASE_URL", "postgres://localhost"),
        ("DATABASE_URL", "kapfinder.sqlite3"),
        ("ADMINS", "nobody"),
        ("OPERATOR_EMAIL", "kap@"),
        ("ONLINE_GEOCODER", "stargazer"),
        ("ONLINE_GEOCODER_OPTIONS", "timeout"),
    ],
)
def test_nonsense_is_refused_by_the_variables_name(settings_with, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"^{name}"):
        settings_with(**{name: value})


def test_an_unknown_mail_scheme_is_refused(settings_with):
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        settings_with(EMAIL_URL="pigeon://loft")


def test_a_database_password_is_not_repeated_in_the_refusal(settings_with):
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_with(DATABASE_URL="postgres://kap:sesame@localhost:port/kap")
    assert "sesame" not in str(refusal.value)


def test_defaults_are_closed(settings_with):
    found = settings_with()
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["ADMINS"] == []
    assert found["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert found["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_blank_variables_count_as_unset(settings_with):
    names = ("DEBUG", "ALLOWED_HOSTS", "TIME_ZONE", "DATABASE_URL", "DEFAULT_COUNTRY")
    assert settings_with(**dict.fromkeys(names, "")) == settings_with()


def test_a_relative_sqlite_path_is_the_projects(settings_with):
    found = settings_with(DATABASE_URL="sqlite:///other.sqlite3")
    assert found["DATABASES"]["default"]["NAME"] == ROOT / "other.sqlite3"


def test_postgresql_is_chosen_by_its_url(settings_with):
    found = settings_with(DATABASE_URL="postgres://kap:word@localhost:5433/listings")
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["NAME"], database["PORT"]) == ("listings", 5433)


def test_no_online_geocoder_is_asked_unless_one_is_named(settings_with):
    assert settings_with()["ONLINE_GEOCODER"] == ""
    options = "user_agent=kap.example.org,domain=geo.example.org"
    found = settings_with(ONLINE_GEOCODER="photon", ONLINE_GEOCODER_OPTIONS=options)
    assert found["ONLINE_GEOCODER"] == "photon"
    assert found["ONLINE_GEOCODER_OPTIONS"] == {
        "user_agent": "kap.example.org",
        "domain": "geo.example.org",
    }


def test_https_makes_cookies_secure_and_trusts_the_proxys_word(settings_with):
    found = settings_with(HTTPS="on")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert settings_with(HTTPS="off")["SECURE_PROXY_SSL_HEADER"] is None


@pytest.mark.parametrize("hosts", ["", "localhost", "127.0.0.1,[::1]"])
def test_the_second_factor_may_be_off_on_a_machine_of_ones_own(settings_with, hosts):
    assert settings_with(ALLOWED_HOSTS=hosts)["SECOND_FACTOR"] is True
    found = settings_with(SECOND_FACTOR="off", ALLOWED_HOSTS=hosts)
    assert found["SECOND_FACTOR"] is False


@pytest.mark.parametrize("hosts", ["*", "kap.example.org", "localhost,192.168.1.5"])
def test_the_second_factor_is_required_where_others_reach_the_site(
    settings_with, hosts
):
    with pytest.raises(ImproperlyConfigured, match=r"^SECOND_FACTOR"):
        settings_with(SECOND_FACTOR="off", ALLOWED_HOSTS=hosts)


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        (ImproperlyConfigured("TIME_ZONE is odd."), "Configuration: TIME_ZONE is odd."),
        (KeyboardInterrupt(), 130),
    ],
)
def test_manage_ends_in_a_line_not_a_traceback(monkeypatch, fault, ending):
    def fail(arguments):
        raise fault

    monkeypatch.setattr(management, "execute_from_command_line", fail)
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
    assert end.value.code == ending


# The secret key's file


def test_the_key_file_is_the_owners_alone(tmp_path):
    key = secret.read_or_create(tmp_path / "secret_key")
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_key_stays_once_made(tmp_path):
    keys = {secret.read_or_create(tmp_path / "secret_key") for _ in range(3)}
    assert len(keys) == 1


def test_processes_that_start_together_get_one_key(tmp_path):
    keys, start = [], threading.Barrier(8)

    def read():
        start.wait()
        keys.append(secret.read_or_create(tmp_path / "secret_key"))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_file_system_without_links_still_keeps_the_key(tmp_path, monkeypatch):
    def no_links(*paths):
        raise OSError("Operation not supported")

    monkeypatch.setattr(secret.os, "link", no_links)
    key = secret.read_or_create(tmp_path / "secret_key")
    assert secret.read_or_create(tmp_path / "secret_key") == key


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("secret\n")
    with pytest.raises(ValueError, match="fewer than 50"):
        secret.read_or_create(tmp_path / "secret_key")


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(OSError, match="missing"):
        secret.read_or_create(tmp_path / "missing" / "secret_key")


def test_git_ignores_what_run_py_makes():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".venv/", "db.sqlite3*", "secret_key*"} <= set(ignored)


# Headers


def test_the_policy_allows_nothing_inline_and_no_other_host(client):
    policy = client.get("/admin/login/", follow=True)["Content-Security-Policy"]
    parts = set(policy.split("; "))
    assert "default-src 'self'" in parts
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= parts
    assert "form-action 'self'" in parts
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_the_admin_sends_its_referer_to_itself_and_the_rest_none(client):
    assert resolve("/admin/login/").app_name == "admin"
    assert client.get("/admin/login/")["Referrer-Policy"] == "same-origin"
    assert client.get("/no-such-page/")["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
def test_the_admins_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client, django_user_model
):
    django_user_model.objects.create_superuser("editor", password="right one")
    client.get("/admin/login/")
    client.post("/admin/login/", {"username": "editor", "password": "right one"})
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == set(
        client.cookies
    )
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}
