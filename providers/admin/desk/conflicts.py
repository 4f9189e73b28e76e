"""Conflicts in words, and the two buttons that settle one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from providers import actions, rights, story
from providers.admin.desk.pages import page
from providers.admin.desk.telling import names_in
from providers.documents import document, parts, with_everything
from providers.models import Conflict, Provider
from providers.story import Names

SETTLE = "providers.change_conflict"
ADDRESS = ("street", "city", "postcode", "region")


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        page(
            site,
            f"conflicts/<int:pk>/{verb}/",
            partial(settle, take=take),
            f"conflict_{verb}",
            permission=SETTLE,
        )
        for verb, take in (("keep", False), ("take", True))
    ]


@dataclass(frozen=True)
class Side:
    """One of the two values, in words, and how it is known."""

    words: str
    known: str
    earlier: str = ""  # what it was when the import came, if it was edited since


@dataclass(frozen=True)
class Sides:
    """A conflict in words."""

    what: str
    ours: Side
    theirs: Side


def sides(conflicts: Iterable[Conflict]) -> dict[int, Sides]:
    """Each conflict's values in words, by its key, in a fixed number of queries."""
    conflicts = list(conflicts)
    open_ones = [c.provider_id for c in conflicts if not c.resolution]
    found = with_everything(Provider.objects.filter(pk__in=open_ones))
    standing = {provider.pk: parts(document(provider)) for provider in found}
    names = names_in(_mentioned(conflicts))
    return {c.pk: _sides(c, standing.get(c.provider_id), names) for c in conflicts}


def _mentioned(conflicts: list[Conflict]) -> list[dict]:
    """The organizations that conflicts are about, as documents would name them."""
    about = [c for c in conflicts if c.path == "organization"]
    return [{"organization": value} for c in about for value in (c.kept, c.offered)]


def _sides(conflict: Conflict, standing: dict | None, names: Names) -> Sides:
    path = story.path_of(conflict.path)
    kept = story.words(path, conflict.kept, names)
    ours = Side(kept, story.basis(conflict.kept_basis, names))
    if standing is not None:
        value = standing.get(path)
        now, known = story.words(path, value, names), story.known(path, value, names)
        if now != kept:
            ours = Side(now, known, earlier=kept)
    theirs = Side(
        story.words(path, conflict.offered, names),
        story.basis(conflict.offered_basis, names),
    )
    return Sides(story.label(path), ours, theirs)


class ConflictList(ChangeList):
    """Tells a page's conflicts all at once, so that each row asks nothing more."""

    def get_results(self, request) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        told = sides(self.result_list)
        for conflict in self.result_list:
            conflict.sides = told[conflict.pk]
            conflict.asked = request.GET.urlencode()
            conflict.may_be_settled = request.user.has_perm(SETTLE)


@require_POST
def settle(request: HttpRequest, pk: int, *, take: bool) -> HttpResponse:
    theirs = rights.only_theirs(Conflict.objects.all(), request.user)
    conflict = theirs.select_related("provider").filter(pk=pk).first()
    if conflict is None:
        raise Http404("No such conflict, or not one of your regions.")
    moves = take and conflict.path == "region"
    if moves and not rights.may_keep_in(request.user, conflict.offered):
        raise PermissionDenied("It would not stay a listing of your regions.")
    try:
        actions.resolve_conflict(conflict, take=take, by=request.user)
    except (IntegrityError, KeyError, ValueError) as error:
        messages.error(request, _refusal(error))
    else:
        messages.success(request, _done(conflict, take=take))
        if take and conflict.path in ADDRESS:
            text = _("The address is another one now: look at the point on the map.")
            messages.warning(request, text)
    address = reverse("admin:providers_conflict_changelist")
    return redirect(f"{address}?{request.GET.urlencode()}")


def _refusal(error: Exception) -> str:
    if isinstance(error, ValueError):
        return _("Nothing was changed: somebody settled this conflict already.")
    return _(
        "Nothing was changed: their value does not go with what stands. Open the "
        "listing and correct it there, then keep ours."
    )


def _done(conflict: Conflict, *, take: bool) -> str:
    done = {"what": story.label_of(conflict.path), "name": conflict.provider.name}
    if take:
        return _("%(name)s: %(what)s is theirs now.") % done
    return _("%(name)s: %(what)s stays ours.") % done
