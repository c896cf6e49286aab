"""What is derived from many reports, and what people decide about it.

Every record here is a row that is added, never changed: a person's decision, a matcher's judgement, a
claim. Incidents and estimates are computed from them anew, so that undoing a decision is one more row.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from histor.model.records import Acled, Actor, Date, Place, Ucdp


class MatchDecision(Struct, frozen=True, gc=False):  # made by the million, and in no cycle
    """A matcher's judgement on two tellings: ``positive``, ``negative`` or ``unsure``.

    `left` < `right` are the ids of the first event mentions of two tellings (see `retells`). `features`
    holds (name, value, contribution to the score) in the matcher's order; `score` is a probability.
    """

    left: str
    right: str
    judgement: str
    score: float
    features: tuple[tuple[str, float, float], ...]
    matcher: str


class Copy(Struct, frozen=True):
    """That a report repeats another's text: the whole of it or a part, and how much of it (0 to 1)."""

    report_id: str
    copy_of: str
    overlap: float
    partial: bool
    why: str


class LeftOut(Struct, frozen=True):
    """A claim that an estimate did not use, and the reason in words."""

    claim: str
    why: str


class Estimate(Struct, frozen=True):
    """The value of a property of an incident by a named rule; `low` ≤ `best` ≤ `high` where stated.

    None is *not stated*; zero is 0. `disputed` says that credible accounts exclude each other.
    """

    property: str
    rule: str
    low: int | None
    best: int | None
    high: int | None
    claims_used: tuple[str, ...]
    claims_left_out: tuple[LeftOut, ...]
    disputed: bool = False


class Incident(Struct, frozen=True):
    """Event mentions believed to tell of one real-world event, with what they say taken together.

    `id` is minted from the smallest founding event mention and never used for another; `event_mentions`
    are ids in order of report date, report and offset. `origins` counts independent origins among
    `reports`. `estimates` is keyed by property (killed, injured, …). `status` is ``machine``,
    ``accepted`` or ``rejected``.
    """

    id: str
    event_type: str
    acled: Acled | None
    ucdp: Ucdp | None
    place: Place | None
    date: Date | None
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    factuality: str
    event_mentions: tuple[str, ...]
    reports: int
    origins: int
    estimates: dict[str, Estimate]
    status: str = "machine"
    why: tuple[str, ...] = ()


class Decision(Struct, frozen=True):
    """What a person (or an import, as another coder) decided; rows are only ever added.

    `action` is accept, edit, reject, add, merge, split, unsure or undo. `subject` names what it is about
    (an event mention, an incident, a pair, a decision). `payload` holds what the action needs: the
    property and value of an edit, the event mentions of a merge or split (as at the time), the decision
    that is undone. `previous` is the digest of the row before, `digest` this row's: a chain that shows
    each change. `made_at` is an ISO date and time in UTC.
    """

    id: str
    action: str
    subject: str
    payload: dict[str, Any]
    reason: str | None
    coder: str
    made_at: str
    previous: str
    digest: str


class Run(Struct, frozen=True):
    """One execution: what coded or matched, with which versions, models and configuration."""

    id: str
    kind: str
    coder: str
    models: dict[str, str]
    configuration: str
    started_at: str
    finished_at: str | None = None
