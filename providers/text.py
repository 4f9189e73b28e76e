"""Words made comparable: no accents, no case, no punctuation. Pure."""

import re
import unicodedata

# Letters that Unicode does not decompose, as people type them without the key.
_FOLDED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile("['’‘`ʻʼ]")


def plain(text: str) -> str:
    """Return `text` as lower-case ASCII-ish words with single spaces.

    "São  Paulo" and "SAO PAULO" give "sao paulo"; "St. John's" gives "st johns".
    Shape: a string without leading or trailing space; "" for no words at all.
    """
    # Folding case can compose letters anew, hence decomposed on both sides of it.
    lower = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lower).casefold()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _APOSTROPHES.sub("", letters.translate(_FOLDED))
    return " ".join(re.findall(r"[^\W_]+", words))


def match_key(*, name: str, street: str, postcode: str, country: str) -> str:
    """Return what two rows about one listing share, however they are typed.

    Shape: four plain parts joined by "|". `street` is the city where none is known.
    """
    return "|".join(plain(part) for part in (name, street, postcode, country))


def place_key(*, street: str, postcode: str, country: str) -> str:
    """Return what two listings at one address share; "" where it is not fully known.

    Shape: three plain parts joined by "|".
    """
    parts = [plain(part) for part in (street, postcode, country)]
    return "|".join(parts) if all(parts) else ""
