"""What a form says, and at which field, where a constraint would refuse the row.

Constraints that a form's own fields already keep (known codes, required text) need no
entry. Without one, the constraint's own message stands above the form.
"""

from django.utils.translation import gettext_lazy as _

_TWICE = _("There is such an entry already: change that one.")

# Constraint: (field, message).
BREACHES = {
    "provider_country_of_region": (
        "region",
        _("Choose a state, a province or a country."),
    ),
    "provider_point_on_globe": (
        "longitude",
        _("A point needs its latitude and its longitude."),
    ),
    "provider_contact_check_whole": (
        "contact_checked_on",
        _("A contact check needs its date, method and source, or none of them."),
    ),
    "provider_published_is_checked": (
        "contact_checked_on",
        _("A published listing needs a contact check: unpublish it first."),
    ),
    "provider_extension_of_a_phone": (
        "phone_extension",
        _("An extension needs a phone number."),
    ),
    "offering_unique": ("route", _TWICE),
    "offering_esketamine_supervised": (
        "setting",
        _("Esketamine is given only at a clinic or a hospital."),
    ),
    "priceline_one_current": (
        "kind",
        _("There is such a current price already: change or supersede that one."),
    ),
    "priceline_one_superseded_a_day": (
        "superseded_on",
        _("A price of this kind was superseded that day already."),
    ),
    "priceline_min_up_to_max": (
        "amount_max_cents",
        _("The highest price is below the lowest."),
    ),
    "priceline_currency_with_amount": (
        "currency",
        _("An amount needs a currency, and a currency needs an amount."),
    ),
    "priceline_package_holds_some": (
        "package_size",
        _("A package holds 2 or more; write 1 for every other unit."),
    ),
    "priceline_counts_of_a_course": (
        "count_min",
        _(
            "Times in a course go from the least to the most, and are not of packages "
            "or cancellations."
        ),
    ),
    "priceline_hour_has_minutes": (
        "minutes",
        _("Minutes (1 or more) go only with a price by the hour."),
    ),
    "priceline_superseded_after_check": (
        "superseded_on",
        _("A price cannot be superseded before the day of its check."),
    ),
    "fact_unique": ("code", _TWICE),
    "fact_number_only_beside_yes": (
        "number",
        _("A “no” has no number."),
    ),
    "hours_unique": ("opens", _TWICE),
    "hours_open_before_close": (
        "closes",
        _("It closes before it opens: split hours past midnight."),
    ),
    "source_record_unique": (
        "key",
        _("This key of the source belongs to a listing already."),
    ),
    "organization_npi_ten_digits": (
        "npi",
        _("An NPI has ten digits and starts with 1 or 2."),
    ),
    "provider_npi_ten_digits": (
        "npi",
        _("An NPI has ten digits and starts with 1 or 2."),
    ),
    "regionaleditor_unique": ("region", _TWICE),
    "region_not_its_own_parent": (
        "parent",
        _("A region cannot lie within itself."),
    ),
    "region_only_world_is_top": (
        "parent",
        _("Every region but the world lies within another."),
    ),
    "regulatorynote_review_after_check": (
        "review_by",
        _("The review comes after the check."),
    ),
    "crisisline_review_after_check": (
        "review_by",
        _("The review comes after the check."),
    ),
    "coursetemplate_review_after_check": (
        "review_by",
        _("The review comes after the check."),
    ),
    "learnpage_review_after_check": (
        "review_by",
        _("The review comes after the check."),
    ),
    "regulatorynote_effective_in_order": (
        "effective_to",
        _("The rule ends before it begins."),
    ),
    "crisisline_unique": ("name_en", _TWICE),
    "crisisline_reachable": (
        "call",
        _("A crisis line needs a number to call or text, or a website."),
    ),
    "crisisline_word_needs_a_number": (
        "text_body",
        _("A word to text needs the number to text it to."),
    ),
    "coursetemplate_unique": ("route", _TWICE),
    "coursecount_unique": ("kind", _TWICE),
    "coursecount_min_up_to_max": (
        "count_max",
        _("The most is below the least."),
    ),
}
