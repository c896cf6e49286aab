"""Sub-event types that the words of a sentence rule out, whatever a head makes of them."""

from __future__ import annotations

from histor.coding.candidates import Candidate
from histor.coding.context import Context

# Whom one executes is in one's hands and fights no longer.
_EXECUTIONS = frozenset(
    "execute behead decapitate lynch crucify hang stone execution beheading decapitation lynching crucifixion hanging".split()
)
_SEIZURES = frozenset("capture recapture seize retake take control regain overrun".split())
_PROTESTS = frozenset(
    "protest protester protestor protesting demonstrate demonstrator demonstration rally march marcher crowd riot rioter "
    "mourner funeral picket striker sit-in student worshipper uprising unrest dissent tear gas canister disperse".split()
)


def ruled_out(context: Context, candidate: Candidate) -> frozenset[str]:
    """ACLED's sub-event types that the candidate cannot be: a clash where captives die, force against protesters without any."""
    clause = context.clauses[candidate.sentence]
    lemma = clause.lemma(candidate.head)
    out: set[str] = set()
    if lemma in _EXECUTIONS:
        out.add("Armed clash")
    if lemma in _SEIZURES and _land(context, candidate):
        out.add("Disrupted weapons use")
    around = context.clauses[max(0, candidate.sentence - 2) : candidate.sentence + 2]
    if all(_PROTESTS.isdisjoint(c.lemmas) for c in around):
        out.add("Excessive force against protesters")
    return frozenset(out)


_LAND = frozenset(
    "village town city area hill district neighbourhood neighborhood province region territory suburb road highway "
    "crossing base airport position checkpoint stronghold quarter part mountain ground".split()
)


def _land(context: Context, candidate: Candidate) -> bool:
    """Whether what is seized is a place: nobody's weapons then."""
    clause = context.clauses[candidate.sentence]
    names = [m for m in context.mentions[candidate.sentence] if m.kind == "place"]
    objects = [x for k in clause.logical_objects(candidate.head) for x in (k, *clause.obliques(k, frozenset({"of"})))]
    return any(
        clause.lemma(k) in _LAND or any(m.start <= clause.tokens[k].start < m.end for m in names) for k in objects
    )
