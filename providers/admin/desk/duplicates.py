"""Possible duplicates: two listings side by side, made one or told apart."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from providers import actions, rights, story
from providers.actions.merging import merged
from providers.admin.desk.pages import page, show
from providers.admin.desk.pairs import REASONS, Pair, pairs
from providers.admin.desk.telling import names_in
from providers.documents import Document, document, parts, with_everything
from providers.models import Provider
from providers.story import Names

PER_PAGE = 25
DELETE = "providers.delete_provider"  # of two listings one goes


def urls(site: AdminSite) -> list[URLPattern]:
    compare_at = "duplicates/<int:kept>/<int:gone>/"
    at = partial(page, site)
    return [
        at("duplicates/", partial(duplicates, site=site), "duplicates"),
        at(compare_at, partial(compare, site=site), "compare"),
        at(f"{compare_at}merge/", merge, "merge", permission=DELETE),
        at(f"{compare_at}apart/", apart, "keep_apart"),
    ]


@require_safe
def duplicates(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    found = pairs(rights.listings_of(request.user))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    keys = {key for pair in shown for key in (pair.one, pair.other)}
    listings = Provider.objects.select_related("region").in_bulk(keys)
    return show(
        site,
        request,
        "admin/desk/duplicates.html",
        _("Possible duplicates"),
        page=shown,
        rows=[_row(pair, listings) for pair in shown],
    )


def _row(pair: Pair, listings: dict[int, Provider]) -> dict:
    kept, gone = sorted((listings[pair.one], listings[pair.other]), key=_goes_first)
    reasons = ", ".join(str(REASONS[name]) for name in pair.reasons)
    return {"kept": kept, "gone": gone, "reasons": reasons}


def _goes_first(provider: Provider) -> tuple:
    """Which of two stays, if nobody says: the public one, then the older one."""
    return (not provider.published, provider.is_sample, provider.pk)


# --- Side by side ---------------------------------------------------------------------


@require_safe
def compare(
    request: HttpRequest, kept: int, gone: int, *, site: AdminSite
) -> HttpResponse:
    stays, goes = _two(request, kept, gone)
    ours, other = document(stays), document(goes)
    return show(
        site,
        request,
        "admin/desk/compare.html",
        _("One clinic or two?"),
        kept=stays,
        gone=goes,
        rows=_rows(ours, other, names_in([ours, other])),
        fingerprint=_fingerprint(ours, other),
        may_merge=request.user.has_perm(DELETE),
    )


def _two(request: HttpRequest, *keys: int) -> list[Provider]:
    """Both listings, if both are the person's to keep; else 404."""
    found = with_everything(rights.listings_of(request.user)).in_bulk(keys)
    if len(found) != 2:
        raise Http404("No such two listings, or not both of your regions.")
    return [found[key] for key in keys]


def _rows(ours: Document, other: Document, names: Names) -> list[dict]:
    """Every part that one of them states, with what becomes of it."""
    one, two, result = parts(ours), parts(other), parts(merged(ours, other))
    rows = []
    for path in story.in_order(one.keys() | two.keys() | result.keys()):
        sides = [_side(path, part.get(path), names) for part in (one, two, result)]
        if any(words for words, _known in sides):
            differs = one.get(path) != two.get(path)
            rows.append({"what": story.label(path), "sides": sides, "differs": differs})
    return rows


def _side(path: story.Path, value: object, names: Names) -> tuple[str, str]:
    return story.words(path, value, names), story.known(path, value, names)


def _fingerprint(*listings: Document) -> str:
    text = DjangoJSONEncoder(sort_keys=True).encode(listings)
    return sha256(text.encode()).hexdigest()[:16]


# --- Deciding -------------------------------------------------------------------------


@require_POST
def merge(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    stays, goes = _two(request, kept, gone)
    seen = request.POST.get("fingerprint", "")
    if seen != _fingerprint(document(stays), document(goes)):
        text = _("Nothing was merged: one of the two was edited since you looked.")
        messages.warning(request, text)
        return redirect("admin:compare", kept, gone)
    try:
        actions.merge_listings(kept=stays, gone=goes, by=request.user)
    except IntegrityError:
        text = _("Nothing was merged: what would come out is no valid listing.")
        messages.error(request, text)
        return redirect("admin:compare", kept, gone)
    text = _("%(gone)s is part of %(kept)s now, and its address leads there.")
    messages.success(request, text % {"gone": goes.name, "kept": stays.name})
    return redirect("admin:duplicates")


@require_POST
def apart(request: HttpRequest, kept: int, gone: int) -> HttpResponse:
    one, other = _two(request, kept, gone)
    actions.keep_apart(one=one, other=other, by=request.user)
    text = _("%(one)s and %(other)s are two clinics, and are not shown here again.")
    messages.success(request, text % {"one": one.name, "other": other.name})
    return redirect("admin:duplicates")
