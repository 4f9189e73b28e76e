"""The call sheet: one screen to check one listing, by keyboard if one likes."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from providers import actions, queue, rights
from providers.admin.desk.call_sheet.questions import OPENING
from providers.admin.desk.call_sheet.sheet import Sheet, attempts
from providers.admin.desk.pages import page, show
from providers.admin.desk.queue import Choice, behind, to_sheet
from providers.admin.newer import since_opened
from providers.documents import with_everything


def urls(site: AdminSite) -> list[URLPattern]:
    view = partial(call_sheet, site=site)
    return [page(site, "<int:pk>/check/", view, "call-sheet")]


@require_http_methods(["GET", "HEAD", "POST"])
def call_sheet(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    if request.method != "POST":
        return _show(site, request, _sheet(request, pk, None))
    with transaction.atomic():
        actions.lock([pk])  # what is compared here still stands when it is saved
        sheet = _sheet(request, pk, request.POST)
        if sheet.is_valid():
            return _save(request, sheet)
    return _show(site, request, sheet)


def _sheet(request: HttpRequest, pk: int, data: QueryDict | None) -> Sheet:
    kept = with_everything(rights.listings_of(request.user))
    provider = get_object_or_404(kept.select_related("region"), pk=pk)
    since = since_opened(request, provider)
    return Sheet(provider, data, start=request.GET, since=since)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    choice, key = Choice.of(request.GET), sheet.provider.pk
    if goes_on := "_next" in request.POST:
        following = behind(choice.keys(request.user, timezone.localdate()), key)
    sheet.record(request.user)
    _tell(request, sheet)
    if not goes_on:
        return redirect(reverse("admin:call-sheet", args=[key]) + choice.query)
    basis = sheet.basis.cleaned_data
    carried = {"method": basis["method"], "source": str(basis["source"].pk)}
    return to_sheet(request, following, choice, **carried)


def _tell(request: HttpRequest, sheet: Sheet) -> None:
    groups = ", ".join(str(group.term.label).lower() for group in sheet.answered)
    told = {"name": sheet.provider.name, "groups": groups or _("reports")}
    messages.success(request, _("%(name)s: saved (%(groups)s).") % told)
    for form in (form for group in sheet.answered for form in group.edited):
        for warning in getattr(form, "warnings", []):
            messages.warning(request, warning)


def _show(site: AdminSite, request: HttpRequest, sheet: Sheet) -> HttpResponse:
    choice = Choice.of(request.GET)
    context = {
        "sheet": sheet,
        "provider": sheet.provider,
        "choice": choice,
        "skip": choice.with_(after=sheet.provider.pk),
        "opening": OPENING,
        "attempts": attempts(sheet.checks),
        "silent": sheet.silent if queue.is_silent(sheet.silent) else [],
    }
    title = _("Check: %(name)s") % {"name": sheet.provider.name}
    return show(site, request, "admin/desk/call_sheet.html", title, **context)
