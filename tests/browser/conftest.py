"""A real browser on a real server: the system's Chromium, and nothing of the web."""

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session", autouse=True)
def _playwrights_loop():
    """Playwright keeps an event loop in this thread, and Django would refuse to ask
    the database beside one."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def boss(live_server, context) -> User:
    """A superuser, who is logged in within the browser."""
    user = User.objects.create_superuser("boss")
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    return user
