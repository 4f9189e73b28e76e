"""Bringing a file in: upload, look at what it would do, confirm or drop."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from providers import actions, exports, rights
from providers.admin.desk.files import (
    how_to_read,
    needs_columns,
    on_disk,
    own_upload,
    whose,
)
from providers.admin.desk.outcome import outcome
from providers.admin.desk.pages import page, show
from providers.admin.desk.upload_form import KIND_LABELS, UploadForm
from providers.imports import pipeline
from providers.imports.layouts import LAYOUTS
from providers.imports.mapping import Mapping, read_headings
from providers.imports.report import Report
from providers.imports.rows import BadFile
from providers.models import Upload

ADD_SOURCE = "providers.add_source"
ADD = "providers.add_provider"
RUNS_SHOWN = 5
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def urls(site: AdminSite) -> list[URLPattern]:
    at = partial(page, site, permission=ADD)
    return [
        at("import/", partial(start, site=site), "import"),
        at("import/<int:pk>/", partial(preview, site=site), "import_preview"),
        at("import/<int:pk>/confirm/", partial(confirm, site=site), "import_confirm"),
        at("import/<int:pk>/drop/", drop, "import_drop"),
        at("import/<int:pk>/report/", report_text, "import_report"),
        at("import/template/<str:kind>/<str:format>/", template, "import_template"),
        page(site, "export/<str:kind>/<str:format>/", export, "export"),
    ]


# --- Sending a file -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        may_add_sources=request.user.has_perm(ADD_SOURCE),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _take(request, form)
        except BadFile as error:
            form.add_error("file", str(error))
        except NoSource:
            text = _("Its headings are its own: say whose list it is.")
            form.add_error("source", text)
    return show(
        site,
        request,
        "admin/desk/import.html",
        _("Bring a file in"),
        form=form,
        uploads=Upload.objects.filter(by=request.user).defer("content"),
        runs=rights.runs_of(request.user)[:RUNS_SHOWN],
        kinds=[(kind, KIND_LABELS[kind]) for kind in exports.KINDS],
    )


class NoSource(ValueError):
    """A file with headings of its own, and no word of whose it is."""


def _take(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """Keep the file, and ask of its columns what is not known. Raises BadFile."""
    given = form.cleaned_data
    name, content = given["file"].name, given["file"].read()
    kind, headings = given["kind"], ()
    if kind in LAYOUTS:
        with on_disk(name, content) as path:
            headings, _rows = read_headings(path, 1)
    asks = needs_columns(kind, headings)
    source = _source(given)
    if asks and not source:
        raise NoSource
    options = {name: given[name] for name in ("reported", "keep_all")}
    upload = actions.keep_upload(
        by=request.user,
        file_name=name,
        content=content,
        importer=kind,
        source=source,
        **options,
    )
    if asks:
        return redirect("admin:import_columns", pk=upload.pk)
    if source and headings and "source" not in headings:
        same = Mapping({h: h for h in headings}, fixed={"source": source})
        actions.read_upload_as(upload, mapping=same.to_json())
    return redirect("admin:import_preview", pk=upload.pk)


def _source(given: dict) -> str:
    """The code of the chosen source, made now where it is new; "" for none."""
    if name := given.get("new_source"):
        return actions.ensure_source(slugify(name)[:60], name=name).code
    return given["source"].code if given["source"] else ""


# --- Looking, and bringing it in ------------------------------------------------------


@require_safe
def preview(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    upload = own_upload(request, pk)
    try:
        report = _preview(request, upload)
    except BadFile as error:
        return _unreadable(request, upload, error)
    return _shown(request, upload, report, site)


def _preview(request: HttpRequest, upload: Upload) -> Report:
    with on_disk(upload.file_name, bytes(upload.content)) as path:
        options = how_to_read(upload) | whose(request)
        return pipeline.preview(upload.importer, path, **options)


def _shown(
    request: HttpRequest, upload: Upload, report: Report, site: AdminSite
) -> HttpResponse:
    return show(
        site,
        request,
        "admin/desk/preview.html",
        _("What %(file)s would do") % {"file": upload.file_name},
        upload=upload,
        outcome=outcome(report),
        has_columns=upload.importer in LAYOUTS,
    )


def _unreadable(request: HttpRequest, upload: Upload, error: BadFile) -> HttpResponse:
    """Back to where it can be put right, with the reason."""
    messages.error(request, str(error))
    if upload.importer in LAYOUTS and "mapping" in upload.options:
        return redirect("admin:import_columns", pk=upload.pk)
    return redirect("admin:import")


@require_POST
def confirm(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    upload = own_upload(request, pk)
    options = how_to_read(upload) | whose(request)
    options |= {"by": request.user, "expected": request.POST.get("fingerprint", "")}
    try:
        with on_disk(upload.file_name, bytes(upload.content)) as path:
            report = pipeline.load(upload.importer, path, **options)
    except pipeline.Outdated:
        text = _(
            "Nothing was brought in: the directory has changed since you looked. This "
            "is what the file would do now."
        )
        messages.warning(request, text)
        return redirect("admin:import_preview", pk=pk)
    except BadFile as error:
        return _unreadable(request, upload, error)
    actions.drop_upload(upload)
    messages.success(request, _("Brought in: %(what)s.") % {"what": report.summary})
    return redirect("admin:providers_importrun_change", report.run)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    actions.drop_upload(own_upload(request, pk))
    messages.success(request, _("The file was dropped. Nothing was changed."))
    return redirect("admin:import")


@require_safe
def report_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report of a preview, line by line, to keep."""
    upload = own_upload(request, pk)
    try:
        lines = "\n".join(_preview(request, upload).lines())
    except BadFile as error:
        lines = str(error)
    answer = HttpResponse(f"{lines}\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="report.txt"'
    return answer


# --- Files to take along --------------------------------------------------------------


@require_safe
def template(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    if kind not in exports.KINDS or format not in exports.FORMATS:
        raise Http404("No such template.")
    headings, rows = exports.template(kind)
    file = BytesIO()
    exports.write_table(headings, rows, file, format)
    return _file(file, f"kapfinder-{kind}-template.{format}")


@require_safe
def export(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    """Every listing that the person may keep, as a file that imports to no change."""
    if kind not in exports.KINDS or format not in exports.FORMATS:
        raise Http404("No such export.")
    file = BytesIO()
    exports.write(kind, rights.listings_of(request.user), file, format)
    day = timezone.localdate().isoformat()
    return _file(file, f"kapfinder-{kind}-{day}.{format}")


def _file(file: BytesIO, name: str) -> FileResponse:
    file.seek(0)
    kind = TYPES[name.rpartition(".")[2]]
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
