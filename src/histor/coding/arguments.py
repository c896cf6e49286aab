"""The learned spans of who and to whom, made whole noun phrases, each on one side and none out of another clause.

A learned span may be cut short at a hyphen or a name's edge, stand on both sides at once, or be whoever is named
nearest. The parse says which phrase a span belongs to, whether the phrase is subject or object of the deed, and
whether it stands in a clause of its own. Relations are those of Universal Dependencies v2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from histor.codebook.codebook import ARMED
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.deeds import BY_FORCE
from histor.coding.grammar import Clause
from histor.coding.nominals import is_deed
from histor.coding.parties import snapped
from histor.coding.persons import is_person
from histor.coding.roles import ROLE
from histor.model.annotation import Span
from histor.resolve.actors import is_country, sector_of

SIDES = ("actor", "recipient")
HEARD = 0.3  # least learned score of a span that says anything of its phrase
OUTSIDE = {"actor": 0.85, "recipient": 0.65}  # least learned score of a span in another sentence
FAR = 0.9  # least learned score of a phrase that stands in a clause apart from the deed's
_PARTS = frozenset({"compound", "flat", "amod", "nmod:desc", "nmod:poss", "fixed"})
_CLAUSES = frozenset({"acl", "advcl", "ccomp", "csubj"})


_HELD = re.compile(r"-\s?(?:held|controlled|occupied|ruled|run|dominated|majority|besieged|populated)\b", re.IGNORECASE)


@dataclass
class _Phrase:
    """A noun phrase that learned spans touch, with what they cover and the best score on either side."""

    spans: dict[str, Span] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        return self.spans[self.side]

    def add(self, side: str, span: Span, score: float) -> None:
        """Note a learned span; spans are added from the likeliest on, and unlikely ones make no phrase longer."""
        a, b = self.spans.setdefault(side, span)
        if score >= ROLE:
            self.spans[side] = min(a, span[0]), max(b, span[1])
        self.scores[side] = max(self.scores.get(side, 0.0), score)

    def move(self, side: str) -> None:
        """Put the phrase on one side only."""
        span, score = self.spans.get(side, self.span), max(self.scores.values())
        self.spans, self.scores = {side: span}, {side: score}

    @property
    def side(self) -> str:
        return max(self.scores, key=lambda role: self.scores[role])


def settle_arguments(context: Context, candidate: Candidate) -> None:
    """Rewrite the learned actors and recipients of a deed that stand in its own sentence.

    Spans of other sentences stay as they are.
    """
    if candidate.type not in BY_FORCE:
        return
    clause = context.clauses[candidate.sentence]
    phrases = _phrases(context, clause, candidate)
    _by_grammar(context, clause, candidate, phrases)
    _without_speakers(clause, candidate, phrases)
    _whole_of(clause, phrases)
    _without_parts(phrases)
    for role in SIDES:
        outside = [(s, p) for s, p in candidate.roles.get(role, ()) if not _inside(clause, s) and p >= OUTSIDE[role]]
        own = [
            (phrase.span, phrase.scores[role])
            for head, phrase in phrases.items()
            if phrase.side == role
            and (
                phrase.scores[role] >= FAR or _suffers(context, phrase) or not _apart(context, clause, candidate, head)
            )
        ]
        candidate.roles[role] = sorted([*own, *outside])


def _inside(clause: Clause, span: Span) -> bool:
    return clause.sentence.start <= span[0] < clause.sentence.end


def _phrases(context: Context, clause: Clause, candidate: Candidate) -> dict[int, _Phrase]:
    """Phrases by the word that heads them."""
    found: dict[int, _Phrase] = {}
    for role in SIDES:
        for span, score in sorted(candidate.roles.get(role, ()), key=lambda item: -item[1]):
            whole = snapped(context, span) if score >= HEARD and _inside(clause, span) else None
            head = _head(clause, whole) if whole is not None else None
            if whole is None or head is None or _HELD.match(context.text, whole[1]):
                continue
            top = _top(context, clause, head)
            found.setdefault(top, _Phrase()).add(role, _grown(context, clause, whole, head, top), score)
    return found


def _head(clause: Clause, span: Span) -> int | None:
    """The noun of a span that governs the others, else whatever word does."""
    words = clause.words_in(span)
    tops = [w for w in words if clause.tokens[w].head not in words and clause.tokens[w].upos in {"NOUN", "PROPN"}]
    return tops[-1] if tops else clause.head_of(span)


def _grown(context: Context, clause: Clause, span: Span, head: int, top: int) -> Span:
    """A span with all of its phrase if it is a part of it, or breaks off before the noun of its last word."""
    last = clause.words_in(span)[-1]
    cut = (
        clause.relation(last) in {"amod", "compound", "det", "nmod:desc", "nummod"} and clause.tokens[last].head > last
    )
    if top == head and not cut:
        return _named_before(context, clause, span, head), span[1]
    a, b = clause.phrase(top)
    return (_uncounted(clause, min(a, span[0]), span[0]) if top != head else span[0]), max(b, span[1])


def _named_before(context: Context, clause: Clause, span: Span, head: int) -> int:
    """Where a bare noun's phrase begins with whose men they are ("Islamic State" of "Islamic State militants")."""
    if not is_person(clause.tokens[head].text):
        return span[0]
    before = [
        clause.tokens[c].start for c in clause.dependents(head, "compound", "nmod:desc", "amod")
        if clause.tokens[c].end <= span[0] and _group_at(context, clause, c)
    ]  # fmt: skip
    return min([span[0], *before])


