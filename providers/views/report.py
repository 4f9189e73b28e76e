"""Anybody may say what is wrong with a listing; nothing is asked of who says it."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from providers import actions, vocabulary
from providers.models import Provider

LONGEST = 500  # characters


class ReportForm(forms.Form):
    """What is wrong. `leave_blank` is hidden from people, and robots fill it in."""

    group = forms.ChoiceField(
        choices=vocabulary.CHECK_GROUPS.choices,
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose what it is about."),
        },
    )
    text = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": _("Write what is wrong."),
            "max_length": _("At most %(limit_value)d characters, please."),
            "null_characters_not_allowed": _("Write what is wrong."),
        },
    )
    leave_blank = forms.CharField(required=False)


# The form acts for nobody and no cookie may be set on a public page, so there is
# nothing that a token could protect.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    provider = _provider(slug)
    posted = _with_one_newline(request.POST) if request.method == "POST" else None
    form = ReportForm(posted)
    if form.is_valid():
        _keep(provider, form.cleaned_data)
        return redirect("report-thanks", slug=provider.slug)
    context = {
        "provider": provider,
        "form": form,
        "errors": form.errors,
        "chosen": form.data.get("group", ""),
        "typed": form.data.get("text", ""),
        "groups": vocabulary.CHECK_GROUPS.values(),
        "longest": LONGEST,
        "crisis_country": provider.country,
        "noindex": True,
    }
    status = 400 if form.is_bound else 200
    return render(request, "providers/report.html", context, status=status)


@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    provider = _provider(slug)
    context = {"provider": provider, "noindex": True}
    context["crisis_country"] = provider.country
    return render(request, "providers/report_thanks.html", context)


def _provider(slug: str) -> Provider:
    provider = Provider.objects.with_a_page().filter(slug=slug).first()
    if provider is None:
        raise Http404
    return provider


def _with_one_newline(typed):
    """Browsers count a line's end as one character and send two."""
    typed = typed.copy()
    typed["text"] = typed.get("text", "").replace("\r\n", "\n")
    return typed


def _keep(provider: Provider, said: dict[str, str]) -> None:
    if said.pop("leave_blank"):
        return  # a robot
    actions.report_problem(provider=provider, **said)
