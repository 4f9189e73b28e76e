"""Chosen listings, or their prices, as a file that imports again to no change."""

from __future__ import annotations

from io import BytesIO

from django.contrib import admin, messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from providers import exports

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _export(page, request, queryset, kind: str, format: str) -> HttpResponse | None:
    """The file; no file, and a word, for samples alone: nobody may import those."""
    samples = queryset.filter(is_sample=True).count()
    if samples:
        text = ngettext(
            "%d invented sample was left out.",
            "%d invented samples were left out.",
            samples,
        )
        page.message_user(request, text % samples, messages.WARNING)
    if not queryset.filter(is_sample=False).exists():
        return None
    file = BytesIO()
    exports.write(kind, queryset, file, format)
    answer = HttpResponse(file.getvalue(), content_type=TYPES[format])
    name = f"kapfinder-{kind}-{timezone.localdate()}.{format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@admin.action(description=_("Export listings (.xlsx)"), permissions=["view"])
def listings_xlsx(page, request, queryset) -> HttpResponse | None:
    return _export(page, request, queryset, "listings", "xlsx")


@admin.action(description=_("Export listings (.csv)"), permissions=["view"])
def listings_csv(page, request, queryset) -> HttpResponse | None:
    return _export(page, request, queryset, "listings", "csv")


@admin.action(description=_("Export prices (.xlsx)"), permissions=["view"])
def prices_xlsx(page, request, queryset) -> HttpResponse | None:
    return _export(page, request, queryset, "prices", "xlsx")


@admin.action(description=_("Export prices (.csv)"), permissions=["view"])
def prices_csv(page, request, queryset) -> HttpResponse | None:
    return _export(page, request, queryset, "prices", "csv")


ACTIONS = [listings_xlsx, listings_csv, prices_xlsx, prices_csv]
