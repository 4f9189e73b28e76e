"""The way in, and the desk, in a browser that reports what the policy blocks."""

from base64 import b32decode

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django_otp.oath import totp

from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    # pytest-base-url 2.1, of which pytest-playwright is made
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance"),
]

PASSWORD = "correct horse 9"


@pytest.fixture
def complaints(page) -> list[str]:
    """What the browser's console and the pages' scripts complain of."""
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda m: told.append(m.text) if m.type == "error" else None)
    return told


@pytest.fixture
def listing():
    User.objects.create_superuser("ana", password=PASSWORD)
    return factories.provider(facts=factories.fact("medicaid"))


def log_in(page, live_server) -> None:
    page.set_default_timeout(10_000)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def enrol(page) -> list[str]:
    """Set up an app from the key on the page. Returns the recovery codes."""
    key = b32decode(page.locator(".key").inner_text().replace(" ", ""))
    page.get_by_label("Six digits").fill(f"{totp(key):06}")
    page.get_by_role("button", name="Confirm").click()
    codes = page.locator(".codes").inner_text().split()
    page.get_by_role("button", name="I have kept them").click()
    return codes


def test_a_new_editor_gets_in_and_again_with_a_recovery_code(
    page, live_server, settings, listing, complaints
):
    settings.SECOND_FACTOR = True
    log_in(page, live_server)
    assert page.locator(".qr svg").is_visible()
    codes = enrol(page)
    assert len(codes) == 10
    page.wait_for_url(f"{live_server.url}/admin/")
    page.get_by_role("button", name="Log out").click()
    log_in(page, live_server)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/admin/")
    page.get_by_text("9 recovery codes are left").wait_for()
    assert complaints == []


def test_the_policy_blocks_nothing_that_the_desk_needs(
    page, boss, live_server, listing, complaints
):
    page.set_default_timeout(10_000)
    about = [listing.pk]
    for name, args in (
        *(("index", []), ("providers_provider_changelist", [])),
        *(("providers_provider_change", about), ("providers_provider_add", [])),
        *(("queue", []), ("call-sheet", about), ("import", []), ("duplicates", [])),
        *(("providers_provider_history", about), ("providers_check_add", [])),
    ):
        page.goto(live_server.url + reverse(f"admin:{name}", args=args))
    page.locator(".select2-selection").first.click()
    page.get_by_role("option", name=listing.name).click()
    page.locator(".datetimeshortcuts a").nth(1).click()
    assert page.locator(".calendarbox").first.is_visible()
    assert complaints == []
