"""Deeds of long ago: told by a date over a year back, by words for it, by what keeps their memory.

The coding manual calls historical what is over about a year old. Lists: ``[history]`` of
`data/factuality.toml`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from histor.coding.grammar import Clause
from histor.coding.wordlists import words
from histor.resolve.dates import DateExpression

OLD = timedelta(days=400)
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|[a-z]+ty(?:-\w+)?|several|many|some|a few)"
_AGO = re.compile(
    rf"\b(?:(?:{_COUNT}|half a|a|last) (?:decade|centur|generation)\w*|{_COUNT} years) (?:ago|earlier|before)\b", re.I
)
_BACK = ("ago", "earlier", "before")  # one of which ends what `_AGO` finds
_LATER = re.compile(rf"\b(?:a decade|{_COUNT} (?:years|decades)|half a century) (?:on|later|after)\b", re.I)
_SINCE = re.compile(rf"\bit (?:is|has been) {_COUNT} (?:years|decades) since\b", re.I)
# A time inside one of these is not the event's ("a World War II bomb exploded", "the army, which in 1991 …").
_CLOSED = frozenset(
    {"acl:relcl", "advcl", "ccomp", "conj", "parataxis", "csubj", "nsubj", "nsubj:pass", "obj", "iobj", "appos"}
)

# What goes on for years and kills all the while.
WARS = frozenset({"war", "warfare", "conflict", "crisis", "insurgency", "strife"})
_LONG = WARS | frozenset("uprising revolt revolution rebellion unrest".split())


def history_of(clause: Clause, i: int, dates: list[DateExpression], published: date | None, text: str) -> str | None:
    """The words that put the event at word `i` more than about a year back, or None."""
    old = _dated(clause, i, dates, published, text) or _phrased(clause, i, text) or _remembered(clause, i)
    war = war_of(clause, i) if old is None and clause.lemma(i) in DYING else None
    return old if war is None else clause.tokens[war].text


DYING = frozenset({"kill", "die", "claim", "slay"})


def _dated(clause: Clause, i: int, dates: list[DateExpression], published: date | None, text: str) -> str | None:
    if published is None:
        return None
    for d in dates:
        old = d.latest is not None and published - d.latest > OLD and d.granularity != "open"
        if old and any(_belongs(clause, w, i) for w in clause.words_in((d.start, d.end))):
            return text[d.start : d.end]
    return None


def _belongs(clause: Clause, word: int, i: int) -> bool:
    """Whether a word hangs on the event, or on the verb that carries it, with no clause between."""
    carriers = {i, clause.first_conjunct(i)}
    head = clause.tokens[i].head
    if clause.relation(i).split(":")[0] in {"obj", "nsubj", "obl"} and head >= 0 and clause.tokens[head].upos == "VERB":
        carriers.add(head)
    while word >= 0 and word not in carriers:
        if clause.relation(word) in _CLOSED:
            return False
        word = clause.tokens[word].head
    return word >= 0


def _phrased(clause: Clause, i: int, text: str) -> str | None:
    start = clause.sentence.start
    sentence = text[start : clause.sentence.end]
    low = sentence.lower()
    for match in _AGO.finditer(sentence) if any(word in low for word in _BACK) else ():
        if any(_belongs(clause, w, i) for w in clause.words_in((start + match.start(), start + match.end()))):
            return match[0]
    for pattern in (_LATER, _SINCE):
        for match in pattern.finditer(sentence):
            above = set(clause.ancestors(i))
            heads = {clause.tokens[w].head for w in clause.words_in((start + match.start(), start + match.end()))}
            if heads & above and i not in heads:
                return match[0]
    for phrase in _times():
        at = low.find(phrase)
        if at >= 0 and any(
            _belongs(clause, w, i) or clause.tokens[w].head == i
            for w in clause.words_in((start + at, start + at + len(phrase)))
        ):
            return sentence[at : at + len(phrase)]
        if at >= 0 and phrase.startswith("was a ") and _under(clause, start + at, i):
            return sentence[at : at + len(phrase)]
    return None


@cache
def _times() -> list[str]:
    return sorted(words("factuality", "history", "times"))


def _under(clause: Clause, offset: int, i: int) -> bool:
    word = clause.word_at(offset)
    return word is not None and i in set(clause.ancestors(word))


def _remembered(clause: Clause, i: int) -> str | None:
    """A word above the event, or the subject of one, that keeps its memory."""
    nouns, verbs = words("factuality", "history", "nouns"), words("factuality", "history", "verbs")
    node = i
    for k in clause.ancestors(i):
        if _keeps(clause, k, nouns) or (clause.lemma(k) in verbs and clause.relation(node) in {"obj", "nsubj:pass"}):
            return clause.tokens[k].text
        if clause.tokens[k].upos == "VERB":
            kept = [
                s for s in clause.children[k] if clause.relation(s).startswith("nsubj") and _keeps(clause, s, nouns)
            ]
            return clause.tokens[kept[0]].text if kept and clause.relation(node) != "nsubj" else None
        node = k
    return None


def _keeps(clause: Clause, k: int, nouns: frozenset[str]) -> bool:
    return clause.tokens[k].upos == "NOUN" and clause.lemma(k) in nouns


def war_of(clause: Clause, i: int) -> int | None:
    """The war whose dead a killing at word `i` counts: it killed them, or they died in it or since it began."""
    wars = [k for k in clause.logical_subjects(i) if clause.lemma(k) in _LONG]
    wars += [
        k for k in clause.obliques(i, frozenset({"in", "during", "since", "throughout"})) if clause.lemma(k) in _LONG
    ]
    for start in clause.dependents(i, "advcl"):
        if any(clause.lemma(c) == "since" for c in clause.dependents(start, "mark")):
            wars += [k for k in clause.logical_subjects(start) if clause.lemma(k) in _LONG]
    return wars[0] if wars else None
