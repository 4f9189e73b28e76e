"""The database itself refuses each breach of a rule, whatever Python let through.

Rows are updated or inserted in bulk, past every `clean`. A meta-test holds that no
constraint of the models is without its breach here.
"""

from datetime import UTC, date, datetime, time, timedelta
from math import inf, nan

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F

from providers.models import (
    Assignment,
    Change,
    Check,
    ColumnMapping,
    Conflict,
    CourseCount,
    CourseTemplate,
    CrisisLine,
    Fact,
    FormerSlug,
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
    SearchChange,
    Source,
    SourceRecord,
    Upload,
)
from providers.vocabulary import SETTINGS, SUPERVISED_SETTINGS
from tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 15)
MOMENT = datetime(2026, 3, 15, 9, tzinfo=UTC)
SOURCED = {"source_title": "A law", "checked_on": DAY, "review_by": DAY}
CHECKED = {"checked_on": DAY, "method": "phone"}


@pytest.fixture
def rows(db) -> dict[type[models.Model], models.Model]:
    """One valid row of every model."""
    asked = {"source": factories.source(), **CHECKED}
    provider = factories.provider(
        phone="+13035550123",
        offerings=factories.offering(prices=factories.price(40_000, 50_000)),
        facts=factories.fact("near_transit", number=5),
        hours={
            "0|09:00:00": {
                "closes": "17:00:00",
                "by_appointment": False,
                "note_en": "",
                "note_es": "",
            }
        },
        sources={"clinic": ["key-1"]},
    )
    run = ImportRun.objects.create(importer="listings", file_name="a", file_sha256="b")
    colorado = Region.objects.get(pk="US-CO")
    where = {"region": colorado, "latitude": 39.7, "longitude": -105.0, "country": "US"}
    place = Place.objects.create(
        kind="postcode", name="Denver", postcode="80202", **where
    )
    template = CourseTemplate.objects.create(
        code="iv", route="iv_infusion", therapy="none", format="individual", **SOURCED
    )
    made = [
        colorado,
        provider,
        Organization.objects.create(code="org", name="Org", npi="1234567893"),
        *(model.objects.get(provider=provider) for model in (Hours, Fact, Offering)),
        PriceLine.objects.get(),
        place,
        PlaceName.objects.create(place=place, plain="denver"),
        Source.objects.get(code="clinic"),
        run,
        SourceRecord.objects.get(),
        provider.changes.get(),
        SearchChange.objects.latest(),
        Conflict.objects.create(provider=provider, run=run, path="name"),
        Check.objects.create(
            provider=provider, group="contact", outcome="confirmed", **asked
        ),
        RegulatoryNote.objects.create(
            jurisdiction=colorado,
            topic="licence",
            status="info",
            source_grade="A",
            text_en="A rule.",
            **SOURCED,
        ),
        CrisisLine.objects.create(
            region=colorado, name_en="988", call="988", **SOURCED
        ),
        template,
        CourseCount.objects.create(
            template=template, kind="dose_visit", count_min=6, count_max=6
        ),
        LearnPage.objects.create(slug="a", title_en="A", body_en="A.", **SOURCED),
        *_desk(provider, colorado),
    ]
    return {type(row): row for row in made}


def _desk(provider, region) -> list[models.Model]:
    editor = get_user_model().objects.create_user("editor")
    other = factories.provider(name="Next door", offerings={})
    return [
        RegionalEditor.objects.create(user=editor, region=region),
        Assignment.objects.create(provider=provider, to=editor),
        ProblemReport.objects.create(provider=provider, group="prices", text="Not so"),
        FormerSlug.objects.create(provider=provider, slug="old-address"),
        NotDuplicate.objects.create(one=provider, other=other),
        Upload.objects.create(by=editor, file_name="a", content=b"a", importer="a"),
        ColumnMapping.objects.create(source=factories.source(), mapping={}),
    ]


def change(row: models.Model, values: dict) -> None:
    """Write columns of a row past Python's validation."""
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def copy(row: models.Model, values: dict) -> None:
    """Insert the row a second time, with some columns changed."""
    other = type(row)._base_manager.get(pk=row.pk)
    other.pk, other._state.adding = None, True
    for name, value in values.items():
        setattr(other, name, value)
    with transaction.atomic():
        type(row)._base_manager.bulk_create([other])


