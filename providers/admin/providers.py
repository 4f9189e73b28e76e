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
from providers.admin.price_grid import HoursInline, OfferingInline
from providers.admin.provider_form import ProviderForm
from providers.admin.provider_list import ProviderList, publish
from providers.models import Check, Conflict, Hours, Organization, Provider


@admin.register(Provider)
class ProviderAdmin(ProviderList):
    form = ProviderForm
    inlines = [OfferingInline, HoursInline]
    autocomplete_fields = ["organization", "region", "contact_source"]
    fixed_fields = ("slug",)
    readonly_fields = ["precision_shown", "published", "is_sample", "origins"]
    fieldsets = [
        (None, {"fields": ["name", "slug", ("organization", "npi")]}),
        (
            _("Where it is"),
            {
                "fields": [
                    *(("street", "street2"), ("city", "postcode"), "region"),
                    *(("latitude", "longitude"), "precision_shown"),
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
        """A listing that is not saved yet comes from nowhere."""
        return super().get_fieldsets(request, obj)[: None if obj else -1]

    def get_urls(self):
        return [*desk.urls(self.admin_site), *super().get_urls()]

    def view_on_site(self, obj) -> str | None:
        return obj.get_absolute_url() if obj.published else None

    # Read-only parts of the page

    @admin.display(description=_("precision of the point"))
    def precision_shown(self, provider: Provider) -> str:
        if not provider.point_precision:
            return gettext("no point: searches by distance leave it out")
        return vocabulary.POINT_PRECISIONS[provider.point_precision].definition

    @admin.display(description=_("rows of other directories"))
    def origins(self, provider: Provider) -> str:
        records = provider.source_records.select_related("source")
        context = {"records": records}
        return render_to_string("admin/providers/provider/_origins.html", context)

    # Saving and publishing

    def save_related(self, request, form, formsets, change) -> None:
        with actions.recording(form.instance, by=request.user):
            super().save_related(request, form, formsets, change)
            form.facts.save(form.instance, by=request.user)
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
