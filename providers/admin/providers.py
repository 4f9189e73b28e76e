"""The page of a listing, the organizations that run them and their opening hours."""

from __future__ import annotations

from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import actions, vocabulary
from providers.admin import desk
from providers.admin.base import ListingAdmin, RecordAdmin
from providers.admin.forms import StandingForm
from providers.admin.map import map_of
from providers.admin.price_grid import HoursInline, OfferingInline
from providers.admin.provider_form import ProviderForm
from providers.admin.provider_list import ProviderList, publish
from providers.models import (
    Check,
    Conflict,
    Hours,
    Organization,
    ProblemReport,
    Provider,
)

CHECKS_SHOWN = 3


@admin.register(Provider)
class ProviderAdmin(ProviderList):
    form = ProviderForm
    inlines = [OfferingInline, HoursInline]
    autocomplete_fields = ["organization", "region", "contact_source"]
    fixed_fields = ("slug",)
    readonly_fields = ["precision_shown", "map", "published", "is_sample", "origins"]
    fieldsets = [
        (None, {"fields": ["name", "slug", ("organization", "npi")]}),
        (
            _("Where it is"),
            {
                "fields": [
                    *(("street", "street2"), ("city", "postcode"), "region"),
                    *(("latitude", "longitude"), "precision_shown", "map"),
                ]
            },
        ),
        (
            _("How to reach it"),
            {
                "fields": [
                    *(("phone", "phone_extension"), "email", "website", "time_zone")
                ]
            },
        ),
        (
            _("Last contact check"),
            {
                "fields": [
                    ("contact_checked_on", "contact_precision"),
                    ("contact_method", "contact_source"),
                ]
            },
        ),
        (
            _("Open, closed, shown"),
            {
                "fields": [
                    ("published", "is_sample"),
                    ("status", "status_on", "status_reason"),
                ]
            },
        ),
        (_("In its own words"), {"fields": ["about_en", "about_es"]}),
        (_("Where this comes from"), {"fields": ["origins"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """A listing that is not saved yet comes from nowhere and lies nowhere."""
        kept = super().get_fieldsets(request, obj)
        if obj is not None:
            return kept
        return [(name, _without(options, "map")) for name, options in kept[:-1]]

    def get_urls(self):
        return [*desk.urls(self.admin_site), *super().get_urls()]

    def view_on_site(self, obj) -> str | None:
        return obj.get_absolute_url() if obj.published else None

    # Read-only parts of the page

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None:  # the parts below know the listing, not who looks
            found.may_be_saved = self.has_change_permission(request, found)
        return found

    @admin.display(description=_("precision of the point"))
    def precision_shown(self, provider: Provider) -> str:
        if not provider.point_precision:
            return gettext("no point: searches by distance leave it out")
        return vocabulary.POINT_PRECISIONS[provider.point_precision].definition

    @admin.display(description=_("map"))
    def map(self, provider: Provider) -> str:
        may_be_saved = getattr(provider, "may_be_saved", False)
        context = {"map": map_of(provider), "may_be_saved": may_be_saved}
        return render_to_string("admin/providers/provider/_map.html", context)

    @admin.display(description=_("rows of other directories"))
    def origins(self, provider: Provider) -> str:
        records = provider.source_records.select_related("source")
        context = {"records": records}
        return render_to_string("admin/providers/provider/_origins.html", context)

    def render_change_form(self, request, context, *args, **options):
        if (provider := context["original"]) is not None:
            context["desk"] = {
                "conflicts": provider.conflicts.open().count(),
                "reports": list(ProblemReport.objects.open().filter(provider=provider)),
                "checks": provider.checks.all()[:CHECKS_SHOWN],
            }
        return super().render_change_form(request, context, *args, **options)

    # Saving and publishing

    def response_change(self, request, obj):
        """Whoever has the point found stays on the page, to look at it."""
        if "_place" in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_change(request, obj)

    def save_related(self, request, form, formsets, change) -> None:
        with actions.recording(form.instance, by=request.user):
            super().save_related(request, form, formsets, change)
            form.facts.record(form.instance, by=request.user)
            if "_publish" in request.POST:
                publish(self, request, [form.instance], published=True)
        for warning in form.warnings:
            self.message_user(request, warning, messages.WARNING)

    def save_formset(self, request, form, formset, change) -> None:
        super().save_formset(request, form, formset, change)
        for grid in getattr(formset, "grids", list)():
            super().save_formset(request, form, grid, change)

    def get_deleted_objects(self, objs, request):
        """Checks and conflicts go with their listing, though never by themselves."""
        shown, counts, lacking, kept = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name for model in (Check, Conflict)}
        return shown, counts, lacking - own, kept


def _without(options: dict, field: str) -> dict:
    """The options of a fieldset without one of its fields."""
    return options | {"fields": [name for name in options["fields"] if name != field]}


@admin.register(Hours)
class HoursAdmin(ListingAdmin):
    form = StandingForm
    list_display = ["provider", "weekday", "opens", "closes", "by_appointment"]
    list_filter = ["weekday", "by_appointment"]
    list_select_related = ["provider"]
    search_fields = ["provider__plain_name"]
    autocomplete_fields = ["provider"]
    fixed_fields = ("provider",)


@admin.register(Organization)
class OrganizationAdmin(RecordAdmin):
    list_display = ["name", "website", "npi"]
    search_fields = ["name", "code", "npi"]
    prepopulated_fields = {"code": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """Listings name it by its code, in every document of their story."""
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields
