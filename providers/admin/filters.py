"""Filters of the admin's lists: each answers an editor's question in one query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import rights, vocabulary
from providers.asked import stated_percent
from providers.models import Offering, Region
from providers.places.distant import far_from_postcode

NEVER = "never"


class CountryFilter(admin.SimpleListFilter):
    """Countries that have listings."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        theirs = rights.listings_of(request.user)
        used = theirs.order_by().values("country").distinct()
        countries = Region.objects.filter(code__in=used)
        return [(region.code, region.name) for region in countries]

    def queryset(self, request, queryset):
        return queryset.filter(country=self.value()) if self.value() else queryset


class RegionFilter(admin.SimpleListFilter):
    """Parts of the chosen country, else of every country, that have listings."""

    title = _("state or province")
    parameter_name = "region"

    def lookups(self, request, model_admin):
        theirs = rights.listings_of(request.user)
        used = theirs.order_by().values("region").distinct()
        regions = Region.objects.filter(code__in=used, kind="subdivision")
        if country := request.GET.get(CountryFilter.parameter_name):
            regions = regions.filter(parent=country)
        return [(region.code, region.name) for region in regions]

    def queryset(self, request, queryset):
        return queryset.filter(region=self.value()) if self.value() else queryset


class RouteFilter(admin.SimpleListFilter):
    """Listings with an offering by the route."""

    title = _("route")
    parameter_name = "route"

    def lookups(self, request, model_admin):
        return vocabulary.ROUTES.choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.with_offering(Offering.objects.by(route=[self.value()]))


class PriceFilter(admin.SimpleListFilter):
    """Whether any session price is known, stale ones included."""

    title = _("session price")
    parameter_name = "price"

    def lookups(self, request, model_admin):
        return [("yes", _("Published")), ("no", _("No price"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        priced = Offering.objects.exclude(session_currency="")
        has_price = Exists(priced.filter(provider=OuterRef("pk")))
        return queryset.filter(has_price if self.value() == "yes" else ~has_price)


class PointFilter(admin.SimpleListFilter):
    """How well the place on the map is known."""

    title = _("point on the map")
    parameter_name = "point"

    def lookups(self, request, model_admin):
        far = ("far", _("More than 25 km from its postcode"))
        return [*vocabulary.POINT_PRECISIONS.choices, ("none", _("No point")), far]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.value() == "far":
            return far_from_postcode(queryset)
        precision = "" if self.value() == "none" else self.value()
        return queryset.filter(point_precision=precision)


class CheckedFilter(admin.SimpleListFilter):
    """How long ago the rows of a list were checked; `column` holds the date."""

    title = _("last check")
    parameter_name = "checked"
    column = "checked_on"

    def lookups(self, request, model_admin):
        return [
            ("90", _("In the last 90 days")),
            ("not90", _("Not for 90 days")),
            ("not180", _("Not for 180 days")),
        ]

    def queryset(self, request, queryset):
        find = self.questions().get(self.value())
        return find(queryset) if find else queryset

    def questions(self) -> dict[str, Callable[[QuerySet], QuerySet]]:
        since = f"{self.column}__gte"
        return {
            "90": lambda rows: rows.filter(**{since: _days_ago(90)}),
            "not90": lambda rows: rows.exclude(**{since: _days_ago(90)}),
            "not180": lambda rows: rows.exclude(**{since: _days_ago(180)}),
            NEVER: lambda rows: rows.filter(**{self.column: None}),
        }


class ContactCheckedFilter(CheckedFilter):
    """Of listings: never checked ones count as not checked for any time."""

    title = _("last contact check")
    column = "contact_checked_on"

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), (NEVER, _("Never"))]


class SinceFilter(admin.SimpleListFilter):
    """Not checked since a day that the editor types; never checked ones included."""

    title = _("not checked since")
    parameter_name = "since"
    template = "admin/providers/provider/_since_filter.html"

    def lookups(self, request, model_admin):
        return [("", "")]

    def choices(self, changelist):
        """What the filter's own form keeps of the other filters, and the day."""
        others = changelist.get_filters_params().items()
        kept = [(name, v) for name, values in others for v in values]
        yield {
            "kept": [(name, v) for name, v in kept if name != self.parameter_name],
            "query": changelist.query,
            "day": self.value() or "",
            "is_wrong": bool(self.value()) and self._day() is None,
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }

    def queryset(self, request, queryset):
        if (day := self._day()) is None:
            return queryset
        return queryset.exclude(contact_checked_on__gte=day)

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.value() or "")
        except ValueError:
            return None


class StatedFilter(admin.SimpleListFilter):
    """How much is stated of what patients ask."""

    title = _("stated of what patients ask")
    parameter_name = "stated"
    BUCKETS = {"0": (0, 24), "25": (25, 49), "50": (50, 74), "75": (75, 100)}

    def lookups(self, request, model_admin):
        return [(word, f"{low}–{high} %") for word, (low, high) in self.BUCKETS.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.BUCKETS:
            return queryset
        known = queryset.alias(stated=stated_percent())
        return known.filter(stated__range=self.BUCKETS[self.value()])


class SampleFilter(admin.SimpleListFilter):
    title = _("sample")
    parameter_name = "sample"

    def lookups(self, request, model_admin):
        return [("no", _("Real")), ("yes", _("Invented samples"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(is_sample=self.value() == "yes")


class ReviewFilter(admin.SimpleListFilter):
    """Records of ours whose day of review has come."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", _("Due"))]

    def queryset(self, request, queryset):
        if self.value() != "due":
            return queryset
        return queryset.filter(review_by__lte=timezone.localdate())


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)
