"""The form that takes a file: what it is, of whom, and from when."""

from __future__ import annotations

from pathlib import PurePath

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.imports.rows import reported
from providers.imports.staging import KINDS
from providers.models import Source

LARGEST_BYTES = 20_000_000
ENDINGS = (".csv", ".xlsx", ".json")
KIND_LABELS = {
    "listings": gettext_lazy("Clinics: any spreadsheet of listings"),
    "prices": gettext_lazy("Prices: any spreadsheet of prices of known clinics"),
    "samhsa_directory": gettext_lazy("SAMHSA's directory of facilities"),
    "findtreatment_csv": gettext_lazy("FindTreatment.gov, as exported (CSV)"),
    "findtreatment_json": gettext_lazy("FindTreatment.gov, as answered (JSON)"),
}


class UploadForm(forms.Form):
    """`may_add_sources`: whether the person may name a source that is not there yet."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "CSV or XLSX, up to 20 MB. Nothing is changed yet: you see first what it "
            "would do. A file of 5,000 rows takes about half a minute to look through."
        ),
        widget=forms.ClearableFileInput({"accept": ",".join(ENDINGS)}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it holds"), choices=list(KIND_LABELS.items())
    )
    source = forms.ModelChoiceField(
        Source.objects.exclude(code="sample"),
        label=gettext_lazy("Whose list it is"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("as the file says"),
        help_text=gettext_lazy("Its columns are remembered for the next file of it."),
    )
    new_source = forms.CharField(
        label=gettext_lazy("or the name of a new one"), required=False, max_length=60
    )
    reported = forms.CharField(
        label=gettext_lazy("Known from"),
        required=False,
        max_length=10,
        help_text=gettext_lazy(
            "Year, month or day on which it was asked (2024, 2024-05, 2024-05-31), "
            "where the file does not say it row by row."
        ),
    )
    keep_all = forms.BooleanField(
        label=gettext_lazy("Keep rows that report no ketamine too, as drafts"),
        required=False,
    )

    def __init__(self, *args, may_add_sources: bool, **options) -> None:
        super().__init__(*args, **options)
        if not may_add_sources:
            del self.fields["new_source"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in ENDINGS:
            raise forms.ValidationError(
                _("This cannot be read here: its name must end in .csv or .xlsx.")
            )
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file

    def clean_new_source(self) -> str:
        name = self.cleaned_data["new_source"].strip()
        if name and not slugify(name):
            raise forms.ValidationError(_("Use at least one letter or digit."))
        if slugify(name) == "sample":
            raise forms.ValidationError(_("Samples are invented and never imported."))
        return name

    def clean_reported(self) -> str:
        text = self.cleaned_data["reported"].strip()
        try:
            if text:
                reported(text)
        except ValueError as error:
            raise forms.ValidationError(f"{error}.") from error
        return text

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("source") and cleaned.get("new_source"):
            self.add_error("new_source", _("Choose a source or name one, not both."))
        kind = cleaned.get("kind")
        undated = kind and not KINDS[kind].HAS_DATES and not cleaned.get("reported")
        if undated and "reported" not in self.errors:
            text = _("Such a file does not hold its date: say when it was asked.")
            self.add_error("reported", text)
        return cleaned
