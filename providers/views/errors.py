"""Error pages. Two of them use no database and no template, so they cannot fail."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

CRISIS_LINES = Path(__file__).parent.parent / "data" / "crisis_lines.json"

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="{static}providers/app.css">
<p class="crisis">{crisis}</p>
<main><h1>{title}</h1><p>{text} <a href="/">{home}</a></p></main>
</html>
"""


def bad_request(request, exception) -> HttpResponse:
    text = _("The request could not be read. Nothing was changed.")
    return _plain_page(_("Something in that request was wrong"), text, status=400)


def permission_denied(request, exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request, reason="") -> HttpResponse:
    text = _(
        "The form was too old, or came from another page. Go back, load the page "
        "again and send it once more."
    )
    return _plain_page(_("The form was not accepted"), text, status=403)


def page_not_found(request, exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request) -> HttpResponse:
    text = _("The fault is ours. Please try again in a few minutes.")
    return _plain_page(_("Something went wrong"), text, status=500)


def _plain_page(title: str, text: str, *, status: int) -> HttpResponse:
    page = format_html(
        _PAGE,
        language=get_language() or settings.LANGUAGE_CODE,
        static=settings.STATIC_URL,
        crisis=crisis_sentence(),
        title=title,
        text=text,
        home=_("Start page"),
    )
    return HttpResponse(page, status=status)


def crisis_sentence() -> SafeString:
    """The operator's crisis lines as tel: and sms: links, from the packaged file."""
    country = settings.DEFAULT_COUNTRY
    lines = [line for line in _packaged_lines() if line["region"] == country]
    ways = [way for line in lines for way in _ways(line)]
    numbers = dict.fromkeys(line["emergency"] for line in lines if line["emergency"])
    ways += [_call(number, _("Emergency {number}")) for number in numbers]
    ways = ways or [_("Call your country's emergency number")]
    sentence = format_html_join(" ", "{}.", ((way,) for way in ways))
    return format_html("{} {}", _("In danger now?"), sentence)


def _ways(line: dict) -> list[SafeString]:
    call, text_to, body = line["call"], line["text_to"], line["text_body"]
    if call and call == text_to and not body:
        either = format_html(
            _("{call} or {text}"),
            call=_call(call, _("Call")),
            text=_text(call, _("text {number}")),
        )
        return [either]
    ways = [_call(call, _("Call {number}"))] if call else []
    if text_to:
        words = _("Text {word} to {number}") if body else _("Text {number}")
        ways.append(_text(text_to, words, body))
    return ways


def _call(number: str, words: str) -> SafeString:
    address, words = f"tel:{_dialled(number)}", words.format(number=number)
    return format_html('<a href="{}">{}</a>', address, words)


def _text(number: str, words: str, body: str = "") -> SafeString:
    address = f"sms:{_dialled(number)}" + (f"?body={body}" if body else "")
    words = words.format(number=number, word=body)
    return format_html('<a href="{}">{}</a>', address, words)


def _dialled(number: str) -> str:
    return "".join(c for c in number if c in "+,0123456789")


@cache
def _packaged_lines() -> list[dict]:
    """The lines for everyone; none where the file is lost, as this page must not fail.

    Whatever happens to the database, the numbers stand in the installed package.
    """
    try:
        lines = json.loads(CRISIS_LINES.read_text(encoding="utf-8"))
        return [_complete(line) for line in lines if line["audience"] == "everyone"]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _complete(line: dict) -> dict:
    fields = ("region", "call", "text_to", "text_body", "emergency")
    return {field: line.get(field) or "" for field in fields}
