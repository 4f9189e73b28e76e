"""Every setting of kapfinder, read from the environment in this one place.

The README's configuration table lists each variable. Nonsense is refused at start.
"""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured
from geopy.geocoders import SERVICE_TO_GEOCODER
from phonenumbers import SUPPORTED_REGIONS

from kapfinder import secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _switch(name: str, *, default: str = "off") -> bool:
    """On or off; the default where the variable is unset or blank."""
    value = env.str(name, default="").strip().lower() or default
    if value in {"1", "on", "true", "yes"}:
        return True
    if value in {"0", "off", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}.")


def _one_of(name: str, known: Collection[str], *, default: str, what: str) -> str:
    value = env.str(name, default="").strip() or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be {what}, not {value!r}.")
    return value


def _addresses(name: str) -> list[str]:
    """E-mail addresses, separated by commas."""
    addresses = [part.strip() for part in env.list(name, default=[]) if part.strip()]
    for address in addresses:
        if not all(address.partition("@")) or " " in address:
            raise ImproperlyConfigured(f"{name}: {address!r} is no e-mail address.")
    return addresses


def _secret_key() -> str:
    path = BASE_DIR / "secret_key"
    try:
        return env.str("SECRET_KEY", default="") or secret.read_or_create(path)
    except (OSError, ValueError) as error:
        message = f"No secret key ({error}). Set SECRET_KEY or repair {path}."
        raise ImproperlyConfigured(message) from error


def _time_zone() -> str:
    name = env.str("TIME_ZONE", default="") or "America/Denver"
    try:
        return ZoneInfo(name).key
    except (LookupError, OSError, ValueError) as error:
        message = f"TIME_ZONE must be an IANA name such as Europe/Dublin, not {name!r}."
        raise ImproperlyConfigured(message) from error


