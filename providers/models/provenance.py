"""Where statements came from, who asked, and what each edit changed."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from providers import vocabulary
from providers.models.checked import Checked
from providers.models.fields import CodeField, one_of
from providers.models.provider import Provider
from providers.models.searching import Searched


class Source(Searched):
    """Where rows came from: a survey, a clinic, an organisation's list."""

    code = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=200)
    publisher = models.CharField(max_length=120, blank=True)
    url = models.URLField(blank=True, max_length=300)
    licence = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="source_has_a_name", condition=~Q(name=""))
        ]

    def __str__(self) -> str:
        return self.name


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def undoable(self):
        """Runs of an importer that nobody has undone yet."""
        return self.filter(undoes=None, undo=None)


class ImportRun(models.Model):
    """One run of one importer over one file, or the undoing of one."""

    UNDO = "undo"

    importer = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who started it in the admin; none for the command.",
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undo"
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField(auto_now_add=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    report = models.TextField(blank=True, help_text="What it said, line by line.")
    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(
                name="importrun_only_an_undo_undoes",
                condition=Q(importer="undo", undoes__isnull=False)
                | ~Q(importer="undo") & Q(undoes=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.started_at:%Y-%m-%d %H:%M}"


class SourceRecord(models.Model):
    """That a source has a row about a listing, under the source's own key."""

    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="source_records"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    key = models.CharField(max_length=480)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="source_record_unique", fields=["source", "key"]
            ),
            models.CheckConstraint(
                name="source_record_has_a_key", condition=~Q(key="")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Change(models.Model):
    """One listing's document before and after one transaction, and who did it."""

    provider = models.ForeignKey(
        Provider, models.SET_NULL, null=True, related_name="changes"
    )
    slug = models.SlugField(max_length=120, help_text="Stays when the listing goes.")
    made_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    run = models.ForeignKey(
        ImportRun, models.PROTECT, null=True, related_name="changes"
    )
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-pk"]
        get_latest_by = "pk"
        constraints = [
            models.CheckConstraint(
                name="change_has_before_or_after",
                condition=Q(before__isnull=False) | Q(after__isnull=False),
            ),
            models.CheckConstraint(
                name="change_by_person_or_run",
                condition=Q(by=None) | Q(run=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.made_at:%Y-%m-%d %H:%M}"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def open(self):
        return self.filter(resolution="")


class Conflict(models.Model):
    """A value that an import may not overwrite, beside the one that it brought."""

    class Resolution(models.TextChoices):
        KEPT = "kept", "Kept"
        TAKEN = "taken", "Taken"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="conflicts")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="conflicts")
    path = models.CharField(max_length=300, help_text="Where in the document.")
    kept = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    offered = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    kept_basis = models.JSONField(
        null=True, encoder=DjangoJSONEncoder, help_text="Its date, method and source."
    )
    offered_basis = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    resolution = models.CharField(max_length=5, choices=Resolution, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-run", "path"]
        constraints = [
            models.UniqueConstraint(
                name="conflict_unique", fields=["provider", "run", "path"]
            ),
            models.CheckConstraint(name="conflict_has_a_path", condition=~Q(path="")),
            models.CheckConstraint(
                name="conflict_resolved_whole",
                condition=Q(resolution="", resolved_at=None, resolved_by=None)
                | Q(
                    resolution__in=["kept", "taken"],
                    resolved_at__isnull=False,
                    resolved_by__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Check(Checked):
    """An event: who asked a provider about one group of fields, with what outcome.

    Recording one (see actions.record_check) dates that group's rows; how fresh a
    statement is, is read from the rows and never from here.
    """

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="checks")
    group = CodeField(vocabulary.CHECK_GROUPS, max_length=10)
    outcome = CodeField(vocabulary.CHECK_OUTCOMES, max_length=14)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    run = models.ForeignKey(
        ImportRun, models.CASCADE, null=True, blank=True, related_name="checks"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Checked.Meta):
        ordering = ["-checked_on", "-pk"]
        constraints = [
            *Checked.Meta.constraints,
            one_of("group", vocabulary.CHECK_GROUPS, model="check"),
            one_of("outcome", vocabulary.CHECK_OUTCOMES, model="check"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_outcome_display()}"
