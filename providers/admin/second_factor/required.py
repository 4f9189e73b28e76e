"""No page of the admin without the second factor."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

# What somebody who has given only the password may open.
OPEN = {"login", "logout", "second_factor_enrol", "second_factor_code"}


class Required:
    """Middleware: sends staff who have not given it in this session to where they do.

    It looks at the address that was asked for, so a page that forgets the admin's own
    guard is closed as well. Who is no staff is left to that guard.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        match = request.resolver_match
        if "admin" not in match.app_names or match.url_name in OPEN:
            return None
        if not settings.SECOND_FACTOR or not request.user.is_staff:
            return None
        return None if request.user.is_verified() else _to_the_code(request)


def _to_the_code(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.get_full_path() if request.method == "GET" else ""
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return HttpResponseRedirect(reverse("admin:second_factor_code") + query)