def _database() -> dict:
    """SQLite in this folder, or what DATABASE_URL names (its password never shown)."""
    url = env.str("DATABASE_URL", default="") or "sqlite:///db.sqlite3"
    scheme = url.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with sqlite:/// or postgres://."
        )
    try:
        database = env.db_url_config(url)
    except ValueError as error:
        message = "DATABASE_URL is malformed: postgres://USER:PASSWORD@HOST:PORT/NAME."
        raise ImproperlyConfigured(message) from error
    if not database["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    return database | (_sqlite(database) if scheme == "sqlite" else _POSTGRESQL)


_POSTGRESQL = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def _sqlite(database: dict) -> dict:
    in_memory = database["NAME"] == ":memory:"
    return {
        "NAME": ":memory:" if in_memory else BASE_DIR / database["NAME"],
        "CONN_MAX_AGE": 600,  # to open the file anew costs more than a search
        "OPTIONS": {
            # A transaction takes its lock at its start, so it waits and never fails
            # half way; an acknowledged edit survives power loss. An edit waits for an
            # import of thousands of rows.
            "transaction_mode": "IMMEDIATE",
            "timeout": 120,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _geocoder_options() -> dict[str, str]:
    """What the geocoder's class is called with: user_agent=kap.example.org,domain=…"""
    try:
        options = env.dict("ONLINE_GEOCODER_OPTIONS", default={})
    except ValueError as error:
        message = "ONLINE_GEOCODER_OPTIONS must be name=value, separated by commas."
        raise ImproperlyConfigured(message) from error
    return {"user_agent": "kapfinder"} | options


def _second_factor(hosts: list[str]) -> bool:
    """Whether staff must give a second factor; only a machine of one's own may not."""
    required = _switch("SECOND_FACTOR", default="on")
    if not required and not set(hosts) <= set(LOOPBACK):
        raise ImproperlyConfigured(
            "SECOND_FACTOR may be off only where ALLOWED_HOSTS names no other machine: "
            f"{', '.join(LOOPBACK)}."
        )
    return required


LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

SECRET_KEY = _secret_key()
DEBUG = _switch("DEBUG")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or LOOPBACK

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_filters",
    "phonenumber_field",
    "csp",
    "providers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kapfinder.middleware.admin_referrer",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kapfinder.middleware.private_answers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "providers.admin.second_factor.required.Required",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kapfinder.urls"
WSGI_APPLICATION = "kapfinder.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": _database()}

# The page of a listing holds every offering, price and answer. Only staff post such.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["kapfinder.formats"]
TIME_ZONE = _time_zone()
USE_TZ = True

STATIC_URL = "static/"
# Only for an operator whose proxy serves the static files after collectstatic.
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# The operator's own country: its crisis lines and currency stand where nothing
# in the visitor's question names another.
DEFAULT_COUNTRY = _one_of(
    "DEFAULT_COUNTRY", SUPPORTED_REGIONS, default="US", what="a country code such as CA"
)
# What a mile of driving costs, where no visitor says otherwise: fuel and upkeep. And
# how much longer the road is than the straight line.
TRAVEL_CENTS_PER_MILE = env.float("TRAVEL_CENTS_PER_MILE", default=20.5)
TRAVEL_CURRENCY = env.str("TRAVEL_CURRENCY", default="USD")
TRAVEL_SOURCE = env.str(
    "TRAVEL_SOURCE", default="IRS, Notice 2026-10: medical mileage rate of 2026"
)
ROAD_FACTOR = env.float("ROAD_FACTOR", default=1.4)
ROAD_FACTOR_SOURCE = env.str(
    "ROAD_FACTOR_SOURCE",
    default="Boscoe, Henry and Zdeb 2012: roads to US hospitals (PMC3835347)",
)
PHONENUMBER_DEFAULT_REGION = DEFAULT_COUNTRY
PHONENUMBER_DB_FORMAT = "E164"

# A geopy geocoder asked for editors' addresses only, never for a visitor's words.
ONLINE_GEOCODER = _one_of(
    "ONLINE_GEOCODER",
    {"", *SERVICE_TO_GEOCODER},
    default="",
    what="one of geopy's geocoders such as nominatim",
)
ONLINE_GEOCODER_OPTIONS = _geocoder_options()

# Who runs this copy of kapfinder, for the about page.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_EMAIL = ", ".join(_addresses("OPERATOR_EMAIL"))

vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env.str("DEFAULT_FROM_EMAIL", default="") or "kapfinder@localhost"
)
ADMINS = [(address, address) for address in _addresses("ADMINS")]

HTTPS = _switch("HTTPS")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Asked within the machine, without a proxy before it.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Whether the whole domain, subdomains included, is HTTPS only is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "no-referrer"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "providers.views.errors.csrf_failure"

# Who may come in: five wrong passwords for one name from one address close the door
# to that pair for a while. Nothing else is kept of an attempt, and nothing of a login.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "providers.admin.logins.Attempts"
AXES_CLIENT_IP_CALLABLE = "providers.admin.logins.address_of"
AXES_LOCKOUT_CALLABLE = "providers.admin.logins.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Else every visitor seems to come from the proxy. A proxy that only passes the header
# on would let each visitor name his own address.
FORWARDED_FOR = _switch("FORWARDED_FOR")

SECOND_FACTOR = _second_factor(ALLOWED_HOSTS)
OTP_TOTP_ISSUER = "kapfinder"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# No access log: runserver's own lines go nowhere, granian's are off in run.py.
LOGGING_CONFIG = "kapfinder.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {message}", "style": "{"}},
    "filters": {"faults_only": {"()": "kapfinder.logs.FaultsOnly"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail": {
            "class": "kapfinder.logs.MailHandler",
            "formatter": "line",
            "level": "ERROR",
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "django": {"handlers": []},
        "django.request": {"filters": ["faults_only"]},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
    },
    "root": {"handlers": ["console", "mail"] if ADMINS else ["console"]},
}
DEFAULT_EXCEPTION_REPORTER = "kapfinder.logs.PrivateReporter"
