"""How a report was read, sentence by sentence: parse, proposals, frames, ties, and what was decided and why.

Nothing is decided here: the same functions run as in coding, and what falls out on the way is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from histor.coding.candidates import AGREED, ALONE, BACKED, Candidate, find_candidates
from histor.coding.context import Context, make_context
from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon
from histor.coding.matcher import Match, match_frames
from histor.coding.ties import ties_of
from histor.model.annotation import Annotation, Proposal, Span
from histor.model.records import CodedReport, EventMention, Relation, Report

MOST = 3  # likeliest values shown of a proposal


@dataclass(frozen=True)
class SentenceExplained:
    """One sentence with the lines that explain it, each list in text order."""

    index: int
    kind: str
    text: str
    parse: tuple[str, ...]
    proposals: tuple[str, ...]
    frames: tuple[str, ...]
    ties: tuple[str, ...]
    coded: tuple[str, ...]
    not_coded: tuple[str, ...]


def explain(report: Report, annotation: Annotation, coded: CodedReport, lexicon: Lexicon) -> list[SentenceExplained]:
    """Every sentence of a report explained."""
    context = make_context(report, annotation, lexicon)
    kept = find_candidates(annotation, context.clauses, lexicon, context.tolls)
    return [_sentence(context, annotation, coded, lexicon, clause, kept) for clause in context.clauses]


def _sentence(
    context: Context,
    annotation: Annotation,
    coded: CodedReport,
    lexicon: Lexicon,
    clause: Clause,
    kept: list[Candidate],
) -> SentenceExplained:
    index, text = clause.sentence.index, context.text
    proposals = [p for p in annotation.proposals if p.sentence == index]
    matches = match_frames(clause, lexicon)
    mentions = [m for m in coded.event_mentions if m.sentence == index]
    here = [r for r in coded.relations if clause.sentence.start <= r.span[0] < clause.sentence.end]
    names = [c for c in kept if c.sentence == index]
    return SentenceExplained(
        index, clause.sentence.kind, " ".join(text[clause.sentence.start : clause.sentence.end].split()),
        tuple(tree(clause)),
        tuple(_proposal(text, p) for p in proposals),
        tuple(f"{m.why}: {m.frame.type}{f' {m.frame.mode}' if m.frame.mode else ''}{_parts(clause, m)}" for m in matches),
        tuple(f"{t.type}: {_word(clause, t.subject)} | {_word(clause, t.object)} ({t.why})" for t in ties_of(clause) if not t.named),
        tuple(line for m in mentions for line in _mention(m, coded)) + tuple(line for r in here for line in _relation(r)),
        tuple(_left_out(text, clause, annotation, proposals, matches, names, mentions)),
    )  # fmt: skip


# --- parse -------------------------------------------------------------------------------------------


def tree(clause: Clause) -> Iterator[str]:
    """The dependency tree, one word a line, indented below its governor, in the order of the text at each level."""
    roots = [i for i, t in enumerate(clause.tokens) if t.head < 0]
    stack = [(i, 0) for i in reversed(roots)]
    seen: set[int] = set()
    while stack:
        i, depth = stack.pop()
        if i in seen:
            continue
        seen.add(i)
        token = clause.tokens[i]
        yield f"{'  ' * depth}{token.text} [{token.relation} {token.upos} {token.lemma}]"
        stack.extend((c, depth + 1) for c in reversed(clause.children[i]))


def _word(clause: Clause, i: int) -> str:
    return clause.text(clause.phrase(i)) or clause.tokens[i].text


def _parts(clause: Clause, match: Match) -> str:
    filled = [f"{role} {', '.join(_word(clause, h) for h in heads)}" for role, heads in match.roles.items() if heads]
    return f" ({'; '.join(filled)})" if filled else ""


# --- proposals and decisions -------------------------------------------------------------------------


def _proposal(text: str, proposal: Proposal) -> str:
    """The heads' reading of one trigger in words, with probabilities."""
    parts = [f"“{text[proposal.start : proposal.end]}” is a trigger: {proposal.score:.2f}"]
    for name, values in (("type", proposal.types), ("mode", proposal.modes), ("factuality", proposal.factualities)):
        best = sorted(values.items(), key=lambda e: (-e[1], e[0]))[:MOST]
        parts.append(f"{name} " + ", ".join(f"{k or 'none'} {v:.2f}" for k, v in best))
    roles = [f"{r.role} “{text[r.start : r.end]}” {r.score:.2f}" for r in proposal.roles]
    return "; ".join([*parts, *([f"roles {', '.join(roles)}"] if roles else [])])


