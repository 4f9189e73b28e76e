"""The search page in this process, through every middleware, as granian calls it."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from providers.bench.questions import Question

HOST = "localhost"


def request(question: Question) -> dict:
    """What the server hands over for the page of a question."""
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    plain = RequestFactory(SERVER_NAME=HOST, **{"wsgi.url_scheme": scheme})
    return plain.get(f"/search/?{question.query}").environ


def opener() -> Callable[[dict], int]:
    """What opens the page of such a request and returns how many bytes it has."""
    handler = WSGIHandler()

    def open_page(environ: dict) -> int:
        with patch.object(settings, "ALLOWED_HOSTS", [HOST]):
            response = handler(environ, lambda status, headers: None)
            size = len(b"".join(response))
            response.close()
        if response.status_code != 200:
            raise RuntimeError(f"the search page answered {response.status_code}")
        return size

    return open_page
