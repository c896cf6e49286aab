"""What an attributing verb takes: a clause, an infinitive, an object, a phrase, or the words around it.

`COMPLEMENTS` tries the constructions in order; the first that fits makes the verb a cue. Which verb takes
which stands in ``[frames]`` of `data/attribution.toml`. Relations are those of Universal Dependencies v2.
"""

from __future__ import annotations

from collections.abc import Callable

from histor.coding.grammar import RELATIVES, SUBJECTS, Clause
from histor.coding.wordlists import lists_of, words, words_of_entry

FRAMES = "frames"

Found = tuple[str, set[int], tuple[int, ...]] | None
"""What the cue does to the claim, the words it attributes, and more words of the cue."""


def frames_of(clause: Clause, i: int) -> tuple[str, ...]:
    """The lists of ``[frames]`` that hold word `i`."""
    return lists_of(clause, i, "attribution", FRAMES)


def idiom_of(clause: Clause, i: int) -> tuple[int, ...]:
    """The other words of the entry of several words that word `i` begins ("clear" of "make clear")."""
    return words_of_entry(clause, i, "attribution", FRAMES)


def kind_of(clause: Clause, i: int, default: str = "report") -> str:
    """What a cue does to the claim, by ``[verbs]``."""
    kinds = lists_of(clause, i, "attribution", "verbs")
    return kinds[0] if kinds else default


def own_subjects(clause: Clause, i: int) -> list[int]:
    """The active subjects that stand under word `i` itself."""
    return [c for c in clause.children[i] if clause.relation(c) in SUBJECTS and clause.relation(c) != "nsubj:pass"]


def who_says(clause: Clause, i: int) -> tuple[list[int], list[int]]:
    """Heads of the source as it stands ("who") and of those it means."""
    meant = clause.logical_subjects(i)
    if clause.is_passive(i):
        return meant[:1], meant
    stands = own_subjects(clause, i) or ([] if meant else _before(clause, i))
    return (stands or meant)[:1], meant or stands


def _before(clause: Clause, i: int) -> list[int]:
    """The noun phrase right before a reporting verb that ends a sentence, where the parse missed the subject."""
    if clause.relation(i) != "root" or not any(c < i for c in clause.dependents(i, "ccomp")):
        return []
    comma = max((k for k in range(i) if clause.tokens[k].text == ","), default=-1)
    nouns = (k for k in range(comma + 1, i) if clause.tokens[k].upos in {"NOUN", "PROPN", "PRON"})
    return [k for k in nouns if clause.subtree(k)[-1] == i - 1][:1]


def _under(clause: Clause, heads: list[int]) -> set[int]:
    return {k for c in heads for k in clause.subtree(c)}


# --- clauses -------------------------------------------------------------------------------------


def _clause_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """A finite complement clause."""
    heads = clause.dependents(i, "ccomp")
    if not heads or not (own_subjects(clause, i) or frames or who_says(clause, i)[0]):
        return None
    return kind_of(clause, i), _under(clause, heads), ()


def _host_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """The clause that a reporting clause is put into or behind ("…, the mayor said")."""
    if not lists_of(clause, i, "attribution", "verbs"):
        return None
    relation = clause.relation(i)
    host = clause.tokens[i].head
    parenthesis = relation == "parataxis" or (
        relation.startswith("advcl") and {clause.lemma(k) for k in clause.dependents(i, "mark")} == {"as"}
    )
    if not parenthesis or host < 0 or not own_subjects(clause, i) or clause.dependents(i, "ccomp", "obj", "xcomp"):
        return None
    return kind_of(clause, i), set(clause.subtree(host)) - set(clause.subtree(i)), ()


def _loose_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """A clause that the parse hung on a verb of saying as something else ("said when they land", "asked if …")."""
    if "clausal" not in frames:
        return None
    heads = [c for c in clause.children[i] if c > i and clause.relation(c) in _LOOSE and _tells_what(clause, i, c)]
    if not heads or not (who_says(clause, i)[0] or clause.is_passive(i)):
        return None
    return kind_of(clause, i), _under(clause, heads), ()


