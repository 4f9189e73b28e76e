"""The site as granian serves it, with a bare view beside the others to measure by."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapfinder.settings")

settings.ROOT_URLCONF = "providers.bench.site_urls"
application = get_wsgi_application()
