"""What breaks each rule of the database, named by the constraint that refuses it."""

from datetime import date, time, timedelta

from django.db import models
from django.db.models import F

from providers.models import (
    Check,
    Conflict,
    CourseCount,
    CourseTemplate,
    CrisisLine,
    Fact,
    Hours,
    ImportRun,
    LearnPage,
    NotDuplicate,
    Offering,
    Organization,
    Place,
    PlaceName,
    PriceLine,
    ProblemReport,
    Provider,
    Region,
    RegionalEditor,
    RegulatoryNote,
    Source,
    SourceRecord,
)
from providers.vocabulary import SETTINGS, SUPERVISED_SETTINGS
from tests.every_model import DAY, MOMENT

CODES_OF: dict[type[models.Model], tuple[str, ...]] = {
    Region: ("kind",),
    Provider: ("status",),
    Offering: ("precision", "method", "route", "setting", "therapy", "format"),
    PriceLine: ("precision", "method", "kind", "payee", "unit", "applies_to"),
    Fact: ("precision", "method", "topic", "answer", "scope"),
    Check: ("precision", "method", "group", "outcome"),
    ProblemReport: ("group",),
    Place: ("kind",),
    CrisisLine: ("audience",),
    CourseTemplate: ("route", "therapy", "format"),
    CourseCount: ("kind",),
    RegulatoryNote: ("topic", "product", "status", "applies_to", "source_grade"),
}
CODE_COLUMNS = [(model, name) for model, names in CODES_OF.items() for name in names]


def constraint_of(model, column: str) -> str:
    return f"{model._meta.model_name}_{column}_known"


NO_POINT = {"latitude": None, "longitude": None, "point_precision": ""}
NO_CONTACT = {
    "contact_checked_on": None,
    "contact_method": "",
    "contact_precision": "",
    "contact_source": None,
}
NO_AMOUNT = {"amount_min_cents": None, "amount_max_cents": None, "currency": ""}
AMOUNT = {
    "min_cents": 40_000,
    "max_cents": 50_000,
    "currency": "USD",
    "known_until": DAY,
    "complete": True,
}
UNKNOWN = {
    "min_cents": None,
    "max_cents": None,
    "currency": "",
    "known_until": None,
    "complete": False,
}


def stored(amount: str, *parts: dict) -> dict:
    """The columns of a stored amount, whole but for what the parts say."""
    values = dict(pair for part in (AMOUNT, *parts) for pair in part.items())
    return {f"{amount}_{name}": value for name, value in values.items()}


HOME_SETTINGS = [code for code in SETTINGS if code not in SUPERVISED_SETTINGS]
HOME_SETTINGS.remove("not_stated")
MID_MARCH, FIRST_OF_MARCH = date(2026, 3, 15), date(2026, 3, 1)

