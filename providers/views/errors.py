"""Error pages; all but two use no database and no template, so they cannot fail."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from providers import crisis

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
        crisis=crisis.operators_sentence(),
        title=title,
        text=text,
        home=_("Start page"),
    )
    return HttpResponse(page, status=status)
