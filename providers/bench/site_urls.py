"""The site's addresses, and one whose view does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kapfinder import urls


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