BREACHES: list[tuple[str, type[models.Model], dict]] = [
    ("region_not_its_own_parent", Region, {"parent": F("code")}),
    ("region_only_world_is_top", Region, {"parent": None}),
    ("region_only_world_is_top", Region, {"kind": "world"}),
    ("organization_npi_ten_digits", Organization, {"npi": "123456789"}),
    ("organization_npi_ten_digits", Organization, {"npi": "3234567893"}),
    ("organization_npi_ten_digits", Organization, {"npi": "12345678x3"}),
    ("organization_has_a_name", Organization, {"name": ""}),
    ("provider_has_a_name", Provider, {"name": ""}),
    ("provider_country_of_region", Provider, {"country": "CA"}),
    ("provider_country_of_region", Provider, {"region": "CA-AB"}),
    ("provider_country_of_region", Provider, {"region": "EU", "country": "EU"}),
    ("provider_country_of_region", Provider, {"region": "001", "country": "00"}),
    ("provider_point_on_globe", Provider, {"latitude": None}),
    ("provider_point_on_globe", Provider, {"longitude": None}),
    ("provider_point_on_globe", Provider, {"point_precision": ""}),
    ("provider_point_on_globe", Provider, {"point_precision": "?"}),
    ("provider_point_on_globe", Provider, NO_POINT | {"point_precision": "town"}),
    ("provider_point_on_globe", Provider, {"latitude": 90.0001}),
    ("provider_point_on_globe", Provider, {"latitude": -90.0001}),
    ("provider_point_on_globe", Provider, {"longitude": 180.0001}),
    ("provider_point_on_globe", Provider, {"longitude": -180.0001}),
    ("provider_contact_check_whole", Provider, {"contact_checked_on": None}),
    ("provider_contact_check_whole", Provider, {"contact_method": ""}),
    ("provider_contact_check_whole", Provider, {"contact_method": "?"}),
    ("provider_contact_check_whole", Provider, {"contact_precision": ""}),
    ("provider_contact_check_whole", Provider, {"contact_precision": "?"}),
    ("provider_contact_check_whole", Provider, {"contact_source": None}),
    (
        "provider_contact_check_whole",
        Provider,
        {"contact_checked_on": MID_MARCH, "contact_precision": "month"},
    ),
    (
        "provider_contact_check_whole",
        Provider,
        {"contact_checked_on": FIRST_OF_MARCH, "contact_precision": "year"},
    ),
    ("provider_published_is_checked", Provider, NO_CONTACT),
    ("provider_do_not_list_unpublished", Provider, {"status": "do_not_list"}),
    (
        "provider_extension_of_a_phone",
        Provider,
        {"phone": "", "phone_extension": "301"},
    ),
    ("provider_npi_ten_digits", Provider, {"npi": "123456789"}),
    ("provider_npi_ten_digits", Provider, {"npi": "3234567893"}),
    ("importrun_only_an_undo_undoes", ImportRun, {"importer": "undo"}),
    ("importrun_only_an_undo_undoes", ImportRun, {"undoes": F("pk")}),
    ("conflict_resolved_whole", Conflict, {"resolution": "kept"}),
    ("conflict_resolved_whole", Conflict, {"resolved_at": MOMENT}),
    ("problemreport_says_something", ProblemReport, {"text": ""}),
    ("problemreport_resolved_whole", ProblemReport, {"resolved_at": MOMENT}),
    ("notduplicate_in_order", NotDuplicate, {"one": F("other")}),
    ("hours_weekday_known", Hours, {"weekday": 7}),
    ("hours_open_before_close", Hours, {"closes": time(9)}),
    ("hours_open_before_close", Hours, {"closes": time(8, 59)}),
    ("fact_number_only_beside_yes", Fact, {"answer": "no"}),
    ("fact_code_named", Fact, {"code": ""}),
    *(
        (
            "offering_esketamine_supervised",
            Offering,
            {"route": "nasal_esketamine", "setting": setting},
        )
        for setting in HOME_SETTINGS
    ),
    *(
        (f"offering_{amount}_amount_whole", Offering, stored(amount, *parts))
        for amount in ("session", "course")
        for parts in (
            ({"currency": ""},),
            ({"currency": "XXX"},),
            ({"known_until": None},),
            ({"min_cents": None, "max_cents": None},),
            (UNKNOWN, {"complete": True}),
            (UNKNOWN, {"currency": "USD"}),
        )
    ),
    ("priceline_min_up_to_max", PriceLine, {"amount_min_cents": 50_001}),
    ("priceline_currency_with_amount", PriceLine, {"currency": ""}),
    ("priceline_currency_with_amount", PriceLine, {"currency": "XXX"}),
    ("priceline_currency_with_amount", PriceLine, NO_AMOUNT | {"currency": "USD"}),
    (
        "priceline_currency_with_amount",
        PriceLine,
        {"amount_max_cents": None, "currency": ""},
    ),
    (
        "priceline_currency_with_amount",
        PriceLine,
        {"amount_min_cents": None, "currency": ""},
    ),
    ("priceline_package_holds_some", PriceLine, {"unit": "package_of_n"}),
    ("priceline_package_holds_some", PriceLine, {"package_size": 6}),
    (
        "priceline_package_holds_some",
        PriceLine,
        {"unit": "package_of_n", "package_size": 0},
    ),
    ("priceline_hour_has_minutes", PriceLine, {"minutes": 50}),
    ("priceline_hour_has_minutes", PriceLine, {"unit": "hour", "minutes": 0}),
    ("priceline_counts_of_a_course", PriceLine, {"count_max": 3}),
    ("priceline_counts_of_a_course", PriceLine, {"count_min": 3, "count_max": 2}),
    ("priceline_counts_of_a_course", PriceLine, {"kind": "package", "count_min": 1}),
    (
        "priceline_superseded_after_check",
        PriceLine,
        {"superseded_on": F("checked_on") - timedelta(days=1)},
    ),
    ("place_on_globe", Place, {"latitude": 90.0001}),
    ("place_on_globe", Place, {"longitude": -180.0001}),
    ("place_postcode_where_kind_says", Place, {"postcode": ""}),
    ("place_postcode_where_kind_says", Place, {"kind": "town"}),
    ("source_has_a_name", Source, {"name": ""}),
    ("source_record_has_a_key", SourceRecord, {"key": ""}),
    ("conflict_has_a_path", Conflict, {"path": ""}),
    ("regulatorynote_has_a_source", RegulatoryNote, {"source_title": ""}),
    (
        "regulatorynote_effective_in_order",
        RegulatoryNote,
        {"effective_from": DAY, "effective_to": DAY - timedelta(days=1)},
    ),
    ("crisisline_has_a_source", CrisisLine, {"source_title": ""}),
    ("crisisline_reachable", CrisisLine, {"call": ""}),
    ("crisisline_word_needs_a_number", CrisisLine, {"text_body": "HELLO"}),
    ("coursetemplate_has_a_source", CourseTemplate, {"source_title": ""}),
    ("coursecount_min_up_to_max", CourseCount, {"count_min": 7}),
    ("learnpage_has_a_source", LearnPage, {"source_title": ""}),
    *(
        (
            f"{model._meta.model_name}_review_after_check",
            model,
            {"review_by": DAY - timedelta(days=1)},
        )
        for model in (RegulatoryNote, CrisisLine, CourseTemplate, LearnPage)
    ),
    *(
        (
            f"{model._meta.model_name}_date_fits_precision",
            model,
            {"checked_on": day, "precision": precision},
        )
        for model in (Offering, PriceLine, Fact, Check)
        for day, precision in (
            (MID_MARCH, "month"),
            (MID_MARCH, "year"),
            (FIRST_OF_MARCH, "year"),
            (date(2026, 1, 2), "year"),
        )
    ),
]


def breach_id(breach) -> str:
    name, _model, values = breach
    return f"{name}-{'-'.join(f'{k}={v}' for k, v in values.items())}"


SECOND_ROWS: list[tuple[str, type[models.Model], dict]] = [
    ("hours_unique", Hours, {"closes": time(18)}),
    ("fact_unique", Fact, {"answer": "partial"}),
    ("offering_unique", Offering, {}),
    ("priceline_one_current", PriceLine, {"amount_min_cents": 1}),
    ("place_postcode_unique", Place, {"name": "Elsewhere"}),
    ("place_name_unique", PlaceName, {}),
    ("source_record_unique", SourceRecord, {}),
    ("conflict_unique", Conflict, {}),
    ("regionaleditor_unique", RegionalEditor, {}),
    ("notduplicate_unique", NotDuplicate, {}),
    ("crisisline_unique", CrisisLine, {"call": "911"}),
    ("coursetemplate_unique", CourseTemplate, {"code": "other"}),
    ("coursecount_unique", CourseCount, {"count_min": 1}),
]
