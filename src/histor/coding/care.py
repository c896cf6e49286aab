"""The wounded by what is done for them: "suffered gunshot wounds", "taken to hospital", "in stable condition"."""

from __future__ import annotations

import re

from histor.coding.grammar import Clause

_SUFFER = frozenset({"suffer", "sustain", "receive", "take"})
_WOUNDS = frozenset({"wound", "injury", "burn", "gunshot", "laceration", "bullet", "shrapnel", "pellet"})
_DEEDS = frozenset({"shooting", "stabbing", "attack", "bombing", "blast", "beating"})
_TREAT = frozenset({"treat", "operate", "hospitalize", "hospitalise"})
_CARRY = frozenset({"take", "rush", "transport", "airlift", "fly", "bring", "transfer", "admit", "send", "put"})
_LIE = frozenset({"lie", "recover", "remain"})
_IN = frozenset({"in", "at"})
_HOSPITAL = re.compile(r"\b(?:hospitals?|clinic|medical cent|trauma|infirmary)", re.IGNORECASE)
_OF_CARE = _SUFFER | _TREAT | _CARRY | _LIE | _WOUNDS | {"condition"}
_GRAVE = frozenset("critical serious stable fair good grave guarded poor satisfactory extreme".split())


def wounded_by_care(clause: Clause, i: int, text: str) -> list[int]:
    """Heads of the phrases for those who were hurt, by what word `i` says is done for them; how many lived is not said."""
    lemma, token = clause.lemma(i), clause.tokens[i]
    if lemma not in _OF_CARE:
        return []
    if lemma in _SUFFER and any(clause.lemma(o) in _WOUNDS for o in clause.dependents(i, "obj")):
        return clause.logical_subjects(i)
    if lemma in {"hospitalize", "hospitalise"} or (lemma in _TREAT and _for_wounds(clause, i)):
        return clause.logical_objects(i)
    if lemma in _CARRY and token.upos == "VERB" and _hospital(clause, i, text, _IN | {"to", "into"}):
        return clause.logical_objects(i)
    if lemma in _LIE and token.upos == "VERB" and (_hospital(clause, i, text, _IN) or _recovers(clause, i)):
        return clause.logical_subjects(i)
    if lemma in _WOUNDS and token.relation == "nmod" and token.head >= 0:
        bearers = any(clause.lemma(c) == "with" for c in clause.dependents(i, "case"))
        return [token.head] if bearers and clause.dependents(token.head, "nummod") else []
    if lemma == "condition" and any(clause.lemma(c) in _GRAVE for c in clause.dependents(i, "amod")):
        up = i if clause.dependents(i, "nsubj") else token.head
        if up == i or (up >= 0 and token.relation.startswith("obl")):
            found = clause.dependents(up, "nsubj", "nsubj:pass")
            return [clause.antecedent(h) for h in found if clause.lemma(h) != "condition"]
    return []


def _for_wounds(clause: Clause, i: int) -> bool:
    return any(clause.lemma(c) in _WOUNDS for c in clause.obliques(i, frozenset({"for"})))


def _recovers(clause: Clause, i: int) -> bool:
    """ "Recovering from injuries", "recovering after a shooting"."""
    causes = clause.obliques(i, frozenset({"from", "after"})) if clause.lemma(i) == "recover" else []
    return any(clause.lemma(c) in _WOUNDS | _DEEDS for c in causes)


def _hospital(clause: Clause, i: int, text: str, prepositions: frozenset[str]) -> bool:
    spans = [clause.phrase(c) for c in clause.obliques(i, prepositions)]
    return any(_HOSPITAL.search(text[a : b + 12]) for a, b in spans)
