"""One valid row of every model, and ways to write past Python's validation."""

from datetime import UTC, date, datetime

from django.contrib.auth import get_user_model
from django.db import models, transaction

from providers.models import (
    Assignment,
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
    Region,
    RegionalEditor,
    RegulatoryNote,
    SearchChange,
    Source,
    SourceRecord,
    Upload,
)
from tests import factories

DAY = date(2026, 3, 15)
MOMENT = datetime(2026, 3, 15, 9, tzinfo=UTC)
SOURCED = {"source_title": "A law", "checked_on": DAY, "review_by": DAY}
CHECKED = {"checked_on": DAY, "method": "phone"}


def valid_rows() -> dict[type[models.Model], models.Model]:
    """One valid row of every model."""
    asked = {"source": factories.source(), **CHECKED}
    provider = factories.provider(
        phone="+13035550123",
        offerings=factories.offering(prices=factories.price(40_000, 50_000)),
        facts=factories.fact("near_transit", number=5),
        hours=factories.hours(),
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
