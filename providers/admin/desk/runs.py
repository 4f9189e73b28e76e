"""A run of an importer: what it touched, and how to take all of it back."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from providers import actions, rights, story
from providers.admin.desk.files import seconds
from providers.admin.desk.pages import page, show
from providers.admin.desk.telling import what
from providers.models import Change, ImportRun

DELETE = "providers.delete_provider"
PER_PAGE = 50


def urls(site: AdminSite) -> list[URLPattern]:
    route = "runs/<int:pk>/undo/"
    return [page(site, route, partial(undo, site=site), "undo_run", permission=DELETE)]


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """Show what goes back and what stays; with a POST, take the run back."""
    run = rights.runs_of(request.user).filter(pk=pk).first()
    if run is None or not rights.may_undo(request.user, run):
        raise Http404("No such run, or another editor's.")
    if not request.user.has_perm("providers.change_provider"):
        raise PermissionDenied
    may_be_undone = ImportRun.objects.undoable().filter(pk=pk).exists()
    if request.method == "POST" and may_be_undone:
        return _undo(request, run)
    changes = touched(run)
    edited = changes.filter(edited_since=True)
    return show(
        site,
        request,
        "admin/desk/undo_run.html",
        _("Undo run %(number)d") % {"number": pk},
        run=run,
        may_be_undone=may_be_undone,
        added=changes.filter(before__isnull=True).count(),
        changed=changes.filter(before__isnull=False).count(),
        edited=edited.select_related("provider")[:PER_PAGE],
        edited_count=edited.count(),
        seconds=seconds(changes.count()),
    )


def _undo(request: HttpRequest, run: ImportRun) -> HttpResponse:
    try:
        undoing = actions.undo_run(run, by=request.user)
    except ValueError:
        messages.error(request, _("This run was undone already."))
        return redirect("admin:providers_importrun_change", run.pk)
    restored = ngettext(
        "%d listing is as it was.", "%d listings are as they were.", undoing.changed
    )
    messages.success(request, restored % undoing.changed)
    if undoing.rejected:
        text = ngettext(
            "Something of %d listing was edited since and stays: see the report.",
            "Something of %d listings was edited since and stays: see the report.",
            undoing.rejected,
        )
        messages.warning(request, text % undoing.rejected)
    return redirect("admin:providers_importrun_change", undoing.pk)


def touched(run: ImportRun):
    """The run's changes with `edited_since`: whether the listing has a later one."""
    later = Change.objects.filter(pk__gt=OuterRef("pk")).filter(
        Q(provider=OuterRef("provider")) | Q(slug=OuterRef("slug"))
    )
    return run.changes.annotate(edited_since=Exists(later))


def touched_page(run: ImportRun, number: str | None):
    """One page of the listings that a run touched, with what became of each."""
    changes = touched(run).select_related("provider").order_by("slug", "pk")
    shown = Paginator(changes, PER_PAGE).get_page(number)
    for change in shown:
        change.what = what(change)
        change.labels = _labels(change)
    return shown


def _labels(change: Change) -> str:
    if change.before is None or change.after is None:
        return ""
    labels = dict.fromkeys(
        story.label(path) for path in story.changed(change.before, change.after)
    )
    return "; ".join(labels)
