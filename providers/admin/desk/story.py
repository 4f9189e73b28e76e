"""A listing's story: every change in words, and how to take one back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers import actions, rights
from providers import story as words
from providers.actions.recording import document_of
from providers.admin.desk.pages import kept_listing, page, show
from providers.admin.desk.telling import names_in, tellings
from providers.models import Change, Provider
from providers.revisions import undone
from providers.story import Said

PER_PAGE = 25
WHOLE = [words.WHOLE]


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        page(
            site,
            "<int:pk>/history/",
            partial(story, site=site),
            "providers_provider_history",
        ),
        page(
            site,
            "changes/<int:pk>/take-back/",
            partial(take_back, site=site),
            "take_back",
        ),
    ]


@require_safe
def story(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    provider = kept_listing(request, pk)
    changes = provider.changes.select_related("by", "run")
    shown = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        site,
        request,
        "admin/desk/story.html",
        _("The story of %(name)s") % {"name": provider.name},
        provider=provider,
        page=shown,
        tellings=tellings(shown),
        conflicts=provider.conflicts.open().count(),
    )


# --- Taking a change back -------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What taking a change back would do, in words; `refusal` where it cannot be."""

    goes_back: list[Said] = field(default_factory=list)
    stays: list[Said] = field(default_factory=list)
    refusal: str = ""
    deletes: bool = False
    revives: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    change = _change(request, pk)
    outcome = _outcome(change)
    if outcome.deletes and not request.user.has_perm("providers.delete_provider"):
        raise PermissionDenied
    if request.method == "POST" and not outcome.refusal:
        return _take_back(request, change)
    return show(
        site,
        request,
        "admin/desk/take_back.html",
        _("Take a change back"),
        change=change,
        telling=tellings([change])[0],
        outcome=outcome,
    )


def _change(request: HttpRequest, pk: int) -> Change:
    """The change, if its listing is one that the person may keep; else 404."""
    change = Change.objects.select_related("provider", "by", "run").filter(pk=pk)
    found = change.first()
    if found is None:
        raise Http404("No such change.")
    if found.provider_id:
        kept_listing(request, found.provider_id)
    regions = {side["region"] for side in (found.before, found.after) if side}
    if not all(rights.may_keep_in(request.user, region) for region in regions):
        raise Http404("Not a listing of your regions, or it would not stay one.")
    return found


def _outcome(change: Change) -> Outcome:
    if refusal := _refusal(change):
        return Outcome(refusal=refusal)
    now = document_of(change.provider_id)
    listing, kept = undone(now, change.before, change.after)
    names = names_in([now, change.before, change.after])
    paths = [] if kept == WHOLE else [words.path_of(path) for path in kept]
    before, after = (words.parts(d) for d in (change.before, now))
    stays = list(words.tell(paths, before, after, names))
    if listing == now:
        return Outcome(stays=stays, refusal=_nothing_left(kept))
    return Outcome(
        goes_back=words.told(now, listing, names) if listing and now else [],
        stays=stays,
        deletes=listing is None,
        revives=now is None,
    )


def _refusal(change: Change) -> str:
    if change.provider is None and change.after is not None:
        return _(
            "The listing was deleted since. Take its deletion back first: it is the "
            "newest change of this address."
        )
    if change.provider is None:
        if Provider.objects.filter(slug=change.slug).exists():
            return _("A listing has this web address again, so it cannot come back.")
    elif change.provider.slug != change.slug:
        return _(
            "This is a change of a listing that was merged into another one since."
        )
    elif change.after is None:
        return _("The listing is back: its deletion was taken back already.")
    return ""


def _nothing_left(kept: list[str]) -> str:
    if kept == WHOLE:
        return _(
            "The listing was edited since it was added, so it stays. Delete it on its "
            "own page if it must go."
        )
    return _("Nothing of this change is left to take back: all of it was edited since.")


def _take_back(request: HttpRequest, change: Change) -> HttpResponse:
    try:
        kept = actions.revert(change, by=request.user)
    except (IntegrityError, KeyError):
        text = _(
            "Nothing was taken back: a source, an organization or a place in another "
            "directory that it needs is gone or belongs to another listing by now."
        )
        messages.error(request, text)
        return redirect("admin:take_back", pk=change.pk)
    messages.success(request, _("The change was taken back."))
    if kept:
        labels = ", ".join(words.label_of(path) for path in kept)
        text = _("Edited since, so it stays: %(what)s.") % {"what": labels}
        messages.warning(request, text)
    listing = Provider.objects.filter(slug=change.slug).first()
    if listing is None:
        return redirect("admin:providers_change_changelist")
    return redirect("admin:providers_provider_history", listing.pk)
