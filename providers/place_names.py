"""How a place's name or postcode is compared, whoever typed it. Pure."""

import re

from providers.text import plain

# Spelled out on both sides, so that "St. Louis" and "Saint Louis" are one name.
_SPELLED_OUT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}


def name_key(name: str) -> str:
    """Return the plain name with St, Ste, Mt and Ft spelled out and no leading "the".

    "St. Louis" gives "saint louis"; "The Bronx" gives "bronx"; "" for no words.
    """
    words = [_SPELLED_OUT.get(word, word) for word in plain(name).split()]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def postcode_key(postcode: str) -> str:
    """Return a postcode in capitals, unspaced: "k1a 0b6" gives "K1A0B6"."""
    return re.sub(r"[\W_]", "", postcode).upper()