def _said_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """What stands around a plain verb of saying whose clause the parse broke up ("Aides said | talks with the rebels
    | failed"): all that follows it, or the rest of the sentence where marks set the verb and its subject off."""
    subjects = own_subjects(clause, i)
    if not subjects or clause.lemma(subjects[0]) in RELATIVES:
        return None
    if lists_of(clause, i, "attribution", "verbs") and (behind := _that_clause(clause, i)):
        return kind_of(clause, i), behind, ()
    if "speech" not in frames:
        return None
    own = {i, *_under(clause, subjects[:1]), *clause.dependents(i, "aux", "advmod"), *_circumstances(clause, i)}
    first, last = min(own | {subjects[0]}), i
    while last + 1 < len(clause.tokens) and last + 1 in own:
        last += 1
    before, after = clause.tokens[first - 1].text if first else "", clause.tokens[last + 1].text if last + 1 < len(clause.tokens) else "."  # fmt: skip
    if before in {",", "-", "–", "—"} and after in {",", ".", "-", "–", "—"}:
        return kind_of(clause, i), {k for k in range(len(clause.tokens)) if k < first or k > last} - own, ()
    rest = {k for k in clause.subtree(i) if k > i} - own
    told = [k for k in rest if clause.tokens[k].upos in {"VERB", "AUX", "NOUN", "PROPN"}]
    return (kind_of(clause, i), rest, ()) if len(told) > 1 else None


def _that_clause(clause: Clause, i: int) -> set[int]:
    """What follows a conjunction *that* close behind the verb ("AP reported that, by its count, | 85 …")."""
    marks = (k for k in range(i + 1, min(i + 4, len(clause.tokens))) if clause.lemma(k) == "that")
    first = next((k for k in marks if clause.tokens[k].upos == "SCONJ"), None)
    return set() if first is None else {k for k in clause.subtree(i) if k >= first}


def _circumstances(clause: Clause, i: int) -> set[int]:
    """When, where and how something is said, behind the verb."""
    return {
        k for c in clause.children[i] if c > i and clause.relation(c) in {"obl", "obl:unmarked", "obl:tmod"}
        for k in clause.subtree(c)
    }  # fmt: skip


_LOOSE = frozenset({"parataxis", "advcl", "dep", "conj"})


def _tells_what(clause: Clause, i: int, c: int) -> bool:
    """Whether a clause right behind a verb, unparted by marks, has a subject and no conjunction of time or cause."""
    first = clause.subtree(c)[0]
    if first < i or any(clause.tokens[k].text in {",", ";", ":", "-", "–", "—"} for k in range(i + 1, first)):
        return False
    marks = {clause.lemma(k) for k in clause.dependents(c, "mark", "advmod", "cc") if k < c}
    whole = any(clause.relation(k) in SUBJECTS for k in clause.children[c])
    return whole and marks.isdisjoint(_CIRCUMSTANCE)


_CIRCUMSTANCE = frozenset(
    "as while after before because since until though although unless once so than and but or like".split()
)


# --- subject and complement, infinitives ---------------------------------------------------------


def _passive_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """ "Are reported to have …", "is accused of …", "seems to …": subject and complement together."""
    raising = "raising" in frames
    if not (raising or (clause.is_passive(i) and "reported" in frames)):
        return None
    complements = clause.dependents(i, "xcomp", "ccomp")
    cases: list[int] = []
    if not complements and raising:
        complements = clause.dependents(i, "csubj") if clause.dependents(i, "expl") else []
    if not complements:
        complements = clause.obliques(i, frozenset({"of", "with", "as", "for", "like"}))
        cases = [k for c in complements[:1] for k in clause.dependents(c, "case", "mark")]
    subjects = [c for c in clause.children[i] if clause.relation(c) in SUBJECTS]
    if not complements:
        return None
    return kind_of(clause, i, "attitude"), _under(clause, [*complements, *subjects]) - set(cases), tuple(cases)


def _infinitive_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    heads = clause.dependents(i, "xcomp")
    named = clause.relation(i) == "acl:relcl" and not any(clause.tokens[c].upos == "VERB" for c in heads)
    if "infinitive" not in frames or not heads or named:  # "what she called a rant"
        return None
    return kind_of(clause, i, "attitude"), _under(clause, [*heads, *clause.dependents(i, "obj")]), ()


