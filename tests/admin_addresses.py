"""Every address of the admin, and rows to open them with."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from providers import actions, models
from tests import factories

VERBS = ("changelist", "add", "history", "delete", "change")


@dataclass(frozen=True)
class Route:
    """One address of the admin: its name, and the table whose verb it is, if any."""

    name: str
    table: str = ""
    verb: str = ""


def routes() -> list[Route]:
    """Of every URL pattern of the admin, the desk's pages included."""
    return list(dict.fromkeys(_routes(admin.site.urls[0])))


def _routes(patterns):
    tables = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in _models()}
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns)
            continue
        name = pattern.name or _unnamed(pattern)
        place, _underscore, verb = name.rpartition("_")
        if verb in VERBS and place in tables:
            yield Route(name, tables[place]._meta.model_name, verb)
        else:
            yield Route(name)


def _models():
    return admin.site._registry


def _unnamed(pattern) -> str:
    route = str(pattern.pattern)
    known = {"<path:object_id>/": "short", "(?P<url>.*)$": "anything_else"}
    return known.get(route, f"an address without a name: {route}")


def address(name: str, row: object = None) -> str:
    """The address of a page, about a row or about none."""
    if name == "short":
        return f"/admin/providers/provider/{row.pk}/"
    if name == "anything_else":
        return "/admin/no-such-page/"
    if name == "app_list":
        return reverse("admin:app_list", args=["providers"])
    if name == "autocomplete":
        asked = "app_label=providers&model_name=fact&field_name=provider"
        return f"{reverse('admin:autocomplete')}?{asked}"
    if name in ("import_template", "export"):
        return reverse(f"admin:{name}", args=["listings", "csv"])
    if name == "view_on_site":
        kind = ContentType.objects.get_for_model(row)
        return reverse("admin:view_on_site", args=[kind.pk, row.pk])
    named = row if isinstance(row, tuple) else [row] if row else []
    return reverse(f"admin:{name}", args=[one.pk for one in named])


def rows_in(region: str, *, by: User) -> dict[str, object]:
    """A listing there with a row of each kind, by model name. `by`: who made them."""
    hours = {
        "closes": "17:00:00",
        "by_appointment": False,
        "note_en": "",
        "note_es": "",
    }
    provider = factories.provider(
        region=region,
        facts=factories.fact("medicaid"),
        hours={"0|09:00:00": hours},
        sources={"clinic": [region]},
    )
    check = actions.record_check(
        provider=provider,
        group="contact",
        outcome="confirmed",
        method="phone",
        source=factories.source(),
        checked_on=factories.days_ago(1),
        by=by,
    )
    run = models.ImportRun.objects.create(importer="listings", file_name="a", by=by)
    conflict = models.Conflict.objects.create(
        provider=provider, run=run, path="city", kept="Here", offered="There"
    )
    upload = actions.keep_upload(
        by=by, file_name="a.csv", content=b"name\nA\n", importer="listings"
    )
    other = factories.provider(region=region)
    report = models.ProblemReport.objects.create(
        provider=provider, group="contact", text="The number is wrong."
    )
    offering = provider.offerings.get()
    return {
        "provider": provider,
        "pair": (provider, other),
        "offering": offering,
        "priceline": offering.prices.get(),
        "fact": provider.facts.get(),
        "hours": provider.hours.get(),
        "sourcerecord": provider.source_records.get(),
        "check": check,
        "change": provider.changes.first(),
        "conflict": conflict,
        "importrun": run,
        "upload": upload,
        "report": report,
    }


def rows_of_no_region() -> dict[str, object]:
    """One row of every table that knows no regions, by model name."""
    region = models.Region.objects.get(code="US-CO")
    at = {"country": "US", "region": region, "latitude": 40, "longitude": -105}
    sourced = {
        "source_title": "A",
        "checked_on": "2025-01-01",
        "review_by": "2025-02-01",
    }
    return {
        "organization": models.Organization.objects.create(code="org", name="Org"),
        "source": factories.source("extra"),
        "region": region,
        "place": models.Place.objects.create(kind="town", name="Boulder", **at),
        "regulatorynote": models.RegulatoryNote.objects.create(
            jurisdiction=region,
            topic="telehealth",
            status="info",
            text_en="A",
            source_grade="A",
            **sourced,
        ),
        "crisisline": models.CrisisLine.objects.create(
            region=region, name_en="988", call="988", **sourced
        ),
        "coursetemplate": models.CourseTemplate.objects.create(
            code="iv",
            name_en="IV",
            route="iv_infusion",
            therapy="none",
            format="group",
            **sourced,
        ),
        "learnpage": models.LearnPage.objects.create(
            slug="a", title_en="A", body_en="A", **sourced
        ),
        "user": User.objects.create_user("stranger"),
        "group": Group.objects.create(name="nobody"),
    }
