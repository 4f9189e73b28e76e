"""Public pages carry a language prefix except English; the admin stands outside."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from providers.views.healthz import healthz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
urlpatterns += i18n_patterns(
    path("", include("providers.urls")), prefix_default_language=False
)

handler400 = "providers.views.errors.bad_request"
handler403 = "providers.views.errors.permission_denied"
handler404 = "providers.views.errors.page_not_found"
handler500 = "providers.views.errors.server_error"
