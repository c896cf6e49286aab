"""On whose word: the chain of speakers behind what a sentence tells.

Direct and indirect speech, *according to*, nested sources ("a spokesman told AFP"), bases such as
videos and statements. What has no speaker stands in the outlet's own voice.
"""

from __future__ import annotations

from dataclasses import dataclass

from histor.coding.grammar import Clause
from histor.coding.kinds import speaker_type
from histor.coding.wordlists import lists_of, words
from histor.model.annotation import Span

_CONTENT = frozenset({"ccomp", "xcomp", "parataxis", "obj", "advcl", "acl", "csubj", "dep", "conj", "obl", "appos"})
_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "i", "we"})


@dataclass(frozen=True)
class Source:
    """A speaker with the cue that gave it; `kind` is what the cue does to the claim."""

    text: str
    span: Span
    cue: str
    cue_span: Span
    kind: str
    pronoun: bool = False


def sources_of(clause: Clause, i: int, text: str) -> list[Source]:
    """Speakers whose words hold word `i`, the nearest (original) first."""
    found: list[Source] = []
    node, seen = i, {i}
    _beside(clause, node, text, found)
    while clause.tokens[node].head >= 0:
        head = clause.tokens[node].head
        relation = clause.tokens[node].relation.split(":")[0]
        if head in seen:
            break
        seen.add(head)
        if relation in _CONTENT and not (relation == "conj" and _own_subject(clause, node)):
            _governing(clause, head, node, text, found)
        if not (relation == "conj" and _own_subject(clause, node)):
            _beside(clause, head, text, found, without=node)
        node = head
    return _distinct(found)


def _own_subject(clause: Clause, i: int) -> bool:
    return any(clause.relation(c).startswith(("nsubj", "csubj")) for c in clause.children[i])


def _governing(clause: Clause, head: int, below: int, text: str, found: list[Source]) -> None:
    """A reporting verb whose clause or object holds the event."""
    kinds = lists_of(clause, head, "attribution", "verbs")
    relation = clause.tokens[below].relation.split(":")[0]
    if clause.tokens[head].upos == "NOUN" and relation in {"acl", "ccomp"}:
        _noun_basis(clause, head, text, found)
        return
    if not kinds or clause.tokens[head].upos not in {"VERB", "AUX"}:
        return
    if relation in {"obj", "obl", "advcl"} and not _takes_events(clause, head):
        return
    _speaker(clause, head, kinds[0], text, found, below)


def _takes_events(clause: Clause, head: int) -> bool:
    """Verbs whose plain object can be the reported event ("reported clashes", "denied the attack")."""
    return clause.lemma(head) in {
        "report", "announce", "confirm", "claim", "deny", "document", "record", "allege", "describe", "note",
        "predict", "fear", "expect", "quote", "cite", "reject", "dismiss", "verify", "broadcast", "air",
    }  # fmt: skip


def _beside(clause: Clause, node: int, text: str, found: list[Source], without: int = -1) -> None:
    """*According to* phrases and reporting clauses that hang on a word of the event's clause."""
    for c in clause.children[node]:
        if c == without:
            continue
        relation = clause.tokens[c].relation.split(":")[0]
        if relation in {"obl", "nmod", "advmod"}:
            _according(clause, c, text, found)
        elif relation in {"parataxis", "advcl", "dep", "discourse"}:
            kinds = lists_of(clause, c, "attribution", "verbs")
            if not kinds or clause.tokens[c].upos != "VERB" or not _own_subject(clause, c):
                continue
            marks = {clause.lemma(k) for k in clause.dependents(c, "mark")}
            if relation == "advcl" and not (marks <= {"as"}):
                continue
            if any(clause.relation(k) in {"ccomp", "obj"} for k in clause.children[c]):
                continue
            _speaker(clause, c, kinds[0], text, found, node)


def _according(clause: Clause, c: int, text: str, found: list[Source]) -> None:
    for case in clause.dependents(c, "case", "mark", "advmod"):
        marker = clause.marker(case)
        low = clause.tokens[case].text.lower()
        if marker in words("attribution", "cues", "phrases") or low == "according":
            span = clause.phrase(c)
            cue_words = [case, *clause.dependents(case, "fixed")]
            cue = (clause.tokens[min(cue_words)].start, clause.tokens[max(cue_words)].end)
            found.append(_source(text, span, cue, "report"))
            return


def _noun_basis(clause: Clause, head: int, text: str, found: list[Source]) -> None:
    """ "A report by X that …", "allegations that …": who made the statement, where it is said."""
    if clause.lemma(head) not in _basis() | {"claim", "allegation", "accusation", "denial"}:
        return
    makers = clause.obliques(head, frozenset({"by", "from", "of"})) + clause.dependents(head, "nmod:poss")
    kind = {"claim": "claim", "allegation": "claim", "accusation": "claim", "denial": "deny"}.get(
        clause.lemma(head), "report"
    )
    token = clause.tokens[head]
    for maker in makers[:1]:
        found.append(_source(text, clause.phrase(maker), (token.start, token.end), kind))


def _speaker(clause: Clause, verb: int, kind: str, text: str, found: list[Source], below: int) -> None:
    """The subject of a reporting verb and, after *told*, the medium that relays it."""
    token = clause.tokens[verb]
    cue = (token.start, token.end)
    inside = set(clause.subtree(below)) if below != verb and clause.tokens[below].head == verb else set()
    for s in clause.logical_subjects(verb):
        if s in inside or s == below:
            continue
        span = clause.phrase(s)
        pronoun = clause.tokens[s].upos == "PRON"
        found.append(_source(text, span, cue, kind, pronoun))
    if clause.lemma(verb) in {"tell", "inform", "quote", "cite"}:
        for c in clause.dependents(verb, "obj", "iobj"):
            span = clause.phrase(c)
            medium = _source(text, span, cue, "report", clause.tokens[c].upos == "PRON")
            if clause.lemma(verb) in {"quote", "cite"}:
                found.insert(max(0, len(found) - 1), medium)
            elif speaker_type(medium.text) == "media":
                found.append(medium)


def _source(text: str, span: Span, cue: Span, kind: str, pronoun: bool = False) -> Source:
    return Source(text[span[0] : span[1]], span, text[cue[0] : cue[1]], cue, kind, pronoun)


def _distinct(found: list[Source]) -> list[Source]:
    kept: list[Source] = []
    for source in found:
        if all(source.span != other.span for other in kept):
            kept.append(source)
    return kept


def _basis() -> frozenset[str]:
    return words("attribution", "basis", "nouns")


def is_pronoun(text: str) -> bool:
    return text.lower() in _PRONOUNS
