"""Standing relations as the words of a sentence state them: pairs of phrases, before anybody is identified.

What states a relation is data (``data/relations.toml``); the parse says who plays which part. Verbs and
nouns are read by the matcher that reads event frames.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from histor.coding.grammar import NOMINAL, SUBJECTS, Clause
from histor.coding.lexicon import Frame, Lexicon, Words
from histor.coding.matcher import Match, match_frames
from histor.coding.wordlists import lists_of, split, table

RELATION_TYPES = (
    "led_by", "member_of", "allied_with", "fights", "controls", "equipped_by", "supports", "holds_office",
)  # fmt: skip
SYMMETRIC = frozenset({"allied_with", "fights"})
_OTHER = {"subject": "object", "object": "subject"}


@dataclass(frozen=True)
class Tie:
    """A relation between the phrases headed by two words; `word` states it.

    `person` is the relation instead where the object is a person; `past` says that it is over, `named` that
    one side must be a name (the leader's, the place's), `hyphen` that a compound states it, `plain` that the object is no
    party but a thing.
    """

    type: str
    subject: int
    object: int
    word: int
    why: str
    person: str | None = None
    past: bool = False
    named: bool = False
    hyphen: bool = False
    plain: bool = False


@dataclass(frozen=True)
class _Rules:
    """The tables of the data file, indexed by their first word."""

    verbs: Lexicon
    nouns: Lexicon
    entries: dict[str, dict[str, Any]]
    adjectives: dict[str, dict[str, Any]]
    participles: dict[str, dict[str, Any]]
    titles: frozenset[str]
    past: frozenset[str]
    arms: frozenset[str]
    given: frozenset[str]
    company: frozenset[str]
    otherwise: frozenset[str]
    joint: frozenset[str]
    together: frozenset[str]


@dataclass
class _Index:
    """Frames of one part of speech, several a word, longest first."""

    frames: list[Frame] = field(default_factory=list)
    words: dict[str, list[tuple[Words, Frame]]] = field(default_factory=dict)


@cache
def _rules() -> _Rules:
    raw = table("relations")
    entries: dict[str, dict[str, Any]] = {}
    verbs, nouns = _Index(), _Index()
    for part, index in (("verb", verbs), ("noun", nouns)):
        for number, entry in enumerate(raw[part]):
            name = f"{entry['type']}.{part}{number}"
            entries[name] = entry
            _index(index, name, entry, part)
    return _Rules(
        _lexicon(raw["version"], verbs, {}), _lexicon(raw["version"], _Index(), nouns.words), entries,
        {w: e for e in raw["adjective"] for w in split(e["words"])},
        {w: e for e in raw["participle"] for w in split(e["words"])},
        split(raw["offices"]["titles"]), split(raw["offices"]["past"]),
        split(raw["arms"]["words"]), split(raw["arms"]["given"]),
        split(raw["company"]["markers"]), split(raw["otherwise"]["words"]), split(raw["company"]["joint"]),
        split(raw["company"]["together"]),
    )  # fmt: skip


def _index(index: _Index, name: str, entry: dict[str, Any], part: str) -> None:
    patterns = tuple(tuple(p.split()) for p in sorted(split(entry["words"])))
    if part == "verb":
        slots = {role: tuple(entry[role]) for role in ("subject", "object")}
        frame = Frame(name, entry["type"], None, patterns, (), slots, {}, frozenset(), None, False, False)
    else:
        owner = {"owner": tuple(entry["owner"])}
        frame = Frame(name, entry["type"], None, (), patterns, {}, owner, frozenset(), None, False, False)
    index.frames.append(frame)
    for words in patterns:
        key = words[0] if part == "verb" else words[-1]
        index.words.setdefault(key, []).append((words, frame))


def _lexicon(version: str, index: _Index, nouns: dict[str, list[tuple[Words, Frame]]]) -> Lexicon:
    for found in (*index.words.values(), *nouns.values()):
        found.sort(key=lambda e: -len(e[0]))
    return Lexicon(version, tuple(index.frames), index.words, nouns, {}, frozenset(), frozenset(), {})


def ties_of(clause: Clause) -> list[Tie]:
    """Relations that the words of a sentence state, in the order of the words that state them."""
    found = [
        *_from_verbs(clause), *_from_nouns(clause), *_from_adjectives(clause), *_from_participles(clause),
        *_from_possessives(clause), *_from_company(clause), *_from_joint(clause), *_from_arms(clause), *_offices(clause),
    ]  # fmt: skip
    return sorted(dict.fromkeys(found), key=lambda t: (t.word, t.subject, t.object))


# --- verbs -----------------------------------------------------------------------------------------


def _from_verbs(clause: Clause) -> Iterator[Tie]:
    rules = _rules()
    for match in match_frames(clause, rules.verbs):
        subjects = [s for s in match.roles["subject"] if s not in match.words]
        objects = [o for o in match.roles["object"] if o not in match.words and o not in subjects]
        if any(c not in match.words for c in clause.dependents(match.head, "compound:prt")):
            continue  # "ruled out" is not "ruled"
        if any(clause.tokens[w].upos == "ADP" and clause.tokens[w].head != match.head for w in match.words):
            continue  # "took the town on Monday" is not "took on"
        if any(clause.lemma(c) in rules.otherwise for c in clause.children[match.head]):
            continue  # "held the state responsible" holds no place
        entry = rules.entries[match.frame.id]
        why = f"relation {match.frame.type}: “{match.pattern}”"
        for s in subjects:
            for o in objects:
                yield Tie(match.frame.type, s, o, match.head, why, named=entry.get("named", False))
        if not objects and entry.get("each"):
            for first, second in itertools.pairwise(subjects):
                yield Tie(match.frame.type, first, second, match.head, why)


# --- nouns -----------------------------------------------------------------------------------------


def _from_nouns(clause: Clause) -> Iterator[Tie]:
    rules = _rules()
    for match in match_frames(clause, rules.nouns):
        entry = rules.entries[match.frame.id]
        if entry["type"] == "led_by" and _of_a_part(clause, match):
            continue
        owners = _owners(clause, match)
        holders = holders_of(clause, match.head)
        if not holders and match.pattern in split(entry.get("itself", "")) and _own_name(clause, match):
            holders, owners = [match.head], [o for o in owners if clause.relation(o) != "compound"]
        for holder in holders:
            for owner in owners:
                if owner != holder:
                    pair = (holder, owner) if entry["holder"] == "subject" else (owner, holder)
                    past, named = _is_past(clause, match.head), entry.get("named", False)
                    yield Tie(
                        entry["type"],
                        *pair,
                        match.head,
                        f"relation {entry['type']}: “{match.pattern}”",
                        past=past,
                        named=named,
                    )


def _of_a_part(clause: Clause, match: Match) -> bool:
    """ "The UN aid chief" leads the aid, not the UN."""
    before = [c for c in clause.dependents(match.head, "compound", "amod") if c not in match.words]
    return any(clause.tokens[c].upos == "NOUN" and clause.tokens[c].text.islower() for c in before)


def _own_name(clause: Clause, match: Match) -> bool:
    """Whether a wing or unit bears a name or number of its own, or is a wing of its kind ("the youth wing")."""
    if match.pattern.rsplit(" ", 1)[-1] in _SOLE:
        return True
    before = [clause.tokens[k].text for k in (*clause.children[match.head], match.head) if k <= match.head]
    return any(w[:1].isupper() or w[:1].isdigit() for w in before if w.lower() not in {"the", "a", "an", "two", "our"})


_SOLE = frozenset("wing branch affiliate splinter offshoot".split())


def _owners(clause: Clause, match: Match) -> list[int]:
    """Whose leader, wing or ally it is; a name before a title may hang on the name behind it."""
    owners = [o for o in match.roles["owner"] if o not in match.words]
    owners = [o for o in owners if clause.relation(o) == "nmod:poss" or clause.tokens[o].upos in NOMINAL]
    if clause.tokens[match.head].text[:1].isupper() and match.head > 0:  # "the Commando Force": part of a name
        owners = [o for o in owners if clause.relation(o) != "compound"]
    if owners or clause.relation(match.head) not in {"nmod:desc", "compound", "flat"}:
        return owners
    head = clause.tokens[match.head].head
    beside = clause.dependents(head, "compound", "nmod:poss", "nmod:desc")
    return [c for c in beside if c < match.head and clause.tokens[c].upos == "PROPN" and c not in match.words]


def holders_of(clause: Clause, i: int) -> list[int]:
    """Who bears a title: its apposition, the noun it stands beside, the name behind it, the subject of "is a"."""
    token = clause.tokens[i]
    relation = token.relation
    found = clause.dependents(i, "appos")
    if relation == "appos" and token.head >= 0:
        found.append(token.head)
    elif relation in {"nmod:desc", "compound", "flat"} and token.head >= 0:
        if clause.tokens[token.head].upos == "PROPN":
            return [token.head]  # the title is the first one's only: "Secretary Kerry and Minister Lavrov"
    elif clause.dependents(i, "cop"):
        found += [clause.antecedent(s) for s in clause.children[i] if clause.relation(s) in SUBJECTS]
        if relation == "acl:relcl" and not found and token.head >= 0:
            found.append(token.head)
    found += [c for c in clause.dependents(i, "flat", "nmod:unmarked") if c > i and clause.tokens[c].upos == "PROPN"]
    return [c for f in found for c in clause.conjuncts(f)]


def _is_past(clause: Clause, i: int) -> bool:
    """Whether a title is a former one ("ex-Vice President", "the ousted president")."""
    words = _rules().past
    near = [clause.tokens[c] for c in (*clause.children[i], i)]
    return any(
        t.lemma.lower() in words or t.text.lower().startswith(("ex-", "former ")) for t in near if t.upos != "PUNCT"
    )


# --- adjectives, participles, possessives ------------------------------------------------------------


def _from_adjectives(clause: Clause) -> Iterator[Tie]:
    """ "Fighters loyal to the general", "a militia close to Tehran"."""
    adjectives = _rules().adjectives
    for i, token in enumerate(clause.tokens):
        if token.upos not in {"ADJ", "VERB"}:
            continue
        entry = adjectives.get(clause.lemma(i)) or adjectives.get(token.text.lower())
        if entry is None:
            continue
        if token.upos == "VERB" and not clause.is_passive(i):
            continue
        holders = [token.head] if token.relation.startswith(("acl", "amod")) and token.head >= 0 else []
        holders = holders or [clause.antecedent(s) for s in clause.children[i] if clause.relation(s) in SUBJECTS]
        for holder in holders:
            for o in clause.obliques(i, frozenset(entry["object"])):
                yield Tie(entry["type"], holder, o, i, f"relation {entry['type']}: “{token.text}”", entry.get("person"))


def _from_participles(clause: Clause) -> Iterator[Tie]:
    """ "Iran-backed militia", "the Saudi-led coalition", "rebel-held Idlib"."""
    participles = _rules().participles
    for i, token in enumerate(clause.tokens):
        if token.relation not in {"amod", "acl", "compound"} or i < 2 or token.head < 0:
            continue
        entry = participles.get(token.text.lower())
        if entry is None:
            continue
        if clause.tokens[i - 1].text not in "-‐‑–" or clause.tokens[i - 1].start != clause.tokens[i - 2].end:
            continue
        name = i - 2
        pair = (name, token.head) if entry["name"] == "subject" else (token.head, name)
        yield Tie(entry["type"], *pair, i, f"relation {entry['type']}: “-{token.text}”", hyphen=True)


def _from_possessives(clause: Clause) -> Iterator[Tie]:
    """ "Khalifa Haftar's army", "the militia of General Dostum": a group's person leads it (kinds are checked later)."""
    for i, token in enumerate(clause.tokens):
        if token.upos not in {"NOUN", "PROPN"} or not clause.children[i]:
            continue
        owners = clause.dependents(i, "nmod:poss") + [
            c for c in clause.dependents(i, "nmod") if any(clause.lemma(k) == "of" for k in clause.dependents(c, "case"))
        ]  # fmt: skip
        for owner in owners:
            if clause.tokens[owner].upos == "PROPN":
                yield Tie("led_by", i, owner, i, "relation led_by: the group is called that person's", named=True)


