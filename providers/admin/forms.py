"""Form fields and forms of the admin: what is wrong is said at its field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import InlineForeignKeyField
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from providers import vocabulary
from providers.admin.breaches import BREACHES

NEWER = _(
    "Somebody else saved this listing after you opened this page. Nothing that you "
    "typed is lost: see below what became different, and save again."
)
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
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=codes.choices, **options)

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
        if self.instance.pk is not None and not self.has_changed():
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


class SeenField(forms.CharField):
    """What the page showed, as JSON, posted back beside what is typed over it."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, strip=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class StandingForm(GuardedForm):
    """Writes only what its editor touched; the rest stays as it stands by now.

    A field that comes back as the page had shown it was not touched, though somebody
    else may have changed it meanwhile: then it is cleaned, and shown again, as it
    stands. `anew` are the fields that are blank on every page.
    """

    anew: tuple[str, ...] = ()
    newer = False  # whether somebody saved the listing after the page was opened

    seen = SeenField()

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = lambda: json.dumps(self._standing)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.newer:
            self.add_error(None, NEWER)
        return cleaned

    def full_clean(self) -> None:
        self._take_standing()
        super().full_clean()

    @cached_property
    def changed_data(self) -> list[str]:
        """Compared with what the page showed, where the page says so."""
        for name, value in self._seen.items():
            self.initial[name] = _as_initial(self.fields[name], value)
        return super().changed_data

    @cached_property
    def _standing(self) -> dict[str, Any]:
        """What the row holds now, by field, as JSON writes it."""
        names = self.fields.keys() - {"seen", "DELETE", *self.anew}
        found = {
            name: self.get_initial_for_field(self.fields[name], name) for name in names
        }
        plain = {
            name: [getattr(v, "pk", v) for v in value]
            if isinstance(value, list)
            else value
            for name, value in found.items()
        }
        return json.loads(json.dumps(plain, default=str))

    @cached_property
    def _seen(self) -> dict[str, Any]:
        """What the posted page had shown, by field; empty where it does not say."""
        standing = self._standing  # before `changed_data` puts other values in place
        if not self.is_bound:
            return {}
        try:
            posted = json.loads(self.data.get(self.add_prefix("seen"), ""))
        except ValueError:
            return {}
        if not isinstance(posted, dict):
            return {}
        return {name: v for name, v in posted.items() if name in standing}

    def _take_standing(self) -> None:
        if self.instance.pk is None:  # somebody deleted it: what was posted is all
            return
        outdated = {
            name: self._standing[name]
            for name, value in self._seen.items()
            if value != self._standing[name] and name not in self.changed_data
        }
        if not outdated:
            return
        self.data = self.data.copy()
        for name, value in outdated.items():
            _post(self.data, self.add_prefix(name), self.fields[name], value)
        shown = json.dumps(self._seen | outdated)
        self.data[self.add_prefix("seen")] = shown


def _as_initial(field: forms.Field, value: Any) -> Any:
    """A value of JSON as the field compares it with what is typed."""
    if not isinstance(value, str) or isinstance(field, forms.ModelChoiceField):
        return value
    try:
        return field.to_python(value)
    except ValidationError:
        return None


def _post(data: Any, name: str, field: forms.Field, value: Any) -> None:
    """Put the value into posted data as the field's own control would post it."""
    shown = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        data.pop(name, None)
        data.update({name: "on"} if shown else {})
    elif isinstance(shown, list):
        data.setlist(name, [str(part) for part in shown])
    else:
        data[name] = "" if shown is None else str(shown)


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


class CheckedForm(StandingForm):
    """A statement. Whoever changes it chooses anew how it is known.

    `asides` are the fields that say nothing about the provider, so need no method.
    """

    asides: Iterable[str] = ()
    anew = ("method",)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "checked_on" in self.fields and self.instance.pk is None:
            self.fields["checked_on"].initial = timezone.localdate
        method = self.fields.get("method")
        if method and self.instance.pk is not None:
            method.required = False
            stands = vocabulary.METHODS.label(self.instance.method)
            unchanged = _("Unchanged: %(method)s") % {"method": stands}
            method.choices = [("", unchanged), *vocabulary.METHODS.choices]
            self.initial["method"] = ""

    def _post_clean(self) -> None:
        """A row that nobody touched stays as it stands: it needs no validation."""
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()

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
