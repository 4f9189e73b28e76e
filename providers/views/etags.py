"""The ETag of a page that answers a question: what it was made of, and not legible.

An ETag may stand in a proxy's log, and a plain hash of coordinates can be guessed: this
one is keyed with the site's own secret.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from hmac import HMAC

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from providers.views.links import Links

# All that makes a page beside the tables, from the folder of manage.py.
MADE_OF = ("kapfinder/**/*.py", "providers/**/*.py", "templates/**/*.html")
MADE_OF += ("locale/**/*.mo", "requirements.txt")


def etag(request: HttpRequest, version: Hashable, links: Links, on: date) -> str:
    """The ETag of the page for the question in the address, on that day.

    `version`: of everything that the tables have to show. `links`: of the question.
    """
    page = request.GET.get("page", "")
    made_of = (
        release(),
        version,
        on,
        links.language,
        request.META.get("HTTP_HX_REQUEST", ""),
        links.query(page=page),
    )
    digest = _keyed(settings.SECRET_KEY).copy()
    digest.update(repr(made_of).encode())
    return f'"{digest.hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _keyed(secret: str) -> HMAC:
    """A digest of nothing yet, for this purpose alone: to derive its key takes longer
    than the rest."""
    return salted_hmac("providers.views.etags", "", secret, algorithm="sha256")


@cache
def release() -> str:
    """A digest of the code, templates, words and settings that pages are made of."""
    shown = (settings.DEFAULT_COUNTRY, settings.STATIC_URL)
    digest = sha256(repr(shown).encode())
    for pattern in MADE_OF:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
