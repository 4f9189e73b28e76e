"""One question as radio buttons, drawn by hand: a page has two hundred of them, and a
template takes a millisecond for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from providers.models import Fact

if TYPE_CHECKING:
    from providers.admin.facts_form import Row

ROW = """<div class="{classes}" role="radiogroup" aria-labelledby="{name}-label"{said}>
<div class="question"><span id="{name}-label">{label}</span>
<span class="help">{definition}</span></div>
<div class="answers">{answers}{number}</div>
<div class="basis">{basis}</div>{errors}
</div>
"""
ANSWER = '<label><input type="radio" name="{}" value="{}"{}> {}</label>\n'
NUMBER = (
    '<label class="number"><input type="text" inputmode="numeric" size="5" '
    'name="{}-number" value="{}" aria-label="{}"> {}</label>'
)
ERRORS = '<ul class="errorlist" id="{}-error">{}</ul>'


def drawn(row: Row) -> SafeString:
    """The row as HTML: its question, its answers, how it is known, what is wrong."""
    error_id = f"{row.name}-error"
    return format_html(
        ROW,
        classes=" ".join(_classes(row)),
        name=row.name,
        said=flatatt({"aria-describedby": error_id} if row.errors else {}),
        label=row.term.label,
        definition=row.term.definition,
        answers=_answers(row),
        number=_number(row) if row.term.unit else "",
        basis=_basis(row.fact, row.is_stale) if row.fact else "",
        errors=_errors(row) if row.errors else "",
    )


def _classes(row: Row) -> list[str]:
    stated = ["stated"] if row.fact else []
    return ["fact-row", *stated, *(["errors"] if row.errors else [])]


def _answers(row: Row) -> SafeString:
    checked = {True: mark_safe(" checked"), False: ""}
    answers = (
        (row.name, code, checked[is_chosen], label)
        for code, label, is_chosen in row.choices
    )
    return format_html_join("", ANSWER, answers)


def _number(row: Row) -> SafeString:
    said = _("Number of %(unit)s") % {"unit": row.term.unit}
    return format_html(NUMBER, row.name, row.typed, said, row.term.unit)


def _basis(fact: Fact, is_stale: bool) -> SafeString:
    """When, how and from where it is known, its scope and its note; then its page."""
    when = conditional_escape(fact.checked_in_words)
    if is_stale:
        when = format_html('<span class="stale" title="{}">{}</span>', _("Stale"), when)
    source = fact.source.publisher or fact.source.name
    known = [when, fact.get_method_display(), source]
    if fact.scope == "facility":
        known.append(fact.get_scope_display())
    if fact.note:
        known.append(f"“{fact.note}”")
    return format_html(
        '{} <a href="{}">{}<span class="visually-hidden">: {}</span></a>',
        format_html_join(" · ", "{}", ((part,) for part in known)),
        reverse("admin:providers_fact_change", args=[fact.pk]),
        _("Scope and notes"),
        fact.term.label,
    )


def _errors(row: Row) -> SafeString:
    listed = format_html_join("", "<li>{}</li>", ((error,) for error in row.errors))
    return format_html(ERRORS, row.name, listed)
