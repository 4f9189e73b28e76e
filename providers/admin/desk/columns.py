"""The mapping page: a spreadsheet with its own headings becomes one of our layouts."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from providers import actions
from providers.admin.desk.columns_form import ColumnsForm, initial_of, meanings_of
from providers.admin.desk.files import on_disk, own_upload
from providers.admin.desk.pages import page, show
from providers.imports.layouts import FOREIGN, LAYOUTS
from providers.imports.mapping import (
    Mapping,
    guess,
    read_headings,
    unknown_words,
)
from providers.imports.rows import BadFile
from providers.imports.tables import read_table
from providers.models import ColumnMapping, Source, Upload

SAMPLES = 5
ROWS_GUESSED_FROM = 200  # so that one date with a day past 12 settles their order


def urls(site: AdminSite) -> list[URLPattern]:
    route = "import/<int:pk>/columns/"
    return [page(site, route, partial(columns, site=site), "import_columns")]


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    upload = own_upload(request, pk)
    if upload.importer not in LAYOUTS:
        return redirect("admin:import_preview", pk=pk)
    try:
        headings, rows = _headings(upload)
        form = _answered(request, upload, headings, rows)
    except BadFile as error:
        messages.error(request, str(error))
        return redirect("admin:import")
    if form.is_bound and form.is_valid():
        _keep(upload, form.mapping(source=upload.options.get("source", "")))
        return redirect("admin:import_preview", pk=pk)
    return show(
        site,
        request,
        "admin/desk/columns.html",
        _("What is what in %(file)s?") % {"file": upload.file_name},
        upload=upload,
        form=form,
        source=_source(upload),
        is_remembered=_remembered(upload) is not None,
    )


def _headings(upload: Upload) -> tuple[tuple[str, ...], list[list[str]]]:
    with on_disk(upload.file_name, bytes(upload.content)) as path:
        return read_headings(path, ROWS_GUESSED_FROM)


def _answered(
    request: HttpRequest, upload: Upload, headings: tuple, rows: list
) -> ColumnsForm:
    """The form as it is answered so far, with every word that needs a meaning."""
    proposed = _proposed(upload, headings, rows)
    build = partial(
        ColumnsForm,
        upload.importer,
        headings,
        rows[:SAMPLES],
        is_dated=bool(upload.options.get("reported")),
        initial=initial_of(proposed, headings),
    )
    if request.method != "POST":
        return build()
    form = build(data=request.POST)
    if not form.is_valid():
        return form
    words = _unknown(upload, form.mapping(source=""))
    return build(words=words, data=meanings_of(proposed) | request.POST.dict())


def _unknown(upload: Upload, mapping: Mapping) -> dict[str, list[str]]:
    with on_disk(upload.file_name, bytes(upload.content)) as path:
        return unknown_words(read_table(path, required=()), mapping, upload.importer)


def _proposed(upload: Upload, headings: tuple, rows: list) -> Mapping:
    """As it was read before: this file, else its source's last one; else a guess."""
    if stored := upload.options.get("mapping"):
        return Mapping.from_json(stored)
    guessed = guess(headings, rows, upload.importer)
    known = _remembered(upload)
    if known is None:
        return guessed
    kind = upload.importer
    fields = {*LAYOUTS[kind], *FOREIGN.get(kind, ())}
    columns = {
        h: known.columns[h] if known.columns.get(h) in fields else guessed.columns[h]
        for h in headings
    }
    # Not the day: the next file's calls were made on another one.
    kept = fields - {"checked_on"}
    fixed = {name: value for name, value in known.fixed.items() if name in kept}
    words = {name: value for name, value in known.words.items() if name in fields}
    return Mapping(columns, guessed.fixed | fixed, words, known.dates or guessed.dates)


def _remembered(upload: Upload) -> Mapping | None:
    stored = ColumnMapping.objects.filter(
        source__code=upload.options.get("source", "")
    ).first()
    return Mapping.from_json(stored.mapping) if stored else None


def _source(upload: Upload) -> Source | None:
    return Source.objects.filter(code=upload.options.get("source", "")).first()


def _keep(upload: Upload, mapping: Mapping) -> None:
    actions.read_upload_as(upload, mapping=mapping.to_json())
    source = _source(upload)
    if source is not None:
        known = _remembered(upload)
        both = _joined(known, mapping) if known else mapping
        actions.remember_mapping(source=source, mapping=both.to_json())


def _joined(known: Mapping, new: Mapping) -> Mapping:
    """What is said now, and what was said of columns and words that this file lacks."""
    words = {
        name: known.words.get(name, {}) | new.words.get(name, {})
        for name in known.words.keys() | new.words.keys()
    }
    return Mapping(known.columns | new.columns, new.fixed, words, new.dates)
