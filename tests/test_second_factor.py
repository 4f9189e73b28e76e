"""Staff give a second factor, or see nothing of the admin but where to give it."""

import re
import time
from base64 import b32decode
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from providers.admin.second_factor import devices
from tests.forms_in_pages import messages_of
from tests.test_admin_people import person

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LIST = "/admin/providers/provider/"
ENROL = "/admin/auth/user/second-factor/enrol/"
CODE = "/admin/auth/user/second-factor/code/"
OWN = "/admin/auth/user/second-factor/"
RECOVERY = "/admin/auth/user/second-factor/recovery/"
RECOVERY_FILE = "/admin/auth/user/second-factor/recovery.txt"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def editor(client) -> User:
    return person(client, "editors")


def enrolled(user: User) -> TOTPDevice:
    """The account has an app and recovery codes; no session has shown either."""
    devices.renew_recovery_codes(user)
    return TOTPDevice.objects.create(user=user, name="app")


def code_of(key: str, *, steps: int = 0) -> str:
    """What an app shows for a hexadecimal key, some steps of 30 seconds from now."""
    shown = totp(bytes.fromhex(key), drift=steps)
    return f"{shown:06}"


def pending_key(client) -> str:
    """The key that the enrolment page offers, read from the page as a person would."""
    page = client.get(ENROL).content.decode()
    typed = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return b32decode(typed).hex()


def log_in_anew(client, user: User) -> None:
    client.logout()
    client.force_login(user)


def leads_to(answer) -> str:
    assert answer.status_code == 302, answer
    return answer["Location"].partition("?")[0]


def give(client, code: str, **fields):
    return client.post(CODE, {"code": code} | fields)


# --- Nothing else is open -------------------------------------------------------------


def every_admin_address():
    """Each address of the admin, its words filled in with a number."""
    resolver = admin.site.urls[0]
    for route in routes(resolver):
        yield "/admin/" + re.sub(r"<[^>]+>", "1", route)


