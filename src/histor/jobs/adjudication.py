"""Adjudication: two codings of a report side by side, and what the adjudicator makes of each pair, as decisions.

A decision of an adjudicator bears a reason that begins with `MARK` and names the two coders, so that it is known what has been
settled. It lands on the record that goes into the dataset: the machine's event mention where there is one on those
words, else one that is added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from histor.agreement.align import align
from histor.agreement.differences import differing
from histor.codebook.codebook import Codebook
from histor.codebook.codes import check_mention
from histor.jobs.review import check_words
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import Ruling
from histor.model.records import EventMention
from histor.store.mentions import Where
from histor.store.project import Transaction

MACHINE = "machine"
"""The coder's name under which the machine's own codings are compared."""
MARK = "adjudicated between"


@dataclass(frozen=True)
class Pair:
    """What one or both coders have on the same words; `settled` are the decisions of adjudicators on it, in order."""

    first: EventMention | None
    second: EventMention | None
    differs: tuple[str, ...]
    settled: tuple[Decision, ...] = ()

    @property
    def kind(self) -> str:
        """``same``, ``differs``, ``missed`` (by the second) or ``extra`` (of the second)."""
        if self.first is None or self.second is None:
            return "missed" if self.second is None else "extra"
        return "differs" if self.differs else "same"


def codings_of(transaction: Transaction, coder: str, report_ids: Sequence[str]) -> dict[str, list[EventMention]]:
    """A coder's event mentions by report: the machine's current ones without retellings, a person's closed second codings."""
    if coder != MACHINE:
        closed = {s.report_id: list(s.mentions) for s in transaction.access.second_codings(coder, "done")}
        return {r: closed[r] for r in report_ids if r in closed}
    found: dict[str, list[EventMention]] = {r: [] for r in report_ids}
    if report_ids:
        for stored in transaction.mentions.find(Where(reports=list(report_ids))):
            if stored.mention.retells is None:
                found[stored.report_id].append(stored.mention)
    return found


def double_coded(transaction: Transaction, first: str, second: str) -> list[str]:
    """The reports that both coders have coded, in the order in which they were given out."""
    closed = {
        c: [s.report_id for s in transaction.access.second_codings(c, "done")] for c in {first, second} - {MACHINE}
    }
    lists = list(closed.values())
    if not lists:
        return []
    return [r for r in lists[0] if all(r in other for other in lists[1:])]


def pairs(transaction: Transaction, first: str, second: str, report_ids: Sequence[str]) -> dict[str, list[Pair]]:
    """The event mentions of two coders aligned, by report, in the order of the text."""
    one, other = codings_of(transaction, first, report_ids), codings_of(transaction, second, report_ids)
    machine = codings_of(transaction, MACHINE, report_ids)
    decided = _adjudicated(transaction)
    found = {}
    for report_id in report_ids:
        aligned = align(one.get(report_id, []), other.get(report_id, []))
        both = [Pair(a, b, differing(a, b)) for a, b in aligned.pairs]
        alone = [Pair(a, None, ()) for a in aligned.missed] + [Pair(None, b, ()) for b in aligned.extra]
        ordered = sorted([*both, *alone], key=lambda p: (_words(p).trigger.span, _words(p).id))
        found[report_id] = [_with_settled(p, machine.get(report_id, []), decided) for p in ordered]
    return found


def _words(pair: Pair) -> EventMention:
    found = pair.first or pair.second
    assert found is not None
    return found


def _adjudicated(transaction: Transaction) -> dict[str, list[Decision]]:
    """The decisions of adjudicators in force, by event mention."""
    rulings = transaction.decisions.rulings()
    found: dict[str, list[Decision]] = {}
    for mention_id, decision in (
        *((d.subject, d) for d in rulings.added),
        *((m, d) for m, rows in rulings.by_mention.items() for d in rows),
    ):
        if (decision.reason or "").startswith(MARK):
            found.setdefault(mention_id, []).append(decision)
    return found


def _with_settled(pair: Pair, machine: Sequence[EventMention], decided: Mapping[str, list[Decision]]) -> Pair:
    names = [m.id for m in (pair.first, pair.second) if m is not None]
    beside = align(machine, [_words(pair)]).pairs
    names += [m.id for m, _ in beside if m.id not in names]
    settled = tuple(d for name in names for d in decided.get(name, ()))
    return replace(pair, settled=settled)


# --- settling --------------------------------------------------------------------------------------


def settle(
    transaction: Transaction,
    report_id: str,
    first: str,
    second: str,
    asked: tuple[str | None, str | None],
    outcome: EventMention | None,
    *,
    coder: str,
    made_at: str,
    note: str | None = None,
    codebook: Codebook | None = None,
) -> list[Decision]:
    """Write what an adjudicator makes of a pair, named by the ids that the coders' event mentions have (`asked`).

    `outcome` is the event mention as it shall be, None where there is none. Gives the decisions that were added. Raises
    InputError if the two have no such pair, or the outcome's words are not the report's or its codes not the codebook's.
    """
    pair = next((p for p in pairs(transaction, first, second, [report_id])[report_id] if _ids(p) == asked), None)
    if pair is None:
        raise InputError(
            "adjudication.pair", "the two coders have no such pair on this report.", where=report_id[:70],
            do="Load the report again: one of the codings has changed.",
        )  # fmt: skip
    if outcome is not None:
        check_words(transaction, report_id, outcome)
        check_mention(outcome, codebook)
    reason = f"{MARK} {first} and {second}" + (f": {note}" if note else "")
    target = _target(transaction, report_id, pair, outcome)
    return [
        transaction.decisions.add(action, subject, coder=coder, made_at=made_at, payload=payload, reason=reason)
        for action, subject, payload in _steps(report_id, pair, target, outcome)
    ]


def _ids(pair: Pair) -> tuple[str | None, str | None]:
    return pair.first.id if pair.first else None, pair.second.id if pair.second else None


def _target(transaction: Transaction, report_id: str, pair: Pair, outcome: EventMention | None) -> Ruling | None:
    """The record that the decision lands on: the pair's own in the dataset, else the machine's on the same words."""
    rulings = transaction.decisions.rulings()
    mine = [i for i in _ids(pair) if i is not None]
    machine = {m.id: m for m in codings_of(transaction, MACHINE, [report_id])[report_id]}
    for added in rulings.additions():
        if added.mention.id in mine:
            return added
    own = next((machine[i] for i in mine if i in machine), None)
    if own is None:
        beside = align(list(machine.values()), [outcome or _words(pair)]).pairs
        own = beside[0][0] if beside else None
    return rulings.apply(report_id, own) if own is not None else None


Step = tuple[str, str, dict[str, object]]


def _steps(report_id: str, pair: Pair, target: Ruling | None, outcome: EventMention | None) -> list[Step]:
    if target is not None:
        if outcome is None:
            return [("reject", target.mention.id, {})]
        changed = differing(target.mention, outcome)
        edits: list[Step] = [
            ("edit", target.mention.id, {"property": n, "value": msgspec.to_builtins(getattr(outcome, n))})
            for n in changed
        ]
        return edits or [("accept", target.mention.id, {})]
    chosen = outcome or _words(pair)
    added: Step = ("add", chosen.id, {"report_id": report_id, "event_mention": msgspec.to_builtins(chosen)})
    # One that nobody wants is added and rejected, so that the ledger says it was looked at.
    return [added] if outcome is not None else [added, ("reject", chosen.id, {})]
