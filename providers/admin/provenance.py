"""Sources, checks and history: where a listing's rows come from and who did what."""

from __future__ import annotations

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import actions, rights, story
from providers.admin import filters
from providers.admin.base import (
    ListingAdmin,
    ReadOnlyMixin,
    RecordAdmin,
    TheirsMixin,
)
from providers.admin.desk import conflicts, runs, telling
from providers.admin.forms import GuardedForm, require_past
from providers.models import (
    Change,
    Check,
    Conflict,
    ImportRun,
    Region,
    Source,
    SourceRecord,
)

PATHS_SHOWN = 3
REPORT_LINES = 30  # of a run's report; the rest opens with a click


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ["name", "publisher", "licence", "url"]
    search_fields = ["name", "code", "publisher"]
    prepopulated_fields = {"code": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """Listings and import files name it by its code."""
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


@admin.register(SourceRecord)
class SourceRecordAdmin(ListingAdmin):
    list_display = ["provider", "source", "key"]
    list_select_related = ["provider", "source"]
    list_filter = ["source"]
    search_fields = ["provider__plain_name", "key"]
    autocomplete_fields = ["provider", "source"]
    fixed_fields = ("provider",)


class CheckForm(GuardedForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        require_past(self, "checked_on")
        return cleaned


@admin.register(Check)
class CheckAdmin(ListingAdmin):
    """Recording a check dates the rows of its group; it is never rewritten."""

    form = CheckForm
    fields = [
        *("provider", "group", "outcome", "checked_on", "method", "source", "note"),
    ]
    autocomplete_fields = ["provider", "source"]
    list_display = ["checked_on", "provider", "group", "outcome", "method", "by"]
    list_display_links = ["checked_on"]
    list_select_related = ["provider", "by"]
    list_filter = ["group", "outcome", "method", filters.CheckedFilter]
    search_fields = ["provider__plain_name", "provider__city"]

    def save_row(self, request, form, change) -> None:
        check = actions.record_check(**form.cleaned_data, by=request.user)
        form.instance.pk = check.pk

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Change)
class ChangeAdmin(ReadOnlyMixin, RecordAdmin):
    """The story of listings: who changed what."""

    date_hierarchy = "made_at"
    list_display = ["made_at", "slug", "what", "who"]
    list_select_related = ["by", "run"]
    list_filter = [("run", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["slug", "by__username"]
    fields = ["made_at", "provider", "slug", "who", "differences", "back"]
    readonly_fields = ["who", "differences", "back"]

    class Media:
        css = {"all": ["providers/history.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request) & rights.changes_of(request.user)

    @admin.display(description=_("by"))
    def who(self, change: Change) -> str:
        return telling.who(change)

    @admin.display(description=_("what"))
    def what(self, change: Change) -> str:
        if change.before is None or change.after is None:
            return telling.what(change)
        paths = story.changed(change.before, change.after)
        labels = "; ".join(story.label(path) for path in paths[:PATHS_SHOWN])
        more = len(paths) - PATHS_SHOWN
        return f"{labels} + {more}" if more > 0 else labels

    @admin.display(description=_("differences"))
    def differences(self, change: Change) -> str:
        context = {"telling": telling.tellings([change])[0]}
        return render_to_string("admin/desk/_telling.html", context)

    @admin.display(description="")
    def back(self, change: Change) -> str:
        address = reverse("admin:take_back", args=[change.pk])
        words = gettext("Take this change back")
        return format_html('<a class="button" href="{}">{}</a>', address, words)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyMixin, RecordAdmin):
    """What each import did, and the way to take it back."""

    date_hierarchy = "started_at"
    list_display = [
        *("started_at", "importer", "file_name", "by", "new", "changed"),
        *("unchanged", "repeated", "rejected"),
    ]
    list_select_related = ["by"]
    list_filter = ["importer"]
    search_fields = ["file_name", "importer"]
    fields = [
        *(("started_at", "by"), ("importer", "source", "file_name"), "undoing"),
        ("new", "changed", "unchanged", "repeated", "rejected"),
        *("open_conflicts", "report_lines"),
    ]
    readonly_fields = ["undoing", "open_conflicts", "report_lines"]

    class Media:
        css = {"all": ["providers/history.css"]}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, object_id)
        context = {} if run is None else self._touched(request, run)
        return super().change_view(
            request, object_id, form_url, (extra_context or {}) | context
        )

    def _touched(self, request, run: ImportRun) -> dict:
        """The page of listings that the run touched, and whether it may be undone."""
        may = request.user.has_perm(runs.DELETE)
        undoable = ImportRun.objects.undoable().filter(pk=run.pk).exists()
        return {
            "page": runs.touched_page(run, request.GET.get("page")),
            "may_be_undone": may and undoable,
        }

    @admin.display(description=_("undoing"))
    def undoing(self, run: ImportRun) -> str:
        if run.undoes_id:
            return _link(run.undoes_id, gettext("of run %(number)d"))
        undo = ImportRun.objects.filter(undoes=run).first()
        return _link(undo.pk, gettext("by run %(number)d")) if undo else "-"

    @admin.display(description=_("conflicts left open"))
    def open_conflicts(self, run: ImportRun) -> str:
        number = run.conflicts.open().count()
        address = reverse("admin:providers_conflict_changelist")
        address = f"{address}?run__id__exact={run.pk}"
        return format_html('<a href="{}">{}</a>', address, number) if number else "0"

    @admin.display(description=_("its report"))
    def report_lines(self, run: ImportRun) -> str:
        lines = run.report.splitlines()
        context = {"first": lines[:REPORT_LINES], "rest": lines[REPORT_LINES:]}
        return render_to_string("admin/desk/_report.html", context)

    def get_queryset(self, request):
        return super().get_queryset(request) & rights.runs_of(request.user)


def _link(run: int, words: str) -> str:
    address = reverse("admin:providers_importrun_change", args=[run])
    return format_html('<a href="{}">{}</a>', address, words % {"number": run})


class SettledFilter(admin.SimpleListFilter):
    """Open conflicts, unless the settled ones are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("settled", _("Settled")), ("all", _("All"))]

    def choices(self, changelist):
        every, *rest = super().choices(changelist)
        return [every | {"display": _("Open")}, *rest]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        if self.value() == "settled":
            return queryset.exclude(resolution="")
        return queryset.open()


class ConflictRegionFilter(admin.SimpleListFilter):
    title = _("state or province")
    parameter_name = "region"

    def lookups(self, request, model_admin):
        used = model_admin.get_queryset(request).order_by().values("provider__region")
        regions = Region.objects.filter(code__in=used.distinct())
        return [(region.code, region.name) for region in regions]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(provider__region=self.value())


@admin.register(Conflict)
class ConflictAdmin(ReadOnlyMixin, TheirsMixin, RecordAdmin):
    """Values that an import did not overwrite, beside those that it brought."""

    list_display = ["what", "listing", "ours", "theirs", "settle", "run"]
    list_select_related = ["provider", "run", "resolved_by"]
    list_filter = [
        *(SettledFilter, ConflictRegionFilter),
        ("run", admin.RelatedOnlyFieldListFilter),
    ]
    list_per_page = 25
    search_fields = ["provider__plain_name", "provider__city"]
    fields = [
        *("listing", "what", "ours", "theirs", "run", "resolution"),
        *("resolved_by", "resolved_at"),
    ]
    readonly_fields = ["listing", "what", "ours", "theirs"]

    class Media:
        css = {"all": ["providers/history.css"]}

    def get_changelist(self, request, **options):
        return conflicts.ConflictList

    @admin.display(description=_("listing"), ordering="provider__name")
    def listing(self, conflict: Conflict) -> str:
        address = reverse(
            "admin:providers_provider_change", args=[conflict.provider_id]
        )
        return format_html('<a href="{}">{}</a>', address, conflict.provider)

    @admin.display(description=_("what"), ordering="path")
    def what(self, conflict: Conflict) -> str:
        return _sides(conflict).what

    @admin.display(description=_("ours"))
    def ours(self, conflict: Conflict) -> str:
        context = {"side": _sides(conflict).ours}
        return render_to_string("admin/desk/_side.html", context)

    @admin.display(description=_("theirs"))
    def theirs(self, conflict: Conflict) -> str:
        context = {"side": _sides(conflict).theirs}
        return render_to_string("admin/desk/_side.html", context)

    @admin.display(description=_("settle"))
    def settle(self, conflict: Conflict) -> str:
        return render_to_string("admin/desk/_settle.html", {"conflict": conflict})


def _sides(conflict: Conflict) -> conflicts.Sides:
    """Both values in words: told with its whole list, or here for its own page."""
    if not hasattr(conflict, "sides"):
        conflict.sides = conflicts.sides([conflict])[conflict.pk]
    return conflict.sides
