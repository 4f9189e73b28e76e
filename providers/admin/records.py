"""Dated, sourced records of ours: rules, crisis lines, schedules and pages."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import actions, vocabulary
from providers.admin import filters
from providers.admin.base import FormsMixin, RecordAdmin
from providers.admin.forms import GuardedForm, require_past
from providers.models import (
    CourseCount,
    CourseTemplate,
    CrisisLine,
    LearnPage,
    RegulatoryNote,
)


def next_review():
    return timezone.localdate() + timedelta(days=vocabulary.REVIEW_DAYS)


class SourcedForm(GuardedForm):
    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name, initial in (
            ("checked_on", timezone.localdate),
            ("review_by", next_review),
        ):
            if name in self.fields:
                self.fields[name].initial = initial

    def clean(self) -> dict:
        cleaned = super().clean()
        require_past(self, "checked_on")
        return cleaned


SOURCE = (
    _("Where this comes from"),
    {"fields": ["source_title", "source_url", ("checked_on", "review_by")]},
)


class SourcedAdmin(RecordAdmin):
    form = SourcedForm


@admin.register(RegulatoryNote)
class RegulatoryNoteAdmin(SourcedAdmin):
    autocomplete_fields = ["jurisdiction", "supersedes"]
    list_display = [
        *("jurisdiction", "topic", "product", "status", "source_grade"),
        *("checked_on", "review_by"),
    ]
    list_select_related = ["jurisdiction"]
    list_filter = [
        *(filters.ReviewFilter, "topic", "product", "status", "source_grade"),
        ("jurisdiction", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["jurisdiction__name_en", "text_en", "source_title"]
    readonly_fields = ["checked_by"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "jurisdiction",
                    ("topic", "product"),
                    *("status", "applies_to", "text_en", "text_es"),
                    ("effective_from", "effective_to"),
                    "supersedes",
                ]
            },
        ),
        (
            SOURCE[0],
            {
                "fields": [
                    *("source_title", "source_url", ("source_grade", "source_date")),
                    *(("checked_on", "review_by"), "checked_by"),
                ]
            },
        ),
    ]

    def save_model(self, request, obj, form, change) -> None:
        if "checked_on" in form.changed_data or not change:
            obj.checked_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(CrisisLine)
class CrisisLineAdmin(SourcedAdmin):
    autocomplete_fields = ["region"]
    list_display = [
        *("name_en", "region", "audience", "call", "text_to", "emergency"),
        *("position", "review_by"),
    ]
    list_select_related = ["region"]
    list_filter = [
        *(filters.ReviewFilter, "audience"),
        ("region", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["name_en", "call", "text_to", "region__name_en"]
    fieldsets = [
        (None, {"fields": ["region", ("audience", "position"), "name_en", "name_es"]}),
        (
            _("How to reach it"),
            {
                "fields": [
                    *("call", ("text_to", "text_body"), "website", "emergency"),
                    *(("hours_en", "hours_es"), ("note_en", "note_es")),
                ]
            },
        ),
        SOURCE,
    ]


class CourseCountInline(FormsMixin, admin.TabularInline):
    model = CourseCount
    extra = 0


@admin.register(CourseTemplate)
class CourseTemplateAdmin(SourcedAdmin):
    inlines = [CourseCountInline]
    list_display = [*("name_en", "route", "therapy", "format", "weeks", "review_by")]
    list_filter = [filters.ReviewFilter, "route", "therapy", "format"]
    search_fields = ["code", "name_en"]
    prepopulated_fields = {"code": ["name_en"]}

    def save_related(self, request, form, formsets, change) -> None:
        """What the course is of, and what it was of before, costs something else."""
        super().save_related(request, form, formsets, change)
        treatments = {_treatment(form.instance)}
        if change:
            before = (form.initial[part] for part in actions.Treatment._fields)
            treatments.add(actions.Treatment(*before))
        actions.recompute_amounts(treatments)

    def delete_model(self, request, obj) -> None:
        self.delete_queryset(request, CourseTemplate.objects.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request, queryset) -> None:
        treatments = {_treatment(course) for course in queryset}
        super().delete_queryset(request, queryset)
        actions.recompute_amounts(treatments)


def _treatment(course: CourseTemplate) -> actions.Treatment:
    return actions.Treatment(course.route, course.therapy, course.format)


@admin.register(LearnPage)
class LearnPageAdmin(SourcedAdmin):
    list_display = ["title_en", "slug", "published", "checked_on", "review_by"]
    list_filter = [filters.ReviewFilter, "published"]
    search_fields = ["title_en", "slug", "body_en"]
    prepopulated_fields = {"slug": ["title_en"]}
    fieldsets = [
        (None, {"fields": ["title_en", "slug", "body_en", "published"]}),
        (_("In Spanish"), {"fields": ["title_es", "body_es"]}),
        SOURCE,
    ]
