"""Attribution cues of one sentence: the word that attributes, its source and what it attributes.

A cue is a verb with a clause, object or prepositional phrase ("said that", "praised", "called for"),
a noun with its complement ("the claim that", "criticism of"), an adjective ("confident that") or a
phrase (*according to*). Which word takes which complement stands in `data/attribution.toml`; a finite
complement clause makes a cue of any verb that is not listed as something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from histor.coding.complements import COMPLEMENTS, FRAMES, frames_of, idiom_of, kind_of, who_says
from histor.coding.extents import extent, raised
from histor.coding.grammar import Clause
from histor.coding.wordlists import lists_of, words

_VERBAL = frozenset({"VERB", "AUX"})


@dataclass(frozen=True)
class Cue:
    """A cue as word numbers: `anchor` its head, `source` heads as they stand, `speakers` what those mean.

    `kind` is what it does to the claim: a list of ``[verbs]``, or ``attitude`` where no claim is made.
    """

    anchor: int
    frame: str
    kind: str
    words: tuple[int, ...]
    content: frozenset[int]
    source: tuple[int, ...]
    speakers: tuple[int, ...]
    media: tuple[int, ...] = ()


def cues_of(clause: Clause) -> list[Cue]:
    """Cues of a sentence in the order of their words."""
    found: list[Cue] = []
    for i, token in enumerate(clause.tokens):
        if token.upos in _VERBAL:
            found.extend(_verbal(clause, i))
        elif token.upos == "NOUN":
            found.extend(_nominal(clause, i))
        elif token.upos == "ADJ":
            found.extend(_adjectival(clause, i))
        if token.relation in {"case", "mark", "fixed", "advmod"} or token.upos == "ADP":
            found.extend(_phrasal(clause, i))
    # "Voiced doubts about": the verb is part of the noun's cue and makes none of its own.
    light = {k for cue in found if cue.frame == "noun" for k in cue.words if k != cue.anchor}
    return [cue for cue in found if cue.anchor not in light or cue.frame not in {"object", "preposition"}]


def speech_without_words(clause: Clause) -> list[Cue]:
    """Verbs of speech that have a speaker, whatever stands under them: for words told by quotation marks."""
    found = []
    for i, token in enumerate(clause.tokens):
        if token.upos == "VERB" and set(lists_of(clause, i, "attribution", "verbs")) & {"report", "claim", "deny"}:
            source, speakers = who_says(clause, i)
            if source:
                found.append(_cue(clause, i, "quotation", kind_of(clause, i), (), source, speakers, ()))
    return found


# --- verbs ---------------------------------------------------------------------------------------


def _verbal(clause: Clause, i: int) -> list[Cue]:
    frames = frames_of(clause, i)
    # What a verb of `never` takes is told by its preposition alone ("go after").
    tried = {"preposition": COMPLEMENTS["preposition"]} if "never" in frames else COMPLEMENTS
    for frame, complement in tried.items():
        found = complement(clause, i, frames)
        if found is not None:
            kind, content, more = found
            source, speakers = who_says(clause, i)
            idiom = idiom_of(clause, i)
            return [_cue(clause, i, frame, kind, content - set(idiom), source, speakers, (*more, *idiom))]
    return []


# --- nouns and adjectives ------------------------------------------------------------------------


def _nominal(clause: Clause, i: int) -> list[Cue]:
    """ "X's claim that …", "criticism of …", "voiced doubts about …", "the decision to …"."""
    if "noun" not in frames_of(clause, i):
        return []
    content: set[int] = set()
    more: list[int] = [c for c in clause.dependents(i, "amod") if len(clause.subtree(c)) == 1]
    for c in (*clause.children[i], *_behind_object(clause, i)):
        relation = clause.relation(c)
        if relation in {"ccomp", "acl"} and (clause.dependents(c, "mark") or relation == "ccomp"):
            content.update(clause.subtree(c))
        elif relation.startswith(("nmod", "obl")) and relation != "nmod:poss":
            cases = [k for k in clause.dependents(c, "case") if clause.lemma(k) in _OF_NOUNS]
            if cases:
                content.update(set(clause.subtree(c)) - set(cases))
                more.extend(cases)
    if not content:
        return []
    source = clause.dependents(i, "nmod:poss") or clause.obliques(i, frozenset({"by", "from", "among"}))
    speakers = source
    verb = clause.tokens[i].head
    if not source and verb >= 0 and clause.relation(i) == "obj" and clause.tokens[verb].upos == "VERB":
        source, speakers = who_says(clause, verb)
        more.extend(k for k in range(verb, i) if verb < i <= verb + 5)
        more.extend([*clause.dependents(verb, "aux", "aux:pass"), *raised(clause, verb)])
    if not source and clause.lemma(i) not in words("attribution", FRAMES, "unsourced"):
        return []
    inside = {k for s in source for k in clause.subtree(s)}
    more = [k for k in more if k not in inside]
    return [_cue(clause, i, "noun", kind_of(clause, i, "attitude"), content - inside, source, speakers, tuple(more))]


def _behind_object(clause: Clause, i: int) -> list[int]:
    """The phrase right behind an object that the parse hung on the verb ("took swipes | at the mayor")."""
    verb = clause.tokens[i].head
    if clause.relation(i) != "obj":
        return []
    beside = [c for c in clause.children[verb] if clause.relation(c) == "obl"]
    return [c for c in beside if clause.dependents(c, "case")[:1] == [i + 1] and clause.lemma(i + 1) in _AIMED]


_AIMED = frozenset({"at", "toward", "towards", "against", "about", "over", "of"})
_OF_NOUNS = frozenset({"of", "about", "for", "on", "to", "over", "against", "with", "in", "at", "toward", "towards"})


def _adjectival(clause: Clause, i: int) -> list[Cue]:
    """ "Is confident that …", "skeptical of …"."""
    if "adjective" not in frames_of(clause, i):
        return []
    heads = clause.dependents(i, "ccomp", "xcomp")
    more: list[int] = []
    for c in clause.children[i]:
        if clause.relation(c).startswith("obl") and (cases := clause.dependents(c, "case")):
            heads.append(c)
            more.extend(cases)
    source, speakers = who_says(clause, i)
    if not heads or not source:
        return []
    content = {k for c in heads for k in clause.subtree(c)} - set(more)
    copula = clause.dependents(i, "cop")
    return [_cue(clause, i, "adjective", "opinion", content, source, speakers, (*copula, *more))]


# --- phrases -------------------------------------------------------------------------------------


def _phrasal(clause: Clause, i: int) -> list[Cue]:
    """*According to* and its kin; what they attribute is the clause that they hang on."""
    viewed = _view(clause, i)
    if viewed is not None:
        return [viewed]
    token = clause.tokens[i]
    named = clause.marker(i)
    head = token.head
    if head < 0 or not (named in words("attribution", "cues", "phrases") or named == "according"):
        return []
    host = clause.tokens[head].head
    if host < 0:
        return []
    cue = [i, *clause.dependents(i, "fixed")]
    if len(cue) == 1 and named == "according" and clause.tokens[i + 1].lemma == "to":
        cue.append(i + 1)
    source = clause.conjuncts(head)
    content = frozenset(set(clause.subtree(host)) - set(clause.subtree(head)))
    return [Cue(i, "phrase", "report", tuple(sorted(cue)), content, tuple(source[:1]), tuple(source))]


def _view(clause: Clause, i: int) -> Cue | None:
    """ "In the view of some historians", "by his own account"."""
    head = clause.tokens[i].head
    if clause.lemma(i) not in {"in", "by"} or head < 0 or clause.tokens[head].head < 0:
        return None
    if clause.lemma(head) not in words("attribution", "cues", "views") or clause.relation(head) != "obl":
        return None
    source = clause.dependents(head, "nmod:poss") or clause.obliques(head, frozenset({"of"}))
    if not source:
        return None
    kind = "opinion" if clause.lemma(head) in {"view", "opinion", "eye", "mind"} else "report"
    held = {k for s in source for k in clause.subtree(s)}
    cases = {c for s in source for c in clause.dependents(s, "case") if clause.lemma(c) == "of"}
    cue = tuple(k for k in clause.subtree(head) if k not in held - cases)
    content = set(clause.subtree(clause.tokens[head].head)) - set(clause.subtree(head))
    return Cue(i, "phrase", kind, cue, frozenset(content), tuple(source[:1]), tuple(source))


# --- parts ---------------------------------------------------------------------------------------


def _cue(
    clause: Clause,
    i: int,
    frame: str,
    kind: str,
    content: Iterable[int],
    source: list[int],
    speakers: list[int],
    more: Iterable[int],
) -> Cue:
    parts = {i, *more}
    told = {k for s in source for k in clause.subtree(s)}
    inside = frozenset(content) - parts
    cue = extent(clause, i, parts, told | inside)
    relays = clause.lemma(i) in {"tell", "inform", "quote", "cite"}
    media = clause.dependents(i, "obj", "iobj") if relays else []
    return Cue(i, frame, kind, tuple(sorted(cue)), inside - cue, tuple(source), tuple(speakers), tuple(media))