def _group_at(context: Context, clause: Clause, word: int) -> bool:
    token = clause.tokens[word]
    kinds = {"armed_group", "organisation", "nationality"}
    names = context.mentions[clause.sentence.index]
    return any(m.kind in kinds and m.start <= token.start < m.end for m in names)


def _uncounted(clause: Clause, start: int, end: int) -> int:
    """Where a phrase begins that was grown from `end` back to `start`, numbers in front left out."""
    for word in clause.words_in((start, end)):
        token = clause.tokens[word]
        if token.start >= end or token.upos not in {"NUM", "ADV", "ADP", "DET", "SYM"}:
            return min(token.start, end)
    return end


def _top(context: Context, clause: Clause, head: int) -> int:
    """The head of the phrase that names somebody and of which word `head` is a part ("US" of "US-led forces")."""
    for _ in range(6):
        token = clause.tokens[head]
        up = token.head
        if up < 0:
            break
        if token.relation.startswith("obl") and clause.relation(up) == "amod" and _hyphened(clause, head, up):
            head = clause.tokens[up].head  # "US-led forces", "a rebel-held town": a participle of the noun behind
            continue
        if token.relation not in _PARTS:
            break
        if up < 0 or clause.tokens[up].upos not in {"NOUN", "PROPN"} or is_deed(context, clause, up):
            break
        if token.relation not in {"flat", "fixed"} and not _names_somebody(context, clause, up):
            break
        head = up
    return head


def _hyphened(clause: Clause, head: int, verb: int) -> bool:
    return head + 2 == verb and clause.tokens[head + 1].text == "-"


def _names_somebody(context: Context, clause: Clause, word: int) -> bool:
    token = clause.tokens[word]
    if is_person(token.text):
        return True
    return any(
        m.layer == "name" and m.kind != "place" and m.start <= token.start < m.end
        for m in context.mentions[clause.sentence.index]
    )


def _by_grammar(context: Context, clause: Clause, candidate: Candidate, phrases: dict[int, _Phrase]) -> None:
    """Put on the other side what is plainly subject or object of the deed's verb and was learned as the other.

    Plain is a passive with its auxiliary, and an active with subject and object. Of the two that a clash is
    *between* the first named counts as actor.
    """
    verb = candidate.head
    between = clause.obliques(verb, _BETWEEN)
    if len(between) > 1:
        _move(phrases, {between[0]}, "actor")
        _move(phrases, set(between[1:]), "recipient")
    frame = candidate.match.frame if candidate.match is not None else None
    if _nominal(clause, verb):
        _killed_in(context, clause, verb, phrases)
    if clause.tokens[verb].upos in {"NOUN", "PROPN"} and (frame is None or frame.outcome is None) and not between:
        _owned(context, clause, candidate, phrases)
    if clause.tokens[verb].upos != "VERB" or (frame is not None and not _transitive(frame.verb)):
        return
    _by_weapon(context, clause, verb, phrases)
    passive = clause.dependents(verb, "aux:pass")
    subjects = _joined(clause, clause.dependents(verb, "nsubj:pass" if passive else "nsubj"))
    if clause.relation(verb) == "conj" and not subjects:
        subjects = set(clause.logical_subjects(verb))
    objects = _joined(clause, clause.dependents(verb, "obj"))
    held = clause.obliques(verb, frozenset({"from"})) if passive and candidate.type == "COERCE" else []
    _move(phrases, {x for k in held for x in (k, *clause.obliques(k, frozenset({"of"})))}, "recipient")
    if passive and frame is not None:
        _move(phrases, subjects, "recipient")
    elif not passive and subjects and objects:
        _move(phrases, subjects, "actor")
        _move(phrases, objects, "recipient")


_BETWEEN = frozenset({"between"})


def _nominal(clause: Clause, word: int) -> bool:
    """Whether a deed stands as a noun, be it tagged a verb ("killed in fighting")."""
    token = clause.tokens[word]
    return token.upos in {"NOUN", "PROPN"} or (
        token.relation == "obl" and bool(clause.dependents(word, "case", "mark"))
    )