# --- Codes: every column that holds one -----------------------------------------------

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


@pytest.mark.parametrize(
    ("model", "column"),
    CODE_COLUMNS,
    ids=[constraint_of(*pair) for pair in CODE_COLUMNS],
)
@pytest.mark.parametrize("code", ["?", "YES", "iv", " "])
def test_a_code_that_no_table_knows_is_refused(rows, model, column, code):
    with pytest.raises(DatabaseError):  # PostgreSQL also minds the length
        change(rows[model], {column: code})


def test_the_empty_code_is_refused_where_not_stated_is_a_code(rows):
    for column in ("route", "setting", "therapy", "format"):
        with pytest.raises(IntegrityError):
            change(rows[Offering], {column: ""})


# --- Rules between columns ------------------------------------------------------------

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


@pytest.mark.parametrize("breach", BREACHES, ids=breach_id)
def test_a_breach_of_a_rule_is_refused(rows, breach):
    name, model, values = breach
    with pytest.raises(IntegrityError, match=name):
        change(rows[model], values)


@pytest.mark.parametrize("number", [nan, inf, -inf])
@pytest.mark.parametrize("axis", ["latitude", "longitude"])
@pytest.mark.parametrize("model", [Provider, Place])
def test_a_coordinate_that_is_no_number_is_refused(rows, model, axis, number):
    with pytest.raises(DatabaseError):
        change(rows[model], {axis: number})


def test_an_npi_of_eleven_digits_is_refused(rows):
    with pytest.raises(DatabaseError):
        change(rows[Organization], {"npi": "12345678901"})


def test_a_change_shows_something(rows):
    empty = Change(slug="a", before=None, after=None)
    with (
        pytest.raises(IntegrityError, match="change_has_before_or_after"),
        transaction.atomic(),
    ):
        Change.objects.bulk_create([empty])


def test_a_change_is_made_by_a_person_or_by_a_run_and_not_by_both(rows):
    editor = get_user_model().objects.create_user("ed")
    with pytest.raises(IntegrityError, match="change_by_person_or_run"):
        change(rows[Change], {"by": editor, "run": rows[ImportRun]})


# --- Numbers that count something -----------------------------------------------------

COUNTS = [
    (model, field.name)
    for model in apps.get_app_config("providers").get_models()
    for field in model._meta.fields
    if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
]


@pytest.mark.parametrize(
    ("model", "column"), COUNTS, ids=[f"{m.__name__}.{c}" for m, c in COUNTS]
)
def test_a_negative_number_is_refused(rows, model, column):
    with pytest.raises(IntegrityError):
        change(rows[model], {column: -1})


# --- Rows that may stand only once ----------------------------------------------------

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


@pytest.mark.parametrize("second", SECOND_ROWS, ids=[name for name, *_ in SECOND_ROWS])
def test_a_second_row_of_the_same_is_refused(rows, second):
    name, model, values = second
    # SQLite names the columns of a broken unique rule and not the rule.
    expected = name if connection.vendor == "postgresql" else "UNIQUE"
    with pytest.raises(IntegrityError, match=expected):
        copy(rows[model], values)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Provider, {}),
        (Organization, {}),
        (Source, {}),
        (CourseTemplate, {"therapy": "referral"}),
        (LearnPage, {}),
        (FormerSlug, {}),
        (Assignment, {}),
        (ColumnMapping, {}),
    ],
)
def test_a_second_row_under_one_address_or_code_is_refused(rows, model, values):
    with pytest.raises(IntegrityError):
        copy(rows[model], values)


@pytest.mark.parametrize("part", ["route", "setting", "therapy", "format"])
def test_a_second_offering_is_refused_with_any_part_not_stated(rows, part):
    change(rows[Offering], {part: "not_stated"})
    with pytest.raises(IntegrityError):
        copy(rows[Offering], {})


def test_a_second_offering_is_refused_with_nothing_stated(rows):
    parts = dict.fromkeys(("route", "setting", "therapy", "format"), "not_stated")
    change(rows[Offering], parts)
    with pytest.raises(IntegrityError):
        copy(rows[Offering], {})


