"""How far an attribution cue goes beyond the word that attributes.

A cue takes in its auxiliaries and particles, the small words between its parts, the verbs that lead up to it
from the source ("went on to say", "was quick to point out") and the medium or manner right behind it ("said in a
statement", "said with a smile"). Relations are those of Universal Dependencies v2.
"""

from __future__ import annotations

import itertools

from histor.coding.grammar import SUBJECTS, Clause
from histor.coding.wordlists import words

# Most words between the verb that leads up to a cue and the cue, by the construction; none may be a comma.
FARTHEST = {"xcomp": 8, "advcl": 3}
LONGEST_MEDIUM = 4  # words
_VERBAL = frozenset({"VERB", "AUX", "ADJ"})
_SMALL = frozenset({"ADV", "PART", "AUX", "CCONJ", "DET"})
_MEDIA_MARKERS = frozenset({"in", "on", "via", "with", "at", "during", "through", "by"})


def extent(clause: Clause, i: int, parts: set[int], taken: set[int]) -> set[int]:
    """All words of the cue headed by word `i`: its `parts` and what goes with them.

    `taken` holds the words of the source and of the content, which a cue never takes.
    """
    cue = parts | _auxiliaries(clause, i)
    cue |= _led_up(clause, i, min(cue), taken)
    cue = _filled(clause, i, cue, taken)
    return cue | _medium(clause, i, max(cue), taken)


def _auxiliaries(clause: Clause, i: int) -> set[int]:
    return set(clause.dependents(i, "aux", "aux:pass", "compound:prt", "cop"))


def raised(clause: Clause, i: int) -> set[int]:
    """The verbs above an infinitive that have its subject ("went on to say", "wants to show")."""
    return _led_up(clause, i, i, set())


def _led_up(clause: Clause, i: int, first: int, taken: set[int]) -> set[int]:
    """The words from the verb above that shares the cue's subject to the cue, and so on upward."""
    found: set[int] = set()
    while (step := _above(clause, i)) is not None:
        up, farthest = step
        between = [k for k in range(up + 1, first) if k not in found]
        if not 0 <= len(between) <= farthest or any(k in taken or clause.tokens[k].upos == "PUNCT" for k in between):
            break
        found |= {up, *between, *_auxiliaries(clause, up)}
        i, first = up, min(found)
    return found


def _above(clause: Clause, i: int) -> tuple[int, int] | None:
    """The verb or adjective before word `i` whose subject is also its own, and how far it may stand."""
    up, relation = clause.tokens[i].head, clause.relation(i)
    if not 0 <= up < i or relation not in FARTHEST or clause.tokens[up].upos not in _VERBAL:
        return None
    if any(clause.relation(c) in SUBJECTS for c in clause.children[i]):
        return None
    if relation == "advcl":
        purpose = [clause.lemma(m) for m in clause.dependents(i, "mark")] == ["to"]
        return (up, FARTHEST[relation]) if purpose else None
    return None if clause.dependents(up, "obj", "iobj") else (up, FARTHEST[relation])


def _filled(clause: Clause, i: int, cue: set[int], taken: set[int]) -> set[int]:
    """The cue with the small words between its parts and the adverbs and *to* right before or behind."""
    full = set(cue)
    for a, b in itertools.pairwise(sorted(cue)):
        between = range(a + 1, b)
        if len(between) <= 3 and all(clause.tokens[k].upos in _SMALL and k not in taken for k in between):
            full.update(between)
    for edge, step in ((min(full), -1), (max(full), 1)):
        at = edge + step
        while 0 <= at < len(clause.tokens) and at not in taken and _adverbial(clause, i, at):
            full.add(at)
            at += step
    return full


def _adverbial(clause: Clause, i: int, k: int) -> bool:
    token = clause.tokens[k]
    if token.relation == "advmod":
        return len(clause.subtree(k)) == 1 and clause.lemma(k) not in {"when", "where", "how", "why"}
    return token.relation == "mark" and clause.lemma(k) == "to"


def _medium(clause: Clause, i: int, last: int, taken: set[int]) -> set[int]:
    """The phrase right behind the cue that says in what, on what or how it is said, up to its noun."""
    for c in clause.children[i]:
        cases = clause.dependents(c, "case")
        if not clause.relation(c).startswith("obl") or not cases or cases[0] != last + 1:
            continue
        phrase = set(range(last + 1, c + 1))
        if len(phrase) <= LONGEST_MEDIUM and phrase.isdisjoint(taken) and _is_medium(clause, c, cases[0]):
            return phrase
    return set()


def _is_medium(clause: Clause, c: int, case: int) -> bool:
    return clause.lemma(case) in _MEDIA_MARKERS and clause.lemma(c) in words("attribution", "cues", "media")
