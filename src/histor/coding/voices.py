"""What a report says in its outlet's own voice: loaded words and for whom, whose tolls, deeds without doers.

Own voice is what stands outside quotation marks and outside anybody's reported speech. These are
observations about an outlet's words; none of them changes a coding.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from histor.coding.attribution import covers
from histor.coding.context import Context
from histor.coding.grammar import NOMINAL, Clause
from histor.coding.identify import Identifier
from histor.coding.phrases import actor
from histor.coding.speakers import sources_of, tells
from histor.coding.stance import Loaded, loaded_words
from histor.model.annotation import Mention, Span
from histor.model.records import Actor, Attribution, CodedReport, EventMention

_QUOTED = re.compile(r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»|(?<!\w)‘[^’\n]{1,80}’(?!\w)")
_WORD = re.compile(r"\w[\w'’-]*")
_ARMED_STATE = frozenset({"MIL", "COP", "SPY", "GOV"})
_ARMED_OTHER = frozenset({"REB", "UAF", "PRM", "CRM"})


@dataclass(frozen=True)
class LoadedUse:
    """A loaded word of a report: `about` is the party that it is used for, None where that is not said."""

    term: str
    text: str
    span: Span
    stance: str
    about: str | None
    own_voice: bool


@dataclass(frozen=True)
class TollRelayed:
    """A toll with the kind of speaker on whose word it stands; ``outlet`` where nobody is named."""

    speaker: str
    type: str
    killed: int | None


@dataclass(frozen=True)
class Deed:
    """An assault told by a verb: who did it, to whom (`side` of the victims), and whether the doer is named."""

    verb: str
    victims: str
    agent: bool
    passive: bool


@dataclass(frozen=True)
class ReportStance:
    """What one report says in its outlet's voice; `words` counts all its words."""

    source: str | None
    words: int
    own_words: int
    loaded: tuple[LoadedUse, ...]
    tolls: tuple[TollRelayed, ...]
    deeds: tuple[Deed, ...]


def observe(context: Context, coded: CodedReport, identifier: Identifier | None) -> ReportStance:
    """The observations of one report, in text order."""
    text = context.text
    quotes = [m.span() for m in _QUOTED.finditer(text)]
    reported = [_reported(context, clause) for clause in context.clauses]
    loaded = [
        use
        for clause, foreign in zip(context.clauses, reported, strict=True)
        if clause.sentence.kind != "stamp"
        for use in _loaded(context, clause, identifier, quotes, foreign)
    ]
    words = [m.start() for m in _WORD.finditer(text)]
    own = [w for w in words if not _inside(w, quotes) and not _foreign(context, w, reported)]
    first = [m for m in coded.event_mentions if m.retells is None]
    return ReportStance(
        coded.report.source, len(words), len(own), tuple(loaded), tuple(_tolls(context, identifier, first)), tuple(_deeds(context, first)),
    )  # fmt: skip


# --- voice -------------------------------------------------------------------------------------------


def _reported(context: Context, clause: Clause) -> frozenset[int]:
    """Words of a sentence that stand in somebody else's mouth; who is named as the source is not among them."""
    found: set[int] = set()
    for relation in context.attributions:
        if not tells(context, relation) or not covers(relation, (clause.sentence.start, clause.sentence.end)):
            continue
        sources = sources_of(context, relation)
        if not sources or all(_is_outlet(context, s.text) for s in sources):
            continue
        found.update(k for span in relation.content for k in clause.words_in(span))
    return frozenset(found)


def _is_outlet(context: Context, name: str) -> bool:
    outlet = context.report.source
    return bool(outlet) and (name.lower() in str(outlet).lower() or str(outlet).lower() in name.lower())


def _inside(offset: int, ranges: Sequence[Span]) -> bool:
    k = bisect_right(ranges, offset, key=lambda r: r[0]) - 1
    return k >= 0 and offset < ranges[k][1]


def _foreign(context: Context, offset: int, reported: Sequence[frozenset[int]]) -> bool:
    if not context.clauses:
        return False
    k = context.sentence_of(offset)
    word = context.clauses[k].word_at(offset)
    return word is not None and word in reported[k]


# --- loaded words ------------------------------------------------------------------------------------


def _loaded(
    context: Context, clause: Clause, identifier: Identifier | None, quotes: Sequence[Span], foreign: frozenset[int]
) -> list[LoadedUse]:
    found = []
    for span, entry in loaded_words(clause.sentence):
        head = clause.head_of(span)
        own = not _inside(span[0], quotes) and (head is None or head not in foreign)
        about = _about(context, clause, identifier, span, entry) if head is not None else None
        found.append(LoadedUse(entry.text, context.text[span[0] : span[1]], span, entry.stance, about, own))
    return found


