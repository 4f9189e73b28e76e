"""The form of a listing: what follows from what an editor typed, and what is wrong."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from providers import documents
from providers.admin.facts_form import FactsForm
from providers.admin.forms import StandingForm, date_as_known, require_past
from providers.admin.points import find_point
from providers.models import Fact, FormerSlug, Provider

ADDRESS = ("region", "street", "city", "postcode")
POINT = ("latitude", "longitude")


class ProviderForm(StandingForm):
    """Derives country, slug and point; `warnings` is for the editor to read.

    `facts` are its rows of answers, saved once the listing is.
    """

    stands_for = {"region": ("country",)}

    latitude = forms.FloatField(
        min_value=-90,
        max_value=90,
        required=False,
        label=_("Latitude"),
        help_text=_("WGS 84 degrees, north positive. Blank: found from the address."),
    )
    longitude = forms.FloatField(
        min_value=-180,
        max_value=180,
        required=False,
        label=_("Longitude"),
        help_text=_("East positive, so west of Greenwich is below 0."),
    )

    class Meta:
        widgets = {
            "about_en": forms.Textarea({"rows": 3, "cols": 80}),
            "about_es": forms.Textarea({"rows": 3, "cols": 80}),
        }
        labels = {
            "organization": _("Run by"),
            "region": _("State, province or country"),
            "street2": _("Suite or floor"),
            "phone_extension": _("Extension"),
            "contact_checked_on": _("Checked on"),
            "contact_precision": _("What of it is known"),
            "contact_method": _("How"),
            "contact_source": _("Source"),
            "status_reason": _("Reason"),
            "status_on": _("Since"),
        }
        help_texts = {
            "name": _("As on the clinic's door or website."),
            "slug": _("Its web address here. Blank: made of the name and the town."),
            "organization": _("Only where one organization runs several listings."),
            "phone": _("A number of another country needs its + and country code."),
            "time_zone": _("Of the opening hours, such as America/Denver."),
            "contact_checked_on": _(
                "When somebody last made sure of name, address and phone."
            ),
            "status_reason": _("Why it is no longer open, or not to be listed."),
        }

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.warnings: list[str] = []
        self.facts = self.facts_form()
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "phone" in self.fields:
            self._read_phones_of_its_country()

    def facts_form(self) -> FactsForm:
        return FactsForm(self._stated(), self.data if self.is_bound else None)

    def _stated(self) -> list[Fact]:
        if self.instance.pk is None:
            return []
        return list(self.instance.facts.select_related("source"))

    def _read_phones_of_its_country(self) -> None:
        region = self.data.get(self.add_prefix("region")) or self.instance.region_id
        country = str(region or "")[:2].upper()
        if country in SUPPORTED_REGIONS:
            self.fields["phone"].region = country

    def clean_region(self):
        region = self.cleaned_data["region"]
        if not region.country:
            raise forms.ValidationError(_("Choose a state, a province or a country."))
        self.instance.country = region.country
        return region

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        merged = FormerSlug.objects.filter(slug=slug).select_related("provider").first()
        if slug and merged:
            message = _("This web address leads to %(name)s, merged with its listing.")
            raise forms.ValidationError(message % {"name": merged.provider})
        return slug

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        if name and name not in available_timezones():
            message = _("Write the zone as IANA does, such as America/Denver.")
            raise forms.ValidationError(message)
        return name

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.facts.is_valid():
            self.add_error(None, _("An answer below is not right."))
        self._split_phone(cleaned)
        self._complete_contact(cleaned)
        self._complete_status(cleaned)
        if "slug" in self.fields and not cleaned.get("slug") and "name" in cleaned:
            cleaned["slug"] = free_slug(cleaned["name"], cleaned.get("city", ""))
        self._complete_point(cleaned)
        return cleaned

    def _split_phone(self, cleaned: dict) -> None:
        """An extension typed after the number would be lost: it has its own field."""
        phone = cleaned.get("phone")
        if phone and phone.extension:
            cleaned["phone_extension"] = (
                cleaned.get("phone_extension") or phone.extension
            )
            phone.extension = None

    def _complete_contact(self, cleaned: dict) -> None:
        if "contact_checked_on" in self.errors:
            return
        parts = ("contact_method", "contact_source")
        if cleaned.get("contact_checked_on"):
            for part in parts:
                if not cleaned.get(part) and part not in self.errors:
                    self.add_error(part, _("A contact check needs this too."))
            cleaned["contact_precision"] = cleaned.get("contact_precision") or "day"
        else:
            cleaned["contact_precision"] = ""
            if any(cleaned.get(part) for part in parts):
                message = _("On which day? Or clear the method and the source.")
                self.add_error("contact_checked_on", message)
        require_past(self, "contact_checked_on")
        date_as_known(cleaned, "contact_checked_on", "contact_precision")

    def _complete_status(self, cleaned: dict) -> None:
        changed = set(self.changed_data)
        if "status" in changed and "status_on" not in changed | set(self.errors):
            cleaned["status_on"] = timezone.localdate()
        require_past(self, "status_on")
        self._complete_reason(cleaned)
        if cleaned.get("status") == "do_not_list" and self.instance.published:
            self.instance.published = False
            self.warnings.append(_("It is not to be listed, so it was unpublished."))

    def _complete_reason(self, cleaned: dict) -> None:
        """Why it is not to be listed must be known; why it had closed, no longer."""
        changed = {"status", "status_reason"} & set(self.changed_data)
        reason = cleaned.get("status_reason")
        if changed and cleaned.get("status") == "do_not_list" and not reason:
            message = _("Who asked for it, or why: the next editor must know.")
            self.add_error("status_reason", message)
        if changed == {"status"} and cleaned.get("status") == "active":
            cleaned["status_reason"] = ""

    def _complete_point(self, cleaned: dict) -> None:
        given = [name for name in POINT if cleaned.get(name) is not None]
        if len(given) == 1:
            missing = POINT[1 - POINT.index(given[0])]
            if missing not in self.errors:
                self.add_error(missing, _("A point needs both numbers."))
        if self.errors:
            return
        if not given or "_place" in self.data:
            self._find_point(cleaned)
        elif set(POINT) & set(self.changed_data):
            self.instance.point_precision = "address"
        elif set(ADDRESS) & set(self.changed_data):
            self._point_of_a_new_address(cleaned)

    def _point_of_a_new_address(self, cleaned: dict) -> None:
        if self.instance.point_precision != "address":
            self._find_point(cleaned)
            return
        self.warnings.append(
            _(
                "The address changed and its exact point was kept. If it moved, type "
                "the new point, or clear both numbers to have it found."
            )
        )

    def _find_point(self, cleaned: dict) -> None:
        address = {name: cleaned[name] for name in ADDRESS}
        found = find_point(**address)
        self.warnings += found.warnings
        if found.point is None and "_place" in self.data:
            return  # a point at a wrong place is still more than none
        at = found.point or (None, None)
        cleaned["latitude"], cleaned["longitude"] = at
        self.instance.point_precision = found.precision


def free_slug(name: str, city: str) -> str:
    """A web address that no listing has, nor had before it was merged."""
    base = documents.free_slug(name, city, set())
    taken = {
        slug
        for model in (Provider, FormerSlug)
        for slug in model.objects.filter(slug__startswith=base).values_list(
            "slug", flat=True
        )
    }
    return documents.free_slug(name, city, taken)
