"""On whose word an event mention stands, and what that makes of it."""

from __future__ import annotations

from histor.coding.attribution import Source, is_pronoun, sources_of
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.factuality import cue_of, hearsay_of
from histor.coding.kinds import speaker_type
from histor.coding.phrases import trim
from histor.coding.roles import best_spans
from histor.model.annotation import Span
from histor.model.records import Actor, Attribution

VERBAL = frozenset("AGREE CONSULT SUPPORT CONCEDE REQUEST ACCUSE REJECT THREATEN".split())


def speakers_of(context: Context, candidate: Candidate) -> list[Source]:
    """The speakers behind an event mention, the original one first."""
    clause = context.clauses[candidate.sentence]
    found = [s for s in sources_of(clause, candidate.head, context.text) if not _is_own(s, candidate)]
    if not found:
        found = _learned_sources(context, candidate)
    if not found:
        quoted = context.quoted[candidate.sentence]
        if quoted is not None:
            found = [quoted]
    return found


def outlets_of(candidate: Candidate, sources: list[Source]) -> list[Span]:
    """Speakers that are media: who reports a battle does not fight it."""
    if candidate.type in VERBAL:
        return []
    return [s.span for s in sources if speaker_type(s.text) == "media"]


def _is_own(source: Source, candidate: Candidate) -> bool:
    """A cue that is the event's own trigger: who accuses is the actor, not a source."""
    a, b = candidate.span
    return source.cue_span[0] < b and source.cue_span[1] > a


def _learned_sources(context: Context, candidate: Candidate) -> list[Source]:
    cues = best_spans(candidate, "cue")
    found = []
    for span in best_spans(candidate, "speaker"):
        a, b = trim(context.text, span)
        if a >= b:
            continue
        near = sorted(cues, key=lambda c: abs(c[0] - b))
        cue = near[0] if near else (a, a)
        found.append(Source(context.text[a:b], (a, b), context.text[cue[0] : cue[1]], cue, "report"))
    return found


def factuality_of(context: Context, candidate: Candidate, sources: list[Source]) -> tuple[str, str | None]:
    """The value with its reason: explicit cues, then the learned head, then the speaker."""
    clause = context.clauses[candidate.sentence]
    cue = cue_of(clause, candidate.head)
    scores = candidate.proposal.factualities if candidate.proposal else {}
    if cue is not None and scores.get(cue[0], 0.0 if scores else 1.0) >= 0.1:
        return cue[0], f"factuality: {cue[0]}, {cue[1]}"
    if scores:
        best = max(scores, key=lambda f: scores[f])
        if best not in {"actual", "claimed"} and scores[best] >= 0.5:
            return best, f"factuality head: {best} {scores[best]:.2f}"
    else:
        best = "actual"
    if any(s.kind == "deny" for s in sources) and candidate.type not in VERBAL:
        return "denied", "factuality: the speaker denies it"
    if sources:
        return "claimed", f"factuality: claimed, on the word of {sources[0].text}"
    hearsay = hearsay_of(clause, candidate.head)
    if hearsay is not None:
        return "claimed", f"factuality: claimed, “{hearsay}”"
    if best not in {"actual", "claimed"}:
        return best, f"factuality head: {best} {scores[best]:.2f}"
    if best == "claimed" and scores.get("claimed", 0) >= 0.7:
        return "claimed", f"factuality head: claimed {scores['claimed']:.2f}"
    return "actual", None


def chain_of(context: Context, sources: list[Source], parties: list[Actor]) -> list[Attribution]:
    """Speakers, relayers, outlet: the original speaker first, the outlet last."""
    names = {p.name.lower() for p in parties if p.name}
    chain = []
    for source in sources:
        a, b = trim(context.text, source.span)
        if a >= b:
            continue
        words = context.text[a:b]
        kind = "anonymous" if is_pronoun(words) else speaker_type(words)
        if any(name and (name in words.lower() or words.lower() in name) for name in names):
            kind = "party"
        chain.append(Attribution(words, kind, source.cue or None, (a, b)))
    outlet = context.report.source
    if outlet and not any(outlet.lower() in a.speaker.lower() for a in chain):
        chain.append(Attribution(outlet, "media"))
    return chain
