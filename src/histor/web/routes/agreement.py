"""Coders and how far they agree; adjudication of the reports that two of them have coded."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from histor.agreement.machine import outcome, outcomes, times, unchanged
from histor.agreement.measure import agreement
from histor.jobs.adjudication import MACHINE, Pair, codings_of, double_coded, pairs, settle
from histor.jobs.clock import now
from histor.jobs.own import codebook_of
from histor.jobs.review import refresh_after
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import Rulings
from histor.model.records import EventMention
from histor.store.project import Transaction
from histor.web.answers import Json
from histor.web.identity import Who, needs
from histor.web.routes.reports import head

router = APIRouter(tags=["agreement"])

Coder = Annotated[str, Query(max_length=200)]


@router.get("/coders", summary="Coders, and what became of the machine's event mentions")
def coders(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """The machine is a coder too: how many of its event mentions were accepted as they were, edited, rejected, and in what time."""
    with request.app.state.project.read() as transaction:
        rulings, decisions = transaction.decisions.rulings(), transaction.decisions.all()
        seconds = transaction.access.times()
        made = Counter(d.coder for d in decisions)
        known = {c.id: c._asdict() for c in transaction.people.all()}
        closed = transaction.access.second_codings(state="done")
        machine = _machine(transaction, rulings)
    for name in made:
        known.setdefault(name, {"id": name, "name": name, "kind": "person", "added_at": None})
    items = [
        {**known[i], "decisions": made[i], "times": asdict(times(seconds[d.id] for d in decisions if d.coder == i and d.id in seconds))}
        for i in sorted(known)
    ]  # fmt: skip
    actions = {
        action: asdict(times(seconds[d.id] for d in decisions if d.action == action and d.id in seconds))
        for action in sorted({d.action for d in decisions if d.id in seconds})
    }
    second = sorted({s.coder for s in closed})
    blind = {
        name: asdict(times(s.seconds / len(s.mentions) for s in closed if s.coder == name and s.mentions))
        for name in second
    }
    return Json(
        {"items": items, "second_coders": second, "compare": [MACHINE, *second], "actions": actions, "blind": blind, **machine}
    )  # fmt: skip


def _machine(transaction: Transaction, rulings: Rulings) -> dict[str, Any]:
    """What became of the machine's event mentions: counts, the rate of those accepted unchanged, and both by event type."""
    own = {i: rows for i, rows in rulings.by_mention.items() if i not in {d.subject for d in rulings.added}}
    by_type: dict[str, Counter[str]] = {}
    for stored in transaction.mentions.many(sorted(own)):
        by_type.setdefault(stored.mention.event_type, Counter())[outcome(own[stored.mention.id])] += 1
    counts = outcomes(own)
    types = [
        {"event_type": name, **found, "unchanged": asdict(unchanged(found))}
        for name, found in sorted(by_type.items(), key=lambda kv: (-kv[1].total(), kv[0]))
    ]
    return {"machine": counts, "unchanged": asdict(unchanged(counts)), "by_type": types}


