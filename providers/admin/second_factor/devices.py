"""What is kept of a second factor: one app and ten recovery codes for an account."""

from __future__ import annotations

import re
import time
from base64 import b32encode
from datetime import datetime

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

RECOVERY_CODES = 10
new_key = default_key


class AlreadyEnrolled(Exception):
    """The account has an app already, and this session has not shown it."""


class TooSoon(Exception):
    """After wrong codes: not to be tried again before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


def has_enrolled(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def app_address(user: User, key: str) -> str:
    """The otpauth: address that an authenticator app reads from a QR code."""
    return TOTPDevice(user=user, key=key).config_url


def typed_key(key: str) -> str:
    """A (hexadecimal) key as apps take it by hand: Base32 in groups of four."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(re.findall("....", letters))


@transaction.atomic
def enrol(user: User, *, key: str, code: str, replacing: bool) -> TOTPDevice | None:
    """Keep the app that made `code` from `key`; None where it did not make it.

    replacing: the session has shown the app that the account has. Raises
    AlreadyEnrolled where it has one and the session has not: whoever knows only the
    password adds no app of his own.
    """
    get_user_model().objects.select_for_update().get(pk=user.pk)
    if has_enrolled(user) and not replacing:
        raise AlreadyEnrolled
    made = TOTP(bytes.fromhex(key))
    made.time = time.time()
    if not re.fullmatch("[0-9]{6}", code) or not made.verify(int(code), tolerance=1):
        return None
    TOTPDevice.objects.filter(user=user).delete()
    return TOTPDevice.objects.create(
        user=user, name="app", key=key, last_t=made.t(), drift=made.drift
    )


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """Make ten codes, each good for one login; the ones before are good no more."""
    device, _made = StaticDevice.objects.get_or_create(user=user, name="recovery codes")
    StaticToken.objects.filter(device=device).delete()
    codes = {StaticToken.random_token() for _ in range(RECOVERY_CODES)}
    StaticToken.objects.bulk_create(StaticToken(device=device, token=c) for c in codes)


def recovery_codes(user: User) -> list[str]:
    """The codes that are left, as people read them: abcd-efgh."""
    left = StaticToken.objects.filter(device__user=user).order_by("pk")
    return [f"{c[:4]}-{c[4:]}" for c in left.values_list("token", flat=True)]


@transaction.atomic
def device_that_takes(user: User, typed: str) -> Device | None:
    """The app, or the recovery codes, that a code is of; None for a wrong one.

    A recovery code is used up. Raises TooSoon while an earlier wrong one still counts.
    """
    code = re.sub(r"[\s-]", "", typed).lower()
    model = TOTPDevice if re.fullmatch("[0-9]{6}", code) else StaticDevice
    owned = model.objects.select_for_update().filter(user=user, confirmed=True)
    device = owned.first()
    if device is None:
        return None
    allowed, why_not = device.verify_is_allowed()
    if not allowed:
        raise TooSoon(why_not["locked_until"])
    return device if device.verify_token(code) else None


@transaction.atomic
def reset(user: User) -> None:
    """Forget the app and the codes; whoever is logged in is out, and enrols anew."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    running = Session.objects.filter(expire_date__gt=timezone.now())
    ended = [s.pk for s in running if s.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=ended).delete()
