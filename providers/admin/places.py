"""Regions, and the gazetteer that points are found in."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from providers import rights
from providers.admin.base import ReadOnlyMixin, RecordAdmin
from providers.models import Place, PlaceName, Region
from providers.place_names import name_key, postcode_key


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    list_display = ["name_en", "code", "kind", "parent"]
    list_select_related = ["parent"]
    list_filter = ["kind"]
    search_fields = ["name_en", "=code"]
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request, obj=None):
        """The code is the key by which everything else names the region."""
        return ["code"] if obj else []

    def get_search_results(self, request, queryset, search_term):
        """For a listing's address, only regions where the editor may have one."""
        if request.GET.get("model_name") == "provider":
            theirs = rights.addresses_of(request.user)
            queryset = queryset.filter(pk__in=theirs.values("pk"))
        return super().get_search_results(request, queryset, search_term)


class PlaceNameInline(ReadOnlyMixin, admin.TabularInline):
    model = PlaceName
    extra = 0


@admin.register(Place)
class PlaceAdmin(ReadOnlyMixin, RecordAdmin):
    """Loaded by `load_places` alone: a row typed here would lack the names it goes by.

    Found by a postcode or the beginning of a name.
    """

    inlines = [PlaceNameInline]
    list_display = ["name", "postcode", "region", "kind", "population"]
    list_select_related = ["region"]
    list_filter = ["kind"]
    search_fields = ["names__plain"]
    search_help_text = _("A postcode, or the beginning of a town's name.")
    show_full_result_count = False  # the gazetteer has more than 100,000 rows
    ordering = ["name", "pk"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        postcode = queryset.filter(postcode__startswith=postcode_key(search_term))
        named = PlaceName.objects.filter(plain__startswith=name_key(search_term))
        return postcode | queryset.filter(pk__in=named.values("place")), False
