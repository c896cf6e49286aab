"""Deeds that are none: figures of speech, drills and exercises, films, games and books.

A figure is told by what the words stand with: nouns that can neither do nor suffer violence (prices,
storms, anthems, questions) as the deed's subject, object or complement, and compounds that name
something else ("price war"). What is rehearsed or invented hangs on a word for the exercise or the
work. Lists: ``[figurative]``, ``[drill]`` and ``[fiction]`` of `data/factuality.toml`.
"""

from __future__ import annotations

from functools import cache

from histor.coding.candidates import Candidate
from histor.coding.deeds import BODILY
from histor.coding.grammar import Clause
from histor.coding.wordlists import table, words

_HURT = frozenset(
    "kill injure wound hurt die injury death collide crash explode explosion blast detonate detonation go".split()
)
_CRUSADES = frozenset("war battle fight crusade struggle campaign offensive".split())
_AGAINST = frozenset({"on", "against"})
_TARGETS = frozenset({"of", "against", "on"})
_SAYING = frozenset({"show", "say", "tell", "kill", "shoot", "die", "fear", "claim"})
_MEASURES = frozenset({"wave", "flood", "hail", "storm"})
_COMPLEMENTS = frozenset({"obj", "xcomp", "ccomp", "advcl", "obl"})
_WITHIN = frozenset({"in", "during", "of", "for", "on", "at", "from", "about"})


@cache
def unbodily() -> dict[str, str]:
    """Nouns that no violence is done by or to, each with its field."""
    fields = table("factuality")["figurative"]
    return {
        noun.strip(): field
        for field in ("nature", "markets", "sport", "shows", "abstract")
        for noun in fields[field].split(",")
    }


def figure_of(clause: Clause, i: int, event_type: str) -> str | None:
    """The word that makes the event at word `i` a figure of speech, or None."""
    for noun in (i, *clause.dependents(i, "obj")):
        for k in clause.obliques(noun, _AGAINST) if clause.lemma(noun) in _CRUSADES else ():
            if clause.lemma(k) in unbodily():
                return f"{clause.tokens[noun].text} on {clause.tokens[k].text}"
    if event_type not in BODILY:
        return None
    for noun in (i, *clause.dependents(i, "obj")):
        named = _named(clause, noun)
        if named is not None:
            return named
    if clause.lemma(i) == "fire" and clause.tokens[i].upos == "VERB" and _dismisses(clause, i):
        return clause.tokens[i].text
    for k in clause.logical_subjects(_verb(clause, i)):
        if clause.lemma(k) in words("factuality", "figurative", "doers"):
            return clause.tokens[k].text
    for k in [_meant(clause, k) for k in _parties(clause, i, event_type)]:
        if _named(clause, k) is not None:
            return _named(clause, k)
        if clause.tokens[k].upos == "NOUN" and clause.lemma(k) in unbodily():
            return clause.tokens[k].text
    return None


def _named(clause: Clause, noun: int) -> str | None:
    """A listed compound or *of* phrase that a noun heads ("price war", "war of words")."""
    lemma = clause.lemma(noun)
    for c in clause.dependents(noun, "compound", "amod"):
        if f"{clause.lemma(c)} {lemma}" in words("factuality", "figurative", "compounds"):
            return f"{clause.tokens[c].text} {clause.tokens[noun].text}"
    for k in clause.obliques(noun, frozenset({"of"})):
        if f"{lemma} of {clause.lemma(k)}" in words("factuality", "figurative", "of"):
            return f"{clause.tokens[noun].text} of {clause.tokens[k].text}"
    return None


def without_figures(clauses: list[Clause], candidates: list[Candidate]) -> list[Candidate]:
    """`candidates` less the figures of speech, their links renumbered."""
    keep: list[Candidate] = []
    place: dict[int, int] = {}
    for k, candidate in enumerate(candidates):
        if figure_of(clauses[candidate.sentence], candidate.head, candidate.type) is None:
            candidate.retells = place.get(candidate.retells, -1)
            place[k] = len(keep)
            keep.append(candidate)
    return keep


def staged_of(clause: Clause, i: int) -> str | None:
    """The word that makes the event at word `i` a rehearsal or an invention, or None."""
    return _drill(clause, i) or _fiction(clause, i)


