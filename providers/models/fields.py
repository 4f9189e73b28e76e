"""Model fields and constraints: codes of the vocabulary, and what is computed."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cos, Radians, Sin, Sqrt

from providers import geo
from providers.text import match_key, place_key, plain
from providers.vocabulary import Codes


class CodeField(models.CharField):
    """A code of one vocabulary table: forms and admin offer its labels.

    Migrations see a plain CharField, so that a new code needs none.
    """

    def __init__(self, codes: Codes | None = None, **options) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        if codes is not None:
            self.choices = codes.choices

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        options.pop("choices", None)
        return name, "django.db.models.CharField", args, options


class PlainTextField(models.CharField):
    """Another column's words made comparable (see providers.text.plain)."""

    def __init__(self, of: str = "", **options) -> None:
        self.of = of
        super().__init__(editable=False, **options)

    def pre_save(self, instance, add: bool) -> str:
        words = plain(getattr(instance, self.of))[: self.max_length]
        setattr(instance, self.attname, words)
        return words

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["editable"]
        return name, path, args, options | {"of": self.of}


def one_of(field: str, codes: Iterable[str], *, model: str) -> models.CheckConstraint:
    """A constraint that `field` holds one of `codes`."""
    return models.CheckConstraint(
        name=f"{model}_{field}_known", condition=Q(**{f"{field}__in": list(codes)})
    )


class KeyField(models.CharField):
    """A key that follows from a listing's other columns."""

    def __init__(self, **options) -> None:
        super().__init__(editable=False, **options)

    def key_of(self, listing) -> str:
        raise NotImplementedError

    def pre_save(self, instance, add: bool) -> str:
        setattr(instance, self.attname, self.key_of(instance)[: self.max_length])
        return getattr(instance, self.attname)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["editable"]
        return name, path, args, options


class MatchKeyField(KeyField):
    """A listing's name, street (or city), postcode and country, made comparable.

    Rows of one source's files that agree in it are one listing.
    """

    def key_of(self, listing) -> str:
        return match_key(
            name=listing.name,
            street=listing.street or listing.city,
            postcode=listing.postcode,
            country=listing.country,
        )


class PlaceKeyField(KeyField):
    """A listing's street, postcode and country, made comparable; "" if one is blank.

    Listings of different sources that agree in it may be one and the same.
    """

    def key_of(self, listing) -> str:
        return place_key(
            street=listing.street, postcode=listing.postcode, country=listing.country
        )


def axes() -> list[models.GeneratedField]:
    """x_km, y_km and z_km of a row's latitude and longitude (see geo.position)."""
    around = _normal_km() * Cos(Radians("latitude"))
    axes_km = (
        around * Cos(Radians("longitude")),
        around * Sin(Radians("longitude")),
        _normal_km() * Value(1.0 - geo.ECCENTRICITY_SQUARED) * Sin(Radians("latitude")),
    )
    return [_axis(expression) for expression in axes_km]


def _normal_km():
    """Radius of curvature in the prime vertical (see geo.position), in SQL."""
    flattened = Value(1.0) - Value(geo.ECCENTRICITY_SQUARED) * Sin(
        Radians("latitude")
    ) * Sin(Radians("latitude"))
    return Value(geo.SEMI_MAJOR_KM) / Sqrt(flattened)


def _axis(expression) -> models.GeneratedField:
    return models.GeneratedField(
        expression=expression,
        output_field=models.FloatField(null=True),
        db_persist=True,
        help_text="Kilometres from the earth's centre; the database computes it.",
    )