def routes(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif str(pattern.pattern).startswith("^"):  # a list of applications
            yield "providers/"
        elif "(" not in str(pattern.pattern):
            yield prefix + str(pattern.pattern)


OPEN = {"/admin/login/", "/admin/logout/", ENROL, CODE}


@pytest.mark.parametrize("has_app", [False, True])
def test_every_address_leads_to_the_second_factor_first(client, editor, has_app):
    if has_app:
        enrolled(editor)
    addresses = set(every_admin_address()) - OPEN
    assert len(addresses) > 100
    assert {"/admin/password_change/", "/admin/autocomplete/"} <= addresses
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert leads_to(answer) == CODE, address


def test_a_superuser_is_no_exception(client):
    client.force_login(User.objects.create_superuser("boss"))
    assert leads_to(client.get(LIST)) == CODE


def test_who_has_no_app_yet_is_led_on_to_set_one_up(client, editor):
    answer = client.get(LIST, follow=True)
    assert answer.redirect_chain[-1][0].startswith(ENROL)
    page = answer.content.decode()
    assert "Set up your second factor" in page
    assert "/admin/providers/" not in page.replace(quote(LIST), "").replace(LIST, "")


def test_logging_out_stays_possible(client, editor):
    assert client.post("/admin/logout/").status_code == 200
    assert leads_to(client.get(LIST)) == "/admin/login/"


def test_where_it_is_off_the_password_is_enough(client, editor, settings):
    settings.SECOND_FACTOR = False
    assert client.get(LIST).status_code == 200


def test_whoever_is_no_staff_reaches_none_of_its_pages(client):
    client.force_login(User.objects.create_user("patient"))
    for page in (OWN, ENROL, CODE, RECOVERY, RECOVERY_FILE):
        assert leads_to(client.get(page)) == "/admin/login/"


# --- Setting it up --------------------------------------------------------------------


def test_the_page_shows_one_key_as_picture_and_as_text(client, editor):
    page = client.get(ENROL).content.decode()
    assert "<svg" in page
    assert re.search(r'class="key">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<', page)
    assert pending_key(client) == pending_key(client)
    address = devices.app_address(editor, pending_key(client))
    assert address.startswith("otpauth://totp/kapfinder%3Aone-of-editors?secret=")


def test_a_code_of_the_app_confirms_and_opens_the_desk(client, editor):
    key = pending_key(client)
    answer = client.post(ENROL, {"code": code_of(key), "next": LIST})
    assert leads_to(answer) == RECOVERY
    assert TOTPDevice.objects.get(user=editor).key == key
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("wrong", ["000000", "12345", "１２３４５６", "abc", ""])
def test_another_code_confirms_nothing(client, editor, wrong, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 59.0)  # its code is not all noughts
    pending_key(client)
    page = client.post(ENROL, {"code": wrong})
    assert page.status_code == 200
    assert "errornote" in page.content.decode()
    assert not TOTPDevice.objects.exists()


def test_two_sessions_are_offered_two_keys(client, editor):
    """Or a thief of the password would share the key that the owner confirms."""
    other = Client()
    other.force_login(editor)
    assert pending_key(client) != pending_key(other)


def test_a_session_without_the_app_cannot_add_another(client, editor):
    key = pending_key(client)
    enrolled(editor)
    assert leads_to(client.get(ENROL)) == CODE
    assert leads_to(client.post(ENROL, {"code": code_of(key)})) == CODE
    with pytest.raises(devices.AlreadyEnrolled):
        devices.enrol(editor, key=key, code=code_of(key), replacing=False)
    assert TOTPDevice.objects.get(user=editor).key != key


def test_one_who_is_in_may_set_up_another_app_in_its_place(client, editor):
    former = enrolled(editor)
    give(client, code_of(former.key))
    key = pending_key(client)
    client.post(ENROL, {"code": code_of(key)})
    assert TOTPDevice.objects.get(user=editor).key == key
    assert client.get(LIST).status_code == 200


def test_the_code_that_confirmed_does_not_log_in_again(client, editor):
    key = pending_key(client)
    client.post(ENROL, {"code": code_of(key)})
    log_in_anew(client, editor)
    assert give(client, code_of(key)).status_code == 200


# --- Recovery codes -------------------------------------------------------------------


def codes_in(page) -> list[str]:
    return re.findall(
        r"^(?:<pre.*>)?([a-z2-7]{4}-[a-z2-7]{4})$", page.content.decode(), re.MULTILINE
    )


def test_ten_recovery_codes_are_shown_until_their_owner_has_kept_them(client, editor):
    client.post(ENROL, {"code": code_of(pending_key(client))})
    codes = codes_in(client.get(RECOVERY))
    assert len(set(codes)) == 10
    file = client.get(RECOVERY_FILE)
    assert codes_in(file) == codes
    assert file["Content-Type"].startswith("text/plain")
    assert "attachment" in file["Content-Disposition"]
    assert leads_to(client.post(RECOVERY, {"next": LIST})) == LIST
    assert leads_to(client.get(RECOVERY)) == OWN
    assert client.get(RECOVERY_FILE).status_code == 404


@pytest.mark.parametrize("typed", [str, str.upper, lambda c: c.replace("-", " ")])
def test_a_recovery_code_lets_in_once(client, editor, typed):
    enrolled(editor)
    code = typed(devices.recovery_codes(editor)[0])
    answer = give(client, code, next=LIST)
    assert leads_to(answer) == LIST
    assert "9 recovery codes are left" in messages_of(answer)
    assert client.get(LIST).status_code == 200
    log_in_anew(client, editor)
    assert give(client, code).status_code == 200
    assert leads_to(client.get(LIST)) == CODE


def test_new_codes_end_the_former_ones(client, editor):
    enrolled(editor)
    former = devices.recovery_codes(editor)
    give(client, former[0])
    assert "9 recovery codes are left" in client.get(OWN).content.decode()
    assert leads_to(client.post(OWN)) == RECOVERY
    codes = codes_in(client.get(RECOVERY))
    assert len(codes) == 10
    assert not set(codes) & set(former)


# --- Giving it ------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_apps_code_opens_the_page_that_was_asked_for(client, editor, steps):
    app = enrolled(editor)
    wanted = f"{LIST}?q=a"
    asked = client.get(wanted)["Location"]
    assert asked == f"{CODE}?next={quote(wanted, safe='')}"
    code = code_of(app.key, steps=steps)
    typed = f" {code[:3]} {code[3:]}"
    answer = client.post(asked, {"code": typed, "next": wanted})
    assert answer["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_no_code_leads_to_another_site_or_out_of_the_admin(client, editor):
    for nextpage in ("https://evil.example/", "//evil.example/admin/", "/about/"):
        log_in_anew(client, editor)
        StaticDevice.objects.all().delete()
        TOTPDevice.objects.all().delete()
        app = enrolled(editor)
        answer = give(client, code_of(app.key), next=nextpage)
        assert answer["Location"] == "/admin/"


def test_an_old_code_is_refused(client, editor):
    app = enrolled(editor)
    assert give(client, code_of(app.key, steps=-3)).status_code == 200
    assert leads_to(client.get(LIST)) == CODE


def test_another_persons_code_is_refused(client, editor):
    enrolled(editor)
    other = enrolled(User.objects.create_user("other", is_staff=True))
    assert give(client, code_of(other.key)).status_code == 200
    assert give(client, devices.recovery_codes(other.user)[0]).status_code == 200
    assert leads_to(client.get(LIST)) == CODE


def test_a_wrong_code_makes_the_next_one_wait(client, editor):
    app = enrolled(editor)
    assert "is wrong" in give(client, "000000").content.decode()
    page = give(client, code_of(app.key)).content.decode()
    assert "wait 1 second." in page
    assert leads_to(client.get(LIST)) == CODE


def test_after_many_wrong_codes_the_wait_is_long(client, editor):
    app = enrolled(editor)
    failed = {"throttling_failure_count": 12}
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now(), **failed)
    assert "wait 35 minutes." in give(client, code_of(app.key)).content.decode()
    hours_ago = timezone.now() - timedelta(hours=1)
    TOTPDevice.objects.update(throttling_failure_timestamp=hours_ago, **failed)
    assert leads_to(give(client, code_of(app.key))) == "/admin/"


def test_wrong_codes_of_the_app_do_not_lock_the_recovery_codes(client, editor):
    enrolled(editor)
    give(client, "000000")
    assert leads_to(give(client, devices.recovery_codes(editor)[0])) == "/admin/"


def test_the_session_gets_a_new_key_when_it_gets_new_rights(client, editor):
    app = enrolled(editor)
    before = client.session.session_key
    give(client, code_of(app.key))
    assert client.session.session_key != before


# --- Lost phones ----------------------------------------------------------------------


@pytest.fixture
def manager(client, settings) -> User:
    settings.SECOND_FACTOR = False
    return person(client, "managers")


def reset(client, *people):
    keys = [someone.pk for someone in people]
    action = {"action": "reset_second_factor", "_selected_action": keys}
    return client.post("/admin/auth/user/", action)


def test_a_manager_resets_the_factor_of_an_editor_who_is_out_at_once(client, manager):
    lost = User.objects.create_user("lost", is_staff=True)
    enrolled(lost)
    theirs, stranger = Client(), Client()
    theirs.force_login(lost)
    stranger.force_login(User.objects.create_user("stranger", is_staff=True))
    reset(client, lost)
    assert not TOTPDevice.objects.filter(user=lost).exists()
    assert not StaticToken.objects.exists()
    assert leads_to(theirs.get(LIST)) == "/admin/login/"
    assert stranger.get("/admin/").status_code == 200
    history = client.get(reverse("admin:auth_user_history", args=[lost.pk]))
    assert "Reset the second factor" in history.content.decode()


def test_nobody_resets_the_factor_of_somebody_with_more_rights(client, manager):
    boss = User.objects.create_superuser("boss")
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="delete_logentry"))
    for above in (boss, clerk):
        enrolled(above)
        assert "more rights than your own" in messages_of(reset(client, above))
        assert TOTPDevice.objects.filter(user=above).exists()


def test_an_editor_resets_nobodys(client, settings):
    settings.SECOND_FACTOR = False
    other = person(client, "editors")
    enrolled(other)
    assert reset(client, other).status_code == 403
    assert TOTPDevice.objects.exists()


def test_the_command_resets_it_and_names_an_account_that_is_not_there(capsys):
    boss = User.objects.create_superuser("boss")
    enrolled(boss)
    call_command("second_factor", "--reset", "boss")
    assert not TOTPDevice.objects.exists()
    assert "boss sets up" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("second_factor", "--reset", "nobody")


def test_the_list_of_accounts_asks_the_same_for_one_and_for_thirty(client, manager):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/auth/user/")
        return len(asked)

    alone = queries()
    User.objects.bulk_create(User(username=f"u{n}") for n in range(29))
    assert queries() == alone


def test_no_page_lists_the_keys(client, manager):
    client.force_login(User.objects.create_superuser("boss"))
    assert not {TOTPDevice, StaticDevice, StaticToken} & set(admin.site._registry)
    device = enrolled(manager)
    page = reverse("admin:auth_user_change", args=[manager.pk])
    assert device.key not in client.get(page).content.decode()
