"""What a call sheet lets an editor type: how it is known, and what became different.

The forms hold no date, method or source of their own: the sheet's stand for all.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import actions, story, vocabulary
from providers.admin import unusual
from providers.admin.facts_form import FactsForm
from providers.admin.forms import GuardedForm, MoneyField, StandingForm, require_past
from providers.admin.provider_form import ProviderForm
from providers.admin.widgets import MethodField, PlainDate, PlainSelect, SourceField
from providers.models import Offering, PriceLine, Provider

UNITS = [
    choice for choice in vocabulary.PRICE_UNITS.choices if choice[0] != "package_of_n"
]


class BasisForm(forms.Form):
    """When, how and from whom everything on the sheet is known."""

    method = MethodField(label=_("How"))
    checked_on = forms.DateField(label=_("On"), widget=PlainDate)
    source = SourceField(label=_("From"))
    note = forms.CharField(
        required=False,
        max_length=200,
        label=_("Note"),
        widget=forms.TextInput({"size": 40}),
        help_text=_("Who said what. If it closed: why (patients will read it)."),
    )

    use_required_attribute = False

    def __init__(self, *args, sources: list, **options) -> None:
        super().__init__(*args, **options)
        self.fields["source"].offer(sources)

    def clean(self) -> dict:
        require_past(self, "checked_on")
        return self.cleaned_data

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a statement that is known so."""
        names = ("checked_on", "method", "source")
        basis = {name: self.cleaned_data[name] for name in names}
        return basis | {"precision": "day"}


class ContactForm(ProviderForm):
    """Address and ways of contact. A new address finds its point as everywhere."""

    title = ""
    website = forms.URLField(
        required=False, max_length=300, assume_scheme="https", label=_("Website")
    )

    class Meta(ProviderForm.Meta):
        model = Provider
        fields = (
            *("phone", "phone_extension", "email", "website"),
            *("street", "street2", "city", "postcode", "time_zone"),
            *("region", "latitude", "longitude"),
        )

    use_required_attribute = False

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name in ("region", "latitude", "longitude"):
            self.fields[name].widget = forms.HiddenInput()

    def facts_form(self) -> FactsForm:
        """None: the sheet asks them apart, by group."""
        return FactsForm((), {}, topics=(), checked={})

    def store(self, basis: dict[str, Any], by: AbstractBaseUser) -> None:
        actions.save(self.instance, by=by)


class RegistryForm(StandingForm):
    """The number of the national register."""

    title = ""

    class Meta:
        model = Provider
        fields = ("npi",)

    def store(self, basis: dict[str, Any], by: AbstractBaseUser) -> None:
        actions.save(self.instance, by=by)


class OfferingForm(StandingForm):
    """The codes of one offering, or of one more."""

    class Meta:
        model = Offering
        fields = ("route", "setting", "therapy", "format", "variant")
        widgets = dict.fromkeys(fields[:4], PlainSelect)
        help_texts = {"variant": ""}

    use_required_attribute = False

    @property
    def title(self) -> str:
        if self.instance.pk is None:
            return _("One more offering")
        return story.offering_in_words(self.initial_key)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        _stand_in(self.instance)
        self.initial_key = self.instance.key
        self.fields["variant"].widget.attrs["size"] = 12

    def store(self, basis: dict[str, Any], by: AbstractBaseUser) -> None:
        _known_by(self.instance, basis)
        actions.save(self.instance, by=by)


class WarningForm(GuardedForm):
    """Says of its price, as it stands or was just saved, that it looks mistyped."""

    @property
    def warnings(self) -> list[str]:
        text = unusual.warning(self.instance) if self.instance.pk else ""
        return [text] if text else []


