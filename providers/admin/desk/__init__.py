"""The desk's own pages, beside those that Django makes of each table.

Each module has `urls(site)`: its pages, under the listing's addresses in the admin.
"""

from __future__ import annotations

from importlib import import_module

from django.contrib.admin import AdminSite
from django.urls import URLPattern

# By name: the admin's own forms use some of these modules, and these use the forms.
MODULES = (
    *("queue", "call_sheet", "reports", "story", "conflicts"),
    *("uploads", "columns", "runs", "duplicates", "price_sheets"),
)


def urls(site: AdminSite) -> list[URLPattern]:
    """Every page of the desk, to stand before the listing's own addresses."""
    modules = [import_module(f"{__name__}.{name}") for name in MODULES]
    return [pattern for module in modules for pattern in module.urls(site)]
