"""Log records and error reports that cannot hold what a visitor typed.

A search can stand in a path, a query string, a form, an SQL parameter, a Referer or
an exception's message, and any library may log one of these. So the process makes
its log records here, without them, before any handler sees them.
"""

import logging
import logging.config
import re
import traceback
from collections.abc import Mapping
from http import HTTPMethod
from http.client import responses

from django.conf import settings
from django.core.mail import mail_admins
from django.utils.html import escape
from django.views.debug import ExceptionReporter

# Loggers whose words come from the machine, never from a request.
_OPEN_LOGGERS = ("_granian", "django.utils.autoreload")
_HIDDEN = "…"
_WARNING_HEAD = re.compile(r"^\S.*?:\d+: \w+")
_LONGEST_OUTLINE = 60


def configure(config: dict) -> None:
    """Set up logging from a dictConfig, with private records (LOGGING_CONFIG)."""
    logging.setLogRecordFactory(PrivateRecord)
    logging.captureWarnings(True)
    logging.config.dictConfig(config)


class PrivateRecord(logging.LogRecord):
    """A record of the message's template, its whole numbers and the code's lines."""

    def __init__(self, name, level, path, line, msg, args, exc_info, *rest, **more):
        msg, args = _machine_words(name or "", msg, args)
        super().__init__(name, level, path, line, msg, args, None, *rest, **more)
        if exc_info and exc_info[1]:
            self.exc_text = outline(exc_info[1])

    def getMessage(self) -> str:
        request = getattr(self, "request", None)
        if hasattr(request, "resolver_match"):
            return request_line(request, getattr(self, "status_code", 0))
        try:
            return super().getMessage()
        except (TypeError, ValueError):  # a template such as %.3f, its number hidden
            return self.msg


def request_line(request, status: int = 0) -> str:
    """Status, method and URL pattern of a request, never its own path."""
    phrase = f"{status} {responses.get(status, 'Unknown')}: " if status else ""
    method = request.method if request.method in set(HTTPMethod) else "other method"
    match = request.resolver_match
    return f"{phrase}{method} {'/' + match.route if match else 'no such page'}"


def outline(error: BaseException) -> str:
    """The types of an exception and its causes, with file:line and function."""
    lines, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        frames = traceback.extract_tb(error.__traceback__, limit=-_LONGEST_OUTLINE)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)
    return "\n".join(lines)


def _machine_words(name: str, msg, args) -> tuple[str, object]:
    if name.startswith(_OPEN_LOGGERS):
        # granian puts an exception's whole traceback after the first line.
        return str(msg % args if args else msg).partition("\n")[0], ()
    if name == "py.warnings":
        head = _WARNING_HEAD.match(str(args[0] if args else msg))
        return (head.group() if head else "warning").replace("%", "%%"), ()
    template = msg if isinstance(msg, str) else type(msg).__qualname__
    if args and isinstance(args[0], Mapping):  # named: "%(count)d listings"
        named = args[0].items()
        return template, ({key: _number_or_hidden(value) for key, value in named},)
    return template, tuple(map(_number_or_hidden, args or ()))


def _number_or_hidden(value):
    # A coordinate is a float; status codes, counts and ids are whole.
    return value if isinstance(value, int) else _HIDDEN


class FaultsOnly(logging.Filter):
    """Leaves out that a process is not ready yet: who asked /healthz was told so."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        is_healthz = match is not None and match.url_name == "healthz"
        return not (is_healthz and getattr(record, "status_code", 0) == 503)


class MailHandler(logging.Handler):
    """Sends ADMINS the formatted record, and nothing of the request."""

    def emit(self, record: logging.LogRecord) -> None:
        mail_admins(record.levelname, self.format(record), fail_silently=True)


class PrivateReporter(ExceptionReporter):
    """Django's report on the developer's own screen; anywhere else, the outline."""

    def get_traceback_text(self) -> str:
        if settings.DEBUG and not self.is_email:
            return super().get_traceback_text()
        fault = isinstance(self.exc_value, BaseException)
        return outline(self.exc_value) if fault else ""

    def get_traceback_html(self) -> str:
        if settings.DEBUG and not self.is_email:
            return super().get_traceback_html()
        return f"<pre>{escape(self.get_traceback_text())}</pre>"
