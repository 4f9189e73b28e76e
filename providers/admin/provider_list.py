"""The list of listings: columns, filters, search and what is done to many at once."""

from __future__ import annotations

import re

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from providers import actions, vocabulary
from providers.admin import exporting, filters, words
from providers.admin.base import ListingAdmin
from providers.asked import stated_percent
from providers.models import Organization, Provider
from providers.npi import npi_is_valid
from providers.text import plain

NAMED_AT_MOST = 10  # refused listings that a message names


class StatedChangeList(ChangeList):
    """Says of the listings of its page, and of no other, how much they state."""

    def get_results(self, request) -> None:
        super().get_results(request)
        listed = list(self.result_list)
        keys = [provider.pk for provider in listed]
        known = Provider.objects.filter(pk__in=keys).order_by()
        stated = dict(known.values_list("pk", stated_percent()))
        for provider in listed:
            provider.stated = stated[provider.pk]
        self.result_list = listed


class ProviderList(ListingAdmin):
    """The listings that the person at the desk may keep: a fixed number of queries."""

    listing_path = "pk"
    actions = ["publish", "unpublish", *exporting.ACTIONS]
    list_display = [
        *("name", "place", "routes", "price", "status_shown", "stated"),
        *("last_check", "source"),
    ]
    list_select_related = ["contact_source"]
    list_filter = [
        *("status", "published", filters.CountryFilter, filters.RegionFilter),
        *(filters.RouteFilter, filters.PriceFilter, filters.PointFilter),
        *(filters.StatedFilter, filters.ContactCheckedFilter, filters.SinceFilter),
        filters.SampleFilter,
        ("contact_source", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["plain_name", "city", "postcode", "slug"]
    search_help_text = _(
        "Name, town, postcode, phone in any format, NPI of the listing or of who runs "
        "it, or web address."
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("offerings")

    def get_search_results(self, request, queryset, search_term):
        """Words as usual; digits also find a phone number, however it is written."""
        words_of_term = plain(search_term)
        found, _distinct = super().get_search_results(request, queryset, words_of_term)
        digits = _phone_digits(search_term)
        if digits:
            found = found | queryset.filter(phone__contains=digits)
        if npi_is_valid(search_term.strip()):
            found = found | self._with_npi(queryset, search_term.strip())
        return found, False

    def _with_npi(self, queryset, npi: str):
        runs = Organization.objects.filter(npi=npi).values("pk")
        return queryset.filter(Q(npi=npi) | Q(organization__in=runs))

    def changelist_view(self, request, extra_context=None):
        typed = request.GET.get("q", "").strip()
        if re.fullmatch(r"[12][0-9]{9}", typed) and not npi_is_valid(typed):
            text = gettext(
                "%(number)s is no NPI: its check digit does not fit. It was looked for "
                "as a phone number."
            )
            self.message_user(request, text % {"number": typed}, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def get_changelist(self, request, **options):
        return StatedChangeList

    # Columns

    @admin.display(description=_("place"), ordering="region")
    def place(self, provider: Provider) -> str:
        return ", ".join(filter(None, [provider.city, provider.region_id]))

    @admin.display(description=_("routes"))
    def routes(self, provider: Provider) -> str:
        offered = {offering.route for offering in provider.offerings.all()}
        shown = [_short(c) for c in vocabulary.ROUTES.values() if c.code in offered]
        return ", ".join(shown) or gettext("none")

    @admin.display(description=_("session price"))
    def price(self, provider: Provider) -> str:
        return words.session_price(provider.offerings.all(), timezone.localdate())

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, provider: Provider) -> str:
        """With its day and reason, and whether patients see it."""
        said = [str(provider.get_status_display())]
        if not provider.published:
            said.append(gettext("draft"))
        if provider.status_on:
            said.append(date_format(provider.status_on))
        return ", ".join([*said, *filter(None, [provider.status_reason])])

    @admin.display(description=_("stated"), ordering=stated_percent())
    def stated(self, provider: Provider) -> str:
        return f"{provider.stated} %"

    @admin.display(description=_("last check"), ordering="contact_checked_on")
    def last_check(self, provider: Provider) -> str:
        return provider.contact_checked_in_words or gettext("never")

    @admin.display(description=_("source"), ordering="contact_source__name")
    def source(self, provider: Provider) -> str:
        source = provider.contact_source
        return source.publisher or source.name if source else ""

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset) -> None:
        publish(self, request, queryset, published=True)

    @admin.action(description=_("Unpublish"), permissions=["change"])
    def unpublish(self, request, queryset) -> None:
        publish(self, request, queryset, published=False)


def publish(page, request, providers, *, published: bool) -> None:
    """Publish or unpublish, and say what was refused and what became of samples."""
    samples = Provider.objects.samples().count()
    done, refused = actions.set_published(
        providers=providers, published=published, by=request.user
    )
    if published:
        text = ngettext("%d listing published.", "%d listings published.", len(done))
    else:
        text = ngettext(
            "%d listing unpublished.", "%d listings unpublished.", len(done)
        )
    if done:
        page.message_user(request, text % len(done), messages.SUCCESS)
    if refused:
        page.message_user(request, _refusal(refused), messages.ERROR)
    removed = samples - Provider.objects.samples().count()
    if removed:
        text = ngettext(
            "The directory is real now, so %d sample listing was deleted.",
            "The directory is real now, so %d sample listings were deleted.",
            removed,
        )
        page.message_user(request, text % removed, messages.WARNING)


def _refusal(refused: list[Provider]) -> str:
    named = ", ".join(provider.name for provider in refused[:NAMED_AT_MOST])
    more = len(refused) - NAMED_AT_MOST
    if more > 0:
        named = gettext("%(names)s and %(count)d more") % {
            "names": named,
            "count": more,
        }
    return gettext(
        "Not published, for lack of a contact check or at the owner's wish: %(names)s."
    ) % {"names": named}


def _short(route: vocabulary.Route) -> str:
    """As editors say it: "IV", "IM", "esketamine"."""
    word = next(iter(route.aliases), str(route.label)).replace("_", " ")
    return word.upper() if len(word) == 2 else word


def _phone_digits(term: str) -> str:
    """The digits to look for in stored (E.164) numbers; "" if it is no number.

    A leading 0 is a prefix that people dial within a country; four digits are too
    few to mean a phone.
    """
    number = re.split(r"\s*(?:x|ext\.?)\s*\d+$", term.strip(), flags=re.IGNORECASE)[0]
    if not re.fullmatch(r"[0-9\s().+/-]+", number):
        return ""
    digits = re.sub(r"[^0-9]", "", number).lstrip("0")
    return digits if len(digits) > 4 else ""