def _about(context: Context, clause: Clause, identifier: Identifier | None, span: Span, entry: Loaded) -> str | None:
    """Whom a loaded word is used for: the name in its noun phrase, the doer of a feat, the victim of a deed."""
    head = clause.head_of(span)
    if head is None:
        return None
    if entry.kind in {"deeds", "feats"}:
        parties = clause.logical_objects(head) if entry.kind == "deeds" else clause.logical_subjects(head)
        names = [_party(context, identifier, clause, p) for p in parties]
        return next((n for n in names if n is not None), None)
    while clause.relation(head) in {"amod", "compound", "flat", "nmod:desc", "acl"} and clause.tokens[head].head >= 0:
        head = clause.tokens[head].head
    found = _party(context, identifier, clause, head)
    if found is None:
        beside = [
            *clause.dependents(head, "appos"),
            *([clause.tokens[head].head] if clause.relation(head) == "appos" else []),
        ]
        found = next((n for n in (_party(context, identifier, clause, k) for k in beside if k >= 0) if n), None)
    return found


def _party(context: Context, identifier: Identifier | None, clause: Clause, head: int) -> str | None:
    """The name of the party that a noun phrase names; None where it names nobody."""
    if clause.tokens[head].upos not in NOMINAL | {"ADJ"}:
        return None
    a, b = clause.phrase(head)
    names = [m for m in context.annotation.mentions if m.layer == "name" and a <= m.start and m.end <= b]
    names = [m for m in names if m.kind != "place" or m.start <= clause.tokens[head].start < m.end]
    loaded = [item for item in context.loaded[clause.sentence.index] if a <= item[0][0] and item[0][1] <= b]
    record = actor(context.text, (a, b), loaded)
    if record is None:
        return None
    if identifier is not None:
        record, _ = identifier.party(record)
    if record.id is not None:
        return record.name
    # "Takfiri" may be tagged as a name: a loaded word names nobody.
    spans = [item[0] for item in loaded if item[1] != "deeds"]
    return _named(context, identifier, [m for m in names if not any(x < m.end and m.start < y for x, y in spans)])


def _named(context: Context, identifier: Identifier | None, names: Sequence[Mention]) -> str | None:
    for mention in names:
        record = actor(context.text, (mention.start, mention.end), [])
        if record is not None and identifier is not None:
            record, _ = identifier.party(record)
        if record is not None and record.name is not None:
            return record.name
    return None


# --- tolls and deeds ---------------------------------------------------------------------------------


def _tolls(context: Context, identifier: Identifier | None, mentions: Sequence[EventMention]) -> list[TollRelayed]:
    found = []
    for mention in mentions:
        original = next((a for a in mention.attribution if a.span is not None), None)
        speaker = _speaker(context, identifier, original) if original is not None else "(the outlet itself)"
        for toll in mention.casualties:
            if toll.kind == "killed":
                killed = toll.best if toll.best is not None else toll.low
                found.append(TollRelayed(speaker, original.type if original else "outlet", killed))
    return found


def _speaker(context: Context, identifier: Identifier | None, link: Attribution) -> str:
    """A speaker under the name of the actors file, so that a monitor under five names is one."""
    if identifier is None or link.span is None:
        return link.speaker
    record = actor(context.text, link.span, [])
    known = identifier.party(record)[0] if record is not None else None
    return known.name if known is not None and known.id is not None and known.name else link.speaker


def _deeds(context: Context, mentions: Sequence[EventMention]) -> list[Deed]:
    """Assaults told by a verb that has a victim: "were killed" against "killed by the army"."""
    found = []
    for mention in mentions:
        clause = context.clauses[mention.sentence]
        head = clause.head_of(mention.trigger.span)
        if (
            mention.event_type != "ASSAULT"
            or head is None
            or clause.tokens[head].upos != "VERB"
            or not mention.recipients
        ):
            continue
        passive = clause.is_passive(head)
        subjects = clause.logical_subjects(head)
        named = any(clause.tokens[s].upos in NOMINAL for s in subjects)
        intransitive = not passive and not clause.logical_objects(head)
        # Of "12 people died" the subject is no doer; the coder's sides say so.
        if intransitive and named:
            spans = [a.span for a in mention.actors]
            named = any(x <= clause.tokens[s].start < y for s in subjects for x, y in spans)
        found.append(Deed(clause.lemma(head), victims_side(mention.recipients), named, passive))
    return found


def victims_side(recipients: Sequence[Actor]) -> str:
    """State forces, armed groups, civilians, or unclear where the victims' sectors say nothing or differ."""
    sides = set()
    for party in recipients:
        if party.sector in _ARMED_STATE:
            sides.add("state forces")
        elif party.sector in _ARMED_OTHER:
            sides.add("armed groups")
        elif party.sector is not None:
            sides.add("civilians")
    return sides.pop() if len(sides) == 1 else "unclear"
