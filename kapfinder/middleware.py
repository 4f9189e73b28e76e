"""Headers that Django's own middleware cannot set per page."""


def private_answers(get_response):
    """Keep searches, and any page whose address carries a query, out of every store.

    Neither a shared cache nor a search engine may hold what somebody asked for.
    """

    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        if request.META.get("QUERY_STRING") or (match and match.url_name == "search"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return middleware


def admin_referrer(get_response):
    """Let the admin send its Referer to itself.

    Under no-referrer a browser posts `Origin: null`, which Django's CSRF check
    refuses; no search is made in the admin's addresses by a visitor.
    """

    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        if match and match.app_name == "admin":
            response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return middleware
