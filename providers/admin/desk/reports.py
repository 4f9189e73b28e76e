"""What people say is wrong: open reports, to be looked at within two business days."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from providers import actions, rights
from providers.admin.desk.pages import page, show
from providers.models import ProblemReport

PER_PAGE = 50


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        page(site, "reports/", partial(reports, site=site), "reports"),
        page(site, "reports/resolve/", resolve, "reports-resolve"),
    ]


def _open(request: HttpRequest) -> QuerySet[ProblemReport]:
    return rights.only_theirs(ProblemReport.objects.open(), request.user)


@require_safe
def reports(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Open reports, the oldest first."""
    found = _open(request).select_related("provider").order_by("made_at", "pk")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    title = _("What people say is wrong")
    return show(site, request, "admin/desk/reports.html", title, page=shown)


@require_POST
def resolve(request: HttpRequest) -> HttpResponse:
    """Mark one report as dealt with, or all that are ticked."""
    keys = [key for key in request.POST.getlist("report") if key.isdecimal()]
    done = actions.resolve_reports(_open(request).filter(pk__in=keys), by=request.user)
    text = ngettext("%d report is dealt with.", "%d reports are dealt with.", done)
    messages.success(request, text % done)
    return redirect("admin:reports")
