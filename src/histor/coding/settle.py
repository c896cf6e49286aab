"""Candidates settled on words that can carry an event, and halves of one phrase joined."""

from __future__ import annotations

from histor.coding.candidates import Candidate
from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon
from histor.coding.tellings import absorb

CARRIERS = frozenset({"VERB", "NOUN", "PROPN", "ADJ", "X"})
_UP = frozenset({"det", "amod", "advmod", "compound", "compound:prt", "nummod", "flat", "fixed", "aux", "aux:pass"})


def settle(clauses: list[Clause], candidates: list[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """`candidates` in text order with triggers that hold a content word, one for each phrase.

    A learned trigger may be cut short ("on" of "take on", "heavy" of "heavy fighting") or split over
    a light verb and its noun ("carried out", "the attack"). Order and links are kept.
    """
    kept: list[Candidate] = []
    place: dict[int, int] = {}
    for k, candidate in enumerate(candidates):
        clause = clauses[candidate.sentence]
        if not _stand(clause, candidate):
            continue
        twin = next(
            (
                n
                for n, other in enumerate(kept)
                if other.sentence == candidate.sentence
                and other.type == candidate.type
                and _one_phrase(clause, lexicon, other.head, candidate.head)
            ),
            None,
        )
        if twin is not None:
            first = kept[twin]
            whole = (min(first.span[0], candidate.span[0]), max(first.span[1], candidate.span[1]))
            near = whole[1] - whole[0] <= (first.span[1] - first.span[0]) + (candidate.span[1] - candidate.span[0]) + 6
            noun = candidate if clause.tokens[candidate.head].upos in {"NOUN", "PROPN"} else first
            absorb(first, candidate)
            if near:
                first.span = whole
            elif noun is candidate:
                first.span, first.head = candidate.span, candidate.head
            place[k] = twin
            continue
        candidate.retells = place.get(candidate.retells, -1)
        place[k] = len(kept)
        kept.append(candidate)
    return kept


def _stand(clause: Clause, candidate: Candidate) -> bool:
    """Move the head up from function words and modifiers; False where nothing can carry an event."""
    tokens = clause.tokens
    head = candidate.head
    for _ in range(3):
        relation = tokens[head].relation
        function = tokens[head].upos not in CARRIERS
        if not function and relation not in {"det", "case", "mark", "advmod", "amod"}:
            break
        if relation == "amod" and "VerbForm=Part" in tokens[head].feats:
            break
        if function and relation in {"case", "mark"} and head > 0 and tokens[head - 1].upos == "VERB":
            head -= 1  # "take on the army": the preposition belongs to the verb before it
            break
        if tokens[head].head < 0 or relation not in _UP:
            break
        head = tokens[head].head
    if tokens[head].upos not in CARRIERS:
        return False
    if head != candidate.head:
        a, b = candidate.span
        start, end = min(a, tokens[head].start), max(b, tokens[head].end)
        if abs(head - candidate.head) <= 3:
            candidate.span = (start, end)
        else:
            candidate.span = (tokens[head].start, tokens[head].end)
        candidate.head = head
    return True


def _one_phrase(clause: Clause, lexicon: Lexicon, a: int, b: int) -> bool:
    """Whether two heads belong to one naming of an event: one word, a modifier of it, or a light verb."""
    if a == b:
        return True
    tokens = clause.tokens
    for up, down in ((a, b), (b, a)):
        relation = tokens[down].relation
        if tokens[down].head == up and relation in {"amod", "compound", "compound:prt", "flat", "det", "fixed"}:
            return True
        governed = tokens[down].head == up and relation in {"obj", "nsubj:pass", "obl"}
        carried = relation in {"acl", "acl:relcl"}
        if governed and _is_light(clause, lexicon, up) and tokens[down].upos in {"NOUN", "PROPN"}:
            return True
        if carried and tokens[down].head == up and _is_light(clause, lexicon, down):
            return True
    return False


def _is_light(clause: Clause, lexicon: Lexicon, verb: int) -> bool:
    """Whether the verb stands in the lexicon's list of light verbs, with the words that belong to it."""
    below = {clause.lemma(c) for c in clause.children[verb]}
    return any(all(w in below for w in p[1:]) for p in lexicon.light.get(clause.lemma(verb), ()))
