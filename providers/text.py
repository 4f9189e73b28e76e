"""Words made comparable: no accents, no case, no punctuation. Pure."""

import re
import unicodedata

# Letters that Unicode does not decompose, as people type them without the key.
_FOLDED = str.maketrans(
    {"ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "æ": "ae", "œ": "oe"}
)


def plain(text: str) -> str:
    """Return `text` as lower-case ASCII-ish words with single spaces.

    "São  Paulo" and "SAO PAULO" give "sao paulo"; "St. John's" gives "st johns".
    Shape: a string without leading or trailing space; "" for no words at all.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED)).casefold()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", re.sub(r"['’`]", "", letters)))


def match_key(*, name: str, street: str, postcode: str, country: str) -> str:
    """Return what two rows about one listing share, however they are typed.

    Shape: four plain parts joined by "|". `street` is the city where none is known.
    """
    return "|".join(plain(part) for part in (name, street, postcode, country))
