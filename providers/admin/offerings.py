"""What a listing offers, and its prices."""

from __future__ import annotations

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import vocabulary, wording
from providers.admin import filters, words
from providers.admin.base import FormsMixin, ListingAdmin
from providers.admin.breaches import BREACHES
from providers.admin.forms import CheckedForm, CodeListField, MoneyField
from providers.models import Offering, PriceLine


class PriceForm(CheckedForm):
    asides = ("disputed", "superseded_on")

    amount_min_cents = MoneyField(
        label=_("Lowest price"),
        help_text=_("In dollars, say 450 or 450.50. Blank: not known. 0: free."),
    )
    amount_max_cents = MoneyField(
        label=_("Highest price"),
        help_text=_("For one fixed price, write it in both."),
    )
    includes = CodeListField(
        vocabulary.PRICE_KINDS,
        required=False,
        label=_("Already covers"),
        help_text=_("What a patient does not pay again."),
    )

    class Meta:
        labels = {
            "kind": _("Price of"),
            "payee": _("Paid to"),
            "unit": _("For"),
            "package_size": _("Visits in a package"),
            "minutes": _("Minutes of a visit"),
            "count_min": _("Times in a course"),
            "count_max": _("Times at most"),
            "applies_to": _("Who pays this"),
        }
        help_texts = {
            "package_size": _("1 for every other unit."),
            "minutes": _("Only of a price by the hour."),
            "count_min": _("As the clinic says. Blank: the usual schedule counts."),
            "count_max": _("The same for a fixed number; blank: so many or more."),
            "disputed": _("Somebody says that it is wrong: kept out of searches."),
            "superseded_on": _("The day on which another price took its place."),
        }


class PriceFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse two new lines with one key: each alone looks right to the database."""
        super().clean()
        seen = set()
        for form in self.forms:
            if not form.is_valid() or not form.has_changed() or self._goes(form):
                continue
            if form.instance.key in seen:
                form.add_error("kind", BREACHES["priceline_one_current"][1])
            seen.add(form.instance.key)

    def _goes(self, form) -> bool:
        return self.can_delete and self._should_delete_form(form)


PRICE_FIELDSETS = [
    (
        None,
        {
            "fields": [
                ("kind", "applies_to", "payee"),
                ("amount_min_cents", "amount_max_cents", "currency"),
                ("unit", "package_size", "minutes"),
                ("count_min", "count_max"),
                "includes",
                ("checked_on", "precision", "method", "source"),
                ("disputed", "superseded_on"),
                ("note_en", "note_es"),
            ]
        },
    )
]


class PriceLineInline(FormsMixin, admin.StackedInline):
    model = PriceLine
    form = PriceForm
    formset = PriceFormSet
    fieldsets = PRICE_FIELDSETS
    autocomplete_fields = ["source"]
    extra = 0


@admin.register(Offering)
class OfferingAdmin(ListingAdmin):
    form = CheckedForm
    inlines = [PriceLineInline]
    autocomplete_fields = ["provider", "source", "serves"]
    fixed_fields = ("provider",)
    list_display = [
        *("provider", "route", "setting", "therapy", "format", "variant"),
        *("price", "checked_on", "method"),
    ]
    list_select_related = ["provider"]
    list_filter = [
        *("route", "setting", "therapy", "format", filters.CheckedFilter),
        *("method", ("source", admin.RelatedOnlyFieldListFilter)),
    ]
    search_fields = ["provider__plain_name", "provider__city", "variant"]
    search_help_text = _("Name or town of the listing, or the variant.")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "provider",
                    ("route", "setting"),
                    ("therapy", "format"),
                    *("variant", "serves"),
                ]
            },
        ),
        (
            _("How it is known"),
            {"fields": [("checked_on", "precision"), ("method", "source")]},
        ),
    ]

    @admin.display(description=_("session price"))
    def price(self, offering: Offering) -> str:
        return words.session_price([offering], timezone.localdate())


@admin.register(PriceLine)
class PriceLineAdmin(ListingAdmin):
    """Every price line as a list; a new one is added on its offering's page."""

    listing_path = "offering__provider"
    form = PriceForm
    autocomplete_fields = ["source"]
    readonly_fields = ["listing", "offering"]
    fieldsets = [(None, {"fields": ["listing", "offering"]}), *PRICE_FIELDSETS]
    list_display = [
        *("listing", "offering", "kind", "amount", "unit", "applies_to"),
        *("checked_on", "method", "disputed", "superseded_on"),
    ]
    list_display_links = ["kind"]
    list_select_related = ["offering__provider"]
    list_filter = [
        *("kind", "currency", "applies_to", "disputed", filters.CheckedFilter),
        *("method", ("source", admin.RelatedOnlyFieldListFilter)),
    ]
    search_fields = ["offering__provider__plain_name"]
    search_help_text = _("Name of the listing.")

    @admin.display(description=_("listing"), ordering="offering__provider__name")
    def listing(self, line: PriceLine) -> str:
        return line.offering.provider.name

    def has_add_permission(self, request) -> bool:
        return False

    @admin.display(description=_("amount"))
    def amount(self, line: PriceLine) -> str:
        low, high = line.amount_min_cents, line.amount_max_cents
        text = wording.amount_range(low, high, line.currency)
        return text or gettext("not published")
