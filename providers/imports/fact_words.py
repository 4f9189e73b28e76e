"""The cell of facts: "access/lift=yes; safety/observation_minutes=120". Pure.

An entry is topic/code=answer, then, where there is more: its number, the word
`facility` for what holds for the whole site, a "note", and es "a note in Spanish".
A number alone is a yes. Quotes within notes are doubled.
"""

from __future__ import annotations

import re

from providers.vocabulary import TOPICS

MOST = 2_147_483_647  # that the column holds
NOTE_LENGTH = 300
_TEXT = r'"(?:[^"]|"")*"'
_ENTRY = re.compile(rf'(?:[^;"]|{_TEXT})+')
_KEY = re.compile(r"\s*([\w-]+)\s*/\s*([\w -]+?)\s*=\s*(.*?)\s*", re.DOTALL)
_WORD = re.compile(rf"\s*(es\s*)?({_TEXT})|\s*([^\s\"]+)", re.IGNORECASE)

Statements = dict[tuple[str, str], dict]


def read_facts(text: str) -> Statements:
    """The facts that a cell states: (topic, code) → answer, scope, number and notes.

    Raises ValueError, with words for people, for what is no fact.
    """
    if text.count('"') % 2:
        raise ValueError("a quote does not end")
    found: Statements = {}
    for entry in _ENTRY.findall(text):
        if entry.strip():
            key, statement = _fact(entry)
            if found.setdefault(key, statement) != statement:
                raise ValueError(f"{'/'.join(key)} is stated twice")
    return found


def _fact(entry: str) -> tuple[tuple[str, str], dict]:
    parts = _KEY.fullmatch(entry)
    if not parts:
        raise ValueError(f"{entry.strip()[:60]!r} is not like access/lift=yes")
    topic, word, said = parts.groups()
    code = TOPICS[topic].resolve(word) if topic in TOPICS else None
    if code is None:
        raise ValueError(f"no {topic}/{word}"[:80])
    statement = _statement(f"{topic}/{code}", said)
    if statement["number"] is not None and not TOPICS[topic][code].unit:
        raise ValueError(f"{topic}/{code} has no number")
    return (topic, code), statement


def _statement(name: str, said: str) -> dict:
    answer, found = "", {"scope": "treatment", "number": None}
    notes = {"note_en": "", "note_es": ""}
    for is_spanish, note, word in _WORD.findall(said):
        low = word.lower()
        if note:
            notes["note_es" if is_spanish else "note_en"] = note[1:-1].replace(
                '""', '"'
            )
        elif low in ("yes", "no", "partial"):
            answer = low
        elif low == "facility":
            found["scope"] = "facility"
        elif re.fullmatch(r"[0-9]{1,10}", low) and int(low) <= MOST:
            found["number"] = int(low)
        else:
            raise ValueError(f"{name}: {word[:30]!r} is no answer")
    if not answer and found["number"] is None:
        raise ValueError(f"{name} has no answer")
    if answer == "no" and found["number"] is not None:
        raise ValueError(f"{name}: a number goes with a yes")
    if any(len(note) > NOTE_LENGTH for note in notes.values()):
        raise ValueError(f"{name}: a note of more than {NOTE_LENGTH} characters")
    return {"answer": answer or "yes"} | found | notes


def write_facts(facts: Statements) -> str:
    """The cell that `read_facts` reads."""
    return "; ".join(
        f"{topic}/{code}={_words(fact)}" for (topic, code), fact in facts.items()
    )


def _words(fact: dict) -> str:
    words = [fact["answer"]]
    if fact["number"] is not None:
        words.append(str(fact["number"]))
    if fact["scope"] != "treatment":
        words.append(fact["scope"])
    if fact["note_en"]:
        words.append(_quoted(fact["note_en"]))
    if fact["note_es"]:
        words.append(f"es {_quoted(fact['note_es'])}")
    return " ".join(words)


def _quoted(note: str) -> str:
    return '"' + note.replace('"', '""') + '"'
