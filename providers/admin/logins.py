"""Logins throttled: what is kept of a failed one, and what a locked door says."""

from __future__ import annotations

from copy import copy
from ipaddress import ip_address

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

OF_THE_BROWSER = ("axes_user_agent", "axes_http_accept", "axes_path_info")


class Attempts(AxesDatabaseHandler):
    """Keeps the name that was typed and the address; nothing else of the request."""

    def user_login_failed(self, sender, credentials, request=None, **options) -> None:
        if request is None:
            return
        bare = copy(request)
        bare.GET = bare.POST = QueryDict()
        for name in OF_THE_BROWSER:
            setattr(bare, name, "")
        super().user_login_failed(sender, credentials, bare, **options)
        request.axes_locked_out = bare.axes_locked_out
        request.axes_credentials = bare.axes_credentials


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from.

    Behind a proxy that adds it (FORWARDED_FOR), the last address of the header: all
    before it is what the visitor says of himself.
    """
    told = (
        request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.FORWARDED_FOR else ""
    )
    for address in (told.rpartition(",")[2].strip(), request.META.get("REMOTE_ADDR")):
        try:
            return str(ip_address(address))
        except ValueError:
            continue
    return None


def locked_out(request: HttpRequest, *_answer_and_credentials) -> HttpResponse:
    """The page after too many wrong passwords, whatever is typed next."""
    context = admin.site.each_context(request) | {
        "title": "Too many wrong passwords",
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        "is_nav_sidebar_enabled": False,
    }
    return render(request, "admin/locked_out.html", context, status=429)
