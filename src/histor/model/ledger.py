"""The ledger of decisions: how a row is chained, and what the rows together decide.

Decisions are folded in the order in which they were made; the later one wins. An ``undo`` takes one
decision out of the fold, an ``undo`` of that undo puts it back, so every state that was can be had again
by adding rows. What each action needs in its payload:

======== ======================================= =============================================================
action   subject                                 payload
======== ======================================= =============================================================
accept   an event mention, or a pair             ``{}``; for a pair ``{"left": id, "right": id}``: they tell one event
reject   an event mention, or a pair             the same; for a pair: they tell two
unsure   an event mention, or a pair             the same
edit     an event mention                        ``{"property": field of EventMention, "value": JSON}``
add      the id of the new event mention         ``{"report_id": id, "event_mention": {…}}``
merge    an incident                             ``{"event_mentions": [id, …]}``: all tell one event
split    an incident                             ``{"parts": [[id, …], …]}``: no two parts tell one event
undo     a decision                              ``{}``
======== ======================================= =============================================================
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from histor.model.canonical import canonical_json, digest
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.records import EventMention

ACTIONS = ("accept", "edit", "reject", "add", "merge", "split", "unsure", "undo")
GENESIS = "0" * 64
"""What the first decision has for `previous`."""

EDITABLE: dict[str, Any] = {
    field.name: field.type
    for field in msgspec.structs.fields(EventMention)
    if field.name not in {"id", "sentence", "trigger", "coder", "confidence", "why"}
}
"""Fields of an event mention that an edit may set, with their types."""


# --- the chain -----------------------------------------------------------------------------------


def decision_digest(decision: Decision) -> str:
    """The digest of a row: all its fields but `digest` itself, the digest of the row before among them."""
    fields = msgspec.structs.asdict(decision)
    del fields["digest"]
    return digest("decision", fields)


def decide(
    previous: str, action: str, subject: str, payload: dict[str, Any], reason: str | None, coder: str, made_at: str
) -> Decision:
    """The row that comes after the one with digest `previous`. Raises InputError for a payload that does not fit.

    `made_at` is an ISO date and time in UTC; the id follows from the content and the place in the chain.
    """
    check_payload(action, payload)
    reason = reason or None
    _check_storable(action, subject, payload, reason, coder, made_at)
    identity = [previous, action, subject, payload, reason, coder, made_at]
    row = Decision(digest("decision_id", identity), action, subject, payload, reason, coder, made_at, previous, "")
    return msgspec.structs.replace(row, digest=decision_digest(row))


def _check_storable(*values: Any) -> None:
    """Raises InputError for what neither UTF-8 nor databases hold, and for numbers that JSON has none of."""
    try:
        nul = any(isinstance(value, str) and "\0" in value for value in values)
        canonical_json(list(values))
    except (ValueError, TypeError) as error:
        raise InputError("decision.payload", f"the decision cannot be stored ({error}).") from error
    if nul:
        raise InputError("decision.payload", "the decision holds a NUL character.", do="Take it out.")


def check_chain(decisions: Iterable[Decision]) -> list[tuple[str, str]]:
    """What is wrong with a chain, as (decision id, what); nothing if it is whole."""
    wrong: list[tuple[str, str]] = []
    previous = GENESIS
    for row in decisions:
        if row.previous != previous:
            wrong.append((row.id, "it does not follow the decision before it"))
        if decision_digest(row) != row.digest:
            wrong.append((row.id, "it is not what its digest says"))
        identity = [row.previous, row.action, row.subject, row.payload, row.reason, row.coder, row.made_at]
        if digest("decision_id", identity) != row.id:
            wrong.append((row.id, "its id is not that of its content"))
        previous = row.digest
    return wrong


def check_payload(action: str, payload: Mapping[str, Any]) -> None:
    """Raises InputError unless `payload` is what `action` needs (see the table above)."""
    try:
        check: Callable[[Mapping[str, Any]], None] = _CHECKS[action]
        check(payload)
    except KeyError as error:
        what = (
            f"no action is called {action!r}." if action not in _CHECKS else f"{action} needs {error} in its payload."
        )
        raise InputError("decision.payload", what, do=f"Known actions: {', '.join(ACTIONS)}.") from error
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise InputError("decision.payload", f"the payload of {action} does not fit ({error}).") from error


def _check_pair(payload: Mapping[str, Any]) -> None:
    if payload:
        msgspec.convert([payload["left"], payload["right"]], tuple[str, str])


def _check_edit(payload: Mapping[str, Any]) -> None:
    if payload["property"] not in EDITABLE:
        raise ValueError(f"an edit cannot set {payload['property']!r}; it can set {', '.join(EDITABLE)}")
    msgspec.convert(payload["value"], EDITABLE[payload["property"]])


def _check_add(payload: Mapping[str, Any]) -> None:
    msgspec.convert(payload["report_id"], str)
    msgspec.convert(payload["event_mention"], EventMention)


def _check_split(payload: Mapping[str, Any]) -> None:
    parts = msgspec.convert(payload["parts"], list[list[str]])
    members = [m for part in parts for m in part]
    if len(parts) < 2 or not all(parts) or len(set(members)) < len(members):
        raise ValueError("a split needs at least two parts with at least one event mention each, none in two")


def _check_merge(payload: Mapping[str, Any]) -> None:
    if len(set(msgspec.convert(payload["event_mentions"], list[str]))) < 2:
        raise ValueError("a merge needs at least two event mentions")


def _check_nothing(_: Mapping[str, Any]) -> None:
    """An undo needs no more than its subject."""


_CHECKS = {
    "accept": _check_pair, "reject": _check_pair, "unsure": _check_pair, "edit": _check_edit, "add": _check_add,
    "merge": _check_merge, "split": _check_split, "undo": _check_nothing,
}  # fmt: skip


# --- what the rows decide ------------------------------------------------------------------------


class Judgement(Struct, frozen=True):
    """A person's word on a pair of event mentions (`left` < `right`).

    ``positive``: they tell one event; ``negative``: they do not; ``unsure``. `order` rises with the place
    in the ledger: where judgements contradict each other by way of third mentions, the higher one is to win.
    """

    left: str
    right: str
    judgement: str
    order: int
    decision: str


class Ruling(Struct, frozen=True):
    """What decisions make of one event mention.

    `status` is ``machine``, ``accepted``, ``rejected`` or ``unsure``; an edit or addition counts as accepted.
    `edited` names the decision of each field that a person set, `decisions` all that shaped it, in order.
    """

    report_id: str
    mention: EventMention
    status: str = "machine"
    edited: dict[str, str] = {}
    decisions: tuple[str, ...] = ()


class Rulings(Struct, frozen=True):
    """The ledger folded: decisions by mention in order, additions, and judgements on pairs.

    `by_mention` and the pairs are keyed by the ids that current codings have.
    """

    by_mention: dict[str, tuple[Decision, ...]]
    added: tuple[Decision, ...]
    pairs: tuple[Judgement, ...]

    def apply(self, report_id: str, mention: EventMention) -> Ruling:
        """The event mention as decisions leave it."""
        ruling = Ruling(report_id, mention)
        for decision in self.by_mention.get(mention.id, ()):
            ruling = _apply(ruling, decision)
        return ruling

    def additions(self) -> list[Ruling]:
        """The event mentions that people added, as later decisions leave them, in the order of addition."""
        found = []
        for decision in self.added:
            mention = msgspec.convert(decision.payload["event_mention"], EventMention)
            start = Ruling(decision.payload["report_id"], mention, "accepted", {}, (decision.id,))
            for later in self.by_mention.get(mention.id, ()):
                start = _apply(start, later)
            found.append(start)
        return found


_STATUS = {"accept": "accepted", "reject": "rejected", "unsure": "unsure", "edit": "accepted"}


def _apply(ruling: Ruling, decision: Decision) -> Ruling:
    edited, mention = ruling.edited, ruling.mention
    if decision.action == "edit":
        name = decision.payload["property"]
        value = msgspec.convert(decision.payload["value"], EDITABLE[name])
        mention = msgspec.structs.replace(mention, **{name: value})
        edited = {**edited, name: decision.id}
    return Ruling(ruling.report_id, mention, _STATUS[decision.action], edited, (*ruling.decisions, decision.id))


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that no undo in force has taken back, in order, without the undos themselves."""
    undone: set[str] = set()
    kept: list[Decision] = []
    # From the end: when a row is reached, every undo that could concern it is decided.
    for row in reversed(decisions):
        if row.id in undone:
            continue
        if row.action == "undo":
            undone.add(row.subject)
        else:
            kept.append(row)
    return kept[::-1]


