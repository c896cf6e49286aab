"""Event candidates: what the learned heads propose and what the lexicon matches, put together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from histor.coding.civil import is_civil
from histor.coding.deeds import DEADLY
from histor.coding.grammar import Clause
from histor.coding.history import WARS, war_of
from histor.coding.lexicon import Lexicon
from histor.coding.matcher import Match, match_frames
from histor.coding.toll import Toll
from histor.model.annotation import Annotation, Mention, Proposal, Span, Token
from histor.resolve.actors import is_country, sector_of

# Settled on training/data/written/dev.jsonl with `python -m benchmarks written`.
ALONE = 0.6  # a proposal without a frame of its type
DISPUTED = 0.35  # one whose words are a frame of another type
AGREED = 0.25  # a proposal that a frame of the same type backs
BACKED = 0.2  # the same where the frame is one that could stand alone
SURE = 0.985  # probability of a type from which on no firm frame of another type is heard
FRAME_ALONE = 0.35  # confidence of a frame where no engine proposes anything


@dataclass
class Candidate:
    """A likely event mention: its trigger, its evidence from both sides, and its roles."""

    sentence: int
    span: Span
    head: int
    score: float
    type: str
    type_score: float
    proposal: Proposal | None
    match: Match | None
    roles: dict[str, list[tuple[Span, float]]] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    retells: int = -1
    retells_score: float = 0.0
    alone: bool = False


def find_candidates(
    annotation: Annotation, clauses: list[Clause], lexicon: Lexicon, tolls: Sequence[Sequence[Toll]] = ()
) -> list[Candidate]:
    """Candidates of a report in text order; `tolls` are those of each sentence."""
    silent = not annotation.proposals
    possible = _Possible(annotation)
    by_sentence: dict[int, list[tuple[int, Proposal]]] = {}
    for number, proposal in enumerate(annotation.proposals):
        by_sentence.setdefault(proposal.sentence, []).append((number, proposal))
    found: list[Candidate] = []
    victims: list[Candidate] = []
    origin: dict[int, Candidate] = {}
    for clause in clauses:
        if clause.sentence.kind in {"stamp", "dateline"}:
            continue
        matches = match_frames(clause, lexicon)
        proposals = by_sentence.get(clause.sentence.index, [])
        used: set[int] = set()
        made: set[int] = set()
        for number, proposal in proposals:
            match = _match_for(clause, proposal, matches) or _carried(clause, lexicon, proposal, matches)
            candidate = _from_proposal(clause, proposal, match)
            if match is not None and (candidate is not None or not match.frame.firm):
                used.add(match.head)
            if candidate is not None:
                origin[number] = candidate
                found.append(candidate)
                made.add(candidate.head)
        types = {c.type for c in found if c.sentence == clause.sentence.index}
        for match in matches:
            if match.frame.weak or match.head in made:
                continue
            if match.head in used:
                victims += [from_match(clause, match)] if _has_victims(match, tolls, clause.sentence.index) else []
            elif (
                _told_in_silence(clause, match, annotation, lexicon, possible)
                if silent
                else match.frame.type not in types and _stands_alone(clause, match, annotation, found, possible)
            ):
                found.append(from_match(clause, match))
            elif possible.holds(clause, match) and _has_victims(match, tolls, clause.sentence.index):
                victims.append(from_match(clause, match))
    by_index = {c.sentence.index: c for c in clauses}
    if not any(c.type == "ASSAULT" for c in found):
        victims = [v for v in victims if not _outcome(by_index[v.sentence], v, found)]
        found.extend(victims)  # else the report would tell of the dead and of nothing that killed them
    found = [c for c in found if not _background(by_index[c.sentence], c)]
    origin = {n: c for n, c in origin.items() if any(c is f for f in found)}
    _link(annotation, found, origin)
    found.sort(key=lambda c: c.span)
    return found


STANDING = 0.95  # what names a whole war is an event mention from this trigger score on
_FIGHTS = frozenset({"fight", "battle", "combat"})
_BEGUN = frozenset("launch start begin declare unleash".split())  # a war that begins is news
# "Locked in a civil war", "mired in conflict".
_STUCK = frozenset("lock mire embroil engulf grip plunge trap bog tear ravage".split())


def _background(clause: Clause, candidate: Candidate) -> bool:
    """Whether the words tell how things stand and nothing that happened.

    "The war", "the group controls half the country", "a coalition fighting the rebels".
    """
    head = candidate.head
    if _of_another(clause, candidate) or _of_the_dead(clause, candidate) or _of_a_means(clause, candidate):
        return True
    if clause.relation(head) in {"amod", "compound"} and clause.lemma(clause.tokens[head].head) in WARS:
        head = clause.tokens[head].head
    token = clause.tokens[head]
    lemma = token.lemma.lower()
    if candidate.type == "PROTEST" and _origin_of_war(clause, head):
        return True
    if token.upos == "NOUN":
        begun = token.relation == "obj" and clause.lemma(token.head) in _BEGUN
        return lemma in WARS and candidate.score < STANDING and not begun
    if lemma == "control":
        return "Tense=Pres" in token.feats and "VerbForm=Fin" in token.feats
    if lemma in _STUCK:
        return any(clause.lemma(k) in WARS for k in clause.obliques(head, frozenset({"in", "into", "by"})))
    if lemma in _FIGHTS and "VerbForm=Part" in token.feats and _beside(clause, head):
        spans = [span for role in ("place", "date") for span, score in candidate.roles.get(role, []) if score >= 0.5]
        words = [clause.text(span).removeprefix("the ") for span in spans]
        return all(is_country(name) for name in words) or _in_war(clause, head)
    return False


def _in_war(clause: Clause, head: int) -> bool:
    return any(clause.lemma(k) in WARS for k in clause.obliques(head, frozenset({"in", "during"})))


_KEPT = frozenset(
    "route inspector expert investigator centre center factory facility stockpile depot programme".split()
)


def _of_another(clause: Clause, candidate: Candidate) -> bool:
    """Whether the trigger only says what a place or an official is for, or is no word but an acronym.

    "Supply route", "chemical weapons inspectors", "gathering centres".
    """
    inside = clause.words_in(candidate.span)
    acronym = any(clause.tokens[k].text.isupper() and len(clause.tokens[k].text) > 1 for k in inside)
    shouted = not any(t.text.islower() for t in clause.tokens)
    if acronym and candidate.match is None and not shouted:
        return not any(clause.tokens[k].upos == "VERB" for k in inside)
    word = candidate.head
    while clause.relation(word) in {"compound", "amod"} and clause.tokens[word].head >= 0:
        word = clause.tokens[word].head
        if clause.lemma(word) in _KEPT and word not in inside:
            return True
    return False


_DEAD = frozenset({"body", "corpse", "remains", "cadaver"})
_MEANS = frozenset({"ability", "capability", "chance", "opportunity", "sanctuary", "haven", "foothold"})


def _of_the_dead(clause: Clause, candidate: Candidate) -> bool:
    """Whether what is taken away are bodies: nobody is seized ("carted away at least 100 bodies")."""
    objects = clause.logical_objects(candidate.head) if candidate.type == "COERCE" else []
    return bool(objects) and all(clause.lemma(k) in _DEAD for k in objects)


def _of_a_means(clause: Clause, candidate: Candidate) -> bool:
    """Whether "deny" keeps something from somebody and says no to nobody ("to deny them the ability to move")."""
    if candidate.type != "REJECT" or clause.lemma(candidate.head) != "deny":
        return False
    return any(clause.lemma(k) in _MEANS for k in clause.dependents(candidate.head, "obj"))


_BEGAN = frozenset("start begin erupt break grow spring stem emerge".split())
_NEAR = 8  # words between a war's beginning and what it began with, wherever the parse hangs it
_STIRRED = WARS | {"crisis", "uprising", "revolution", "unrest", "insurgency"}


def _origin_of_war(clause: Clause, head: int) -> bool:
    """Whether a protest only tells how a war began ("the conflict erupted with protests in 2011")."""
    verbs = [k for k in range(max(0, head - _NEAR), head) if clause.lemma(k) in _BEGAN]
    joined = {clause.lemma(c) for c in clause.dependents(head, "case", "mark")} & {"with", "as", "from", "by"}
    return bool(joined) and any(clause.lemma(s) in _STIRRED for v in verbs for s in clause.logical_subjects(v))


def _beside(clause: Clause, i: int) -> bool:
    """Whether a participle only describes somebody ("rebels fighting the army", "with rebels fighting …")."""
    if clause.relation(i) == "acl":
        return not clause.dependents(i, "case", "mark")
    return clause.relation(i) == "advcl" and any(
        clause.lemma(c) == "with" for c in clause.dependents(i, "mark", "case")
    )


def _match_for(clause: Clause, proposal: Proposal, matches: list[Match]) -> Match | None:
    """The frame whose words touch the proposal's; one of the proposal's likeliest type if several."""
    words = set(clause.words_in((proposal.start, proposal.end)))
    touching = [m for m in matches if words & set(m.words) and (m.head in words or len(m.words) > 1)]
    if not touching:
        return None
    return max(touching, key=lambda m: (proposal.types.get(m.frame.type, 0.0), -m.head))


def _touches(clause: Clause, proposal: Proposal, match: Match) -> bool:
    return bool({*clause.words_in((proposal.start, proposal.end))} & {*match.words})


_OCCURS = frozenset("break erupt rage flare occur happen take resume ensue".split())


def _carried(clause: Clause, lexicon: Lexicon, proposal: Proposal, matches: list[Match]) -> Match | None:
    """The frame of the deed that a verb says to have happened ("fighting broke out"); the verb names none itself."""
    verb = clause.head_of((proposal.start, proposal.end))
    if verb is None or clause.lemma(verb) not in _OCCURS or clause.lemma(verb) not in lexicon.light:
        return None
    deeds = {c for c in clause.dependents(verb, "nsubj") if clause.tokens[c].upos in {"NOUN", "VERB"}}
    return next((m for m in matches if m.head in deeds and not m.frame.weak and len(m.words) == 1), None)


def _least(match: Match | None, agreed: bool) -> float:
    """The trigger score from which a proposal is heard, by the frame that its words have."""
    if match is None:
        return ALONE
    if not agreed:
        return DISPUTED
    return AGREED if match.frame.weak else BACKED


def _from_proposal(clause: Clause, proposal: Proposal, match: Match | None) -> Candidate | None:
    """A candidate if the learned score, with or without a frame behind it, is high enough."""
    types = dict(proposal.types)
    best = max(types, key=lambda t: types[t])
    overruled = match is not None and match.frame.firm and len(match.words) > 1 and types[best] < SURE
    overruled = overruled or (match is not None and not _touches(clause, proposal, match))
    if overruled and match is not None:
        best = match.frame.type
        types[best] = max(types.get(best, 0.0), 0.5)
    agreed = match is not None and types.get(match.frame.type, 0.0) >= 0.2
    least = _least(match, agreed)
    if proposal.score < least:
        return None
    if agreed and match is not None and types[best] < 0.6 and types[match.frame.type] > 0.5 * types[best]:
        best = match.frame.type
    head = clause.head_of((proposal.start, proposal.end))
    if head is None:
        return None
    score = proposal.score + (1 - proposal.score) * (0.4 if agreed else 0.0)
    why = [f"type head: {best} {types[best]:.2f}, trigger {proposal.score:.2f}"]
    if match is not None and match.frame.type == best:
        why.append(match.why)
    candidate = Candidate(
        clause.sentence.index, (proposal.start, proposal.end), head, score, best, types[best],
        proposal, match if match is not None and match.frame.type == best else None,
    )  # fmt: skip
    candidate.why = why
    for role in proposal.roles:
        candidate.roles.setdefault(role.role, []).append(((role.start, role.end), role.score))
    return candidate


IDIOM = 3  # words that a frame needs to be read as an idiom


class _Possible:
    """Which words the engine does not rule out as triggers; all of them where it cannot say."""

    def __init__(self, annotation: Annotation) -> None:
        proposed = ((p.start, p.end) for p in annotation.proposals)
        self._unknown = annotation.faint is None
        self._spans = sorted({*(annotation.faint or ()), *proposed})  # none inside another

    def holds(self, clause: Clause, match: Match) -> bool:
        """Whether one of a frame's words may name an event here."""
        return self._unknown or any(self._touched(clause.tokens[w]) for w in match.words)

    def _touched(self, token: Token) -> bool:
        k = bisect_left(self._spans, (token.end,)) - 1
        return k >= 0 and self._spans[k][1] > token.start


