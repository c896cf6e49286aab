"""Loaded words: found by lexicon, kept as the outlet's stance, taken off names."""

from __future__ import annotations

import re
from functools import cache

from histor.coding.wordlists import split, table
from histor.model.annotation import Sentence, Span

UNNAMED_GROUP = "unidentified armed group"


@cache
def _entries() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First lemma to ``(words, list name)``, longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, text in table("loaded").items():
        for entry in split(text):
            words = tuple(re.findall(r"[\w']+", entry))
            index.setdefault(words[0], []).append((words, kind))
    for found in index.values():
        found.sort(key=lambda e: -len(e[0]))
    return index


def loaded_spans(sentence: Sentence) -> list[tuple[Span, str]]:
    """Spans of loaded words in a sentence with the list they stand in (people, things, deeds)."""
    tokens = sentence.tokens
    index = _entries()
    found: list[tuple[Span, str]] = []
    i = 0
    while i < len(tokens):
        hit = _match(sentence, i, index)
        if hit is None:
            i += 1
            continue
        size, kind = hit
        found.append(((tokens[i].start, tokens[i + size - 1].end), kind))
        i += size
    return found


def _match(sentence: Sentence, i: int, index: dict[str, list[tuple[tuple[str, ...], str]]]) -> tuple[int, str] | None:
    token = sentence.tokens[i]
    for first in {token.lemma.lower(), token.text.lower()}:
        for words, kind in index.get(first, ()):
            run = [t for t in sentence.tokens[i : i + 2 * len(words)] if t.text != "-"][: len(words)]
            if len(run) < len(words):
                continue
            if all(w in (t.lemma.lower(), t.text.lower()) for w, t in zip(words, run, strict=True)):
                if kind == "deeds" and token.upos not in {"VERB", "ADJ"}:
                    continue
                if kind == "people" and token.upos not in {"NOUN", "PROPN", "ADJ"}:
                    continue
                size = next(k + 1 for k, t in enumerate(sentence.tokens[i:]) if t is run[-1])
                return size, kind
    return None
