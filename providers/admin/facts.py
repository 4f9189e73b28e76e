"""Facts: one question of the vocabulary, one dated answer."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from providers import vocabulary
from providers.admin import filters
from providers.admin.base import ListingAdmin
from providers.admin.forms import CheckedForm
from providers.models import Fact


def questions() -> list:
    """Every code, grouped by topic, as a select offers them: "topic/code"."""
    return [
        ("", "---------"),
        *(
            (
                vocabulary.TOPIC_LABELS[topic],
                [(f"{topic}/{code}", label) for code, label in codes.choices],
            )
            for topic, codes in vocabulary.TOPICS.items()
        ),
    ]


class FactForm(CheckedForm):
    """One select fills topic and code."""

    stands_for = {"code": ("topic",)}

    code = forms.ChoiceField(choices=questions, label=_("Question"))

    class Meta:
        help_texts = {
            "answer": _("Not stated? Then delete the fact: no row means not stated."),
            "scope": _("Does it hold for ketamine treatment, or for the whole site?"),
            "number": _("Minutes, days, years, kg …, for questions that count."),
        }

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            self.initial["code"] = f"{self.instance.topic}/{self.instance.code}"

    def clean_code(self) -> str:
        self.instance.topic, _slash, code = self.cleaned_data["code"].partition("/")
        return code

    def clean(self) -> dict:
        cleaned = super().clean()
        if "code" in cleaned and "number" not in self.errors:
            self._require_number(cleaned)
        return cleaned

    def _require_number(self, cleaned: dict) -> None:
        code = vocabulary.fact_code(self.instance.topic, cleaned["code"])
        unanswered = cleaned.get("number") is None and cleaned.get("answer") != "no"
        if code.number_only and unanswered:
            message = _("Here the number is the answer, in %(unit)s.")
            self.add_error("number", message % {"unit": code.unit})


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return list(vocabulary.TOPIC_LABELS.items())

    def queryset(self, request, queryset):
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(Fact)
class FactAdmin(ListingAdmin):
    form = FactForm
    autocomplete_fields = ["provider", "source"]
    fixed_fields = ("provider",)
    list_display = [
        *("provider", "topic_shown", "question", "answer", "number", "scope"),
        *("checked_on", "method", "source"),
    ]
    list_display_links = ["question"]
    list_select_related = ["provider", "source"]
    list_filter = [
        *(TopicFilter, "answer", "scope", "method", filters.CheckedFilter),
        ("source", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["provider__plain_name", "provider__city", "code"]
    search_help_text = _("Name or town of the listing, or a code.")
    fieldsets = [
        (None, {"fields": ["provider", "code", "answer", "scope", "number"]}),
        (_("In words"), {"fields": ["note_en", "note_es"]}),
        (
            _("How it is known"),
            {"fields": [("checked_on", "precision"), ("method", "source")]},
        ),
    ]

    @admin.display(description=_("topic"), ordering="topic")
    def topic_shown(self, fact: Fact) -> str:
        return vocabulary.TOPIC_LABELS[fact.topic]

    @admin.display(description=_("question"), ordering="code")
    def question(self, fact: Fact) -> str:
        return fact.term.label