def _stands_alone(
    clause: Clause, match: Match, annotation: Annotation, found: list[Candidate], possible: _Possible
) -> bool:
    """Whether a frame that no head proposes is told all the same.

    A killing is told of a number, a firm frame by a named actor; a fight by two named sides or at a named place, and
    only where the engine does not rule its words out ("Breton farmers fight an outbreak"): it knows few idioms, so
    those ("gave them a bloody nose") need no more than the sides or the place.
    """
    if any(clause.lemma(c) == "to" for c in clause.dependents(match.head, "mark")):
        return False  # "joined hands to fight": a purpose, not a fight
    names = [m for m in annotation.mentions if m.layer == "name"]
    deadly = match.frame.type == "ASSAULT" and match.frame.outcome == "killed"
    if deadly and (not _deed_before(clause, found) or war_of(clause, match.head) is not None):
        return any(_counted(clause, head) for head in match.roles.get("recipient", []))
    if match.frame.firm:
        if clause.relation(match.head) == "acl":
            return False  # "a group outlawed in the country" says who they are, not what happened
        named = [m for m in annotation.mentions if m.layer == "name" or m.kind == "nationality"]
        heads = match.roles.get("actor", []) or match.roles.get("recipient", [])
        return any(_named(clause, head, named) for head in heads)
    idiom = len(match.words) >= IDIOM
    if match.frame.type != "ASSAULT" or not (idiom or possible.holds(clause, match)):
        return False
    sides = [any(_named(clause, head, names) for head in match.roles.get(role, [])) for role in ("actor", "recipient")]
    return all(sides) or _placed(clause, match, [m for m in names if m.kind == "place"])


