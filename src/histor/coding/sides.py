"""Parties of violence that only stand near it, sorted out by the parse and by the words that tell of it.

Who holds the town is not who shelled it; who condemns a strike did not fly it; who is blamed for one did.
"""

from __future__ import annotations

import msgspec

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.deeds import BY_FORCE
from histor.coding.grammar import Clause
from histor.coding.phrases import is_pronoun_phrase
from histor.model.annotation import Span
from histor.model.records import Actor, EventMention

# "A town held by the rebels", "fighters backed by the army": whose the town is says nothing of the deed.
_HOLDING = frozenset(
    "hold control take capture seize retake recapture besiege surround encircle dominate run govern administer "
    "back support lead head arm fund finance train sponsor own populate inhabit ally".split()
)
_BY = frozenset({"by"})
# Verbal events whose doer is not the doer of the violence that they are about.
_ABOUT = frozenset({"REQUEST", "SUPPORT", "CONSULT", "ACCUSE"})


def doers(context: Context, candidate: Candidate, role: str, spans: list[Span]) -> list[Span]:
    """`spans` of a role without those that the parse ties to another word; never all of them taken for a verb's agent."""
    if candidate.type not in BY_FORCE:
        return spans
    clause = context.clauses[candidate.sentence]
    heads = {span: _head(clause, span) for span in spans}
    if role == "actor":
        spans = [s for s in spans if not _holds(clause, candidate.head, heads[s])]
        beyond = _beyond(clause, candidate.head)
        spans = [s for s in spans if heads[s] not in beyond]
        by = [c for c in clause.dependents(candidate.head, "obl:agent") if clause.obliques(candidate.head, _BY)]
        agents = {k for c in by for k in clause.conjuncts(c)}
        spans = [s for s in spans if heads[s] in agents] or spans
    named = [s for s in spans if not is_pronoun_phrase(context.text, s)]
    return named or spans


def of_own_clause(context: Context, candidate: Candidate, spans: list[Span]) -> list[Span]:
    """`spans` without those that stand in a clause on another: whom the one fights who is pledged support gets none."""
    clause = context.clauses[candidate.sentence]
    heads = {span: _head(clause, span) for span in spans}
    chosen = {k for k in heads.values() if k is not None}
    inside = {candidate.head, *clause.ancestors(candidate.head)}
    return [span for span in spans if not _in_clause_on(clause, heads[span], chosen, inside)]


def _in_clause_on(clause: Clause, head: int | None, chosen: set[int], inside: set[int]) -> bool:
    """Whether a clause on one of the `chosen` words holds the word at `head` and is none of those that the deed is `inside`."""
    if head is None:
        return False
    above = [head, *clause.ancestors(head)]
    return any(
        clause.relation(k).split(":")[0] == "acl" and clause.tokens[k].head in chosen and k not in inside for k in above
    )


def _head(clause: Clause, span: Span) -> int | None:
    inside = clause.sentence.start <= span[0] < clause.sentence.end
    return clause.head_of(span) if inside else None


def _holds(clause: Clause, deed: int, head: int | None) -> bool:
    """Whether the word at `head` is the agent of a participle of holding that belongs to another noun than the deed."""
    if head is None:
        return False
    k = clause.first_conjunct(head)
    verb = clause.tokens[k].head
    by = clause.relation(k) == "obl:agent" or any(clause.lemma(c) == "by" for c in clause.dependents(k, "case"))
    if verb < 0 or verb == deed or not by or clause.lemma(verb) not in _HOLDING:
        return False
    return clause.relation(verb).split(":")[0] in {"acl", "amod"} and clause.tokens[verb].head != deed


def _beyond(clause: Clause, deed: int) -> set[int]:
    """Subjects of verbs above the clause of time or cause that a deed's noun stands in.

    Of "A man looked at the school after it was hit in the strike" the man has no part in the strike.
    """
    if clause.tokens[deed].upos != "NOUN":
        return set()
    found: set[int] = set()
    apart = False
    for k in (deed, *clause.ancestors(deed)):
        if apart:
            found |= {x for s in clause.logical_subjects(k) for x in clause.conjuncts(s)}
        own = clause.dependents(k, "nsubj:pass") or [
            s for s in clause.dependents(k, "nsubj") if clause.tokens[s].upos != "PRON"
        ]
        marked = any(clause.lemma(c) in _WHEN for c in clause.dependents(k, "mark", "advmod"))
        apart = apart or (clause.relation(k) == "advcl" and bool(own) and marked)
    return found


_WHEN = frozenset("after when while as before since because until".split())


def parted(context: Context, candidates: list[Candidate], mentions: list[EventMention]) -> list[EventMention]:
    """The mentions, each violent one without the doer of the words about it; who is accused of it is its doer.

    Of verbs a party may do both ("threatened to bomb"); only deeds that a noun names are parted.
    """
    found = list(mentions)
    for k, candidate in enumerate(candidates):
        if candidate.type not in BY_FORCE:
            continue
        clause = context.clauses[candidate.sentence]
        above = set(clause.ancestors(candidate.head))
        for other, telling in zip(candidates, mentions, strict=True):
            if other.sentence != candidate.sentence or other.type not in _ABOUT or other.head not in above:
                continue
            if clause.tokens[candidate.head].upos == "NOUN":
                found[k] = _without(found[k], telling.actors)
            if other.type == "ACCUSE" and clause.tokens[other.head].upos == "VERB":
                found[k] = _blamed(found[k], telling.recipients)
    return found


def _without(mention: EventMention, others: tuple[Actor, ...]) -> EventMention:
    spans = {a.span for a in others}
    kept = tuple(a for a in mention.actors if a.span not in spans)
    return msgspec.structs.replace(mention, actors=kept) if len(kept) < len(mention.actors) else mention


def _blamed(mention: EventMention, accused: tuple[Actor, ...]) -> EventMention:
    """The mention with the accused among its actors where it has them for its victims, and nobody else for its actor."""
    spans = {a.span for a in accused}
    moved = tuple(a for a in mention.recipients if a.span in spans)
    if not moved or any(a.span not in spans for a in mention.actors):
        return mention
    rest = tuple(a for a in mention.recipients if a.span not in spans)
    return msgspec.structs.replace(mention, actors=moved, recipients=rest)
