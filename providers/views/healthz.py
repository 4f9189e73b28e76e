"""Whether this process is ready for searches, for whoever spreads requests."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from providers.search import live


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """503 until the process has its index, whose making the first question starts."""
    is_ready = live.is_ready()
    if not is_ready:
        live.start()
    word, status = ("ready", 200) if is_ready else ("starting", 503)
    answer = HttpResponse(f"{word}\n", content_type="text/plain", status=status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
