"""The editors' desk: who keeps which listing, what was reported, what is under way."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from providers import vocabulary
from providers.models.fields import CodeField, one_of
from providers.models.provenance import Source
from providers.models.provider import Provider
from providers.models.region import Region


class RegionalEditor(models.Model):
    """A region whose listings a regional editor may keep, and no others."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_regions"
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["user", "region"]
        verbose_name = "region of an editor"
        verbose_name_plural = "regions of editors"
        constraints = [
            models.UniqueConstraint(
                name="regionaleditor_unique", fields=["user", "region"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.region}"


class Assignment(models.Model):
    """Who is to check a listing next."""

    provider = models.OneToOneField(Provider, models.CASCADE, related_name="assignment")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.provider}: {self.to}"


class ProblemReportQuerySet(models.QuerySet["ProblemReport"]):
    def open(self):
        return self.filter(resolved_at=None)


class ProblemReport(models.Model):
    """What somebody says is wrong with a listing. Nothing is kept of who says it."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="reports")
    group = CodeField(vocabulary.CHECK_GROUPS, max_length=10)
    text = models.CharField(max_length=500)
    made_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("group", vocabulary.CHECK_GROUPS, model="problemreport"),
            models.CheckConstraint(
                name="problemreport_says_something", condition=~Q(text="")
            ),
            models.CheckConstraint(
                name="problemreport_resolved_whole",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class FormerSlug(models.Model):
    """An address that a listing had before it was merged into another."""

    slug = models.SlugField(unique=True, max_length=120)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class NotDuplicate(models.Model):
    """Two listings that look like one, and are not: somebody looked."""

    one = models.ForeignKey(Provider, models.CASCADE, related_name="+")
    other = models.ForeignKey(Provider, models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notduplicate_unique", fields=["one", "other"]
            ),
            models.CheckConstraint(
                name="notduplicate_in_order", condition=Q(one__lt=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class Upload(models.Model):
    """A file that an editor sent and has not brought in yet, with how to read it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    importer = models.CharField(max_length=40)
    options = models.JSONField(
        default=dict,
        blank=True,
        help_text="How to read it: its date, its columns.",
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name


class ColumnMapping(models.Model):
    """How to read one source's spreadsheets: which column is which field."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="column_mapping")
    mapping = models.JSONField(encoder=DjangoJSONEncoder)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.source)
