"""Listings, the organizations that run them and their opening hours."""

from __future__ import annotations

import re

from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from providers import actions, vocabulary
from providers.admin import desk, filters, words
from providers.admin.base import FormsMixin, ListingAdmin, RecordAdmin
from providers.admin.forms import CheckedForm
from providers.admin.provider_form import ProviderForm
from providers.models import (
    Check,
    Conflict,
    Hours,
    Offering,
    Organization,
    Provider,
)
from providers.text import plain

NAMED_AT_MOST = 10  # refused listings that a message names


class HoursInline(FormsMixin, admin.TabularInline):
    model = Hours
    extra = 0
    fields = ["weekday", "opens", "closes", "by_appointment", "note_en", "note_es"]


class OfferingInline(FormsMixin, admin.StackedInline):
    """What it offers; prices and the regions served stand on the offering's page."""

    model = Offering
    form = CheckedForm
    extra = 0
    show_change_link = True
    autocomplete_fields = ["source"]
    readonly_fields = ["prices"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("route", "setting", "therapy", "format"),
                    ("variant", "prices"),
                    ("checked_on", "precision", "method", "source"),
                ]
            },
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source")

    @admin.display(description=_("session price"))
    def prices(self, offering: Offering) -> str:
        if offering.pk is None:
            return gettext("after saving")
        address = reverse("admin:providers_offering_change", args=[offering.pk])
        price = words.session_price([offering], timezone.localdate())
        return format_html('<a href="{}">{}</a>', address, price)


