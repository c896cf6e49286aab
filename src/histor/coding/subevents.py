"""Sub-event types that the words of a sentence rule out, whatever a head makes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

import msgspec

from histor.codebook.codebook import ARMED, controller_of
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.roles import scored_spans
from histor.coding.wordlists import words as listed
from histor.model.records import Actor, EventMention

# Whom one executes is in one's hands and fights no longer.
_EXECUTIONS = frozenset(
    "execute behead decapitate lynch crucify hang stone execution beheading decapitation lynching crucifixion hanging".split()
)
_SEIZURES = frozenset("capture recapture seize retake take control regain overrun".split())


_UNARMED = frozenset("CVL EDU MED JRN REL REF NGO AGR LAB BUS".split())
_ASSAULTS = frozenset({"attack", "assault", "massacre", "shooting"})
_CAPTIVE = frozenset("captive prisoner detainee hostage captured civilian former retired".split())


def ruled_out(
    context: Context, candidate: Candidate, actors: Set[str] = frozenset(), recipients: Set[str] = frozenset()
) -> frozenset[str]:
    """ACLED's sub-event types that the candidate cannot be, by its words and by the sectors of both sides.

    A clash where captives or only civilians are killed, an attack on civilians where armed men kill armed men,
    force against protesters without any.
    """
    clause = context.clauses[candidate.sentence]
    lemma = clause.lemma(candidate.head)
    out: set[str] = set()
    if lemma in _EXECUTIONS:
        out.add("Armed clash")
    if lemma in _SEIZURES and _land(context, candidate):
        out.add("Disrupted weapons use")
    if _kills(context, candidate):
        if recipients and recipients <= _UNARMED:
            out.add("Armed clash")
        words = {clause.lemma(k) for k in range(len(clause.tokens))}
        if recipients and recipients <= ARMED and actors & ARMED and lemma not in _EXECUTIONS and not words & _CAPTIVE:
            out.add("Attack")
    if lemma in _ASSAULTS and recipients and recipients <= _UNARMED:
        out.add("Armed clash")  # an attack on civilians
    around = context.clauses[max(0, candidate.sentence - 2) : candidate.sentence + 2]
    if all(listed("nouns", "common", "crowds").isdisjoint(c.lemmas) for c in around):
        out.add("Excessive force against protesters")
    return frozenset(out)


def _kills(context: Context, candidate: Candidate) -> bool:
    """Whether the trigger is a verb of killing."""
    clause = context.clauses[candidate.sentence]
    frame = candidate.match.frame if candidate.match is not None else None
    verb = clause.tokens[candidate.head].upos == "VERB"
    return verb and frame is not None and frame.outcome == "killed" and candidate.type == "ASSAULT"


REGAINED, OVERTAKEN = "Government regains territory", "Non-state actor overtakes territory"
_DROPPED = re.compile(r"\bbarrel[ -]bomb", re.IGNORECASE)


def from_the_air(context: Context, candidate: Candidate) -> bool:
    """Whether the deed is done with what only aircraft drop."""
    clause = context.clauses[candidate.sentence]
    near = clause.dependents(candidate.head, "amod", "compound", "nmod:desc")
    starts = [candidate.span[0], *(clause.tokens[c].start for c in near)]
    spans = [(min(starts), candidate.span[1]), *(span for span, _ in scored_spans(candidate, "weapon"))]
    return any(_DROPPED.search(context.text, a, b) for a, b in spans)


_AT_A_DISTANCE = frozenset(
    {
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    }
)  # fmt: skip
_GENERIC = frozenset("attack assault raid incident violence massacre kill killing strike".split())


def as_first_told(mention: EventMention, first: EventMention | None) -> EventMention:
    """A retelling in a general word ("the attack") with the sub-event type of the first telling, if that says how."""
    own = mention.acled.sub_event_type if mention.acled is not None else None
    if first is None or first.acled is None or first.event_type != mention.event_type:
        return mention
    told = first.acled.sub_event_type
    if told not in _AT_A_DISTANCE or own not in {None, "Armed clash", "Attack"}:
        return mention
    last = mention.trigger.text.lower().split()[-1]
    general = _GENERIC & {last, last.removesuffix("s"), last.removesuffix("ed")}
    return msgspec.structs.replace(mention, acled=first.acled) if general else mention


_STATE = re.compile(r"\b(?:army|government|regime|police|gendarmes?|security forces)\b", re.IGNORECASE)


def by_whom_taken(sub: str, actors: Sequence[Actor]) -> str:
    """A taking of territory with the name that fits who takes it: a state regains, others overtake.

    A state's own men are told by a plain word for them: "units" and "forces" are of either side.
    """
    sectors = frozenset(a.sector for a in actors if a.sector)
    controller = controller_of(sectors)
    if sub == REGAINED and controller == "rebel":
        return OVERTAKEN
    own = controller == "state" and not sectors & {"REB", "UAF", "CRM"} and any(_STATE.search(a.text) for a in actors)
    return REGAINED if sub == OVERTAKEN and own else sub


def _land(context: Context, candidate: Candidate) -> bool:
    """Whether what is seized is a place: nobody's weapons then."""
    clause = context.clauses[candidate.sentence]
    names = [m for m in context.mentions[candidate.sentence] if m.kind == "place"]
    objects = [x for k in clause.logical_objects(candidate.head) for x in (k, *clause.obliques(k, frozenset({"of"})))]
    return any(
        clause.lemma(k) in listed("nouns", "common", "land")
        or any(m.start <= clause.tokens[k].start < m.end for m in names)
        for k in objects
    )
