"""The ETag of a page that answers a question: what it was made of, and not legible.

An ETag may stand in a proxy's log, and a plain hash of coordinates can be guessed: this
one is keyed with the site's own secret.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b, sha256

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
    made_of = (
        release(),
        version,
        on,
        links.language,
        request.META.get("HTTP_HX_REQUEST", ""),
        links.query(),
        request.GET.get("page", ""),
    )
    key = _key(settings.SECRET_KEY)
    return f'"{blake2b(repr(made_of).encode(), key=key, digest_size=16).hexdigest()}"'


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    """A key for this purpose alone: to derive it takes longer than the rest."""
    return salted_hmac("providers.views.etags", "", secret, algorithm="sha256").digest()


@cache
def release() -> str:
    """A digest of the code, templates, words and settings that pages are made of."""
    shown = (settings.DEFAULT_COUNTRY, settings.STATIC_URL)
    digest = sha256(repr(shown).encode())
    for pattern in MADE_OF:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
