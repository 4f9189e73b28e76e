"""Facts: dated yes / no / partial answers. No row means not stated."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from providers import vocabulary
from providers.models.checked import Checked
from providers.models.fields import CodeField, one_of
from providers.models.provider import Provider
from providers.models.searching import Searched, SearchedQuerySet
from providers.models.translated import Translated

TOPIC_CODES = list(vocabulary.TOPICS)


class FactQuerySet(SearchedQuerySet):
    def about(self, topic: str, codes):
        return self.filter(topic=topic, code__in=codes)

    def helping(self):
        """Answers that a *help* filter keeps: yes and, marked, partial."""
        return self.filter(answer__in=("yes", "partial"))

    def not_requiring(self):
        """Answers that a *requirement* filter ("does not require …") keeps."""
        return self.filter(answer="no")


class Fact(Searched, Checked):
    """One dated answer of one provider to one question."""

    listing = "provider"

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="facts")
    topic = models.CharField(
        max_length=20, choices=[(topic, topic) for topic in TOPIC_CODES]
    )
    code = models.CharField(max_length=60)
    answer = CodeField(vocabulary.ANSWERS, max_length=7)
    scope = CodeField(vocabulary.SCOPES, default="treatment", max_length=9)
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes, days, kg …, as the code says."
    )
    note_en = models.CharField("note", max_length=300, blank=True)
    note_es = models.CharField("note in Spanish", max_length=300, blank=True)
    note = Translated()
    objects = FactQuerySet.as_manager()

    class Meta(Checked.Meta):
        ordering = ["provider", "topic", "code"]
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                name="fact_unique", fields=["provider", "topic", "code"]
            ),
            one_of("topic", TOPIC_CODES, model="fact"),
            one_of("answer", vocabulary.ANSWERS, model="fact"),
            one_of("scope", vocabulary.SCOPES, model="fact"),
            models.CheckConstraint(
                name="fact_number_only_beside_yes",
                condition=Q(number=None) | ~Q(answer="no"),
            ),
            models.CheckConstraint(name="fact_code_named", condition=~Q(code="")),
        ]
        # Holds all that the index of a search reads of a fact, in the order to read it.
        indexes = [models.Index(fields=["topic", "code", "answer", "provider"])]

    def __str__(self) -> str:
        return f"{self.term.label}: {self.get_answer_display()}"

    @property
    def group(self) -> str:
        """The group of fields that is checked, and goes stale, together."""
        return vocabulary.GROUP_OF_TOPIC[self.topic]

    @property
    def term(self) -> vocabulary.Code:
        """The vocabulary's words for the code."""
        return vocabulary.fact_code(self.topic, self.code)

    @property
    def is_partial(self) -> bool:
        """Partly so, or so for the whole facility but not surely for ketamine."""
        return self.answer == "partial" or (
            self.answer == "yes" and self.scope == "facility"
        )

    def clean(self) -> None:
        if not self.topic:
            return  # said at its own field
        try:
            unit = vocabulary.fact_code(self.topic, self.code).unit
        except ValueError as error:
            raise ValidationError({"code": str(error)}) from error
        if self.number is not None and not unit:
            raise ValidationError({"number": "This code has no number."})