def _from_company(clause: Clause) -> Iterator[Tie]:
    """ "The guards fought alongside the army": who acts in whose company."""
    for i, token in enumerate(clause.tokens):
        if token.upos != "VERB" or lists_of(clause, i, "attribution", "verbs"):
            continue  # who speaks alongside somebody is no ally yet
        # "in cooperation with the guards": the noun stands between.
        nouns = [k for k in clause.obliques(i, frozenset({"in"})) if clause.lemma(k) in _rules().together]
        others = [o for k in nouns for o in clause.obliques(k, frozenset({"with"}))]
        for o in [*clause.obliques(i, _rules().company), *others]:
            for s in clause.logical_subjects(i):
                marker = " ".join(clause.marker(k) for k in clause.dependents(o, "case", "mark"))
                yield Tie("allied_with", s, o, i, f"relation allied_with: “{token.text} … {marker}”")


def _from_joint(clause: Clause) -> Iterator[Tie]:
    """ "A joint offensive of Uganda and Congo", "Cameroon and Nigeria launched a combined operation"."""
    joint = _rules().joint
    for i, lemma in enumerate(clause.lemmas):
        if lemma not in joint or clause.relation(i) != "amod":
            continue
        noun = clause.tokens[i].head
        parties = clause.obliques(noun, frozenset({"of", "by", "between"}))
        verb = clause.tokens[noun].head
        if len(parties) < 2 and clause.relation(noun) == "obj" and clause.tokens[verb].upos == "VERB":
            parties = clause.logical_subjects(verb)
        for a, b in itertools.pairwise(parties):
            yield Tie("allied_with", a, b, noun, f"relation allied_with: “{clause.tokens[i].text}”")


