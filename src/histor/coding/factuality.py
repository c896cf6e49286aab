"""Whether it happened: cues of the parse that take an event out of the actual.

The learned head gives a distribution over the nine values; the cues here are explicit and win
where they are unmistakable. Each decision names its cue.
"""

from __future__ import annotations

from histor.coding.grammar import Clause
from histor.coding.wordlists import lists_of, words

_GOVERNED = frozenset({"ccomp", "xcomp", "obj", "advcl", "acl", "csubj", "obl", "nmod", "parataxis"})


def cue_of(clause: Clause, i: int) -> tuple[str, str] | None:
    """``(factuality, cue in words)`` for the event at word `i`, or None without a clear cue."""
    negation = _negated(clause, i)
    if negation is not None:
        return "denied", f"negated by “{negation}”"
    conditional = _conditional(clause, i)
    if conditional is not None:
        return "hypothetical", f"under “{conditional}”"
    modal = _modal(clause, i)
    governing = _governing(clause, i)
    if governing is not None and (governing[0] != "opinion" or modal is None):
        return governing
    return modal or _modifier(clause, i)


def hearsay_of(clause: Clause, i: int) -> str | None:
    """The word on the event, or on the light verb above it, that makes it hearsay ("reportedly")."""
    cues = words("attribution", "cues", "hearsay")
    for node in dict.fromkeys((i, _verb_of(clause, i), *_shared(clause, i))):
        for c in clause.dependents(node, "advmod", "amod"):
            if clause.lemma(c) in cues or clause.tokens[c].text.lower() in cues:
                return clause.tokens[c].text
    return None


def _shared(clause: Clause, i: int) -> tuple[int, ...]:
    """The first of coordinated verbs, whose adverb holds for those without a subject of their own."""
    verb = _verb_of(clause, i)
    first = clause.first_conjunct(verb)
    if first == verb or clause.tokens[first].upos != "VERB" or clause.dependents(verb, "nsubj", "nsubj:pass"):
        return ()
    return (first,)


def _modifier(clause: Clause, i: int) -> tuple[str, str] | None:
    for c in clause.dependents(i, "amod", "advmod"):
        if clause.lemma(c) in words("factuality", "modifiers", "hypothetical"):
            return "hypothetical", f"modified by “{clause.tokens[c].text}”"
    return None


def _negated(clause: Clause, i: int) -> str | None:
    negative = words("factuality", "negation", "words")
    for c in clause.children[i]:
        token = clause.tokens[c]
        if token.relation in {"advmod", "det", "cc"} and token.text.lower().replace("’", "'") in negative:
            return token.text
    head = clause.tokens[i].head
    if head >= 0 and clause.tokens[i].relation in {"obj", "nsubj", "nsubj:pass"}:
        for c in clause.children[head]:
            token = clause.tokens[c]
            if token.relation == "advmod" and token.lemma.lower() in {"not", "n't", "never"}:
                return token.text
    return None


def _conditional(clause: Clause, i: int) -> str | None:
    node = i
    for _ in range(4):
        for c in clause.dependents(node, "mark"):
            if clause.lemma(c) in words("factuality", "conditional", "words"):
                return clause.tokens[c].text
        if clause.tokens[node].relation in {"root"} or clause.tokens[node].head < 0:
            return None
        if clause.tokens[node].relation.split(":")[0] in {"ccomp", "parataxis"}:
            return None
        node = clause.tokens[node].head
    return None


def _verb_of(clause: Clause, i: int) -> int:
    """The verb that carries tense and mood for the event: itself, or the light verb above it."""
    head = clause.tokens[i].head
    nominal = clause.tokens[i].upos in {"NOUN", "PROPN"} and clause.tokens[i].relation.split(":")[0] in {"obj", "nsubj"}
    return head if nominal and head >= 0 and clause.tokens[head].upos == "VERB" else i


def _modal(clause: Clause, i: int) -> tuple[str, str] | None:
    verb = _verb_of(clause, i)
    for c in clause.dependents(verb, "aux"):
        lemma, form = clause.lemma(c), clause.tokens[c].text
        if lemma in words("factuality", "modals", "planned"):
            return "planned", f"modal “{form}”"
        if lemma in words("factuality", "modals", "hypothetical"):
            perfect = any(clause.lemma(k) == "have" for k in clause.dependents(verb, "aux"))
            if not perfect:
                return "hypothetical", f"modal “{form}”"
    if clause.tokens[verb].relation == "conj" and clause.tokens[verb].head >= 0:
        first = clause.first_conjunct(verb)
        if first != verb and not clause.dependents(verb, "nsubj", "aux"):
            return _modal(clause, first) if clause.tokens[first].upos == "VERB" else None
    return None


def _governing(clause: Clause, i: int) -> tuple[str, str] | None:
    """The nearest verb or noun above the event that plans, threatens, forecasts or denies it."""
    node = _verb_of(clause, i)
    if node != i:
        found = _kind_of(clause, node, "obj")
        if found:
            return found
    for _ in range(3):
        head = clause.tokens[node].head
        relation = clause.tokens[node].relation.split(":")[0]
        if head < 0 or relation not in _GOVERNED | {"conj"}:
            return None
        if relation == "conj":
            node = head
            continue
        infinitive = any(clause.lemma(c) == "to" for c in clause.dependents(node, "mark"))
        found = _kind_of(clause, head, relation, infinitive=infinitive)
        if found is not None:
            return found
        if clause.tokens[head].upos not in {"VERB", "AUX", "NOUN", "ADJ"}:
            return None
        if relation not in {"xcomp", "acl"}:
            return None
        node = head
    return None


def _kind_of(clause: Clause, head: int, relation: str, infinitive: bool = False) -> tuple[str, str] | None:
    """The list that the governing word stands in, where the event stands in the place that the list asks for."""
    lists = lists_of(clause, head, "factuality", "govern")
    cue = f"governed by “{clause.tokens[head].text}”"
    if "hypothetical" in lists and relation in {"ccomp", "csubj", "acl", "nmod"} and not infinitive:
        return "hypothetical", cue
    if relation in {"acl", "advcl"} and not infinitive:
        return None
    for kind in ("threatened", "planned", "forecast"):
        if kind in lists and (infinitive or (relation in {"obj", "obl", "nmod", "acl"} and kind != "planned")):
            return kind, cue
    if "denied" in lists and relation in {"ccomp", "xcomp", "obj"}:
        return "denied", cue
    if "failed" in lists and relation in {"xcomp", "obj"} and infinitive:
        return "denied", cue
    if "opinion" in lists and relation == "ccomp":
        return "opinion", cue
    return None
