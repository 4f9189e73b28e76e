"""Pages of the second factor: set it up, give it, keep the recovery codes."""

from __future__ import annotations

import math
from urllib.parse import urlencode

import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods
from django_otp import login
from django_otp.plugins.otp_static.models import StaticDevice

from providers.admin.second_factor import devices

KEY = "second_factor_key"  # of an app that is not confirmed yet
SHOW_CODES = "second_factor_show_codes"
get_or_post = require_http_methods(["GET", "POST"])


def urls(site: AdminSite) -> list[URLPattern]:
    """The pages, to stand among those of accounts."""
    pages = {
        "second-factor/": (own, "second_factor"),
        "second-factor/enrol/": (enrol, "second_factor_enrol"),
        "second-factor/code/": (code, "second_factor_code"),
        "second-factor/recovery/": (recovery, "second_factor_recovery"),
        "second-factor/recovery.txt": (recovery_file, "second_factor_recovery_file"),
    }
    return [
        path(route, site.admin_view(view), {"site": site}, name=name)
        for route, (view, name) in pages.items()
    ]


ONCE = {"autocomplete": "one-time-code", "autofocus": True}


class AppCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Six digits"),
        max_length=20,
        widget=forms.TextInput(ONCE | {"inputmode": "numeric"}),
    )


class AnyCodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(ONCE | {"autocapitalize": "none"}),
    )


@get_or_post
def enrol(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Set up an app: at the first login, or later in the place of another one."""
    if devices.has_enrolled(request.user) and not request.user.is_verified():
        return _onward_by(request, "admin:second_factor_code")
    key = request.session.setdefault(KEY, devices.new_key())
    form = AppCodeForm(request.POST or None)
    if form.is_valid():
        try:
            if _enrolled(request, key, form.cleaned_data["code"]):
                return _onward_by(request, "admin:second_factor_recovery")
        except devices.AlreadyEnrolled:
            return _onward_by(request, "admin:second_factor_code")
        text = _("This code does not fit. Is the clock of your phone right?")
        form.add_error("code", text)
    context = {
        "form": form,
        "key": devices.typed_key(key),
        "qr": _qr(devices.app_address(request.user, key)),
    }
    return _show(site, request, "enrol", _("Set up your second factor"), context)


def _enrolled(request: HttpRequest, key: str, code: str) -> bool:
    typed = "".join(code.split())
    verified = request.user.is_verified()
    app = devices.enrol(request.user, key=key, code=typed, replacing=verified)
    if app is None:
        return False
    del request.session[KEY]
    _let_in(request, app)
    devices.renew_recovery_codes(request.user)
    request.session[SHOW_CODES] = True
    return True


@get_or_post
def code(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for the app's code or a recovery code, after the password."""
    if not devices.has_enrolled(request.user):
        return _onward_by(request, "admin:second_factor_enrol")
    if request.user.is_verified():
        return redirect(_onward(request))
    form = AnyCodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = devices.device_that_takes(request.user, form.cleaned_data["code"])
        except devices.TooSoon as fault:
            form.add_error("code", _wait(fault))
        else:
            if device is not None:
                _let_in(request, device)
                _tell_codes_left(request, device)
                return redirect(_onward(request))
            form.add_error("code", _("This code is wrong, or was used before."))
    return _show(site, request, "code", _("Your second factor"), {"form": form})


def _let_in(request: HttpRequest, device) -> None:
    request.session.cycle_key()
    login(request, device)


def _wait(fault: devices.TooSoon) -> str:
    seconds = (fault.until - timezone.now()).total_seconds()
    if seconds < 90:
        count = max(1, math.ceil(seconds))
        text = ngettext("wait %d second", "wait %d seconds", count)
    else:
        count = math.ceil(seconds / 60)
        text = ngettext("wait %d minute", "wait %d minutes", count)
    return _("Not tried, after wrong codes: %(wait)s.") % {"wait": text % count}


def _tell_codes_left(request: HttpRequest, device) -> None:
    if not isinstance(device, StaticDevice):
        return
    left = len(devices.recovery_codes(request.user))
    text = ngettext(
        "%d recovery code is left. New ones: see “Second factor” above.",
        "%d recovery codes are left. New ones: see “Second factor” above.",
        left,
    )
    messages.warning(request, text % left)


@get_or_post
def own(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """What one has set up; POST makes new recovery codes."""
    if not devices.has_enrolled(request.user):
        return redirect("admin:second_factor_enrol")
    if request.method == "POST":
        devices.renew_recovery_codes(request.user)
        request.session[SHOW_CODES] = True
        return redirect("admin:second_factor_recovery")
    left = len(devices.recovery_codes(request.user))
    context = site.each_context(request) | {"title": _("Second factor"), "left": left}
    return render(request, "admin/second_factor/own.html", context)


@get_or_post
def recovery(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The new codes, until their owner says that they are kept."""
    if request.method == "POST":
        request.session.pop(SHOW_CODES, None)
        return redirect(_onward(request))
    if not request.session.get(SHOW_CODES):
        return redirect("admin:second_factor")
    context = {"codes": devices.recovery_codes(request.user)}
    return _show(site, request, "recovery", _("Your recovery codes"), context)


@require_GET
def recovery_file(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The new codes as a file."""
    if not request.session.get(SHOW_CODES):
        raise Http404("The codes are shown once.")
    lines = [
        f"kapfinder: recovery codes of {request.user.get_username()}",
        _("Each is good for one login."),
        "",
        *devices.recovery_codes(request.user),
        "",
    ]
    answer = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kapfinder-recovery.txt"'
    return answer


def _show(site, request, page: str, title: str, context: dict) -> HttpResponse:
    """A page of its own, without the desk's menu: nothing else is open yet."""
    plain = {"has_permission": False, "is_nav_sidebar_enabled": False, "title": title}
    every = site.each_context(request) | plain | {"next": _onward(request)} | context
    return render(request, f"admin/second_factor/{page}.html", every)


def _qr(address: str) -> str:
    drawn = segno.make(address, micro=False).svg_inline(
        scale=5, dark="#000", light="#fff"
    )
    return mark_safe(drawn)


def _onward(request: HttpRequest) -> str:
    """Where the person was going: a page of the admin, never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    start = reverse("admin:index")
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(wanted, hosts, request.is_secure())
    return wanted if ours and wanted.startswith(start) else start


def _onward_by(request: HttpRequest, page: str) -> HttpResponse:
    return redirect(f"{reverse(page)}?{urlencode({'next': _onward(request)})}")