@admin.register(Provider)
class ProviderAdmin(ListingAdmin):
    listing_path = "pk"
    form = ProviderForm
    inlines = [OfferingInline, HoursInline]
    actions = ["publish", "unpublish"]
    autocomplete_fields = ["organization", "region", "contact_source"]
    list_display = [
        *("name", "city", "region_code", "routes", "price", "status", "published"),
        *("last_check", "source"),
    ]
    list_select_related = ["contact_source"]
    list_filter = [
        *("status", "published", filters.CountryFilter, filters.RegionFilter),
        *(filters.RouteFilter, filters.PriceFilter, filters.PointFilter),
        *(filters.ContactCheckedFilter, filters.SampleFilter),
        ("contact_source", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["plain_name", "city", "postcode", "slug"]
    search_help_text = _("Name, town, postcode, phone in any format, or web address.")
    fixed_fields = ("slug",)
    readonly_fields = [
        *("precision_shown", "published", "is_sample", "facts", "origins", "story"),
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "organization"]}),
        (
            _("Where it is"),
            {
                "fields": [
                    *("region", "street", "street2", "city", "postcode"),
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
                    *(("status", "status_on"), "status_reason"),
                ]
            },
        ),
        (_("In its own words"), {"fields": ["about_en", "about_es"]}),
        (_("Facts"), {"fields": ["facts"], "classes": ["wide"]}),
        (_("Where this comes from"), {"fields": ["origins", "story"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """A listing that is not saved yet has no facts and no story."""
        return super().get_fieldsets(request, obj)[: None if obj else -2]

    def get_urls(self):
        return [*desk.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("offerings")

    def get_search_results(self, request, queryset, search_term):
        """Words as usual; digits also find a phone number, however it is written."""
        words_of_term = plain(search_term)
        found, _distinct = super().get_search_results(request, queryset, words_of_term)
        digits = _phone_digits(search_term)
        if digits:
            found = found | queryset.filter(phone__contains=digits)
        return found, False

    def view_on_site(self, obj) -> str | None:
        return obj.get_absolute_url() if obj.published else None

    # Columns

    @admin.display(description=_("region"), ordering="region")
    def region_code(self, provider: Provider) -> str:
        return provider.region_id

    @admin.display(description=_("routes"))
    def routes(self, provider: Provider) -> str:
        offered = {offering.route for offering in provider.offerings.all()}
        shown = [_short(c) for c in vocabulary.ROUTES.values() if c.code in offered]
        return ", ".join(shown) or gettext("none")

    @admin.display(description=_("session price"))
    def price(self, provider: Provider) -> str:
        return words.session_price(provider.offerings.all(), timezone.localdate())

    @admin.display(description=_("last check"), ordering="contact_checked_on")
    def last_check(self, provider: Provider) -> str:
        return provider.contact_checked_in_words or gettext("never")

    @admin.display(description=_("source"), ordering="contact_source__name")
    def source(self, provider: Provider) -> str:
        source = provider.contact_source
        return source.publisher or source.name if source else ""

    # Read-only parts of the page

    @admin.display(description=_("precision of the point"))
    def precision_shown(self, provider: Provider) -> str:
        if not provider.point_precision:
            return gettext("no point: searches by distance leave it out")
        return vocabulary.POINT_PRECISIONS[provider.point_precision].definition

    @admin.display(description="")
    def facts(self, provider: Provider) -> str:
        rows = provider.facts.select_related("source")
        topics = {topic: [] for topic in vocabulary.TOPICS}
        for fact in rows:
            topics[fact.topic].append(fact)
        context = {
            "provider": provider,
            "today": timezone.localdate(),
            "topics": [(vocabulary.TOPIC_LABELS[t], f) for t, f in topics.items() if f],
        }
        return render_to_string("admin/providers/provider/_facts.html", context)

    @admin.display(description=_("rows of other directories"))
    def origins(self, provider: Provider) -> str:
        records = provider.source_records.select_related("source")
        context = {"records": records}
        return render_to_string("admin/providers/provider/_origins.html", context)

    @admin.display(description=_("its story"))
    def story(self, provider: Provider) -> str:
        address = reverse("admin:providers_change_changelist")
        address = f"{address}?provider__id__exact={provider.pk}"
        return format_html('<a href="{}">{}</a>', address, gettext("Every change"))

    # Saving and publishing

    def save_related(self, request, form, formsets, change) -> None:
        with actions.recording(form.instance, by=request.user):
            super().save_related(request, form, formsets, change)
            if "_publish" in request.POST:
                publish(self, request, [form.instance], published=True)
        for warning in form.warnings:
            self.message_user(request, warning, messages.WARNING)

    def get_deleted_objects(self, objs, request):
        """Checks and conflicts go with their listing, though never by themselves."""
        shown, counts, lacking, kept = super().get_deleted_objects(objs, request)
        own = {model._meta.verbose_name for model in (Check, Conflict)}
        return shown, counts, lacking - own, kept

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset) -> None:
        publish(self, request, queryset, published=True)

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def unpublish(self, request, queryset) -> None:
        publish(self, request, queryset, published=False)


def publish(page, request, providers, *, published: bool) -> None:
    """Publish or unpublish, and say what was refused and what became of samples."""
    samples = Provider.objects.samples().count()
    done, refused = actions.set_published(
        providers=providers, published=published, by=request.user
    )
    if published:
        text = ngettext("%d listing published.", "%d listings published.", len(done))
    else:
        text = ngettext(
            "%d listing unpublished.", "%d listings unpublished.", len(done)
        )
    if done:
        page.message_user(request, text % len(done), messages.SUCCESS)
    if refused:
        page.message_user(request, _refusal(refused), messages.ERROR)
    removed = samples - Provider.objects.samples().count()
    if removed:
        text = ngettext(
            "The directory is real now, so %d sample listing was deleted.",
            "The directory is real now, so %d sample listings were deleted.",
            removed,
        )
        page.message_user(request, text % removed, messages.WARNING)


def _refusal(refused: list[Provider]) -> str:
    named = ", ".join(provider.name for provider in refused[:NAMED_AT_MOST])
    more = len(refused) - NAMED_AT_MOST
    if more > 0:
        named = gettext("%(names)s and %(count)d more") % {
            "names": named,
            "count": more,
        }
    return gettext(
        "Not published, for lack of a contact check or at the owner's wish: %(names)s."
    ) % {"names": named}


def _short(route: vocabulary.Route) -> str:
    """As editors say it: "IV", "IM", "esketamine"."""
    word = next(iter(route.aliases), str(route.label)).replace("_", " ")
    return word.upper() if len(word) == 2 else word


def _phone_digits(term: str) -> str:
    """The digits to look for in stored (E.164) numbers; "" if it is no number.

    A leading 0 is a prefix that people dial within a country; four digits are too
    few to mean a phone.
    """
    number = re.split(r"\s*(?:x|ext\.?)\s*\d+$", term.strip(), flags=re.IGNORECASE)[0]
    if not re.fullmatch(r"[0-9\s().+/-]+", number):
        return ""
    digits = re.sub(r"[^0-9]", "", number).lstrip("0")
    return digits if len(digits) > 4 else ""


@admin.register(Hours)
class HoursAdmin(ListingAdmin):
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
