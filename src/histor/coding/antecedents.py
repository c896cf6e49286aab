"""Whom a speaking pronoun means, where that is clear.

*He* or *she* who speaks is most often the last single person who spoke or was subject, *they* the last
several, *it* the last body. Looked for are the sources and subjects of this sentence before the
pronoun and of the two sentences before it; where they do not agree with the pronoun, nobody is named.
"""

from __future__ import annotations

from histor.coding.context import Context
from histor.coding.grammar import SUBJECTS, Clause
from histor.coding.persons import is_thing
from histor.model.annotation import Span

BACK = 2  # sentences
_SINGLE = frozenset({"he", "she"})
_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "i", "we", "you"})


def is_pronoun(text: str) -> bool:
    return text.lower() in _PRONOUNS


def antecedent_of(context: Context, sentence: int, head: int) -> Span | None:
    """The phrase that the pronoun at word `head` stands for; None if it is none or nothing clear fits."""
    clause = context.clauses[sentence]
    relative = clause.antecedent(head)
    if relative != head:  # "accounts according to which …"
        return clause.phrase(relative)
    pronoun = clause.tokens[head].text.lower()
    if clause.tokens[head].upos != "PRON" or pronoun not in {"he", "she", "they", "it"}:
        return None
    before = clause.tokens[head].start
    for number in range(sentence, max(-1, sentence - BACK - 1), -1):
        other = context.clauses[number]
        for k in _candidates(context, number, before):
            if _agrees(context, other, k, pronoun):
                return other.phrase(k)
    return None


def _candidates(context: Context, number: int, before: int) -> list[int]:
    """Heads of sources of the sentence, then its subjects, those nearest to the end of speech first."""
    clause = context.clauses[number]
    spoken = [k for r in context.attributions if r.sentence == number for k in r.speakers]
    subjects = [k for k in range(len(clause.tokens)) if clause.relation(k) in SUBJECTS]
    return [k for k in dict.fromkeys([*spoken, *subjects]) if clause.tokens[k].end <= before]


def _agrees(context: Context, clause: Clause, k: int, pronoun: str) -> bool:
    token = clause.tokens[k]
    if token.upos not in {"NOUN", "PROPN"}:
        return False
    plural = "Number=Plur" in token.feats or bool(clause.dependents(k, "conj"))
    span = clause.phrase(k)
    kinds = {m.kind for m in context.annotation.mentions if m.start < span[1] and m.end > span[0] and m.layer == "name"}
    if pronoun == "they":
        return plural
    if plural:
        return False
    if pronoun == "it":
        return "person" not in kinds and (
            token.upos == "NOUN" or bool(kinds & {"organisation", "place", "armed_group"})
        )
    return "person" in kinds or (
        token.upos == "NOUN" and not kinds & {"organisation", "place"} and not is_thing(clause, k)
    )