_PRIVATE = frozenset({None, "CVL", "BUS", "AGR"})


def _told_in_silence(
    clause: Clause, match: Match, annotation: Annotation, lexicon: Lexicon, possible: _Possible
) -> bool:
    """Whether a frame of a report where no head proposes anything is told ("Wall Street's bloodbath" is not)."""
    heard = possible.holds(clause, match) or not is_civil(clause, lexicon)
    return heard and _of_public_life(clause, match, annotation)


def _of_public_life(clause: Clause, match: Match, annotation: Annotation) -> bool:
    """Whether a frame in a report where no head proposes anything is of war or politics.

    Violence is; for the rest somebody must be named, or be of a sector that takes part in it: of mill owners who
    agree and app makers who call a truce nobody writes the like.
    """
    if match.frame.type in {"ASSAULT", "COERCE", "PROTEST"} or match.frame.firm:
        return True
    heads = [head for role in ("actor", "recipient") for head in match.roles.get(role, [])]
    names = [m for m in annotation.mentions if m.layer == "name" or m.kind == "nationality"]
    return any(sector_of(clause.tokens[h].text) not in _PRIVATE or _named(clause, h, names) for h in heads)


def _outcome(clause: Clause, victim: Candidate, found: list[Candidate]) -> bool:
    """Whether a killing is what became of another deed of its sentence ("overran the post, killing 60")."""
    deeds = {c.head for c in found if c.sentence == victim.sentence and c.type in DEADLY}
    token = clause.tokens[victim.head]
    return token.relation in {"advcl", "acl", "xcomp"} and token.head in deeds


