"""The factuality of an event mention, from all that speaks to it, with the reason.

In this order: words of drill and fiction, cues that leave no doubt, cues that the learned head does
not rule out, the head, the speakers, hearsay; then history. See docs/explanation/factuality.md.
"""

from __future__ import annotations

from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.factuality import certain_cue_of, cue_of, hearsay_of, speaks_of
from histor.coding.figurative import staged_of
from histor.coding.grammar import Clause
from histor.coding.history import OLD, history_of
from histor.coding.kinds import speaker_type
from histor.coding.speakers import VERBAL, Source, attributions_at, tells

LATE = 60  # days
DOUBT, WILL = 0.1, 0.02  # learned probability under which a cue, and a plain "will", is not believed
LEAST = 0.25  # probability of a learned value that nothing else speaks for or against
# What a speaker's kind of word makes of what would stand otherwise.
_UNDONE = {"forecast": ("planned", "claimed", "hypothetical"), "opinion": ("claimed",)}
_ONLOOKERS = frozenset({"expert", "ngo", "un", "medical", "media"})


def factuality_of(context: Context, candidate: Candidate, sources: list[Source]) -> tuple[str, str | None]:
    """The value with its reason: explicit cues, then the learned head, then the speaker.

    What is threatened stands as threatened, also where the threat itself is the event (coding manual).
    """
    clause = context.clauses[candidate.sentence]
    staged = staged_of(clause, candidate.head)
    if staged is not None:
        return "hypothetical", f"factuality: rehearsed or invented, “{staged}”"
    value, why = _factuality(context, candidate, sources)
    spoken = sources[0].kind if sources else ""
    if value in _UNDONE.get(spoken, ()):
        return spoken, f"factuality: {spoken} of {sources[0].text}"
    onlooker = bool(sources) and candidate.type != "THREATEN" and speaker_type(sources[0].text) in _ONLOOKERS
    if value == "threatened" and onlooker:
        return "forecast", f"factuality: forecast, as {sources[0].text} threatens nobody"
    if value in {"actual", "claimed"}:
        dates = context.dates[candidate.sentence]
        old = history_of(clause, candidate.head, dates, context.published, context.text)
        if old is not None:
            return "historical", f"factuality: historical, “{old}”"
    if candidate.type == "THREATEN" and value in {"actual", "claimed"}:
        return "threatened", "factuality: a threat"
    return value, why


def _factuality(context: Context, candidate: Candidate, sources: list[Source]) -> tuple[str, str | None]:
    clause = context.clauses[candidate.sentence]
    certain = certain_cue_of(clause, candidate.head)
    if certain is not None:
        return certain[0], f"factuality: {certain[0]}, {certain[1]}"
    cue = cue_of(clause, candidate.head)
    scores = dict(candidate.proposal.factualities) if candidate.proposal else {}
    near = context.clauses[max(0, candidate.sentence - 1) : candidate.sentence + 1]
    for value in ("denied", "forecast", "planned", "threatened"):
        if len(scores) > 1 and not speaks_of(near, value):
            scores.pop(value, None)
    if (len(scores) > 1 and not _may_be_old(context, candidate, near)) or _of_late(context, candidate):
        scores.pop("historical", None)
    doubt = WILL if cue is not None and cue[1].startswith("modal “will") else DOUBT
    if cue is not None and scores.get(cue[0], 0.0 if scores else 1.0) >= doubt:
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
    unsourced = [r for r in attributions_at(context, candidate.span) if r.frame == "raising" and not r.source]
    if unsourced:
        a, b = unsourced[0].cue[0]
        return "claimed", f"factuality: claimed, “{context.text[a:b]}” by nobody named"
    if best not in {"actual", "claimed"} and scores[best] >= LEAST:
        return best, f"factuality head: {best} {scores[best]:.2f}"
    if best == "claimed" and scores.get("claimed", 0) >= 0.9 and _partial(context, candidate):
        return "claimed", f"factuality head: claimed {scores['claimed']:.2f}"
    return "actual", None


def _of_late(context: Context, candidate: Candidate) -> bool:
    """Whether the sentence is dated to days of the last weeks and to nothing else."""
    own = context.dates[candidate.sentence]
    if context.published is None or not own:
        return False
    return all(d.granularity == "day" and d.latest and (context.published - d.latest).days <= LATE for d in own)


def _may_be_old(context: Context, candidate: Candidate, near: list[Clause]) -> bool:
    """Whether a learned "historical" can be right: a day within the year says no, a year before it or words of it yes."""
    days = [d.latest for d in context.dates[candidate.sentence] if d.latest is not None]
    if context.published is not None and days:
        return any(context.published - day > OLD for day in days)
    return bool(days) or speaks_of(near, "historical")


def _partial(context: Context, candidate: Candidate) -> bool:
    """Whether anybody speaks beside the event, or words take a side: else nothing makes it a claim.

    A headline is read with the whole report, whose speakers it leaves out.
    """
    own = {"our", "us", "we"}
    title = context.clauses[candidate.sentence].sentence.kind == "headline"
    beside = range(len(context.clauses)) if title else range(candidate.sentence - 1, candidate.sentence + 2)
    return (
        any(r.sentence in beside and tells(context, r) for r in context.attributions)
        or any(context.loaded[k] for k in beside if 0 <= k < len(context.loaded))
        or any(t.text.lower() in own for clause in context.clauses for t in clause.tokens)
    )