# --- arms --------------------------------------------------------------------------------------------


_EQUIP = frozenset({"equip", "equipp", "arm", "supply", "outfit"})


def _from_arms(clause: Clause) -> Iterator[Tie]:
    """ "Equipped with rifles left by the army", "with guns from Khartoum": who gave the arms."""
    for i, token in enumerate(clause.tokens):
        if clause.lemmas[i] not in _EQUIP or token.upos != "VERB":
            continue
        things = clause.obliques(i, frozenset({"with", "by", "from"}))
        arms = [k for t in things for k in clause.subtree(t) if _is_arms(clause, k)]
        holders = [h for h in clause.logical_objects(i) if not _is_arms(clause, h)]
        givers = [g for k in arms for g in _givers(clause, k)]
        for holder in holders:
            for giver in dict.fromkeys(givers):
                yield Tie("equipped_by", holder, giver, i, f"relation equipped_by: “{token.text}”, arms given")
            active = [s for s in clause.logical_subjects(i) if not _is_arms(clause, s)]
            if not givers and not active and arms and arms[0] in things:
                yield Tie(
                    "equipped_by", holder, arms[0], i, f"relation equipped_by: “{token.text}”, with what", plain=True
                )


def _is_arms(clause: Clause, i: int) -> bool:
    return clause.lemma(i) in _rules().arms and clause.tokens[i].upos in {"NOUN", "PROPN"}