def fold(decisions: Sequence[Decision], successors: Mapping[str, str] | None = None) -> Rulings:
    """What `decisions`, in the order of the ledger, decide together.

    `successors` leads from event mentions of superseded codings to those on the same words in the current
    ones (`succession`), so that decisions carry over.
    """
    now = _resolver(successors or {})
    by_mention: dict[str, list[Decision]] = {}
    added: dict[str, Decision] = {}
    pairs: dict[tuple[str, str], Judgement] = {}
    for order, row in enumerate(in_force(decisions)):
        for left, right, judgement in _pairs(row):
            a, b = sorted((now(left), now(right)))
            if a != b:
                pairs[a, b] = Judgement(a, b, judgement, order, row.id)
        if row.action == "add":
            added.pop(row.subject, None)  # one id is one event mention, however often it was sent
            added[row.subject] = row
        elif row.action in _STATUS and "left" not in row.payload:
            by_mention.setdefault(now(row.subject), []).append(row)
    return Rulings(
        {subject: tuple(rows) for subject, rows in sorted(by_mention.items())},
        tuple(added.values()),
        tuple(pairs[key] for key in sorted(pairs)),
    )


_JUDGEMENTS = {"accept": "positive", "reject": "negative", "unsure": "unsure"}


def _pairs(row: Decision) -> Iterable[tuple[str, str, str]]:
    """The pairs that a decision speaks on: (one, another, judgement)."""
    if row.action == "merge":
        return [(a, b, "positive") for a, b in itertools.combinations(row.payload["event_mentions"], 2)]
    if row.action == "split":
        across = itertools.combinations(row.payload["parts"], 2)
        return [(a, b, "negative") for one, other in across for a in one for b in other]
    if "left" in row.payload and row.action in _JUDGEMENTS:
        return [(row.payload["left"], row.payload["right"], _JUDGEMENTS[row.action])]
    return []


def _resolver(successors: Mapping[str, str]) -> Any:
    def now(mention: str) -> str:
        seen = {mention}
        while (later := successors.get(mention)) is not None and later not in seen:
            seen.add(later)
            mention = later
        return mention

    return now


# --- from one coding to the next -----------------------------------------------------------------


def succession(old: Sequence[EventMention], new: Sequence[EventMention]) -> dict[str, str | None]:
    """For each event mention of an older coding of a report, the newer one on the same words, or None.

    The words are the trigger's text and span. Where several stand on them, the one of the same event type
    is taken; where none is of that type, the only one; else none.
    """
    by_words: dict[tuple[str, tuple[int, int]], list[EventMention]] = {}
    for mention in new:
        by_words.setdefault((mention.trigger.text, mention.trigger.span), []).append(mention)
    found: dict[str, str | None] = {}
    for mention in old:
        there = by_words.get((mention.trigger.text, mention.trigger.span), [])
        same = [m for m in there if m.event_type == mention.event_type]
        chosen = same or (there if len(there) == 1 else [])
        found[mention.id] = chosen[0].id if chosen else None
    return {a: b for a, b in found.items() if a != b}
