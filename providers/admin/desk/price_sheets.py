"""Taking the prices of another site of the same organization, with how they are known.

Nothing of it becomes fresher: each line keeps its day, its method and its source.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from providers import actions, rights, story
from providers.admin.desk.conflicts import Side
from providers.admin.desk.pages import kept_listing, page, show
from providers.admin.desk.sites import STANDS, Line, lines, taken
from providers.admin.desk.telling import names_in
from providers.documents import Document, document, with_everything
from providers.models import Provider
from providers.story import Names


def urls(site: AdminSite) -> list[URLPattern]:
    view = partial(copy_prices, site=site)
    return [page(site, "<int:pk>/copy-prices/", view, "copy-prices")]


@require_http_methods(["GET", "HEAD", "POST"])
def copy_prices(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """Choose the other site, see what would come, and take what is ticked."""
    provider = kept_listing(request, pk)
    sites = _sites(request, provider)
    if request.method == "POST":
        return _take(request, provider, sites)
    origin = _origin(request.GET, sites)
    context = {"provider": provider, "sites": sites, "origin": origin}
    if origin is not None:
        here, there = _documents(provider, origin)
        context |= _compared(here, there)
    title = _("Prices of another site for %(name)s") % {"name": provider.name}
    return show(site, request, "admin/desk/copy_prices.html", title, **context)


def _sites(request: HttpRequest, provider: Provider) -> QuerySet[Provider]:
    """The organization's other listings that the person keeps, most prices first."""
    if provider.organization_id is None:
        return Provider.objects.none()
    current = Count("offerings__prices", Q(offerings__prices__superseded_on=None))
    found = rights.listings_of(request.user).exclude(pk=provider.pk)
    found = found.filter(organization=provider.organization_id)
    return found.annotate(current=current).order_by("-current", "name", "pk")


def _origin(asked: QueryDict, sites: QuerySet[Provider]) -> Provider | None:
    """The site that was chosen; None where none was. Raises Http404 for any other."""
    key = asked.get("from", "")
    if not key:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404("No such site.")
    return get_object_or_404(sites, pk=key)


def _documents(*providers: Provider) -> list[Document]:
    keys = [provider.pk for provider in providers]
    found = with_everything(Provider.objects.all()).in_bulk(keys)
    return [document(found[key]) for key in keys]


def _compared(here: Document, there: Document) -> dict:
    found, names = lines(here, there), names_in([here, there])
    order = {path: n for n, path in enumerate(story.in_order(f.path for f in found))}
    rows = [_row(f, names) for f in sorted(found, key=lambda f: order[f.path])]
    comes = any(f.comes for f in found)
    return {"rows": rows, "comes": comes, "fingerprint": _fingerprint(found)}


def _row(line: Line, names: Names) -> dict:
    sides = [
        Side(story.words(line.path, value, names), story.known(line.path, value, names))
        for value in (line.here, line.there)
    ]
    return {
        "what": story.label(line.path),
        "here": sides[0],
        "there": sides[1],
        "reason": STANDS.get(line.reason, ""),
        "value": "/".join(line.path),
    }


def _fingerprint(found: list[Line]) -> str:
    text = DjangoJSONEncoder(sort_keys=True).encode(found)
    return sha256(text.encode()).hexdigest()[:16]


def _take(
    request: HttpRequest, provider: Provider, sites: QuerySet[Provider]
) -> HttpResponse:
    """Take what is ticked, if both sites still stand as they were shown."""
    origin = _origin(request.POST, sites)
    if origin is None:
        return redirect("admin:copy-prices", provider.pk)
    with transaction.atomic():
        actions.lock([provider.pk, origin.pk])
        here, there = _documents(provider, origin)
        found = lines(here, there)
        if request.POST.get("fingerprint") != _fingerprint(found):
            text = _("Nothing was taken: prices of the two changed since you looked.")
            messages.warning(request, text)
            return _back_to(request, provider, origin)
        ticked = set(request.POST.getlist("line"))
        chosen = {f.path for f in found if f.comes and "/".join(f.path) in ticked}
        if not chosen:
            messages.warning(request, _("Nothing was taken: no price is ticked."))
            return _back_to(request, provider, origin)
        wanted = taken(here, found, chosen)
        actions.apply([actions.Edit(provider, wanted)], by=request.user)
    text = ngettext(
        "%(count)d price was taken over from %(name)s. It is as old as it is there.",
        "%(count)d prices were taken over from %(name)s. They are as old as there.",
        len(chosen),
    )
    messages.success(request, text % {"count": len(chosen), "name": origin.name})
    return redirect("admin:providers_provider_change", provider.pk)


def _back_to(
    request: HttpRequest, provider: Provider, origin: Provider
) -> HttpResponse:
    answer = redirect("admin:copy-prices", provider.pk)
    answer["Location"] += f"?from={origin.pk}"
    return answer
