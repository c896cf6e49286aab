"""Candidate phrases for roles over a whole report: noun phrases in every bound that annotators choose.

"Members of the front that seized the town" may be wanted as "members", "members of the front" or whole. From
each possible head word every reach to the left (its modifiers, one after the other) is joined with every reach to
the right; names inside compounds ("front guerrillas" → "front") stand as well. On MUC-4's development part
98 % of the gold entities have one of their wordings among the candidates.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from histor.model.annotation import Annotation, Mention, Sentence, Token

MOST_WORDS = 12
_HEADS = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "X", "SYM", "VERB", "PRON"})
_RIGHT_STOPS = frozenset({"cop", "nsubj", "aux", "parataxis"})
_LEFT_STOPS = frozenset({"cc", "case", "mark", "cop", "aux", "nsubj", "expl", "discourse"})
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True)
class Candidate:
    """Words `first` to `last` (inclusive) of a sentence around the word `head`; `governor` is -1 at the root."""

    sentence: int
    first: int
    last: int
    head: int
    governor: int
    start: int
    end: int
    key: str
    kind: str


def normal_form(phrase: str) -> str:
    """The wording as scorers of MUC-4 compare it: lower case, no punctuation, articles or double blanks."""
    return " ".join(_ARTICLES.sub(" ", phrase.lower().translate(_PUNCTUATION)).split())


def candidates(text: str, annotation: Annotation) -> list[Candidate]:
    """All candidates of a report, by sentence and place; those without letters or digits are left out."""
    kinds = {(m.start, m.end): m.kind for m in annotation.mentions}
    found = []
    for sentence in annotation.sentences:
        spans = _phrases(sentence.tokens) | _mentioned(sentence, annotation.mentions)
        for first, last, head in sorted(spans):
            start, end = sentence.tokens[first].start, sentence.tokens[last].end
            key = normal_form(text[start:end])
            if key:
                governor = sentence.tokens[head].head
                kind = kinds.get((start, end), "")
                found.append(Candidate(sentence.index, first, last, head, governor, start, end, key, kind))
    return found


def _phrases(tokens: Sequence[Token]) -> set[tuple[int, int, int]]:
    """(first, last, head) of every bound of every phrase."""
    children, low, high = _subtrees(tokens)
    found = set()
    for head, token in enumerate(tokens):
        if token.upos not in _HEADS:
            continue
        lefts = list(_reaches_left(tokens, head, children[head], low, high))
        rights = list(_reaches_right(tokens, head, children[head], high))
        for first in lefts:
            for last in rights:
                if 0 <= last - first < MOST_WORDS:
                    found.add((first, last, head))
        for inner in (k for k in children[head] if k < head and tokens[k].upos in {"NOUN", "PROPN", "X"}):
            found.update((first, inner, inner) for first in lefts if 0 <= inner - first < MOST_WORDS)
    return found


def _subtrees(tokens: Sequence[Token]) -> tuple[list[list[int]], list[int], list[int]]:
    """Children of each word and the first and last word that it governs."""
    children: list[list[int]] = [[] for _ in tokens]
    for i, token in enumerate(tokens):
        if token.head >= 0:
            children[token.head].append(i)
    low, high = list(range(len(tokens))), list(range(len(tokens)))
    order = [i for i, token in enumerate(tokens) if token.head < 0]
    for i in order:
        order.extend(children[i])
    for i in reversed(order):
        for child in children[i]:
            low[i], high[i] = min(low[i], low[child]), max(high[i], high[child])
    return children, low, high


def _reaches_left(
    tokens: Sequence[Token], head: int, children: list[int], low: list[int], high: list[int]
) -> Iterator[int]:
    yield head
    for child in sorted((c for c in children if c < head), reverse=True):
        relation = tokens[child].relation.split(":")[0]
        if relation in {"punct", "det"}:
            continue
        if relation in _LEFT_STOPS or high[child] >= head:
            return
        yield low[child]
        if low[child] != child:
            yield child


def _reaches_right(tokens: Sequence[Token], head: int, children: list[int], high: list[int]) -> Iterator[int]:
    yield head
    for child in (c for c in children if c > head):
        relation = tokens[child].relation.split(":")[0]
        if relation in _RIGHT_STOPS:
            return
        if relation == "punct":
            continue
        yield high[child]
        if relation == "nmod":
            yield child


def _mentioned(sentence: Sentence, mentions: Sequence[Mention]) -> set[tuple[int, int, int]]:
    """Mentions of the engine's name and phrase heads, with the word among them that governs the others."""
    found = set()
    for mention in mentions:
        if mention.start < sentence.start or mention.end > sentence.end:
            continue
        inside = [i for i, t in enumerate(sentence.tokens) if t.start >= mention.start and t.end <= mention.end]
        if inside and len(inside) <= MOST_WORDS:
            outward = [i for i in inside if not inside[0] <= sentence.tokens[i].head <= inside[-1]]
            found.add((inside[0], inside[-1], outward[-1] if outward else inside[-1]))
    return found
