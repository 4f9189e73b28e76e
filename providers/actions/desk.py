"""The editors' desk: conflicts, reports, assignments, uploads. No listing changes
here but by `resolve_conflict`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from providers.actions.applying import Edit, apply
from providers.actions.recording import locked_document
from providers.documents import Document, Path, parts, path_of, whole
from providers.models import (
    Assignment,
    ColumnMapping,
    Conflict,
    ProblemReport,
    Provider,
    Source,
    Upload,
)

REPORTS_KEPT = 20  # open ones of a listing; more say nothing new
UPLOAD_DAYS = 7  # until a file that nobody brought in is forgotten


@transaction.atomic
def resolve_conflict(conflict: Conflict, *, take: bool, by: AbstractBaseUser) -> None:
    """Settle a conflict: take the value that the import brought, or keep ours.

    Raises ValueError for one that is settled already.
    """
    if conflict.resolution:
        raise ValueError("This conflict is settled already.")
    if take:
        now = locked_document(conflict.provider_id)
        wanted = _with_value(now, path_of(conflict.path), conflict.offered)
        wanted |= _following(conflict)
        apply([Edit(conflict.provider, wanted)], by=by)
    resolution = Conflict.Resolution.TAKEN if take else Conflict.Resolution.KEPT
    conflict.resolution, conflict.resolved_by = resolution, by
    conflict.resolved_at = timezone.now()
    conflict.save(update_fields=["resolution", "resolved_by", "resolved_at"])


def _following(conflict: Conflict) -> Document:
    """What else becomes another with a column that is taken."""
    match conflict.path, conflict.offered:
        case "phone", _number:
            return {"phone_extension": ""}  # it was the other number's
        case "street", _line:
            return {"street2": ""}
        case "status", status:
            since = (conflict.offered_basis or {}).get("checked_on")
            hidden = {"published": False} if status == "do_not_list" else {}
            return {"status_on": since, "status_reason": ""} | hidden
    return {}


def _with_value(now: Document, path: Path, value: object) -> Document:
    found = parts(now)
    match path:
        case ("offerings", row, "prices", line) if path in found:
            kept = found[path]
            if kept["checked_on"] < value["checked_on"]:  # it becomes history
                found["offerings", row, "prices", line + value["checked_on"]] = kept
        case ("offerings", row):
            value = dict(value)
            for line, price in value.pop("prices", {}).items():
                found.setdefault((*path, "prices", line), price)
    found[path] = value
    return whole(found)


def assign(
    providers: Iterable[Provider], *, to: AbstractBaseUser | None
) -> list[Provider]:
    """Give listings to a person to check next, or back to everybody (None)."""
    providers = list(providers)
    with transaction.atomic():
        Assignment.objects.filter(provider__in=providers).delete()
        if to is not None:
            Assignment.objects.bulk_create(
                Assignment(provider=provider, to=to) for provider in providers
            )
    return providers


@transaction.atomic
def report_problem(*, provider: Provider, group: str, text: str) -> bool:
    """Keep what somebody says is wrong with a listing, and nothing of who says it.

    Returns whether it was kept: a listing with twenty open reports needs no more.
    """
    open_ones = ProblemReport.objects.open().filter(provider=provider)
    if open_ones.count() >= REPORTS_KEPT:
        return False
    ProblemReport.objects.create(provider=provider, group=group, text=text)
    return True


def resolve_reports(reports: Iterable[ProblemReport], *, by: AbstractBaseUser) -> int:
    """Mark open reports as dealt with. Returns how many there were."""
    keys = [report.pk for report in reports]
    return (
        ProblemReport.objects.open()
        .filter(pk__in=keys)
        .update(resolved_at=timezone.now(), resolved_by=by)
    )


@transaction.atomic
def keep_upload(
    *, by: AbstractBaseUser, file_name: str, content: bytes, importer: str, **options
) -> Upload:
    """Keep a file until its editor confirms or drops it, and forget old ones."""
    forgotten = timezone.now() - timedelta(days=UPLOAD_DAYS)
    Upload.objects.filter(made_at__lt=forgotten).delete()
    return Upload.objects.create(
        by=by,
        file_name=file_name[:200],
        content=content,
        importer=importer,
        options=options,
    )


def read_upload_as(upload: Upload, **options) -> None:
    """Change how a kept file is to be read."""
    upload.options = upload.options | options
    upload.save(update_fields=["options"])


def drop_upload(upload: Upload) -> None:
    upload.delete()


def remember_mapping(*, source: Source, mapping: dict) -> None:
    """Keep how the columns of a source's spreadsheets are read, for the next one."""
    ColumnMapping.objects.update_or_create(source=source, defaults={"mapping": mapping})