def _givers(clause: Clause, i: int) -> list[int]:
    """Who left, sent or made the arms, down to the phrases below them."""
    found: list[int] = []
    for k in clause.subtree(i):
        if clause.relation(k).startswith("acl") and clause.lemma(k) in _rules().given:
            found += clause.logical_subjects(k)
        elif clause.tokens[k].head == i and any(clause.lemma(c) == "from" for c in clause.dependents(k, "case")):
            found.append(k)
    return [k for k in found if clause.tokens[k].upos in NOMINAL]


# --- offices -----------------------------------------------------------------------------------------


def _offices(clause: Clause) -> Iterator[Tie]:
    """ "President Maduro", "the governor, Ismail Khan", "Volker Perthes, UN envoy"."""
    for i, token in enumerate(clause.tokens):
        if token.upos not in {"NOUN", "PROPN"} or not _is_title(clause, i):
            continue
        for holder in holders_of(clause, i):
            if clause.tokens[holder].upos == "PROPN":
                yield Tie(
                    "holds_office", holder, i, i, f"relation holds_office: “{token.text}”", past=_is_past(clause, i)
                )


def _is_title(clause: Clause, i: int) -> bool:
    titles = _rules().titles
    word = clause.tokens[i].text.lower()
    if clause.lemmas[i] in titles or word in titles:
        return True
    return i > 0 and f"{clause.tokens[i - 1].text.lower()} {word}" in titles
