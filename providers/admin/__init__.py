"""The editors' side: every table, grouped by what an editor does."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from providers.admin import (
    facts,
    offerings,
    places,
    provenance,
    providers,
    records,
    users,
)

__all__ = [
    "facts",
    "offerings",
    "places",
    "provenance",
    "providers",
    "records",
    "users",
]

admin.site.site_title = "kapfinder"
admin.site.site_header = _("kapfinder: editors")
admin.site.index_title = _("What do you want to keep true?")
