"""Form fields and forms: visitors' words in, checked plain values out."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from providers import geo, places
from providers.models import every_region
from providers.remembered import Recent
from providers.vocabulary import Codes

MOST_VALUES = 100  # of one parameter; every need together is fewer
PLACE_FIELDS = ("near", "lat", "lng")  # checked together, so always all three
# Whose values are never kept: where somebody is, what they typed; and what differs
# from page to page.
NOT_KEPT = (*PLACE_FIELDS, "region", "serves", "q", "page")
MOST_KEPT = 1_000  # of some 500 bytes each

# What else is typed never reaches the database, which would choke on a NUL.
_REGION_CODE = re.compile(r"[0-9A-Z-]{2,10}")


def _refuse_too_many(values: Sequence | None) -> None:
    if len(values or ()) > MOST_VALUES:
        message = _("Choose at most %(most)d at once.")
        raise ValidationError(message, "too_many", {"most": MOST_VALUES})


class CodesField(forms.MultipleChoiceField):
    """Codes of one vocabulary table; aliases ("iv") are understood."""

    def __init__(self, *, codes: Codes, **options) -> None:
        self.codes = codes
        super().__init__(choices=codes.choices, **options)

    def to_python(self, value) -> list[str]:
        _refuse_too_many(value)
        words = [word for word in super().to_python(value) if word]
        return list(dict.fromkeys(self.codes.resolve(word) or word for word in words))


class RegionsField(forms.MultipleChoiceField):
    """Region codes such as US-CO, in any case."""

    def to_python(self, value) -> list[str]:
        _refuse_too_many(value)
        words = [word.strip().upper() for word in super().to_python(value)]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"])
        codes = [code for code in value if _REGION_CODE.fullmatch(code)]
        known = every_region() if codes else {}
        for code in value:
            if code not in known:
                message = _("“%(code)s” is not a region that we know.")
                raise ValidationError(message, "unknown", {"code": code[:40]})


kept: Recent[dict] = Recent(MOST_KEPT)  # the values of filters that were all right


class SearchForm(forms.Form):
    """Resolves the place that a person typed, or the point their browser sent.

    Cleans only the fields that the data names; what the others mean is given. Forms
    copy their fields, which costs milliseconds, so these are shared and never changed.
    Filters that were all right together before are not cleaned again: what they mean
    depends on nothing but their words. After `clean`, `origin` is the place
    (places.Found) or None. Where a name fits several places or none, `candidates`
    holds what to offer.
    """

    origin: places.Found | None = None
    candidates: list[places.Found] = []

    def __init__(
        self,
        data: QueryDict,
        fields: Mapping[str, forms.Field],
        blank: Mapping[str, object],
    ) -> None:
        super().__init__(data, label_suffix="")  # else one is looked up, for nothing
        asked = {*data, *PLACE_FIELDS}
        self._asked = {n: field for n, field in fields.items() if n in asked}
        self._filters = tuple(
            (name, _typed(field, name, data))
            for name, field in self._asked.items()
            if name not in NOT_KEPT
        )
        self._known = kept.get(self._filters)
        known = self._known or {}
        self.fields = {
            name: field
            for name, field in self._asked.items()
            if name in data and name not in known
        }
        self.blank = {**blank, **known}

    def _cleaned(self) -> dict:
        """What each parameter means, but those that are wrong."""
        cleaned = {n: v for n, v in self.blank.items() if n not in self.fields}
        cleaned |= super().clean()
        names = dict(self._filters).keys()
        if self._known is None and cleaned.keys() >= names:
            kept.put(self._filters, {name: cleaned[name] for name in names})
        self.fields = self._asked  # at each of which an error may stand
        return cleaned

    def clean(self) -> dict:
        cleaned = self._cleaned()
        near = cleaned.get("near", "")
        latitude, longitude = cleaned.get("lat"), cleaned.get("lng")
        if near:
            self._locate("near", lambda: places.find(near))
        elif (latitude is None) != (longitude is None):
            missing = "lat" if latitude is None else "lng"
            if missing not in self.errors:
                self.add_error(missing, _("Give both the latitude and the longitude."))
        elif latitude is not None:
            here = geo.Point(latitude, longitude)
            self._locate("lat", lambda: places.at(here))
        if not any(field in self.errors for field in PLACE_FIELDS):
            self._refuse_travel_from_nowhere(cleaned)
        return cleaned

    def _refuse_travel_from_nowhere(self, cleaned: dict) -> None:
        if self.origin and self.origin.point:
            return
        asked = {"sort": cleaned.get("sort") == "travel"}
        asked["max_total"] = cleaned.get("max_total") is not None
        for field in (name for name, is_asked in asked.items() if is_asked):
            self.add_error(
                field,
                _("Travel is counted from your place: give a town or a postcode."),
            )

    def _locate(self, field: str, find: Callable[[], places.Found]) -> None:
        try:
            self.origin = find()
        except places.PlaceError as error:
            self.candidates = list(error.places)
            self.add_error(field, lazystr(error))


def _typed(field: forms.Field, name: str, data: QueryDict) -> Hashable:
    """What the data has of a field, as the field reads it."""
    value = field.widget.value_from_datadict(data, {}, name)
    return tuple(value) if isinstance(value, list) else value
