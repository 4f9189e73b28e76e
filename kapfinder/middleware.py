"""Headers that Django's own middleware cannot set per page."""


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
