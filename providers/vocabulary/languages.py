"""Languages of treatment: BCP 47 codes, English name and endonym.

SAMHSA codes are its groups SL and OL; its FX ("other languages") names none.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Code):
    """A language; `endonym` is its own name for itself."""

    endonym: str


def _language(
    code: str, label: Promise, endonym: str, samhsa: str = "", *aliases: str
) -> Language:
    return Language(
        code=code,
        label=label,
        endonym=endonym,
        definition=_(
            "Staff speak this language with you. Partly means through an interpreter "
            "or for some services."
        ),
        aliases=aliases,
        standards={"samhsa": samhsa} if samhsa else {},
    )


LANGUAGES = Codes(
    _language("en", _("English"), "English", "", "english"),
    _language("es", _("Spanish"), "Español", "SP", "spanish"),
    _language("fr", _("French"), "Français", "F28", "french"),
    _language("ar", _("Arabic"), "العربية", "F4", "arabic"),
    _language("zh", _("Chinese"), "中文", "F17", "chinese", "any_chinese_language"),
    # The survey says "Creole" without naming which: ISO 639-2 crp, not Haitian (ht).
    _language("crp", _("Creole (kind not stated)"), "Creole", "F19", "creole"),
    _language("fa", _("Farsi"), "فارسی", "F25", "farsi", "persian"),
    _language("de", _("German"), "Deutsch", "F30", "german"),
    _language("el", _("Greek"), "Ελληνικά", "F31", "greek"),
    _language("ht", _("Haitian Creole"), "Kreyòl ayisyen", "", "haitian_creole"),
    _language("he", _("Hebrew"), "עברית", "F35", "hebrew"),
    _language("hi", _("Hindi"), "हिन्दी", "F36", "hindi"),
    _language("hmn", _("Hmong"), "Hmoob", "F37", "hmong"),
    _language("it", _("Italian"), "Italiano", "F42", "italian"),
    _language("ja", _("Japanese"), "日本語", "F43", "japanese"),
    _language("ko", _("Korean"), "한국어", "F47", "korean"),
    _language("mi", _("Māori"), "Te reo Māori", "", "maori"),
    _language("oj", _("Ojibwa"), "Anishinaabemowin", "N24", "ojibwa", "ojibwe"),
    _language("pl", _("Polish"), "Polski", "F66", "polish"),
    _language("pt", _("Portuguese"), "Português", "F67", "portuguese"),
    _language("pa", _("Punjabi"), "ਪੰਜਾਬੀ", "", "punjabi"),
    _language("ru", _("Russian"), "Русский", "F70", "russian"),
    _language("tl", _("Tagalog"), "Tagalog", "F81", "tagalog", "filipino"),
    _language("uk", _("Ukrainian"), "Українська", "", "ukrainian"),
    _language("ur", _("Urdu"), "اردو", "", "urdu"),
    _language("vi", _("Vietnamese"), "Tiếng Việt", "F92", "vietnamese"),
    _language("cy", _("Welsh"), "Cymraeg", "", "welsh"),
    _language("ypk", _("Yupik"), "Yupik", "N40", "yupik"),
    # ISO 639-2 nai: the survey's group of American Indian or Alaska Native languages.
    _language("nai", _("A Native American language"), "", "NX"),
)
