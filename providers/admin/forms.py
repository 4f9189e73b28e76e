"""Form fields and forms of the admin: what is wrong is said at its field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import InlineForeignKeyField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import vocabulary
from providers.admin.breaches import BREACHES

MOST_CENTS = 100_000_000  # a million of any currency: beyond it somebody mistyped


class MoneyField(forms.Field):
    """Units as people write them ("450", "450.00") in and out; cents inside.

    Blank is unknown (None), and 0 is free.
    """

    default_error_messages = {
        "malformed": _("Write an amount such as 450 or 450.00, without a comma."),
        "negative": _("An amount is 0 or more. Leave it blank if it is not known."),
        "too_much": _("More than a million is surely a typing error."),
    }

    def __init__(self, **options) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "size": 9})
        super().__init__(**{"required": False, "widget": widget} | options)

    def to_python(self, value: Any) -> int | None:
        typed = str(value or "").strip().removeprefix("$").strip()
        if not typed:
            return None
        if typed.startswith(("-", "−")):
            raise self._error("negative")
        match = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", typed)
        if not match:
            raise self._error("malformed")
        cents = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
        if cents > MOST_CENTS:
            raise self._error("too_much")
        return cents

    def prepare_value(self, value: Any) -> Any:
        """Stored cents as units; what was typed and refused stays as it was typed."""
        if not isinstance(value, int):
            return value
        units, cents = divmod(value, 100)
        return f"{units}.{cents:02}" if cents else str(units)

    def has_changed(self, initial: int | None, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code)


class CodeListField(forms.MultipleChoiceField):
    """Codes as checkboxes; a list in the vocabulary's order inside."""

    def __init__(self, codes: vocabulary.Codes, **options) -> None:
        widget = forms.CheckboxSelectMultiple
        super().__init__(choices=codes.choices, widget=widget, **options)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [code for code, _label in self.choices if code in chosen]


class GuardedForm(forms.ModelForm):
    """Asks every constraint of the model, also those on columns that it does not show.

    `stands_for` names the columns that a field fills besides its own.
    """

    stands_for: dict[str, tuple[str, ...]] = {}

    def _post_clean(self) -> None:
        # Django asks only constraints on shown columns, and names no field.
        self.instance.validate_constraints = self._constraints_at_fields
        super()._post_clean()
        del self.instance.validate_constraints

    def _constraints_at_fields(self, exclude: set[str] = frozenset()) -> None:
        """As Model.validate_constraints; of `exclude` only what failed is left out.

        A row that stays as it stands is asked nothing: the database has it already.
        """
        if not self.has_changed():
            return
        model, failed, errors = self._meta.model, self._failed(exclude), {}
        for constraint in model._meta.constraints:
            try:
                constraint.validate(model, self.instance, exclude=failed)
            except ValidationError as error:
                field, message = BREACHES.get(constraint.name, ("", error))
                place = field if field in self.fields else NON_FIELD_ERRORS
                errors.setdefault(place, []).append(message)
        if errors:
            raise ValidationError(errors)

    def _failed(self, excluded: set[str]) -> set[str]:
        failed = {
            name
            for name in {*excluded, *self.errors} & set(self.fields)
            if not isinstance(self.fields[name], InlineForeignKeyField)
        }
        return failed.union(*(self.stands_for.get(name, ()) for name in failed))


def require_past(form: forms.BaseForm, field: str) -> None:
    """Refuse, at its field, a day that has not come yet."""
    day = form.cleaned_data.get(field)
    if day and day > timezone.localdate():
        form.add_error(field, _("This day has not come yet."))


def date_as_known(cleaned: dict, field: str, precision: str) -> None:
    """Store a year as its 1 January and a month as its first day (see Checked)."""
    day = cleaned.get(field)
    if day and cleaned.get(precision) == "year":
        cleaned[field] = day.replace(month=1, day=1)
    if day and cleaned.get(precision) == "month":
        cleaned[field] = day.replace(day=1)


class CheckedForm(GuardedForm):
    """A statement. Whoever changes it chooses anew how it is known.

    `asides` are the fields that say nothing about the provider, so need no method.
    """

    asides: Iterable[str] = ()

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "checked_on" in self.fields and self.instance.pk is None:
            self.fields["checked_on"].initial = timezone.localdate
        method = self.fields.get("method")
        if method and self.instance.pk is not None:
            method.required = False
            method.choices = [("", _("Unchanged")), *vocabulary.METHODS.choices]
            self.initial["method"] = ""

    def clean(self) -> dict:
        cleaned = super().clean()
        require_past(self, "checked_on")
        date_as_known(cleaned, "checked_on", "precision")
        if self.instance.pk is not None and not cleaned.get("method"):
            self._keep_method(cleaned)
        return cleaned

    def _keep_method(self, cleaned: dict) -> None:
        stated = set(self.changed_data) - {"method", "DELETE", *self.asides}
        if stated and "method" in self.fields:
            self.add_error(
                "method", _("You changed this entry: choose how the new one is known.")
            )
        cleaned["method"] = self.instance.method
