"""Settings of the test run: of the environment, only the database counts."""

import os

for _name in (
    *("ADMINS", "ALLOWED_HOSTS", "DEBUG", "DEFAULT_COUNTRY", "DEFAULT_FROM_EMAIL"),
    *("EMAIL_URL", "HTTPS", "OPERATOR_EMAIL", "OPERATOR_NAME", "STATIC_ROOT"),
    *("ONLINE_GEOCODER", "ONLINE_GEOCODER_OPTIONS", "TIME_ZONE"),
    *("FORWARDED_FOR", "SECOND_FACTOR"),
):
    os.environ.pop(_name, None)

from kapfinder.settings import *  # noqa: E402, F403
from kapfinder.settings import MIDDLEWARE as _MIDDLEWARE  # noqa: E402

# whitenoise looks for static files at each start of the middleware.
MIDDLEWARE = [name for name in _MIDDLEWARE if "whitenoise" not in name]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Ten migrations of tables that refer to no other: made as they stand.
MIGRATION_MODULES = {"axes": None}
# On in tests/test_second_factor.py, where it is the question.
SECOND_FACTOR = False
