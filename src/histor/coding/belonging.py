"""Whether a phrase of time or place in a sentence is an event's own, or that of another deed told beside it."""

from __future__ import annotations

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.grammar import Clause
from histor.coding.wordlists import lists_of
from histor.model.annotation import Span

_WHILE = frozenset({"while", "whereas"})
_CORE = frozenset({"nsubj", "nsubj:pass", "obj", "iobj"})
_KNOWN = frozenset({"the", "this", "that", "these", "those"})
_THINGS = frozenset("bomb mine explosive device shell rocket missile mortar grenade round bullet".split())
_VOWS = frozenset({"planned", "threatened", "forecast", "denied"})


def of_another(context: Context, candidate: Candidate, span: Span, time: bool = False) -> bool:
    """Whether the phrase at `span`, in the candidate's own sentence, hangs on something else that happened.

    The way up from it to the words that it shares with the event passes a relative clause, a later one of
    contrast ("while clashes in Jobar …"), or the noun of another deed ("strikes in response to an attack near Damascus"). Of a
    `time` also where a semicolon stands between, or what somebody said begins: parts of a sentence share a place rather
    than a day.
    """
    if context.sentence_of(span[0]) != candidate.sentence:
        return False
    clause = context.clauses[candidate.sentence]
    first, second = sorted((span, candidate.span))
    if time and ";" in context.text[first[1] : second[0]]:
        return True
    node = clause.head_of(span)
    trigger = {candidate.head, *clause.words_in(candidate.span)}
    own = trigger | set(clause.ancestors(candidate.head))
    while node is not None and node >= 0 and node not in own:
        up = clause.tokens[node].head
        if up not in trigger and (_is_other(clause, node) or (time and clause.relation(node) == "ccomp")):
            return True
        core = up in trigger and clause.relation(node) in _CORE
        if (
            not core
            and _is_deed(context, clause, node)
            and (clause.tokens[node].end <= span[0] or _is_new(clause, node))
        ):
            return True
        node = up
    return False


def _is_other(clause: Clause, verb: int) -> bool:
    """Whether a clause tells of something else: a relative one, or one of contrast with a subject that is named anew."""
    relation = clause.relation(verb)
    if relation == "advcl" and clause.tokens[verb].head < verb:
        contrast = any(clause.lemma(m) in _WHILE for m in clause.dependents(verb, "mark"))
        return contrast and any(clause.tokens[s].upos != "PRON" for s in clause.dependents(verb, "nsubj", "nsubj:pass"))
    return relation == "acl:relcl"


def _is_new(clause: Clause, noun: int) -> bool:
    return any(clause.lemma(d) == "a" for d in clause.dependents(noun, "det"))


def _is_deed(context: Context, clause: Clause, k: int) -> bool:
    """Whether word `k` is a noun that names an assault that was not spoken of before ("an attack", not "the attack")."""
    if (
        clause.tokens[k].upos != "NOUN"
        or clause.lemma(k) in _THINGS
        or any(clause.lemma(d) in _KNOWN for d in clause.dependents(k, "det"))
    ):
        return False
    frames = context.lexicon.nouns.get(clause.lemma(k), ())
    return any(len(pattern) == 1 and frame.type == "ASSAULT" for pattern, frame in frames)


def of_the_speech(clause: Clause, head: int, span: Span) -> bool:
    """Whether a time hangs on the verb in whose mouth the event at word `head` is: "threatened on Sunday to shut …"."""
    top = clause.head_of(span)
    verb = clause.tokens[top].head if top is not None else -1
    if verb < 0 or verb == head or clause.tokens[verb].upos != "VERB":
        return False
    below = head
    for k in clause.ancestors(head):
        if k == verb:
            return clause.relation(below) in {"ccomp", "xcomp"} and _speaks(clause, verb)
        below = k
    return False


def _speaks(clause: Clause, verb: int) -> bool:
    return bool(set(lists_of(clause, verb, "factuality", "govern")) & _VOWS)