class PriceForm(StandingForm, WarningForm):
    """Lowest and highest of one price that stands."""

    amount_min_cents = MoneyField(label=_("Lowest"))
    amount_max_cents = MoneyField(label=_("Highest"))

    class Meta:
        model = PriceLine
        fields = ("amount_min_cents", "amount_max_cents")

    def __init__(self, *args, currency: str, **options) -> None:
        super().__init__(*args, **options)
        self._currency = self.instance.currency or currency
        self._stood = copy(self.instance)
        sign = vocabulary.CURRENCIES[self._currency].symbol
        for field in self.fields.values():
            field.label = f"{field.label} ({sign})"

    @property
    def title(self) -> str:
        line = self._stood
        said = [line.get_kind_display()]
        if line.applies_to != "self_pay":
            said.append(line.get_applies_to_display())
        offering = story.offering_in_words(line.offering.key)
        return f"{', '.join(map(str, said))} ({offering})"

    def clean(self) -> dict:
        cleaned = super().clean()
        named = [name for name in self._meta.fields if cleaned.get(name) is not None]
        self.instance.currency = self._currency if named else ""
        return cleaned

    def store(self, basis: dict[str, Any], by: AbstractBaseUser) -> None:
        """The former amount becomes history, unless it was asked that very day."""
        _known_by(self.instance, basis)
        actions.save(self.instance, by=by)
        if self._stood.checked_on < basis["checked_on"]:
            self._stood.pk, self._stood._state.adding = None, True
            self._stood.superseded_on = basis["checked_on"]
            actions.save(self._stood, by=by)


class NewPriceForm(WarningForm):
    """One more price. What is rarer than this is added on the offering's page."""

    title = _("One more price")
    offering = forms.ChoiceField(label=_("Offering"), widget=PlainSelect)
    amount_min_cents = MoneyField(label=_("Lowest"))
    amount_max_cents = MoneyField(label=_("Highest"))
    unit = forms.ChoiceField(choices=UNITS, widget=PlainSelect, label=_("For"))

    class Meta:
        model = PriceLine
        fields = (
            *("offering", "kind", "amount_min_cents", "amount_max_cents"),
            *("currency", "unit", "applies_to"),
        )
        widgets = dict.fromkeys(("kind", "currency", "applies_to"), PlainSelect)
        labels = {"kind": _("Price of"), "applies_to": _("Who pays this")}

    use_required_attribute = False

    def __init__(self, *args, offerings: list[Offering], currency: str, **options):
        super().__init__(*args, **options)
        _stand_in(self.instance)
        self._offerings = {str(offering.pk): offering for offering in offerings}
        named = [
            (key, story.offering_in_words(offering.key))
            for key, offering in self._offerings.items()
        ]
        self.fields["offering"].choices = named
        usual = {"currency": currency, "offering": named[0][0], "unit": "visit"}
        self.initial |= usual

    def clean_offering(self) -> Offering:
        return self._offerings[self.cleaned_data["offering"]]

    def clean(self) -> dict:
        cleaned = super().clean()
        amounts = [cleaned.get(f"amount_{end}_cents") for end in ("min", "max")]
        if amounts == [None, None] and not self.errors:
            self.add_error("amount_min_cents", _("How much is it? 0 means free."))
        return cleaned

    def store(self, basis: dict[str, Any], by: AbstractBaseUser) -> None:
        _known_by(self.instance, basis)
        actions.save(self.instance, by=by)


def _stand_in(row: Offering | PriceLine) -> None:
    """A new row has no basis before `store`, and its constraints are asked earlier."""
    if row.pk is None:
        row.method, row.checked_on = "phone", timezone.localdate()


def _known_by(row: Offering | PriceLine, basis: dict[str, Any]) -> None:
    for column, value in basis.items():
        setattr(row, column, value)


def forms_of(provider: Provider, data: Any = None) -> dict[str, list[GuardedForm]]:
    """Each group's forms for a listing from `with_everything`, blank or filled in."""
    offerings = list(provider.offerings.all())
    currency = vocabulary.CURRENCY_OF_COUNTRY.get(provider.country, "USD")
    new = Offering(provider=provider)
    return {
        "contact": [ContactForm(data, instance=provider, prefix="contact")],
        "services": [
            *(OfferingForm(data, instance=o, prefix=f"o{o.pk}") for o in offerings),
            OfferingForm(data, instance=new, prefix="o-new", empty_permitted=True),
        ],
        "prices": [
            *(
                PriceForm(data, instance=line, prefix=f"p{line.pk}", currency=currency)
                for offering in offerings
                for line in offering.prices.all()
                if line.superseded_on is None
            ),
            *_new_price(data, offerings, currency),
        ],
        "access": [],
        "licences": [RegistryForm(data, instance=provider, prefix="registry")],
    }


def _new_price(data: Any, offerings: list[Offering], currency: str) -> list:
    if not offerings:
        return []
    options = {"offerings": offerings, "currency": currency, "prefix": "p-new"}
    return [NewPriceForm(data, empty_permitted=True, **options)]