def _dismisses(clause: Clause, i: int) -> bool:
    objects = clause.dependents(i, "obj", "nsubj:pass")
    prepositions = clause.obliques(i, frozenset({"on", "at", "into", "upon", "toward", "towards"}))
    arms = words("factuality", "figurative", "fired")
    return bool(objects) and not prepositions and all(
        clause.tokens[k].upos == "NOUN" and not {clause.lemma(x) for x in clause.subtree(k)} & arms for k in objects
    )  # fmt: skip


def _verb(clause: Clause, i: int) -> int:
    """The verb that a noun for the deed is object of, else the word itself."""
    head = clause.tokens[i].head
    light = clause.relation(i) in {"obj", "obl"} and head >= 0 and clause.tokens[head].upos == "VERB"
    return head if light else i


def _parties(clause: Clause, i: int, event_type: str) -> list[int]:
    """Heads of who does the deed and, of an assault, to whom or what (a price can be protested, not hit)."""
    found = clause.logical_subjects(_verb(clause, i))
    if event_type == "ASSAULT":
        verbal = clause.tokens[i].upos == "VERB"
        found += clause.logical_objects(i) if verbal else clause.obliques(i, _TARGETS)
    return [k for k in found if k != i]


def _meant(clause: Clause, k: int) -> int:
    """For "a wave of …" what it is a wave of."""
    inside = clause.obliques(k, frozenset({"of"})) if clause.lemma(k) in _MEASURES else []
    return inside[0] if inside else k


def _within(clause: Clause, i: int, section: str) -> str | None:
    """A noun of a section in a phrase of place or time under word `i` ("in the novel's first chapter")."""
    for k in clause.obliques(i, _WITHIN):
        for x in (k, *clause.dependents(k, "nmod:poss", "compound"), *clause.obliques(k, frozenset({"of"}))):
            if _names(clause, x, section):
                return clause.tokens[x].text
    return None


def _names(clause: Clause, k: int, section: str) -> bool:
    """Whether word `k` is a noun of a section's lists, alone or with a word before it."""
    if clause.tokens[k].upos not in {"NOUN", "PROPN"}:
        return False
    pairs = {f"{clause.lemma(c)} {clause.lemma(k)}" for c in clause.dependents(k, "compound", "amod")}
    lists = table("factuality")[section]
    return clause.lemma(k) in words("factuality", section, "nouns") or (
        "compounds" in lists and bool(pairs & words("factuality", section, "compounds"))
    )


def _drill(clause: Clause, i: int) -> str | None:
    nouns, verbs = words("factuality", "drill", "nouns"), words("factuality", "drill", "verbs")
    verb = _verb(clause, i)
    above = clause.tokens[verb].head
    if clause.relation(i) == "compound" and clause.lemma(clause.tokens[i].head) in nouns:
        return clause.tokens[clause.tokens[i].head].text
    for k, below in ((verb, i), (above, verb)):
        if k >= 0 and k != i and clause.lemma(k) in verbs and clause.relation(below).split(":")[0] in _COMPLEMENTS:
            return clause.tokens[k].text
    for k in (*clause.logical_objects(verb), *clause.logical_subjects(verb)):
        for c in clause.dependents(k, "amod", "compound"):
            if clause.lemma(c) in words("factuality", "drill", "modifiers"):
                return clause.tokens[c].text
    return None if clause.lemma(i) in _HURT else _within(clause, verb, "drill")


def _fiction(clause: Clause, i: int) -> str | None:
    verb = _verb(clause, i)
    found = _within(clause, verb, "fiction")
    players = words("factuality", "fiction", "players")
    for k in clause.logical_subjects(verb):
        found = found or next(
            (clause.tokens[x].text for x in (k, *clause.dependents(k, "compound")) if clause.lemma(x) in players), None
        )
    for k in clause.ancestors(verb):
        found = found or _work(clause, k)
    return found


def _work(clause: Clause, k: int) -> str | None:
    """Word `k` if it is a work of fiction, or the work or player that is subject of verb `k`."""
    if clause.tokens[k].upos != "VERB":
        return clause.tokens[k].text if _names(clause, k, "fiction") else None
    if clause.lemma(k) in words("factuality", "fiction", "verbs"):
        return clause.tokens[k].text
    if clause.lemma(k) in _SAYING:
        return None
    performers = words("factuality", "fiction", "performers")
    subjects = [s for s in clause.logical_subjects(k) if clause.lemma(s) in performers or _names(clause, s, "fiction")]
    return clause.tokens[subjects[0]].text if subjects else None
