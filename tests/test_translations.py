"""The Spanish catalogue: complete, in step with the code, and as careful as English."""

import ast
import gettext
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from providers import vocabulary
from providers.crisis import operators_sentence
from providers.filters import ProviderFilter
from providers.models import Region
from providers.wording import distance, money
from tests.factories import BOULDER, fact, facts, offering, price, provider
from tests.pages import Page, gazetteer, visit
from tests.vocabulary import TABLES, words_of

pytestmark = pytest.mark.any_database

ROOT = settings.BASE_DIR
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES"
PLURALS = 3  # one, millions, any other: the plural forms of Django's own Spanish

# Words that are the same in both languages.
SAME = {
    "Euros",
    "Farsi",
    "Hindi",
    "Hmong",
    "Medicaid",
    "Medicare",
    "No",
    "Ojibwa",
    "Urdu",
    "Yupik",
}


def read_po(text: str) -> list[dict[str, str]]:
    """The entries of a .po file, each as keyword → text, with its flags."""
    entries = []
    for block in text.split("\n\n"):
        entry, keyword = {"flags": ""}, None
        for line in block.splitlines():
            if line.startswith("#,"):
                entry["flags"] += line
            elif found := re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line):
                keyword = found[1]
                entry[keyword] = ast.literal_eval(found[2])
            elif line.startswith('"'):
                entry[keyword] += ast.literal_eval(line)
        if "msgid" in entry:
            entries.append(entry)
    return entries


ENTRIES = read_po((CATALOGUE / "django.po").read_text(encoding="utf-8"))
MESSAGES = [entry for entry in ENTRIES if entry["msgid"]]
with (CATALOGUE / "django.mo").open("rb") as compiled:
    COMPILED = gettext.GNUTranslations(compiled)


def translations_of(entry: dict[str, str]) -> list[str]:
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def pairs() -> list[tuple[str, str]]:
    """Each English text with each Spanish text that may stand for it."""
    found = []
    for entry in MESSAGES:
        for number, spanish in enumerate(translations_of(entry)):
            plural = number > 0 and entry.get("msgid_plural")
            found.append((plural or entry["msgid"], spanish))
    return found


def key_of(entry: dict[str, str]) -> str:
    context = entry.get("msgctxt")
    return f"{context}\x04{entry['msgid']}" if context else entry["msgid"]


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


def in_spanish(lazy) -> str:
    with translation.override("es"):
        return str(lazy)


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


# What may not be lost on the way


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("placeholders", r"%\(\w+\)[sd]|%[sd%]|\{\w*\}"),
        ("tags", r"</?\w+[^>]*>|&\w+;"),
        ("numbers", r"\d[\d/.,]*\d|\d"),
        ("names", r"\b(?:KAP|REMS|NPI|DEA|FDA|PHQ-9|Spravato|kapfinder|TTY)\b"),
    ],
)
def test_spanish_keeps_what_english_names(what, pattern):
    def differ(english, spanish):
        return sorted(re.findall(pattern, english)) != sorted(
            re.findall(pattern, spanish)
        )

    assert [pair for pair in pairs() if differ(*pair)] == []


def test_spanish_starts_and_ends_as_english_does():
    """Spaces, line ends and full stops carry meaning where sentences are joined."""

    def edges(text):
        last = text.rstrip()[-1:]
        return (
            text[:1].isspace(),
            text[-1:].isspace(),
            last if last in ".:?!" else "",
        )

    assert [pair for pair in pairs() if edges(pair[0]) != edges(pair[1])] == []


# The wording rules of the English words hold in Spanish

FORBIDDEN = re.compile(
    r"""\b(com)?probad[oa]s?\b|\bcuras?\b|\bcuran?\b|\bcurar\w*|\binofensiv[oa]s?\b
    |\bsegura(s|mente)?\b|\b(es|son|más|muy)\s+seguros?\b|\bgarantiza\w*
    |\bsin\s+riesgos?\b|\breinicia\w*|\breconecta\w*|\bcub(re|ren|iert[oa]s?)\b
    |\bcalifica\s+para\b|\breúne\s+los\s+requisitos\b|\bbuen\s+candidato\b
    |\badict[oa]s?\b|\badictiv[oa]s?\b|\besquizofrénic[oa]s?\b|\bbipolares\b
    |\bcometió\s+suicidio\b|\bse\s+suicidó\b|\bminusválid[oa]s?\b
    |\bdiscapacitad[oa]s?\b|\binválid[oa]s\b|\balcohólic[oa]s?\b""",
    re.IGNORECASE | re.VERBOSE,
)
INSURANCE = re.compile(
    r"\bseguros?\s+(médicos?|y\s+planes)|\b(seguros\s+y|,\s+seguros)\b", re.IGNORECASE
)


def spanish_texts() -> list[str]:
    return [spanish for _english, spanish in pairs()]