def _deed_before(clause: Clause, found: list[Candidate]) -> bool:
    """Whether a deed of this sentence or the few before it may have done the killing, which is then its toll."""
    return any(c.type in DEADLY and clause.sentence.index - c.sentence <= 3 for c in found)


def _counted(clause: Clause, head: int) -> bool:
    """Whether a number of people stands at the phrase ("47 persons", "dozens of villagers")."""
    heads = [head, *clause.obliques(head, frozenset({"of"}))]  # "a total of 54 volunteers"
    return any(clause.tokens[k].upos == "NUM" or clause.dependents(k, "nummod") for k in heads)


def _has_victims(match: Match, tolls: Sequence[Sequence[Toll]], sentence: int) -> bool:
    """Whether the sentence of an assault's frame says that people were killed or hurt."""
    if match.frame.type != "ASSAULT" or not tolls:
        return False
    return any(t.kind in {"killed", "injured"} for t in tolls[sentence])


def _named(clause: Clause, head: int, names: list[Mention]) -> bool:
    """Whether the phrase names somebody, be it as the owner ("the Taliban's advances")."""
    a, b = clause.phrase(head)
    return any(m.start < b and m.end > a for m in names)


def _placed(clause: Clause, match: Match, places: list[Mention]) -> bool:
    """Whether a named place hangs by a preposition on the frame's head or on the verb above it."""
    heads = [match.head, *[h for h in [clause.tokens[match.head].head] if h >= 0 and clause.tokens[h].upos == "VERB"]]
    return any(_named(clause, k, places) for h in heads for k in clause.obliques(h, _PLACE_MARKERS))


