"""What a visitor types stays out of every log, table, cookie and mail.

A marker word and a marker point go into every parameter of every public address.
"""

import io
import logging
import re
import subprocess
import sys
import warnings

import pytest
from django.core import mail
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from django.utils.log import AdminEmailHandler
from django.views.debug import get_exception_reporter_class
from hypothesis import given
from hypothesis import strategies as st

from kapfinder import logs
from providers.filters import ProviderFilter
from tests import factories

MARKER = "zanzibarquux"
LATITUDE, LONGITUDE = "12.3456789", "-98.7654321"
TYPED = (MARKER, LATITUDE, LONGITUDE.lstrip("-"))

REAL_WORDS = {"slug": "here", "code": "US-CO"}
PUBLIC = get_resolver("tests.urls").url_patterns
PLAIN = "%(levelname)s %(name)s %(message)s %(args)s"


def public_routes(patterns, prefix="/"):
    """The route of every address outside the admin."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif pattern.app_name != "admin":
            yield from public_routes(pattern.url_patterns, route)


def public_paths():
    """Each route with the marker for its words, and with words that exist."""
    for route in set(public_routes(PUBLIC)):
        yield re.sub(r"<.*?>", MARKER, route)
        yield re.sub(r"<.*?(\w+)>", lambda word: REAL_WORDS.get(word[1], MARKER), route)


def parameters():
    return [*ProviderFilter.base_filters, "p", "amount", "per", "no_such_parameter"]


def typed_for(name: str) -> str:
    return {"lat": LATITUDE, "lng": LONGITUDE}.get(name, MARKER)


def visits(path: str):
    """Requests to one path: all parameters, each alone, and unusual methods."""
    everything = {name: typed_for(name) for name in parameters()}
    point = {"lat": LATITUDE, "lng": LONGITUDE}
    referer = {"Referer": f"http://testserver/search/?near={MARKER}"}
    alone = [{name: word} for name, word in everything.items()]
    for query in [{}, everything, point, *(alone if path == "/search/" else [])]:
        yield "get", path, query, referer
    yield "post", path, everything, referer
    yield "post", f"{path}?near={MARKER}", everything, {"Origin": f"http://{MARKER}"}
    yield "get", path, everything, {"Host": f"{MARKER}.example"}
    yield "head", path, everything, {}
    yield "put", f"{path}?q={MARKER}", {}, {}
    yield "generic", path, everything, {}


@pytest.fixture
def heard():
    """Everything logged at any level, as a plain handler would write it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter(PLAIN))
    loggers = [logging.getLogger(), *map(logging.getLogger, _logger_names())]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _logger_names():
    return [name for name in logging.root.manager.loggerDict if "django" in name]


@pytest.fixture
def mailed(settings):
    """The operator's mail handler, at work on every record that is an error."""
    settings.ADMINS = [("Operator", "operator@example.org")]
    handler = logs.MailHandler(logging.ERROR)
    logging.getLogger().addHandler(handler)
    yield mail.outbox
    logging.getLogger().removeHandler(handler)


def visit(visitor, method, path, typed, headers):
    if method == "generic":
        return visitor.generic(f"{MARKER}", f"{path}?near={MARKER}")
    return getattr(visitor, method)(path, typed, headers=headers)


def holds_typed(text: str) -> bool:
    return any(typed in text.lower() for typed in TYPED)


