"""Spanish keeps what English names, and is worded as carefully."""

import re

import pytest
from django.utils import translation

from providers import vocabulary
from providers.crisis import operators_sentence
from providers.wording import distance, money
from tests.catalogue import in_spanish, pairs
from tests.vocabulary import TABLES

pytestmark = pytest.mark.any_database


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
