"""Fill a form as a browser would: from the page, never from the form's own class."""

from __future__ import annotations

from html.parser import HTMLParser
from unittest import mock
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.http import HttpResponse

URLENCODED = "application/x-www-form-urlencoded"  # far cheaper to read than multipart


class _Controls(HTMLParser):
    """The successful controls of the page's POST form with the most fields."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select: str | None = None
        self._textarea: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._in_form = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._in_form = (given.get("method") or "").lower() == "post"
        name = given.get("name")
        if not self._in_form or "disabled" in given:
            return
        if tag == "input" and name:
            self._input(given)
        if tag == "select" and name:
            self._select, self._options = name, []
            self._multiple = "multiple" in given
        if tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        if tag == "textarea" and name:
            self._textarea, self.values[name] = name, [""]

    def _input(self, given):
        kind = (given.get("type") or "text").lower()
        if kind in ("submit", "button", "image", "file"):
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        usual = "on" if kind in ("checkbox", "radio") else ""
        value = given.get("value", usual) or ""
        self.values.setdefault(given["name"], []).append(value)

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            if not chosen and not self._multiple:
                chosen = [value for value, _selected in self._options[:1]]
            self.values[self._select] = chosen
            self._select = None
        if tag == "textarea":
            self._textarea = None
        if tag == "form":
            self._in_form = False

    def handle_data(self, data):
        if self._textarea:
            text = self.values[self._textarea][0] + data
            self.values[self._textarea] = [text.removeprefix("\n")]


def filled(page) -> dict[str, list[str]]:
    """What the page's form would post if somebody only pressed its button."""
    return filled_in(page.content.decode())


def filled_in(html: str) -> dict[str, list[str]]:
    """As `filled`, of a page's text or of a part that opens its form itself."""
    controls = _Controls()
    controls.feed(html)
    empty = {name for name in controls.values if "__prefix__" in name}
    controls.values.pop("csrfmiddlewaretoken", None)
    return {name: v for name, v in controls.values.items() if name not in empty}


def submit(client, address: str, **changes):
    """Load the page, type `changes` over what stands there, and press Save."""
    page = client.get(address)
    assert page.status_code == 200, page
    return post(client, address, filled(page) | {"_save": "Save"} | changes)


def post(client, address: str, values: dict):
    """Post as a form without files does."""
    return client.post(address, urlencode(values, doseq=True), content_type=URLENCODED)


def errors_of(page) -> dict[str, list[str]]:
    """Errors by field of a refused page, inline rows as "prefix-0-field"."""
    assert page.status_code == 200, "the form was not refused"
    return _errors_in(page.context)


def _errors_in(context) -> dict[str, list[str]]:
    found = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
        for form in inline.formset.forms:
            forms += form.prices.forms if hasattr(form, "prices") else []
    for form in forms:
        for field, messages in form.errors.items():
            name = field if field == "__all__" else form.add_prefix(field)
            found[name] = [str(message) for message in messages]
    return found


def misplaced(client, address: str, wrong: list[tuple], **valid) -> list[tuple]:
    """Which of the `wrong` (field, typed) are not refused at exactly their field.

    Each is typed over the page and over `valid`. For speed a page is loaded once and
    none is drawn again, and values of several fields are first tried together.
    """
    page = filled(client.get(address)) | {"_save": "Save"} | valid
    found = []
    for together in _rounds(wrong):
        if set(_refused(client, address, page | together)) == set(together):
            continue
        for field, typed in together.items():
            errors = _refused(client, address, page | {field: typed})
            if errors != [field]:
                found.append((field, typed, errors))
    return found


def _rounds(wrong: list[tuple]) -> list[dict]:
    """The values in few groups, each with one value of a field."""
    rounds: list[dict] = []
    for field, typed in wrong:
        free = next((group for group in rounds if field not in group), None)
        if free is None:
            rounds.append(free := {})
        free[field] = typed
    return rounds


def _refused(client, address: str, posted: dict) -> list[str]:
    """The fields at which a post is refused; "saved" where it is not."""
    errors = ["saved"]

    def note_errors(self, request, context, **options):
        errors[:] = _errors_in(context)
        return HttpResponse()

    with mock.patch.object(ModelAdmin, "render_change_form", note_errors):
        post(client, address, posted)
    return errors


def row(prefix: str, index: int, **values) -> dict[str, str]:
    """A new inline row at `index`, as "Add another" makes it."""
    typed = {f"{prefix}-{index}-{name}": value for name, value in values.items()}
    return {f"{prefix}-TOTAL_FORMS": str(index + 1)} | typed


def messages_of(answer) -> str:
    """What the page after a redirect tells, as one text."""
    told = answer.wsgi_request._messages
    return "\n".join(str(message) for message in told)
