"""What the desk's pages share: who may open one, and what every admin page shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from providers import rights
from providers.models import Provider

CHANGE = "providers.change_provider"


def page(
    site: AdminSite, route: str, view: Callable, name: str, *, permission: str = CHANGE
) -> URLPattern:
    """The address of a page for staff who hold the permission (admin:NAME)."""

    @wraps(view)
    def guarded(request: HttpRequest, **parts) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return view(request, **parts)

    return path(route, site.admin_view(guarded), name=name)


def kept_listing(request: HttpRequest, pk: int) -> Provider:
    """The listing, if it is one that the person at the desk may keep; else 404."""
    provider = rights.listings_of(request.user).filter(pk=pk).first()
    if provider is None:
        raise Http404("No such listing, or not one of your regions.")
    return provider


def show(
    site: AdminSite, request: HttpRequest, template: str, title: str, **context
) -> HttpResponse:
    """Render a page of the desk with the admin's own head, menu and messages."""
    every = site.each_context(request) | {"title": title} | context
    return render(request, template, every)
