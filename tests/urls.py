"""The site's addresses, and some that go wrong with the visitor's words in hand."""

import logging

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404
from django.template import Context, Template
from django.urls import path

from kapfinder import urls

logger = logging.getLogger("providers.views.test")


def typed(request) -> str:
    return " ".join([*request.GET.values(), *request.POST.values()])


def server_fault(request, word):
    logger.warning("Looking for %s near %s", typed(request), 12.3456789)
    raise ValueError(word + typed(request))


def chained_fault(request, word):
    try:
        {}[typed(request)]
    except KeyError as error:
        raise LookupError(word) from error


def not_found(request, word):
    raise Http404(word + typed(request))


def forbidden(request, word):
    raise PermissionDenied(word + typed(request))


def suspicious(request, word):
    raise SuspiciousOperation(word + typed(request))


def sql_fault(request, word):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [word + typed(request)])
        cursor.execute(f'SELECT "{word}" FROM no_such_table')


def template_fault(request, word):
    Template("{{ typed.missing }}{% include word %}").render(
        Context({"typed": typed(request), "word": word})
    )


FAULTS = [
    *(server_fault, chained_fault, not_found, forbidden, suspicious),
    *(sql_fault, template_fault),
]
urlpatterns = [
    *(path(f"fault/{fault.__name__}/<str:word>/", fault) for fault in FAULTS),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