def _killed_in(context: Context, clause: Clause, deed: int, phrases: dict[int, _Phrase]) -> None:
    """Put on the victims' side who "was killed in" a deed that a noun names, and whom the deed "killed"."""
    verb = next((k for k in clause.ancestors(deed) if clause.tokens[k].upos == "VERB"), None)
    entries = context.lexicon.verbs.get(clause.lemma(verb), ()) if verb is not None else ()
    if verb is None or not any(len(w) == 1 and frame.outcome in {"killed", "injured"} for w, frame in entries):
        return
    if clause.dependents(verb, "aux:pass"):
        _move(phrases, _joined(clause, clause.dependents(verb, "nsubj:pass")), "recipient")
    elif clause.first_conjunct(deed) in clause.dependents(verb, "nsubj"):
        _move(phrases, _joined(clause, clause.dependents(verb, "obj")), "recipient")


def _by_weapon(context: Context, clause: Clause, verb: int, phrases: dict[int, _Phrase]) -> None:
    """Who fired what fell: the agent of a participle on the subject ("a shell fired by rebels hit the school")."""
    for subject in clause.dependents(verb, "nsubj"):
        for participle in clause.dependents(subject, "acl"):
            if not (clause.is_passive(participle) and _tells_of_deed(context, clause, participle)):
                continue
            for k in clause.obliques(participle, frozenset({"by"})):
                phrase = phrases.setdefault(k, _Phrase())
                phrase.add("actor", clause.phrase(k), OWNED)
                phrase.move("actor")


_STATE_OR_ARMED = ARMED | {"GOV"}


def _owned(context: Context, clause: Clause, candidate: Candidate, phrases: dict[int, _Phrase]) -> None:
    """Put those whose deed a noun names before it ("rebel shelling", "the army's raid") on the actors' side, alone.

    Places before a noun ("the Aleppo attack") say where.
    """
    inside = {candidate.head, *clause.words_in(candidate.span)}
    owners = [
        k for word in sorted(inside)
        for k in clause.dependents(word, "compound", "amod", "nmod:poss", "nmod:desc")
        if k < candidate.head and clause.tokens[k].upos != "PRON" and _acts(context, clause, candidate, k)
    ]  # fmt: skip
    before = [k for k in clause.dependents(candidate.head, "nmod") if k + 1 == candidate.head]  # an apostrophe lost
    owners += [k for k in before if _acts(context, clause, candidate, k)]
    forces = [k for k in owners if not is_country(clause.tokens[k].text)]
    owners = forces or owners  # "Syria regime strikes" are the regime's
    if not owners:
        return
    for head, phrase in list(phrases.items()):
        tied = head in owners or clause.relation(head) in {"conj", "obl:agent"} or clause.tokens[head].head in owners
        if not tied and "actor" in phrase.scores and _subject_of_other(clause, candidate.head, head):
            del phrases[head]
    for k in owners:
        phrase = phrases.setdefault(k, _Phrase())
        country = is_country(clause.tokens[k].text)  # "new US strikes" are the US's
        phrase.add("actor", (clause.tokens[k].start, clause.tokens[k].end) if country else clause.phrase(k), OWNED)
        phrase.move("actor")


OWNED = 0.95  # score of whom the grammar makes a deed's owner


def _acts(context: Context, clause: Clause, candidate: Candidate, word: int) -> bool:
    """Whether a modifier of a deed's noun names armed men, a government, a group, or a country that is not where."""
    token = clause.tokens[word]
    if any(a <= token.start < b and kind == "people" for (a, b), kind in context.loaded[clause.sentence.index]):
        return True
    lemma, classes = clause.lemma(word), context.lexicon.classes
    if any(lemma in words for words in classes.values()) or lemma == "drone":
        whose = clause.dependents(word, "compound", "amod") if lemma in classes["aerial"] else []
        return any(_acts(context, clause, candidate, k) for k in whose)
    if lemma in _POSTS:
        return False
    if any(sector_of(form) in _STATE_OR_ARMED for form in (token.text, lemma)) and not token.text.istitle():
        return token.upos != "ADJ"
    if is_country(token.text):
        places = candidate.roles.get("place", ())
        return not any(score >= ROLE and a <= token.start < b for (a, b), score in places)
    names = context.mentions[clause.sentence.index]
    return any(m.kind in {"armed_group", "organisation"} and m.start <= token.start < m.end for m in names)


_POSTS = frozenset(
    "convoy base post checkpoint barrack camp headquarters airbase garrison embassy consulate ministry".split()
)


def _subject_of_other(clause: Clause, deed: int, head: int) -> bool:
    """Whether a phrase stands outside the deed's own noun phrase."""
    return deed not in clause.ancestors(head)