def _mention(mention: EventMention, coded: CodedReport) -> Iterator[str]:
    """The event mention in one line, then its reasons."""
    kind = mention.event_type + (f" {mention.mode}" if mention.mode else "")
    sides = [", ".join(p.name or p.text for p in side) or "?" for side in (mention.actors, mention.recipients)]
    yield f"“{mention.trigger.text}”: {kind}, {mention.factuality}, {sides[0]} → {sides[1]}, confidence {mention.confidence:.2f}"
    if mention.retells is not None:
        first = next(m for m in coded.event_mentions if m.id == mention.retells)
        yield f"  because it tells again what “{first.trigger.text}” of sentence {first.sentence} tells"
    for reason in mention.why:
        yield f"  because {in_words(reason)}"
    for link in mention.attribution:
        cue = f" (cue “{link.cue}”)" if link.cue else ""
        yield f"  on the word of {link.speaker}, {link.type}{cue}"


def _relation(relation: Relation) -> Iterator[str]:
    sides = [p.name or p.text for p in (relation.subject, relation.object)]
    yield f"relation {relation.type}: {sides[0]} | {sides[1]}, {relation.factuality}"
    for reason in relation.why:
        yield f"  because {in_words(reason)}"


def in_words(reason: str) -> str:
    """A reason of `why` as a clause that needs no knowledge of the code."""
    name, _, rest = reason.partition(": ")
    if name == "also":
        return f"{in_words(rest)}, too"
    if name == "place":
        return f"the place is {rest}"
    if name == "type head":
        kind, _, scores = rest.partition(" ")
        share, _, trigger = scores.partition(", trigger ")
        return f"the model reads the word as an event ({_percent(trigger)}) of type {kind} ({_percent(share)})"
    if name in {"mode head", "sub-event head", "factuality head"}:
        value, _, share = rest.rpartition(" ")
        what = {"mode head": "mode", "sub-event head": "sub-event type", "factuality head": "factuality"}[name]
        return f"the model gives the {what} {value} ({_percent(share)})"
    if reason.startswith("frame "):
        frame, _, words = reason.removeprefix("frame ").partition(" (")
        return f"the lexicon's frame “{frame}” has the words “{words.removesuffix(')')}”"
    if name == "crosswalk":
        return f"the codebook's crosswalk leads from type, mode and sides to {rest}"
    if name == "actor":
        return f"among the known actors {rest}"
    if name.startswith("relation "):
        return f"the words say so: {rest}"
    return f"{name}: {rest}" if rest else reason


def _percent(share: str) -> str:
    try:
        return f"{float(share):.0%}"
    except ValueError:
        return share


# --- what was not coded ------------------------------------------------------------------------------


def _left_out(
    text: str, clause: Clause, annotation: Annotation, proposals: list[Proposal], matches: list[Match],
    kept: list[Candidate], mentions: list[EventMention],
) -> Iterator[str]:  # fmt: skip
    """Proposals and frames of a sentence that came to nothing, each with the reason."""
    for proposal in proposals:
        span = (proposal.start, proposal.end)
        if any(_touch(span, m.trigger.span) for m in mentions):
            continue
        words = text[span[0] : span[1]]
        if any(c.proposal is proposal for c in kept):
            yield f"“{words}”: joined with another telling of the same event in this sentence, or no word that carries one"
            continue
        match = next((m for m in matches if m.head in clause.words_in(span)), None)
        agreed = match is not None and proposal.types.get(match.frame.type, 0.0) >= 0.2
        least = ALONE if match is None or not agreed else AGREED if match.frame.weak else BACKED
        beside = (
            f", with the frame “{match.frame.id}” beside it"
            if agreed and match is not None
            else ", with no frame of its type beside it"
        )
        yield f"“{words}”: the model's {proposal.score:.2f} is under the {least:.2f} that is asked for{beside}"
    for match in matches:
        token = clause.tokens[match.head]
        span = (token.start, token.end)
        if any(_touch(span, m.trigger.span) for m in mentions) or any(
            _touch(span, (p.start, p.end)) for p in proposals
        ):
            continue
        yield f"“{token.text}”: {_frame_alone(annotation, clause, match, mentions)}"


def _frame_alone(annotation: Annotation, clause: Clause, match: Match, mentions: list[EventMention]) -> str:
    name = f"the frame “{match.frame.id}” ({match.frame.type}) matches, but the model sees no event here"
    if clause.sentence.kind in {"stamp", "dateline"}:
        return f"a {clause.sentence.kind} tells no event"
    if match.frame.weak:
        return f"{name}, and the word often means something else"
    if annotation.proposals and any(m.event_type == match.frame.type for m in mentions):
        return f"{name}, and another {match.frame.type} of the sentence is coded"
    if annotation.proposals and match.frame.type != "ASSAULT":
        return f"{name}; only a fight may stand on the lexicon alone"
    return f"{name}, and neither two named sides nor a named place stand beside it"


def _touch(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]
