"""The Spanish catalogue: complete, and in step with the code."""

import ast
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

from providers.filters import ProviderFilter
from tests.catalogue import (
    COMPILED,
    ENTRIES,
    MESSAGES,
    ROOT,
    SAME,
    in_spanish,
    key_of,
    read_po,
    translations_of,
)
from tests.vocabulary import TABLES, words_of

pytestmark = pytest.mark.any_database
PLURALS = 3  # one, millions, any other: the plural forms of Django's own Spanish


# The file


def test_a_po_file_is_read_with_its_plurals_contexts_and_long_lines():
    text = (
        'msgid ""\nmsgstr "Language: es\\n"\n\n'
        '#, python-format\nmsgctxt "road"\nmsgid "%(n)s "\n"mile"\n'
        'msgid_plural "%(n)s miles"\nmsgstr[0] "%(n)s milla"\nmsgstr[1] ""'
    )
    assert read_po(text)[1] == {
        "flags": "#, python-format",
        "msgctxt": "road",
        "msgid": "%(n)s mile",
        "msgid_plural": "%(n)s miles",
        "msgstr[0]": "%(n)s milla",
        "msgstr[1]": "",
    }


def test_every_message_has_spanish_words():
    def lacking(entry):
        forms = translations_of(entry)
        expected = PLURALS if "msgid_plural" in entry else 1
        return len(forms) != expected or not all(form.strip() for form in forms)

    assert [entry["msgid"] for entry in MESSAGES if lacking(entry)] == []


def test_no_message_is_a_guess():
    assert [entry["msgid"] for entry in ENTRIES if "fuzzy" in entry["flags"]] == []


def test_the_compiled_catalogue_holds_what_the_text_holds():
    expected = {}
    for entry in ENTRIES:
        forms = translations_of(entry)
        if "msgid_plural" in entry:
            expected |= {(key_of(entry), n): form for n, form in enumerate(forms)}
        else:
            expected[key_of(entry)] = forms[0]
    assert COMPILED._catalog == expected


# The strings of the code: read from the source without xgettext, as an oracle

CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), "one"),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), "many"),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext"), "context"),
}


def constants(call: ast.Call) -> list[str]:
    return [a.value for a in call.args if isinstance(getattr(a, "value", None), str)]


def messages_in(source: str) -> set[str]:
    """What the gettext calls of Python source ask for, a context before \\x04."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = constants(node)
        if name not in CALLS or not words:
            continue
        joined = CALLS[name] == "context"
        found.add("\x04".join(words[:2]) if joined else words[0])
    return found


def messages_in_template(source: str) -> set[str]:
    """The same of a template, through Django's own reading of its tags."""
    code = templatize(source)
    starts = re.finditer(r"(?<!\w)(?:n?p?gettext|_)\(", code)
    return set().union(*(messages_in(call_at(code, s.start())) for s in starts))


def call_at(code: str, start: int) -> str:
    """The call that begins at `start`: up to the first bracket that makes it whole."""
    for bracket in re.finditer(r"\)", code[start:]):
        call = code[start : start + bracket.end()]
        with suppress(SyntaxError):
            ast.parse(call)
            return call
    return ""


def test_calls_are_found_in_python_and_in_templates():
    python = '_("a" "b"), gettext(name), ngettext("day", "days", 3), pgettext("c", "d")'
    assert messages_in(python) == {"ab", "day", "c\x04d"}
    template = (
        '{% translate "It’s (here)" %}{% blocktranslate trimmed %}Two\n {{ x }}'
        "{% endblocktranslate %}{% blocktranslate count n=n %}one{% plural %}"
        '{{ n }}{% endblocktranslate %}{% translate "e" context "f" %}{{ _("g") }}'
    )
    found = messages_in_template(template)
    assert found == {"It’s (here)", "Two %(x)s", "one", "f\x04e", "g"}


def sources() -> list[Path]:
    code = [*ROOT.glob("providers/**/*.py"), *ROOT.glob("kapfinder/**/*.py")]
    return [*code, *ROOT.glob("templates/**/*.*"), *ROOT.glob("providers/**/*.html")]


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_string_of_the_code_is_in_the_catalogue(path):
    """If not: manage.py makemessages -l es --no-location --no-obsolete, translate,
    manage.py compilemessages."""
    read = messages_in if path.suffix == ".py" else messages_in_template
    used = read(path.read_text(encoding="utf-8"))
    assert used - {key_of(entry) for entry in MESSAGES} == set()


def test_every_word_of_the_vocabulary_changes_with_the_language():
    for name, table in TABLES.items():
        for code in table.values():
            english = words_of(code)
            with translation.override("es"):
                spanish = words_of(code)
            unchanged = set(english) & set(spanish)
            assert unchanged <= SAME, f"{name}.{code.code}"


def test_every_label_help_and_choice_of_the_search_changes_with_the_language():
    for name, filter_ in ProviderFilter.base_filters.items():
        words = [filter_.label, filter_.extra.get("help_text", "")]
        words += [label for _code, label in filter_.extra.get("choices", [])]
        for word in filter(None, words):
            # Currencies stand as their codes.
            changed = str(word) != in_spanish(word)
            assert changed or str(word) in SAME or str(word).isupper(), (name, word)