# --- objects and phrases -------------------------------------------------------------------------

_WITH_OBJECT = frozenset({"as", "for", "of", "to", "with", "over", "about", "against"})


def _object_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """What is praised, reported, denied; the subject of a passive and the noun that a participle modifies."""
    if "object" not in frames and "tells_of" not in frames:
        return None
    heads = _objects(clause, i)
    content: set[int] = set()
    if not heads:
        if not clause.is_passive(i) or not who_says(clause, i)[0]:
            return None
        heads = clause.dependents(i, "nsubj:pass", "nsubj")
        above = clause.tokens[i].head
        if not heads and clause.relation(i) == "acl" and above >= 0:
            return kind_of(clause, i, "attitude"), set(clause.subtree(above)) - set(clause.subtree(i)), ()
        if not heads:
            return None
    content |= _under(clause, heads)
    more = [c for c in clause.obliques(i, _WITH_OBJECT) if c > heads[0]] + clause.dependents(i, "xcomp")
    return kind_of(clause, i, "attitude"), content | _under(clause, more), ()


def _objects(clause: Clause, i: int) -> list[int]:
    """Objects, and what the parse took for another thing: a second subject behind, a gerund ("opposed cutting it")."""
    idiom = idiom_of(clause, i)
    heads = [c for c in clause.dependents(i, "obj") if c not in idiom]
    if heads:
        return heads
    subjects = own_subjects(clause, i)
    if any(s < i for s in subjects) and any(s > i for s in subjects):
        return [s for s in subjects if s > i][:1]
    return [
        c for c in clause.dependents(i, "xcomp")
        if c > i and clause.tokens[c].text.lower().endswith("ing") and not clause.dependents(c, "mark", "cop")
    ][:1]  # fmt: skip


def _relative_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    """ "What she called a rant", "the men he named": what is attributed stands before, the clause hangs on it."""
    above = clause.tokens[i].head
    unlisted = {"object", "tells_of", "reported"}.isdisjoint(frames)
    if clause.relation(i) not in {"acl:relcl", "advcl:relcl"} or above < 0 or unlisted:
        return None
    subjects = own_subjects(clause, i)
    if not subjects or clause.lemma(subjects[0]) in RELATIVES or clause.dependents(i, "ccomp", "obj"):
        return None
    more = [*clause.dependents(i, "xcomp"), *clause.obliques(i, frozenset({"as"}))]
    return kind_of(clause, i, "attitude"), {above} | _phrase_above(clause, i, above) | _under(clause, more), ()


def _phrase_above(clause: Clause, i: int, above: int) -> set[int]:
    """The noun phrase that a relative clause hangs on, without clauses beside; of a predicate only its noun."""
    inside = set(clause.subtree(above)) - set(clause.subtree(i))
    for c in clause.children[above]:
        if clause.relation(c) in _NO_PART_OF_IT:
            inside -= set(clause.subtree(c))
    return inside


_NO_PART_OF_IT = SUBJECTS | {
    "cop", "aux", "case", "cc", "conj", "advcl", "parataxis", "acl:relcl", "appos", "mark", "advmod", "obl",
}  # fmt: skip


def _oblique_of(clause: Clause, i: int, frames: tuple[str, ...]) -> Found:
    for c in clause.children[i]:
        if clause.tokens[c].relation.split(":")[0] not in {"obl", "advcl"}:
            continue
        for case in clause.dependents(c, "case", "mark"):
            if f"{clause.lemma(i)} {clause.lemma(case)}" in words("attribution", FRAMES, "preposition"):
                return kind_of(clause, i, "attitude"), set(clause.subtree(c)) - {case}, (case,)
    return None


COMPLEMENTS: dict[str, Callable[[Clause, int, tuple[str, ...]], Found]] = {
    "clause": _clause_of,
    "host": _host_of,
    "raising": _passive_of,
    "infinitive": _infinitive_of,
    "object": _object_of,
    "preposition": _oblique_of,
    "relative": _relative_of,
    "loose": _loose_of,
    "said": _said_of,
}
