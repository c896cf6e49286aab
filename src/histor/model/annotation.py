"""What an engine gives: sentences with their parse, mentions, and proposed event mentions.

All offsets count code points of the report's stored text. Every engine gives the same types, so
coding does not know which one ran.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Span = tuple[int, int]
"""Half-open range of code points of the stored text."""

MentionKind = Literal["person", "organisation", "armed_group", "place", "nationality", "date", "quantity", "weapon"]


class Token(Struct, frozen=True, gc=False):
    """A word with its analysis in Universal Dependencies.

    `head` is the index of the governing word in the same sentence, -1 for the root; `feats` is the
    UD feature string (``Number=Plur``) or ``_``.
    """

    text: str
    start: int
    end: int
    lemma: str
    upos: str
    feats: str
    head: int
    relation: str


class Sentence(Struct, frozen=True):
    """A segment of the report; `kind` is headline, stamp, dateline or body."""

    index: int
    start: int
    end: int
    kind: str
    tokens: tuple[Token, ...]


class Mention(Struct, frozen=True, gc=False):
    """A span that names an actor, place, date, quantity or weapon; `score` is 0 to 1.

    `layer` is ``name`` for proper names of people, organisations and places, and ``phrase`` for the
    wider reading that takes in descriptions ("the security forces"). The two may overlap.
    """

    kind: str
    start: int
    end: int
    score: float
    layer: str


class RoleSpan(Struct, frozen=True, gc=False):
    """A span that an engine takes to fill `role` of a proposed event mention."""

    role: str
    start: int
    end: int
    score: float


class Proposal(Struct, frozen=True):
    """An event mention as a learned engine proposes it; coding decides what becomes of it.

    `score` is the probability that the span is a trigger at all; the dictionaries give the
    probability of each likely value. `retells` is the index of an earlier proposal that seems to
    tell the same event, or -1, with `retells_score`.
    """

    sentence: int
    start: int
    end: int
    score: float
    types: dict[str, float]
    modes: dict[str, float]
    sub_events: dict[str, float]
    factualities: dict[str, float]
    roles: tuple[RoleSpan, ...]
    retells: int = -1
    retells_score: float = 0.0


class StatedToll(Struct, frozen=True, gc=False):
    """Words that say how many were killed, injured, captured, displaced or missing (`kind`)."""

    kind: str
    span: Span


class StatedSpeaker(Struct, frozen=True, gc=False):
    """Who is said to have said it, with the cue words if the engine names them."""

    span: Span
    cue: Span | None = None


class EngineTelling(Struct, frozen=True):
    """An event mention that an engine reads out whole, roles and all; each value stands on words of the report.

    `quote` tells the event, `trigger` names it within the quote. `event_type`, `mode` and `factuality` are codes of
    the codebook. Who a party is, where a place lies, which days a date means and how many a toll counts is for
    coding to find out: the engine points at the words. `retells` is the index of an earlier telling that seems to be
    of the same event, or -1.
    """

    quote: Span
    trigger: Span
    event_type: str
    mode: str | None
    factuality: str
    actors: tuple[Span, ...] = ()
    recipients: tuple[Span, ...] = ()
    place: Span | None = None
    date: Span | None = None
    tolls: tuple[StatedToll, ...] = ()
    weapons: tuple[Span, ...] = ()
    speakers: tuple[StatedSpeaker, ...] = ()
    retells: int = -1


class Annotation(Struct, frozen=True):
    """Everything that one engine says of one report.

    `faint` holds the words that the engine does not propose as triggers but does not rule out either, None where
    it cannot say. `tellings` is None where the engine leaves it to coding to find the event mentions; else these are all, and
    proposals are not heard.
    """

    engine: str
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    tellings: tuple[EngineTelling, ...] | None = None
    faint: tuple[Span, ...] | None = None
