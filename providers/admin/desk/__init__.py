"""The desk's own pages, beside those that Django makes of each table.

Each module has `urls(site)`: its pages, under the listing's addresses in the admin.
"""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern

from providers.admin.desk import story

MODULES = (story,)


def urls(site: AdminSite) -> list[URLPattern]:
    """Every page of the desk, to stand before the listing's own addresses."""
    return [pattern for module in MODULES for pattern in module.urls(site)]