def stored_text() -> str:
    """Every value of every table."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return repr(rows)


@pytest.mark.django_db
@pytest.mark.urls("tests.urls")
@pytest.mark.parametrize("path", sorted(set(public_paths())))
def test_nothing_typed_is_logged_stored_mailed_or_put_in_a_cookie(
    path, heard, mailed, capfd, monkeypatch
):
    factories.provider(slug=REAL_WORDS["slug"])
    monkeypatch.setattr(connections["default"], "force_debug_cursor", True)
    visitor = Client(raise_request_exception=False)
    for method, where, typed, headers in visits(path):
        response = visit(visitor, method, where, typed, headers)
        assert not response.cookies
    assert not holds_typed(heard.getvalue())
    assert not holds_typed("".join(capfd.readouterr()))
    assert not holds_typed(stored_text())
    assert not any(holds_typed(m.subject + m.body) for m in mailed)


@pytest.mark.django_db
@pytest.mark.urls("tests.urls")
def test_the_marker_would_be_found_where_a_record_is_not_private(heard, monkeypatch):
    logging.setLogRecordFactory(logging.LogRecord)
    try:
        Client(raise_request_exception=False).get(f"/fault/server_fault/{MARKER}/")
    finally:
        logging.setLogRecordFactory(logs.PrivateRecord)
    assert holds_typed(heard.getvalue())


@pytest.mark.django_db
@pytest.mark.urls("tests.urls")
def test_a_fault_is_still_found_by_pattern_type_and_line(heard, mailed):
    Client(raise_request_exception=False).get(f"/fault/chained_fault/{MARKER}/")
    told = heard.getvalue()
    assert "500 Internal Server Error: GET /fault/chained_fault/<str:word>/" in told
    assert "builtins.LookupError\n" in told
    assert "builtins.KeyError\n" in told
    assert re.search(r"tests/urls\.py:\d+ chained_fault", told)
    [message] = mailed
    assert message.subject.endswith("ERROR")
    assert "chained_fault" in message.body


# One record


@pytest.fixture
def logged():
    """Log once; get back what a plain formatter makes of it."""

    def log(name, *words, **options):
        records = []
        handler = logging.Handler()
        handler.emit = records.append
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        try:
            logger.error(*words, **options)
        finally:
            logger.removeHandler(handler)
        return logging.Formatter().format(records[0])

    return log


def test_whole_numbers_are_kept_and_words_and_coordinates_hidden(logged):
    told = logged("providers", "%d of %s near %s", 3, MARKER, 39.74)
    assert told == "3 of … near …"


def test_named_arguments_are_hidden_too(logged):
    told = logged("providers", "%(count)d of %(word)s", {"count": 2, "word": MARKER})
    assert told == "2 of …"


def test_a_template_that_needs_a_hidden_number_is_written_as_it_stands(logged):
    assert logged("providers", "took %.3f s", 0.25) == "took %.3f s"


def test_a_logged_exception_shows_its_type_only(logged):
    assert logged("providers", ValueError(MARKER)) == "ValueError"


def test_an_exception_logged_beside_a_message_shows_types_and_lines(logged):
    told = logged("providers", "Failed", exc_info=ValueError(MARKER))
    assert told == "Failed\nbuiltins.ValueError"


@given(st.text(), st.lists(st.text() | st.floats() | st.binary(), max_size=4))
def test_no_argument_that_is_not_a_whole_number_survives(template, words):
    words = [f"{MARKER}{word}" for word in words]
    if MARKER in template:
        return
    record = logs.PrivateRecord("any", 10, __file__, 1, template, tuple(words), None)
    assert MARKER not in record.getMessage()
    assert MARKER not in repr(record.__dict__)


def test_granian_speaks_in_first_lines_since_tracebacks_follow(logged):
    crash = f"Application callable raised an exception\nValueError: {MARKER}"
    assert logged("_granian", crash) == "Application callable raised an exception"
    assert logged("_granian", "%s stopped", "worker-1") == "worker-1 stopped"


def test_a_python_warning_keeps_its_place_and_kind(logged):
    text = warnings.formatwarning(MARKER, UserWarning, "/site/views.py", 12, line="")
    assert logged("py.warnings", "%s", text) == "/site/views.py:12: UserWarning"
    assert logged("py.warnings", "%s", MARKER) == "warning"


def test_a_running_site_keeps_a_warnings_words_to_itself():
    code = f"""if True:
        import django, warnings
        django.setup()
        warnings.warn("{MARKER}", UserWarning)
    """
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "UserWarning" in process.stderr
    assert MARKER not in process.stderr


def test_runservers_request_lines_go_nowhere(capfd, rf):
    handler = WSGIRequestHandler.__new__(WSGIRequestHandler)
    handler.request, handler.client_address = rf.get("/"), ("127.0.0.1", 1)
    handler.requestline = f"GET /search/?near={MARKER} HTTP/1.1"
    for status in ("200", "404", "500"):
        handler.log_message('"%s" %s %s', handler.requestline, status, "5")
    assert "".join(capfd.readouterr()) == ""


def test_a_long_recursion_is_cut_and_a_circle_of_causes_ends():
    def deeper():
        deeper()

    with pytest.raises(RecursionError) as caught:
        deeper()
    assert len(logs.outline(caught.value).splitlines()) < 100
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert logs.outline(first).split() == ["builtins.ValueError", "builtins.KeyError"]


def test_a_cause_that_was_hidden_on_purpose_stays_hidden():
    try:
        try:
            raise KeyError(MARKER)
        except KeyError:
            raise ValueError(MARKER) from None
    except ValueError as error:
        told = logs.outline(error)
    assert "ValueError" in told
    assert "KeyError" not in told


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_a_request_without_a_page_is_named_by_its_method(method):
    request = RequestFactory().generic(method, f"/{MARKER}/?q={MARKER}")
    assert logs.request_line(request, 404) == f"404 Not Found: {method} no such page"


def test_a_made_up_method_and_status_are_not_repeated():
    request = RequestFactory().generic(MARKER, "/")
    assert logs.request_line(request, 799) == "799 Unknown: other method no such page"
    assert logs.request_line(request) == "other method no such page"


# Reports


def fault_report(request, **options):
    try:
        raise ValueError(MARKER)
    except ValueError:
        reporter = get_exception_reporter_class(request)
        return reporter(request, *sys.exc_info(), **options)


def test_an_error_report_is_the_outline(rf):
    report = fault_report(rf.post(f"/?near={MARKER}", {"q": MARKER}))
    for text in (report.get_traceback_text(), report.get_traceback_html()):
        assert MARKER not in text
        assert "ValueError" in text


def test_a_mailed_report_is_the_outline_even_while_debugging(rf, settings):
    settings.DEBUG = True
    report = fault_report(rf.get(f"/?near={MARKER}"), is_email=True)
    assert MARKER not in report.get_traceback_text() + report.get_traceback_html()


def test_the_developers_own_screen_shows_everything(rf, settings):
    settings.DEBUG = True
    report = fault_report(rf.get(f"/?near={MARKER}"))
    assert MARKER in report.get_traceback_text()
    assert MARKER in report.get_traceback_html()


def test_a_report_without_an_exception_is_blank(rf):
    reporter = get_exception_reporter_class(None)
    assert reporter(rf.get("/"), None, None, None).get_traceback_text() == ""


@pytest.mark.urls("tests.urls")
def test_djangos_own_mail_handler_tells_no_more(rf, settings):
    settings.ADMINS = [("Operator", "operator@example.org")]
    logger, handler = logging.getLogger("django.request"), AdminEmailHandler()
    logger.addHandler(handler)
    try:
        path = f"/fault/server_fault/{MARKER}/?near={MARKER}"
        Client(raise_request_exception=False).get(path)
    finally:
        logger.removeHandler(handler)
    [message] = mail.outbox
    assert not holds_typed(message.subject + message.body)
