"""Offerings on the page of a listing, each with its prices as a grid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from django import forms
from django.contrib import admin
from django.db.models import Count, Prefetch, Q
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from providers import vocabulary, wording
from providers.admin import unusual
from providers.admin.base import FormsMixin
from providers.admin.forms import (
    CheckedForm,
    CodeListField,
    MoneyField,
    StandingForm,
)
from providers.admin.offerings import PriceForm, PriceFormSet
from providers.admin.widgets import (
    FoldedBoxes,
    PlainCheckbox,
    PlainDate,
    PlainInput,
    PlainSelect,
    SourceField,
    all_sources,
)
from providers.models import Hours, Offering, PriceLine

AMOUNT = PlainInput({"inputmode": "decimal", "size": 7})
NUMBER = PlainInput({"inputmode": "numeric", "size": 3})
BLANK_PRICES = 1  # rows to type into without JavaScript; a script adds more
LINES_ON_PAGE = 36  # price rows: Django refuses more than 1,000 fields of a form


class RowFormSet(BaseInlineFormSet):
    """Rows of a page that outlast what others do to them meanwhile.

    A row that somebody deleted stays deleted, unless it was touched here: then it is
    written anew. Its hidden key asks the database nothing.
    """

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        key = self.model._meta.pk.name
        form.fields[key] = forms.IntegerField(
            required=False,
            initial=form.instance.pk,
            widget=PlainInput(kind="hidden"),
        )
        if self.can_delete and "DELETE" in form.fields:
            form.fields["DELETE"].widget = PlainCheckbox(
                {"aria-label": form.fields["DELETE"].label}
            )

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self._is_gone(form, i):
            form.empty_permitted, form.use_required_attribute = True, False
            form.fields[self.model._meta.pk.name].required = False
        return form

    def _is_gone(self, form, i: int) -> bool:
        return i < self.initial_form_count() and form.instance.pk is None

    @property
    def extra_forms(self) -> list:
        """New rows, and those that somebody deleted under their editor's hands."""
        count = self.initial_form_count()
        gone = [f for i, f in enumerate(self.forms[:count]) if self._is_gone(f, i)]
        return [*gone, *self.forms[count:]]