def _transitive(slots: dict[str, tuple[str, ...]]) -> bool:
    return "subj" in slots.get("actor", ()) and "subj" not in slots.get("recipient", ())


def _joined(clause: Clause, heads: Iterable[int]) -> set[int]:
    return {k for head in heads for k in clause.conjuncts(clause.antecedent(head))}


def _move(phrases: dict[int, _Phrase], heads: set[int], side: str) -> None:
    for head in heads & set(phrases):
        phrases[head].move(side)


def _without_speakers(clause: Clause, candidate: Candidate, phrases: dict[int, _Phrase]) -> None:
    """Take away subjects above a clause whose own subject is the doer ("the army said rebels shot him")."""
    below, found = candidate.head, False
    for up in clause.ancestors(candidate.head):
        own = _joined(clause, clause.dependents(below, "nsubj", "nsubj:pass")) - {candidate.head}
        passive = bool(clause.dependents(below, "aux:pass"))
        found = found or any(
            not _pronominal(clause, k) and (passive or (k in phrases and "actor" in phrases[k].scores)) for k in own
        )
        if clause.relation(below) in {"ccomp", "parataxis"}:
            for head in set(clause.dependents(up, "obl", "iobj")) & set(phrases):
                phrases[head].scores.pop("actor", None)
        if found and clause.relation(below).split(":")[0] in _CLAUSES - {"acl"}:
            for head in _joined(clause, clause.dependents(up, "nsubj")) & set(phrases):
                phrases[head].scores.pop("actor", None)
        below = up
    for head in [head for head, phrase in phrases.items() if not phrase.scores]:
        del phrases[head]


def _whole_of(clause: Clause, phrases: dict[int, _Phrase]) -> None:
    """Join "members" and "the group" of "members of the group" where both were learned for one side."""
    for head, phrase in list(phrases.items()):
        up = clause.tokens[head].head
        whole = phrases.get(up)
        if whole is None or whole.side != phrase.side or head not in clause.obliques(up, frozenset({"of"})):
            continue
        if is_person(clause.tokens[up].text) and clause.tokens[head].upos == "PROPN":
            whole.add(whole.side, clause.phrase(up), max(ROLE, whole.scores[whole.side]))
            del phrases[head]


def _pronominal(clause: Clause, word: int) -> bool:
    """Whether a phrase is a pronoun or its owner's ("its men"), who may be the speaker."""
    return any(clause.tokens[k].upos == "PRON" for k in (word, *clause.dependents(word, "nmod:poss")))


def _without_parts(phrases: dict[int, _Phrase]) -> None:
    """Take away phrases that lie within another ("his" in "members of his group")."""
    for head, phrase in list(phrases.items()):
        a, b = phrase.span
        if any(k != head and o.span[0] <= a and b <= o.span[1] and o.span != phrase.span for k, o in phrases.items()):
            del phrases[head]


def _apart(context: Context, clause: Clause, candidate: Candidate, head: int) -> bool:
    """Whether a clause that does not hold the deed, and tells of no deed itself, holds the phrase.

    Who is accused in a clause beside the deed ("the army said, blaming rebels") is none apart.
    """
    inside = {candidate.head, *clause.ancestors(candidate.head)}
    path = []
    for word in (head, *clause.ancestors(head)):
        if word in inside:
            break
        path.append(word)
    for k, word in enumerate(path):
        relation = clause.relation(word).split(":")[0]
        if relation == "acl" and clause.tokens[word].head == candidate.head:
            return False  # "the clash in which they died"
        if relation not in _CLAUSES and not (relation == "conj" and clause.tokens[word].upos == "VERB"):
            continue
        above = clause.relation(clause.tokens[word].head)
        described = relation == "acl" and above in {"obj", "nsubj:pass"}  # "drones launched by the army"
        if described or not any(_tells_of_deed(context, clause, w) for w in path[: k + 1]):
            return True
    return False


def _suffers(context: Context, phrase: _Phrase) -> bool:
    """Whether a phrase of the deed's victims has a toll of its own ("claiming the life of one person")."""
    a, b = phrase.span
    rows = context.tolls[context.sentence_of(a)] if phrase.side == "recipient" else []
    return any(t.kind in {"killed", "injured"} and t.span[0] < b and t.span[1] > a for t in rows)


_TELLING = BY_FORCE | {"ACCUSE"}


def _tells_of_deed(context: Context, clause: Clause, verb: int) -> bool:
    """Whether a verb, or the noun that it carries, is violence or blame by the lexicon."""
    if clause.tokens[verb].upos != "VERB":
        return False
    entries = context.lexicon.verbs.get(clause.lemma(verb), ())
    if any(len(words) == 1 and frame.type in _TELLING for words, frame in entries):
        return True
    return any(is_deed(context, clause, k) for k in clause.children[verb])
