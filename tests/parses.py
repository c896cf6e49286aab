"""Parsed sentences in one line of notation, so that tests need no model.

    parse("Rebels/rebel/NOUN/1/nsubj killed/kill/VERB/-1/root soldiers/soldier/NOUN/1/obj")

Each word is ``form/lemma/UPOS/head/relation`` with heads counted from 0, -1 for the root; an
optional sixth part gives features.
"""

from __future__ import annotations

from histor.coding.grammar import Clause
from histor.model.annotation import Sentence, Token


def sentence(notation: str, index: int = 0, offset: int = 0) -> Sentence:
    tokens = []
    at = offset
    for item in notation.split():
        form, lemma, upos, head, relation, *feats = item.split("/")
        tokens.append(Token(form, at, at + len(form), lemma, upos, feats[0] if feats else "_", int(head), relation))
        at += len(form) + 1
    return Sentence(index, offset, at - 1, "body", tuple(tokens))


def parse(notation: str) -> Clause:
    return Clause(sentence(notation))


def words(notation: str) -> str:
    """The text of a notated sentence."""
    return " ".join(item.split("/")[0] for item in notation.split())
