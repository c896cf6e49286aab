"""Loaded words: found by lexicon, kept as the outlet's stance, taken off names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from histor.coding.wordlists import split, table
from histor.model.annotation import Sentence, Span, Token
from histor.resolve.actors import singulars

UNNAMED_GROUP = "unidentified armed group"
UNNAMED_ACTOR = "unidentified actor"

_DEEDS = frozenset({"deeds", "feats"})
_ALLOWED = {
    "people": frozenset({"NOUN", "PROPN", "ADJ"}),
    "things": frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV"}),
    "deeds": frozenset({"VERB", "ADJ"}),
    "feats": frozenset({"VERB", "ADJ"}),
}


@dataclass(frozen=True)
class Loaded:
    """An entry of the lexicon: its words, the list it stands in, and whether it is meant well or ill."""

    words: tuple[str, ...]
    kind: str
    stance: str

    @property
    def text(self) -> str:
        return " ".join(self.words)


@cache
def _entries() -> dict[str, list[Loaded]]:
    """First word, in all its forms, to entries, longest first."""
    index: dict[str, list[Loaded]] = {}
    for stance in ("against", "for"):
        for kind, text in table("loaded")[stance].items():
            for entry in sorted(split(text)):
                loaded = Loaded(tuple(re.findall(r"[\w'’]+", entry)), kind, stance)
                for form in _forms(loaded.words[0]) if kind in _DEEDS else {loaded.words[0]}:
                    index.setdefault(form, []).append(loaded)
    for found in index.values():
        found.sort(key=lambda e: (-len(e.words), e.words, e.kind, e.stance))
    return index


@cache
def _neutral() -> dict[str, str]:
    return {entry: twin for twin, text in table("loaded")["neutral"].items() for entry in split(text)}


def neutral_word(loaded: str) -> str | None:
    """The word without stance for a loaded name of an institution ("regime": "government"), if it has one."""
    words = loaded.lower().split()
    forms = (" ".join([*words[:-1], last]) for last in singulars(words[-1]))
    return next((_neutral()[form] for form in forms if form in _neutral()), None)


def _forms(verb: str) -> set[str]:
    """The forms of a regular verb, so that a lemma cut wrongly does not hide it."""
    stem = verb.removesuffix("e")
    ending = verb[:-1] + "ies" if verb.endswith("y") else verb + ("es" if verb.endswith(("s", "sh", "ch")) else "s")
    past = verb[:-1] + "ied" if verb.endswith("y") else stem + "ed"
    return {verb, ending, past, stem + "ing"}


@lru_cache(maxsize=50_000)
def _forms_of(text: str, lemma: str) -> tuple[str, ...]:
    return tuple(sorted({lemma.lower(), *singulars(text.lower())}))


def _readings(token: Token) -> tuple[str, ...]:
    """The forms under which a word may stand in the lexicon."""
    return _forms_of(token.text, token.lemma)


def loaded_words(sentence: Sentence) -> list[tuple[Span, Loaded]]:
    """Spans of loaded words in a sentence with their entries, in order; they do not overlap."""
    tokens = sentence.tokens
    found: list[tuple[Span, Loaded]] = []
    i = 0
    while i < len(tokens):
        opened = _opened_by(tokens[i].text, tokens[i].lemma)
        hit = _match(sentence, i, opened) if opened else None
        if hit is None:
            i += 1
            continue
        size, entry = hit
        found.append(((tokens[i].start, tokens[i + size - 1].end), entry))
        i += size
    return found


def loaded_spans(sentence: Sentence) -> list[tuple[Span, str]]:
    """Spans of loaded words in a sentence with the list they stand in (people, things, deeds)."""
    return [(span, "deeds" if entry.kind in _DEEDS else entry.kind) for span, entry in loaded_words(sentence)]


@lru_cache(maxsize=50_000)
def _opened_by(text: str, lemma: str) -> tuple[Loaded, ...]:
    """The entries that a word may open, the longest first."""
    index = _entries()
    found = {entry for form in _forms_of(text, lemma) for entry in index.get(form, ())}
    order = {"people": 0, "things": 1, "deeds": 2, "feats": 3}
    return tuple(sorted(found, key=lambda e: (-len(e.words), order[e.kind], e.stance, e.words)))


def _match(sentence: Sentence, i: int, opened: tuple[Loaded, ...]) -> tuple[int, Loaded] | None:
    """The first of the entries `opened` by word `i` that stands there, with how many words it takes up."""
    token = sentence.tokens[i]
    for entry in opened:
        if token.upos not in _ALLOWED[entry.kind]:
            continue
        run = [t for t in sentence.tokens[i : i + 2 * len(entry.words)] if t.text not in "-–"][: len(entry.words)]
        if len(run) < len(entry.words) or not all(
            w in _readings(t) for w, t in zip(entry.words[1:], run[1:], strict=True)
        ):
            continue
        if (entry.stance, entry.kind) != ("against", "people") and _part_of_name(sentence, i, len(entry.words)):
            continue  # no name is made of "terrorist"
        return next(k + 1 for k, t in enumerate(sentence.tokens[i:]) if t is run[-1]), entry
    return None


def _part_of_name(sentence: Sentence, i: int, size: int) -> bool:
    """Whether a capitalised loaded word is bound into a longer proper name ("Martyrs Brigades", "al-Sham").

    A name in front that stands for itself ("Taliban Terrorists" in a headline) does not bind it: only a
    capitalised word behind, or a name's particle in front, does.
    """
    if size > 1 or not sentence.tokens[i].text[:1].isupper():
        return False
    tokens = sentence.tokens
    if i >= 2 and tokens[i - 1].text in "-–" and tokens[i - 2].text.lower() in {"al", "el", "ul", "as", "ash", "ad"}:
        return True
    if sentence.kind == "headline" or i == 0:
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if after is not None and after.text in {"'s", "’s", "'", "’"} and i + 2 < len(tokens):
        after = tokens[i + 2]
    return after is not None and after.upos in {"PROPN", "NOUN"} and after.text[:1].isupper()