class GridForm(StandingForm):
    """A row of a table, whose controls have no visible label of their own."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if name != "seen":
                field.widget.attrs["aria-label"] = field.label

    @property
    def controls(self) -> list[forms.BoundField]:
        """What is typed into, as the table has it."""
        return controls_of(self)


def controls_of(form: forms.BaseForm) -> list[forms.BoundField]:
    """The fields of a form but those that every row has."""
    apart = ("id", "seen", "DELETE")
    shown = (field for field in form if field.name not in apart)
    return [field for field in shown if not field.is_hidden]


class GridPriceForm(GridForm, PriceForm):
    """A price line without what its own page is for (notes, superseded, precision)."""

    source = SourceField(label=_("Source"))

    class Meta(PriceForm.Meta):
        model = PriceLine
        fields = [
            *("kind", "applies_to", "amount_min_cents", "amount_max_cents"),
            *("currency", "unit", "package_size", "payee", "minutes"),
            *("count_min", "count_max", "includes"),
            *("checked_on", "method", "source", "disputed", "seen"),
        ]
        widgets = dict.fromkeys(
            ("kind", "applies_to", "currency", "unit", "payee", "method"), PlainSelect
        ) | {
            **dict.fromkeys(("package_size", "minutes"), NUMBER),
            **dict.fromkeys(("count_min", "count_max"), NUMBER),
            "checked_on": PlainDate,
            "disputed": PlainCheckbox,
        }
        labels = PriceForm.Meta.labels | {
            "currency": _("Currency"),
            "package_size": _("Package of"),
            "minutes": _("Minutes"),
            "count_min": _("Times a course"),
            "method": _("How"),
        }

    amount_min_cents = MoneyField(label=_("Lowest"), widget=AMOUNT)
    amount_max_cents = MoneyField(label=_("Highest"), widget=AMOUNT)
    includes = CodeListField(
        vocabulary.PRICE_KINDS,
        required=False,
        label=_("Already covers"),
        widget=FoldedBoxes,
    )

    def __init__(self, *args, sources: list, **options) -> None:
        super().__init__(*args, **options)
        self.fields["source"].offer(sources)

    def clean(self) -> dict:
        cleaned = super().clean()
        if "checked_on" in self.changed_data:
            self.instance.precision = "day"
        if cleaned.get("unit") != "hour" and "minutes" not in self.changed_data:
            cleaned["minutes"] = None
        return cleaned

    @property
    def warning(self) -> str:
        """That the price, as it stands, looks mistyped; "" for any other."""
        return "" if self.instance.pk is None else unusual.warning(self.instance)


class GridFormSet(RowFormSet, PriceFormSet):
    """The current prices of one offering."""

    first_labels = [
        *(_("Price of"), _("Who pays this"), _("Lowest"), _("Highest")),
        *(_("Currency"), _("For"), _("Package of")),
    ]


PriceGrid = inlineformset_factory(
    Offering,
    PriceLine,
    form=GridPriceForm,
    formset=GridFormSet,
    extra=BLANK_PRICES,
)


class OfferingForm(CheckedForm):
    """One offering; `prices` is its grid."""

    source = SourceField(label=_("Source"))
    prices: PriceGrid
    is_folded = False

    class Meta:
        labels = {"precision": _("What of it is known"), "method": _("How")}
        widgets = dict.fromkeys(
            ("route", "setting", "therapy", "format", "precision", "method"),
            PlainSelect,
        ) | {"variant": PlainInput({"size": 24}), "checked_on": PlainDate}

    def has_changed(self) -> bool:
        """A new offering of which only a price was typed is not to be lost."""
        typed = self.prices.is_bound and self.prices.has_changed()
        return super().has_changed() or typed

    @property
    def is_touched(self) -> bool:
        return self.is_bound and self.has_changed()

    @property
    def controls(self) -> list[forms.BoundField]:
        return controls_of(self)

    @property
    def folded(self) -> list[str]:
        """Its prices in words, where the page has no room for their grid."""
        return [_in_words(line) for line in self.instance.current_prices]

    @property
    def title(self) -> str:
        """What it is called on the page, from what stands, not from what is typed."""
        if self.instance.pk is None:
            return ""
        named = [
            *(self.instance.get_route_display(), self.instance.get_therapy_display()),
            self.instance.variant,
        ]
        return ", ".join(str(name) for name in named if name)


def _in_words(line: PriceLine) -> str:
    low, high = line.amount_min_cents, line.amount_max_cents
    amount = wording.amount_range(low, high, line.currency) or _("not published")
    said = f"{line.get_kind_display()}: {amount}, {line.get_unit_display()}"
    return f"{said}, {line.get_applies_to_display()} ({line.checked_in_words})"


class OfferingFormSet(RowFormSet):
    """The offerings, and within each form the grid of its prices."""

    @cached_property
    def sources(self) -> list:
        return all_sources()

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        form.fields["source"].offer(self.sources)
        prefix = f"{form.prefix}-prices"
        is_posted = form.is_bound and f"{prefix}-TOTAL_FORMS" in self.data
        form.prices = PriceGrid(
            self.data if is_posted else None,
            instance=form.instance,
            prefix=prefix,
            form_kwargs={"sources": self.sources},
        )
        form.prices._queryset = getattr(form.instance, "current_prices", [])
        form.is_folded = not is_posted and form.instance.pk in self._crowded

    @cached_property
    def _crowded(self) -> set[int]:
        """The last offerings, for whose prices the form has no room."""
        lines = accumulate(
            len(offering.current_prices) + BLANK_PRICES
            for offering in self.get_queryset()
        )
        counted = zip(self.get_queryset(), lines, strict=True)
        return {offering.pk for offering, count in counted if count > LINES_ON_PAGE}

    def non_form_errors(self):
        """With a word on a wrong price, so that the page is refused for it."""
        errors = super().non_form_errors()
        wrong = [form for form in self._kept() if not form.prices.is_valid()]
        if wrong and not errors:
            errors.append(_("A price below is not right."))
        return errors

    def _kept(self) -> Iterator[OfferingForm]:
        """Forms with posted prices that are not about to be deleted."""
        for form in self.forms if self.is_bound else ():
            goes = self.can_delete and self._should_delete_form(form)
            if form.prices.is_bound and not goes:
                yield form

    def grids(self) -> Iterator[GridFormSet]:
        """The grids to be saved, once their offerings are."""
        for form in self._kept():
            if form.instance.pk is not None:
                form.prices.instance = form.instance
                yield form.prices


class OfferingInline(FormsMixin, admin.StackedInline):
    """What it offers and what that costs; the regions served are on its own page."""

    model = Offering
    form = OfferingForm
    formset = OfferingFormSet
    template = "admin/providers/provider/_offerings.html"
    extra = 1
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("route", "setting", "therapy", "format", "variant"),
                    *("checked_on", "precision", "method", "source"),
                ]
            },
        )
    ]

    def get_queryset(self, request):
        current = PriceLine.objects.current().select_related("source")
        past = Count("prices", filter=Q(prices__superseded_on__isnull=False))
        prices = Prefetch("prices", current, to_attr="current_prices")
        rows = super().get_queryset(request).select_related("source")
        return rows.annotate(past_prices=past).prefetch_related(prices).order_by("pk")


class HoursForm(GridForm):
    class Meta:
        widgets = {
            "weekday": PlainSelect,
            "opens": PlainInput({"size": 6, "placeholder": "09:00"}),
            "closes": PlainInput({"size": 6, "placeholder": "17:00"}),
            "by_appointment": PlainCheckbox,
            "note_en": PlainInput({"size": 24}),
            "note_es": PlainInput({"size": 24}),
        }


class HoursInline(FormsMixin, admin.TabularInline):
    model = Hours
    form = HoursForm
    formset = RowFormSet
    template = "admin/providers/provider/_hours.html"
    extra = 1
    fields = ["weekday", "opens", "closes", "by_appointment", "note_en", "note_es"]