def test_no_spanish_words_promise_judge_or_hurt():
    assert [text for text in spanish_texts() if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(
    "claim",
    [
        "La ketamina es segura",
        "Un tratamiento comprobado",
        "Cura la depresión",
        "No es adictiva",
        "Usted califica para el tratamiento",
        "Su plan lo cubre",
    ],
)
def test_the_scan_for_claims_finds_one(claim):
    assert FORBIDDEN.search(claim)


def test_seguro_means_insurance_wherever_it_stands():
    """The Spanish word for insurance also means safe."""
    meant = [INSURANCE.sub("", text) for text in spanish_texts()]
    assert [text for text in meant if re.search(r"\bseguros?\b", text, re.I)] == []


def test_only_esketamine_is_called_fda_approved_in_spanish():
    claims = [t for t in spanish_texts() if re.search(r"aprobad[oa]s? por la FDA", t)]
    of_esketamine = "En EE. UU., el espray nasal de esketamina está aprobado por la FDA"
    of_product = "En EE. UU., está aprobado por la FDA para dos tipos de depresión"
    of_none = "No está aprobada por la FDA en ninguna forma."
    assert len(claims) >= 4
    for claim in claims:
        assert claim.startswith((of_esketamine, of_product, of_none)), claim


def test_spanish_says_what_is_not_shown_about_suicide():
    note = in_spanish(vocabulary.CONDITIONS["mdd_si"].note)
    assert "No se ha demostrado que prevenga el suicidio" in note
    shown = [t for t in spanish_texts() if re.search(r"\bdemostrad", t)]
    assert all("no se ha demostrado" in text.lower() for text in shown)


def test_spanish_addresses_the_reader_as_usted():
    familiar = re.compile(r"\b(tú|tus?|ti|contigo|vos|vosotros|vuestr\w+)\b", re.I)
    assert [text for text in spanish_texts() if familiar.search(text)] == []


def test_spanish_questions_open_with_their_mark():
    def odd(text):
        return text.count("?") != text.count("¿") or text.count("!") != text.count("¡")

    assert [text for text in spanish_texts() if odd(text)] == []


@pytest.mark.parametrize(
    ("table", "code", "english", "spanish"),
    [
        ("ROUTES", "iv_infusion", "IV drip", "Goteo intravenoso (IV)"),
        (
            "ROUTES",
            "im_injection",
            "Shot in a muscle (IM)",
            "Inyección en el músculo (IM)",
        ),
        (
            "THERAPIES",
            "full_kap",
            "Full ketamine-assisted psychotherapy (KAP)",
            "Psicoterapia asistida con ketamina (KAP) completa",
        ),
        (
            "PAYMENTS",
            "sliding_scale",
            "Sliding scale",
            "Escala de pagos según ingresos",
        ),
        ("PAYMENTS", "medicare", "Medicare", "Medicare"),
        ("CONDITIONS", "chronic_pain", "Chronic pain", "Dolor crónico"),
        ("PRICE_KINDS", "integration", "Integration session", "Sesión de integración"),
        ("ANSWERS", "partial", "Partly", "En parte"),
        (
            "SCOPES",
            "facility",
            "For some of its services, ask about ketamine",
            "Para algunos de sus servicios; pregunte por la ketamina",
        ),
    ],
)
def test_a_label_reads_right_in_both_languages(table, code, english, spanish):
    label = TABLES[table][code].label
    assert (str(label), in_spanish(label)) == (english, spanish)


def test_an_amount_is_grouped_alike_in_both_languages():
    """Spain's "$1.250" would read as a dollar and a quarter."""
    assert str(money(125_000, "USD")) == "$1,250"
    with translation.override("es"):
        assert money(125_000, "USD") == "$1,250"
        assert money(8_750, "CAD") == "CA$87.50"
        assert distance(3.7, "mi") == "a 2.3 millas"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "In danger now? Call or text 988. Emergency 911."),
        (
            "es",
            "¿Está en peligro ahora? Llame o envíe un mensaje de texto al 988. "
            "Emergencias: 911.",
        ),
    ],
)
def test_crisis_help_reads_right_in_both_languages(language, words):
    with translation.override(language):
        assert re.sub(r"<.*?>", "", operators_sentence()) == words


# Whole pages: every text and every spoken label, in English and in Spanish

# What is the same in any language: names, codes, numbers.
NAMES = re.compile(
    r"kapfinder|Ketamine Listing|Denver|Boulder|Springfield( \(.*\))?|Colorado|New York"
    r"|https://\S+|[A-Z]{2,}|[\W\d]"
)
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-locate", "data-locating"}


def texts_of(page: Page) -> set[str]:
    spoken = [v for _tag, given in page.tags for n, v in given.items() if n in SPOKEN]
    return {*page.in_tag("html"), *spoken}


@pytest.fixture
def directory():
    """A listing in Denver that states much, and one in Boulder that states nothing."""
    gazetteer()
    offerings = offering(prices=price() | price(None, kind="prep"))
    provider(
        name="Ketamine Listing",
        slug="rich",
        city="Denver",
        phone="+13035550100",
        website="https://example.org/",
        offerings=offerings | offering("im_injection", "hospital", "support_only"),
        facts=facts(
            fact("trd"),
            fact("sliding_scale"),
            fact("private_insurance", scope="facility"),
            fact("accepting"),
            fact("wait_days", number=12),
            fact("step_free_entry", "partial"),
            fact("driver_must_stay", "no"),
            fact("ecg"),
            fact("staff_in_room", days=400),
            fact("psychiatrist"),
        ),
    )
    empty = {"offerings": {}, "contact_days": 400}
    provider(name="Ketamine Listing", slug="poor", at=BOULDER, city="Boulder", **empty)


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/about/",
        "/privacy/",
        "/regions/",
        "/regions/us-co/",
        "/providers/rich/",
        "/providers/poor/",
        "/search/?near=Denver, CO&need=step_free_entry&max_price=900&accepting=yes",
        "/search/?near=80202&therapy=full_kap&within=50&sort=price&unconfirmed=hide",
        "/search/?near=Springfield",
        "/search/?near=Zanzibarquux&lat=x&route=y&max_price=-1&page=0",
    ],
)
def test_no_english_stands_on_a_spanish_page(path):
    english, spanish = visit(path), visit(f"/es{path}")
    shared = texts_of(english) & texts_of(spanish)
    same = SAME | {language.endonym for language in vocabulary.LANGUAGES.values()}
    same |= set(Region.objects.values_list("name_en", flat=True))
    left = {text for text in shared - same if NAMES.sub("", text)}
    assert "The clinic" not in spanish.words
    assert spanish.has("html", lang="es")
    assert left == set()
