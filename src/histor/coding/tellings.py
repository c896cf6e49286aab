"""One event told several times in a report: joined in a sentence, linked across sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from histor.coding.candidates import Candidate
from histor.coding.matcher import Match
from histor.model.records import EventMention

ONE = 0.5  # least score at which two triggers of one sentence become one mention


def merge_tellings(candidates: list[Candidate]) -> list[Candidate]:
    """Two triggers of one event in one sentence become one mention; links are renumbered."""
    keep: list[Candidate] = []
    place_of: dict[int, int] = {}
    for k, candidate in enumerate(candidates):
        target = candidate.retells
        into = keep[place_of[target]] if target in place_of else None
        if into is not None and into.sentence == candidate.sentence and candidate.retells_score >= ONE:
            absorb(into, candidate)
            place_of[k] = place_of[target]
            continue
        candidate.retells = place_of.get(target, -1)
        place_of[k] = len(keep)
        keep.append(candidate)
    return keep


def absorb(into: Candidate, other: Candidate) -> None:
    """Put `other` into `into`; the clearly better trigger stays the trigger."""
    own = into.match
    if other.score > into.score + 0.2:
        into.span, into.head, into.proposal = other.span, other.head, other.proposal
        into.score, into.match = other.score, other.match or into.match
    into.match = _with_doer(into.match, own, other.match)
    for role, spans in other.roles.items():
        have = into.roles.setdefault(role, [])
        have.extend(s for s in spans if not any(s[0][0] < b and s[0][1] > a for (a, b), _ in have))
    into.why = [*into.why, *(f"also: {w}" for w in other.why)]


def _with_doer(match: Match | None, *told: Match | None) -> Match | None:
    """A frame without a doer ("in a raid") with the doer of the one told with it ("forces killed three in a raid")."""
    if match is None or match.roles.get("actor"):
        return match
    doers = next((m.roles["actor"] for m in told if m is not None and m.roles.get("actor")), [])
    return replace(match, roles={**match.roles, "actor": doers}) if doers else match


def as_retelling(mention: EventMention, target: str | None) -> EventMention:
    """The mention with its link to the first telling of its event, if there is one."""
    if target is None or target == mention.id:
        return mention
    return msgspec.structs.replace(mention, retells=target)


_REAL = frozenset({"actual", "claimed", "denied", "historical"})


def with_shared(mentions: Sequence[EventMention]) -> list[EventMention]:
    """Linked tellings, each with the day and the place that another telling of its event gives and it lacks.

    The nearest telling that has them lends them; what was planned or feared lends to nothing that was, nor borrows.
    """
    groups: dict[str, list[int]] = {}
    for k, mention in enumerate(mentions):
        groups.setdefault(mention.retells or mention.id, []).append(k)
    found = list(mentions)
    for group in groups.values():
        told = [k for k in group if mentions[k].factuality in _REAL]
        for k in told if len(told) > 1 else ():
            others = sorted(
                (j for j in told if j != k), key=lambda j: (abs(mentions[j].sentence - mentions[k].sentence), j)
            )
            found[k] = _borrowed(mentions[k], [mentions[j] for j in others])
    return found


def _borrowed(mention: EventMention, others: Sequence[EventMention]) -> EventMention:
    date, place = mention.date, mention.place
    if date is None or date.source == "published":
        date = next(
            (o.date for o in others if o.date is not None and o.date.span is not None and o.date.earliest), date
        )
    if place is None:
        place = next((o.place for o in others if o.place is not None), None)
    return msgspec.structs.replace(mention, date=date, place=place)
