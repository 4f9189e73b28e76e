"""The mixin of every statement: when, how and from where it is known."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format

from providers import vocabulary
from providers.models.fields import CodeField


def date_fits_precision(on: str, precision: str) -> Q:
    """A year is stored as its 1 January and a month as its first day.

    So a date that is known less exactly never looks fresher than it is.
    """
    first_of_month = Q(**{precision: "month", f"{on}__day": 1})
    first_of_year = Q(**{precision: "year", f"{on}__day": 1, f"{on}__month": 1})
    return Q(**{precision: "day"}) | first_of_month | first_of_year


def date_in_words(on: date, precision: str) -> str:
    """The date as exactly as it is known: "2024", "March 2024", "March 3, 2024"."""
    if precision == "year":
        return str(on.year)
    if precision == "month":
        return date_format(on, "YEAR_MONTH_FORMAT")
    return date_format(on, "DATE_FORMAT")


class Checked(models.Model):
    """A statement with the date, the method and the source of its last check."""

    checked_on = models.DateField()
    precision = CodeField(vocabulary.DATE_PRECISIONS, default="day", max_length=5)
    method = CodeField(vocabulary.METHODS)
    source = models.ForeignKey("providers.Source", models.PROTECT)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_precision_known",
                condition=Q(precision__in=list(vocabulary.DATE_PRECISIONS)),
            ),
            models.CheckConstraint(
                name="%(class)s_date_fits_precision",
                condition=date_fits_precision("checked_on", "precision"),
            ),
            models.CheckConstraint(
                name="%(class)s_method_known",
                condition=Q(method__in=list(vocabulary.METHODS)),
            ),
        ]

    @property
    def checked_in_words(self) -> str:
        return date_in_words(self.checked_on, self.precision)

    def is_stale(self, on: date) -> bool:
        """Whether the check is older, on that day, than its group stays fresh."""
        return (on - self.checked_on).days > vocabulary.FRESH_DAYS[self.group]