def test_a_line_is_superseded_once_a_day(rows):
    line = rows[PriceLine]
    past = {"superseded_on": line.checked_on + timedelta(days=1)}
    expected = (
        "priceline_one_superseded_a_day"
        if connection.vendor == "postgresql"
        else "UNIQUE"
    )
    copy(line, past)
    with pytest.raises(IntegrityError, match=expected):
        copy(line, past)


# --- What stands on the edge of a rule is kept ----------------------------------------

KEPT: list[tuple[type[models.Model], dict]] = [
    (Provider, NO_POINT),
    (Provider, {"latitude": 90, "longitude": 180}),
    (Provider, {"latitude": -90, "longitude": -180}),
    (Provider, NO_CONTACT | {"published": False}),
    (Provider, {"status": "do_not_list", "published": False}),
    (Provider, {"status": "temporarily_closed"}),
    (Provider, {"region": "GB", "country": "GB"}),
    (
        Provider,
        {"contact_checked_on": date(2024, 1, 1), "contact_precision": "year"},
    ),
    (Organization, {"npi": ""}),
    (Offering, {"checked_on": FIRST_OF_MARCH, "precision": "month"}),
    (Offering, {"route": "nasal_esketamine", "setting": "hospital"}),
    (Offering, {"route": "nasal_esketamine", "setting": "not_stated"}),
    (Offering, {"setting": "home_unwatched"}),
    *(
        (Offering, stored(amount, part))
        for amount in ("session", "course")
        for part in ({}, UNKNOWN, {"min_cents": None}, {"max_cents": None})
    ),
    (PriceLine, {"amount_min_cents": 0, "amount_max_cents": 0}),
    (PriceLine, {"amount_max_cents": None}),
    (PriceLine, {"amount_min_cents": None}),
    (PriceLine, NO_AMOUNT),
    (PriceLine, {"unit": "package_of_n", "package_size": 2}),
    (PriceLine, {"unit": "hour", "minutes": None}),
    (PriceLine, {"unit": "hour", "minutes": 1}),
    (PriceLine, {"superseded_on": F("checked_on")}),
    (Fact, {"answer": "partial"}),
    (Fact, {"answer": "no", "number": None}),
    (RegulatoryNote, {"effective_from": DAY, "effective_to": None}),
    (CourseCount, {"count_max": None}),
    (CourseCount, {"count_min": 0}),
    (RegulatoryNote, {"effective_from": DAY, "effective_to": DAY}),
    (CrisisLine, {"call": "", "website": "https://example.org/"}),
]


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: breach_id(("kept", *kept)))
def test_what_keeps_the_rules_is_kept(rows, kept):
    model, values = kept
    change(rows[model], values)
    assert model.objects.filter(pk=rows[model].pk, **values).exists()


def test_another_variant_is_another_offering(rows):
    copy(rows[Offering], {"variant": "pain 4 h"})
    assert Offering.objects.count() == 2


def test_a_past_line_stands_beside_the_current_one(rows):
    copy(rows[PriceLine], {"superseded_on": rows[PriceLine].checked_on})
    assert PriceLine.objects.count() == 2


def test_two_towns_of_one_name_are_two_places(rows):
    town = {"kind": "town", "postcode": ""}
    copy(rows[Place], town)
    copy(rows[Place], town)
    assert Place.objects.filter(kind="town").count() == 2


# --- And none is forgotten ------------------------------------------------------------

BY_THEIR_OWN_TEST = {
    "change_has_before_or_after",
    "change_by_person_or_run",
    "priceline_one_superseded_a_day",
}


def test_every_constraint_has_a_breach_that_is_refused():
    declared = {
        constraint.name
        for model in apps.get_app_config("providers").get_models()
        for constraint in model._meta.constraints
    }
    tested = {name for name, *_ in (*BREACHES, *SECOND_ROWS)}
    tested |= {constraint_of(*pair) for pair in CODE_COLUMNS} | BY_THEIR_OWN_TEST
    assert tested == declared


def test_every_model_has_a_valid_row(rows):
    assert set(apps.get_app_config("providers").get_models()) == set(rows)