_PLACE_MARKERS = frozenset({"in", "at", "near", "from", "around", "outside", "across", "on"})


def from_match(clause: Clause, match: Match) -> Candidate:
    tokens = clause.tokens
    words = [w for w in match.words if abs(w - match.head) <= 3]
    span = (tokens[min(words)].start, tokens[max(words)].end)
    candidate = Candidate(clause.sentence.index, span, match.head, FRAME_ALONE, match.frame.type, 1.0, None, match)
    candidate.why = [match.why]
    return candidate


def _link(annotation: Annotation, found: list[Candidate], origin: dict[int, Candidate]) -> None:
    """Carry the engine's retelling links over to candidates (indices into `found`)."""
    places = {id(c): k for k, c in enumerate(sorted(found, key=lambda c: c.span))}
    for number, candidate in origin.items():
        proposal = annotation.proposals[number]
        target = proposal.retells
        earlier = origin.get(target)
        if earlier is not None and earlier.type == candidate.type:
            candidate.retells, candidate.retells_score = places[id(earlier)], proposal.retells_score


_CAUSE_MARKERS = frozenset(
    {"in", "by", "during", "after", "from", "when", "as", "with", "following", "amid", "through", "on"}
)


def attach_outcomes(clauses: list[Clause], found: list[Candidate]) -> None:
    """A killing or wounding that another assault of its sentence brought about retells that assault.

    "22 died in an air strike", "opened fire, killing 11", "the blast wounded six": the deed is the
    event, its outcome the toll.
    """
    for k, candidate in enumerate(found):
        if candidate.type != "ASSAULT" or candidate.match is None or candidate.match.frame.outcome is None:
            continue
        if candidate.match.frame.outcome not in {"killed", "injured"}:
            continue
        clause = clauses[candidate.sentence]
        joined = False  # in an ambush they killed forty and burned the trucks: all three are one
        for e, other in enumerate(found):
            if other is candidate or other.sentence != candidate.sentence or other.type != "ASSAULT":
                continue
            if other.match is not None and other.match.frame.outcome is not None and e > k:
                continue
            if _brings_about(clause, other.head, candidate.head) and (not joined or e > k):
                _retell(found, k, e)
                joined = True


def _retell(found: list[Candidate], k: int, e: int) -> None:
    """Join outcome `k` to deed `e`; the later of the two carries the link, the deed its trigger."""
    first, second = min(k, e), max(k, e)
    found[second].retells, found[second].retells_score = first, 1.0
    outcome, deed = found[k], found[e]
    outcome.score = min(outcome.score, deed.score - 0.21)


def _brings_about(clause: Clause, deed: int, outcome: int) -> bool:
    """Whether the parse ties the outcome to the deed without another agent between them."""
    tokens = clause.tokens
    if tokens[deed].head == outcome:
        relation = tokens[deed].relation.split(":")[0]
        if relation in {"obl", "advcl", "nmod"}:
            marks = {clause.marker(c) for c in clause.dependents(deed, "case", "mark")}
            return bool(marks & _CAUSE_MARKERS) or not marks
        return relation in {"nsubj", "csubj"} or (relation == "conj" and not _has_agent(clause, deed))
    if tokens[outcome].head == deed:
        relation = tokens[outcome].relation.split(":")[0]
        if relation in {"advcl", "acl", "xcomp"}:
            return not _has_agent(clause, outcome)
        return relation in {"conj", "parataxis"} and not _has_agent(clause, outcome)
    # The deed stands inside the outcome's causing phrase: "killed in clashes and an ambush".
    return any(_brings_about(clause, up, outcome) for up in [clause.first_conjunct(deed)] if up != deed)


def _has_agent(clause: Clause, i: int) -> bool:
    return any(clause.relation(c) in {"nsubj", "obl:agent", "csubj"} for c in clause.children[i])
