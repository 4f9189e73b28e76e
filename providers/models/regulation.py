"""Dated, sourced records that editors keep: rules, crisis lines, schedules, pages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers import vocabulary
from providers.models.fields import CodeField, one_of
from providers.models.region import Region, RegionKind
from providers.models.searching import Searched, SearchedQuerySet
from providers.models.translated import Translated


class Sourced(Searched):
    """Where a record of ours is from, and when it must be looked at again."""

    source_title = models.CharField(max_length=200)
    source_url = models.URLField(blank=True, max_length=300)
    checked_on = models.DateField()
    review_by = models.DateField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_has_a_source", condition=~Q(source_title="")
            ),
            models.CheckConstraint(
                name="%(class)s_review_after_check",
                condition=Q(review_by__gte=F("checked_on")),
            ),
        ]


class RegulatoryNote(Sourced):
    """One rule of one jurisdiction, in plain words."""

    jurisdiction = models.ForeignKey(Region, models.PROTECT, related_name="notes")
    topic = CodeField(vocabulary.REGULATION_TOPICS)
    product = CodeField(vocabulary.PRODUCTS, blank=True, default="")
    status = CodeField(vocabulary.REGULATION_STATUSES)
    text_en = models.TextField("what to say")
    text_es = models.TextField("what to say, in Spanish", blank=True)
    text = Translated()
    applies_to = CodeField(vocabulary.REGULATION_APPLIES_TO, blank=True, default="")
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    source_date = models.DateField(null=True, blank=True)
    source_grade = CodeField(vocabulary.GRADES, max_length=1)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )
    supersedes = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)

    class Meta(Sourced.Meta):
        ordering = ["jurisdiction", "topic"]
        constraints = [
            *Sourced.Meta.constraints,
            one_of("topic", vocabulary.REGULATION_TOPICS, model="regulatorynote"),
            one_of("status", vocabulary.REGULATION_STATUSES, model="regulatorynote"),
            one_of("source_grade", vocabulary.GRADES, model="regulatorynote"),
            one_of("product", ["", *vocabulary.PRODUCTS], model="regulatorynote"),
            one_of(
                "applies_to",
                ["", *vocabulary.REGULATION_APPLIES_TO],
                model="regulatorynote",
            ),
            models.CheckConstraint(
                name="regulatorynote_effective_in_order",
                condition=Q(effective_from=None)
                | Q(effective_to=None)
                | Q(effective_from__lte=F("effective_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.get_topic_display()}"


class CrisisLineQuerySet(SearchedQuerySet):
    def for_country(self, country: str):
        """Lines for everyone in a country or a part of it, in the order to show."""
        return self.filter(
            Q(region=country) | Q(region__parent=country), audience="everyone"
        ).select_related("region")

    def around_country(self, country: str):
        """Lines for everyone in what holds the country, its union before the world."""
        union = Region.objects.filter(children=country, kind=RegionKind.UNION)
        around = Q(region__in=union) | Q(region__kind=RegionKind.WORLD)
        found = self.filter(around, audience="everyone").select_related("region")
        return found.order_by("region__kind", "position", "pk")  # union, world


class CrisisLine(Sourced):
    """Whom to call or text now, in one region."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="crisis_lines")
    audience = CodeField(vocabulary.AUDIENCES, default="everyone", max_length=20)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Lower comes first."
    )
    name_en = models.CharField("name", max_length=120)
    name_es = models.CharField("name in Spanish", max_length=120, blank=True)
    name = Translated()
    call = models.CharField(max_length=30, blank=True, help_text="As people dial it.")
    text_to = models.CharField(max_length=30, blank=True)
    text_body = models.CharField(
        max_length=20, blank=True, help_text="A word to send, such as HELLO."
    )
    website = models.URLField(blank=True)
    emergency = models.CharField(max_length=20, blank=True)
    hours_en = models.CharField("hours", max_length=80, blank=True)
    hours_es = models.CharField("hours in Spanish", max_length=80, blank=True)
    hours = Translated()
    note_en = models.CharField("note", max_length=200, blank=True)
    note_es = models.CharField("note in Spanish", max_length=200, blank=True)
    note = Translated()
    objects = CrisisLineQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["region", "position", "pk"]
        constraints = [
            *Sourced.Meta.constraints,
            one_of("audience", vocabulary.AUDIENCES, model="crisisline"),
            models.UniqueConstraint(
                name="crisisline_unique", fields=["region", "audience", "name_en"]
            ),
            models.CheckConstraint(
                name="crisisline_reachable",
                condition=~Q(call="") | ~Q(text_to="") | ~Q(website=""),
                violation_error_message="A crisis line needs a way to reach it.",
            ),
            models.CheckConstraint(
                name="crisisline_word_needs_a_number",
                condition=Q(text_body="") | ~Q(text_to=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CourseTemplate(Sourced):
    """The typical schedule for a route, a therapy level and a format."""

    code = models.SlugField(unique=True, max_length=40)
    name_en = models.CharField("name", max_length=120)
    name_es = models.CharField("name in Spanish", max_length=120, blank=True)
    name = Translated()
    route = CodeField(vocabulary.ROUTES)
    therapy = CodeField(vocabulary.THERAPIES)
    format = CodeField(vocabulary.FORMATS)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_dose = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_monitor = models.PositiveSmallIntegerField(null=True, blank=True)
    booster_interval_en = models.CharField(
        "booster interval", max_length=120, blank=True
    )
    booster_interval_es = models.CharField(
        "booster interval in Spanish", max_length=120, blank=True
    )
    booster_interval = Translated()

    class Meta(Sourced.Meta):
        ordering = ["code"]
        constraints = [
            *Sourced.Meta.constraints,
            one_of("route", vocabulary.ROUTES, model="coursetemplate"),
            one_of("therapy", vocabulary.THERAPIES, model="coursetemplate"),
            one_of("format", vocabulary.FORMATS, model="coursetemplate"),
            models.UniqueConstraint(
                name="coursetemplate_unique", fields=["route", "therapy", "format"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CourseCount(Searched):
    """How many of one kind of visit or dose a typical course has.

    A course asks for every kind that has a row here: without its price a course is
    not complete.
    """

    template = models.ForeignKey(CourseTemplate, models.CASCADE, related_name="counts")
    kind = CodeField(vocabulary.PRICE_KINDS)
    count_min = models.PositiveSmallIntegerField()
    count_max = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Blank for the least or more."
    )

    class Meta:
        ordering = ["template", "pk"]
        constraints = [
            one_of("kind", vocabulary.PRICE_KINDS, model="coursecount"),
            models.UniqueConstraint(
                name="coursecount_unique", fields=["template", "kind"]
            ),
            models.CheckConstraint(
                name="coursecount_min_up_to_max",
                condition=Q(count_max=None) | Q(count_min__lte=F("count_max")),
            ),
        ]

    def __str__(self) -> str:
        if self.count_max is None:
            return f"{self.kind} {self.count_min}+"
        return f"{self.kind} {self.count_min}–{self.count_max}"


class LearnPage(Sourced):
    """A page that explains one thing, dated and sourced."""

    slug = models.SlugField(unique=True)
    title_en = models.CharField("title", max_length=120)
    title_es = models.CharField("title in Spanish", max_length=120, blank=True)
    title = Translated()
    body_en = models.TextField("text")
    body_es = models.TextField("text in Spanish", blank=True)
    body = Translated()
    published = models.BooleanField(default=False)

    class Meta(Sourced.Meta):
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title