@router.get("/agreement", summary="How far two coders agree over the reports that both have coded")
def compare(
    request: Request,
    _: Annotated[Who, needs("adjudicate")],
    first: Coder = MACHINE,
    second: Coder = "",
    seed: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> Response:
    """``machine`` is the machine's coding; other names are second coders with closed codings."""
    with request.app.state.project.read() as transaction:
        both = double_coded(transaction, first, second)
        found = agreement(codings_of(transaction, first, both), codings_of(transaction, second, both), seed)
    return Json(asdict(found) | {"first": first, "second": second})


# --- adjudication ----------------------------------------------------------------------------------


@router.get("/adjudication", summary="The reports that two coders have coded, with what is left to settle")
def adjudication(
    request: Request, _: Annotated[Who, needs("adjudicate")], first: Coder = MACHINE, second: Coder = ""
) -> Response:
    """In the order in which they were given out: pairs that match, differ, are missed or extra, and those settled."""
    with request.app.state.project.read() as transaction:
        both = double_coded(transaction, first, second)
        found = pairs(transaction, first, second, both)
        reports = {r.id: r for r in transaction.reports.many(both)}
    items = [{"report": head(reports[r]), **_counts(found[r])} for r in both if r in reports]
    return Json({"items": items, "first": first, "second": second})


def _counts(found: list[Pair]) -> dict[str, int]:
    kinds = Counter(p.kind for p in found)
    open_ = sum(1 for p in found if p.kind != "same" and not p.settled)
    return {k: kinds.get(k, 0) for k in ("same", "differs", "missed", "extra")} | {"pairs": len(found), "open": open_}


@router.get("/adjudication/{report_id}", summary="Two codings of a report side by side")
def one_adjudication(
    report_id: str, request: Request, _: Annotated[Who, needs("adjudicate")], first: Coder = MACHINE, second: Coder = ""
) -> Response:
    """Its text and the pairs: each coder's event mention or null, the fields that differ, and what was settled on it."""
    with request.app.state.project.read() as transaction:
        report = transaction.reports.get(report_id)
        if report is None or report_id not in double_coded(transaction, first, second):
            raise InputError(
                "adjudication.unknown", "the two coders have not both coded this report.", where=report_id[:70]
            )
        found = pairs(transaction, first, second, [report_id])[report_id]
    return Json(
        {
            "report": head(report) | {"text": report.text},
            "first": first,
            "second": second,
            "pairs": [_shown(p) for p in found],
        }
    )


def _shown(pair: Pair) -> dict[str, Any]:
    return {
        "first": msgspec.to_builtins(pair.first), "second": msgspec.to_builtins(pair.second), "kind": pair.kind,
        "differs": list(pair.differs), "settled": [_line(d) for d in pair.settled],
    }  # fmt: skip


def _line(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(decision)
    return {name: found[name] for name in ("id", "action", "subject", "payload", "reason", "coder", "made_at")}


class Outcome(BaseModel):
    """What is made of a pair: `mention` as it shall be (null: there is none), the pair by the coders' ids for it."""

    model_config = ConfigDict(extra="forbid")
    first: str = Field(default="machine", max_length=200)
    second: str = Field(max_length=200)
    first_id: str | None = Field(default=None, max_length=128)
    second_id: str | None = Field(default=None, max_length=128)
    mention: dict[str, Any] | None
    note: str | None = Field(default=None, max_length=1000)
    seconds: float | None = Field(default=None, ge=0, le=86400, allow_inf_nan=False)


@router.post("/adjudication/{report_id}", status_code=201, summary="Settle a pair")
def settle_pair(report_id: str, given: Outcome, request: Request, who: Annotated[Who, needs("adjudicate")]) -> Response:
    """Adds decisions of yours: an edit of each field that changes, an acceptance, a rejection, or an addition."""
    mention = _mention(given.mention) if given.mention is not None else None
    with request.app.state.project.write() as transaction:
        if report_id not in double_coded(transaction, given.first, given.second):
            raise InputError(
                "adjudication.unknown", "the two coders have not both coded this report.", where=report_id[:70]
            )
        made = settle(
            transaction, report_id, given.first, given.second, (given.first_id, given.second_id), mention,
            coder=who.name, made_at=now(), note=given.note, codebook=codebook_of(request.app.state.project),
        )  # fmt: skip
        if given.seconds is not None:
            transaction.access.took(made[-1].id, given.seconds)
    refresh_after(request.app.state.project, made)
    with request.app.state.project.read() as transaction:
        found = pairs(transaction, given.first, given.second, [report_id])[report_id]
    return Json({"decisions": [_line(d) for d in made], "pairs": [_shown(p) for p in found]}, status_code=201)


def _mention(given: dict[str, Any]) -> EventMention:
    try:
        return msgspec.convert(given, EventMention)
    except msgspec.ValidationError as error:
        raise InputError("mention.shape", f"the event mention does not fit ({error}).") from error
