"""Form fields and forms: visitors' words in, checked plain values out."""

from __future__ import annotations

import re
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from providers import geo, places
from providers.models import Region
from providers.vocabulary import Codes

# What else is typed never reaches the database, which would choke on a NUL.
_REGION_CODE = re.compile(r"[0-9A-Z-]{2,10}")


class CodesField(forms.MultipleChoiceField):
    """Codes of one vocabulary table; aliases ("iv") are understood."""

    def __init__(self, *, codes: Codes, **options) -> None:
        self.codes = codes
        super().__init__(choices=codes.choices, **options)

    def to_python(self, value) -> list[str]:
        words = [word for word in super().to_python(value) if word]
        return list(dict.fromkeys(self.codes.resolve(word) or word for word in words))


class RegionsField(forms.MultipleChoiceField):
    """Region codes such as US-CO, in any case."""

    def to_python(self, value) -> list[str]:
        words = [word.strip().upper() for word in super().to_python(value)]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"])
        codes = [code for code in value if _REGION_CODE.fullmatch(code)]
        known = set(Region.objects.filter(pk__in=codes).values_list("pk", flat=True))
        for code in value:
            if code not in known:
                message = _("“%(code)s” is not a region that we know.")
                raise ValidationError(message, "unknown", {"code": code[:40]})


class SearchForm(forms.Form):
    """Resolves the place that a person typed, or the point their browser sent.

    After `clean`, `origin` is the place (places.Found) or None. Where a name fits
    several places or none, `candidates` holds what to offer.
    """

    origin: places.Found | None = None
    candidates: list[places.Found] = []

    def clean(self) -> dict:
        cleaned = super().clean()
        near = cleaned.get("near", "")
        latitude, longitude = cleaned.get("lat"), cleaned.get("lng")
        if near:
            self._locate("near", lambda: places.find(near))
        elif (latitude is None) != (longitude is None):
            missing = "lat" if latitude is None else "lng"
            if missing not in self.errors:
                self.add_error(missing, _("Give both the latitude and the longitude."))
        elif latitude is not None:
            here = geo.Point(float(latitude), float(longitude))
            self._locate("lat", lambda: places.at(here))
        return cleaned

    def _locate(self, field: str, find: Callable[[], places.Found]) -> None:
        try:
            self.origin = find()
        except places.PlaceError as error:
            self.candidates = list(error.places)
            self.add_error(field, lazystr(error))
