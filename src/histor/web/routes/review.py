"""Review: the queue, one event mention, decisions with undo and redo, drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from histor.jobs.clock import now
from histor.jobs.own import codebook_of
from histor.jobs.review import check_coding, mentions_of, put_back, refresh_after, take_back
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.ledger import Ruling
from histor.model.records import Report
from histor.store.mentions import Waiting, Where
from histor.store.project import Transaction
from histor.web.answers import Json, tagged
from histor.web.catalogue import make_cursor, read_cursor
from histor.web.identity import Who, needs, not_blind, not_blind_to
from histor.web.problems import Refusal
from histor.web.routes.incidents import around
from histor.web.routes.reports import head, ruled

router = APIRouter(tags=["review"])

Action = Literal["accept", "edit", "reject", "add", "merge", "split", "unsure"]


class NewDecision(BaseModel):
    """What is decided; `histor.model.ledger` has what each action needs in its payload. `seconds`: how long it took to decide."""

    model_config = ConfigDict(extra="forbid")
    action: Action
    subject: str = Field(min_length=1, max_length=128)
    payload: dict[str, Any] = {}
    reason: str | None = Field(default=None, max_length=2000)
    seconds: float | None = Field(default=None, ge=0, le=86400, allow_inf_nan=False)


@router.get("/queue", summary="Event mentions that nobody has decided on, report by report")
def queue(
    request: Request,
    who: Annotated[Who, needs("review")],
    event_type: Annotated[list[str] | None, Query()] = None,
    country: Annotated[list[str] | None, Query()] = None,
    report: str | None = None,
    at: str | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 30,
) -> Response:
    """In the order in which reports came in, then of the text; `total` counts what is left under the filter.

    `at` names an event mention to begin near, for a link to it.
    """
    asked = Where(countries=country or (), event_types=event_type or (), reports=[report] if report else ())
    with request.app.state.project.read() as transaction:
        rows = waiting(request, transaction, asked, who)
        start = _start(rows, cursor) if cursor or at is None else _near(rows, at)
        some = rows[start : start + limit]
        texts = {r.id: r for r in transaction.reports.many(sorted({row.report_id for row in some}))}
    items = [queued(row, texts) for row in some]
    end = start + len(some)
    following = make_cursor(some[-1].id, end - 1) if some and end < len(rows) else None
    return Json({"items": items, "next": following, "total": len(rows)})


def _start(rows: Sequence[Waiting], cursor: str | None) -> int:
    """Where the page begins: behind the cursor's item, or at its place if that has been decided meanwhile."""
    if cursor is None:
        return 0
    after, number = read_cursor(cursor)
    return next((k + 1 for k, row in enumerate(rows) if row.id == after), min(number, len(rows)))


def _near(rows: Sequence[Waiting], mention_id: str) -> int:
    """Where a page begins that shows an event mention with a few before it; the first one if it does not wait."""
    return max(0, next((k for k, row in enumerate(rows) if row.id == mention_id), 0) - 5)


def waiting(request: Request, transaction: Transaction, asked: Where, who: Who) -> list[Waiting]:
    """The event mentions that nobody has decided on, but those of reports that `who` has yet to code blind."""
    decided = transaction.decisions.rulings().by_mention
    blind = transaction.access.blind_to(who.name)
    held = request.app.state.waiting.rows(transaction, asked)
    return [row for row in held if row.id not in decided and row.report_id not in blind]


def queued(row: Waiting, texts: dict[str, Report]) -> dict[str, Any]:
    report = texts[row.report_id]
    return {
        "id": row.id, "report": head(report), "event_type": row.event_type, "factuality": row.factuality,
        "country": row.country, "earliest": row.earliest, "quote": around(report.text, (row.trigger_start, row.trigger_end), 120),
    }  # fmt: skip


@router.get("/event-mentions/{mention_id}", summary="An event mention as people's decisions leave it")
def one_mention(mention_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """With its claims, decisions and incident; the ETag is what a decision on it must match."""
    with request.app.state.project.read() as transaction:
        not_blind(transaction, who, [ruling_of(transaction, mention_id).report_id])
        found = full(transaction, mention_id)
    return tagged(request, found, found["tag"])


def full(transaction: Transaction, mention_id: str) -> dict[str, Any]:
    """All that the form shows. Raises InputError (404) if there is none."""
    ruling = ruling_of(transaction, mention_id)
    report = transaction.reports.get(ruling.report_id)
    about = transaction.decisions.about([mention_id])
    incident = transaction.incidents.of([mention_id]).get(mention_id)
    coders = {d.id: d.coder for d in about}
    return ruled(ruling, coders) | {
        "report": head(report) if report else None, "incident": incident, "tag": tag_of(about),
        "decisions": msgspec.to_builtins(about),
    }  # fmt: skip


def ruling_of(transaction: Transaction, mention_id: str) -> Ruling:
    """The event mention with what was decided on it. Raises InputError (404) if there is none."""
    rulings = transaction.decisions.rulings()
    stored = transaction.mentions.get(mention_id)
    if stored is not None:
        return rulings.apply(stored.report_id, stored.mention)
    for added in rulings.additions():
        if added.mention.id == mention_id:
            return added
    raise InputError("mention.unknown", "there is no such event mention.", where=mention_id[:70])


def tag_of(decisions: Sequence[Decision]) -> str:
    """What changes with each decision on a subject."""
    return hashlib.sha256("".join(d.digest for d in decisions).encode()).hexdigest()[:32]


@router.post("/decisions", status_code=201, summary="Decide")
def decide(
    given: NewDecision,
    request: Request,
    who: Annotated[Who, needs("review")],
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Append a decision. With If-Match it is refused (412) if somebody decided on the subject since you looked."""
    with request.app.state.project.write() as transaction:
        _check_fresh(transaction, given.subject, if_match)
        named = mentions_of([Decision("", given.action, given.subject, given.payload, None, "", "", "", "")])
        not_blind(transaction, who, [s.report_id for s in transaction.mentions.many(named)])
        check_coding(transaction, codebook_of(request.app.state.project), given.action, given.subject, given.payload)
        row = transaction.decisions.add(
            given.action, given.subject, coder=who.name, made_at=now(), payload=given.payload, reason=given.reason
        )
        if given.seconds is not None:
            transaction.access.took(row.id, given.seconds)
    refresh_after(request.app.state.project, [row])
    return _decided(request, [row])


class NewEdits(BaseModel):
    """The fields of an event mention that a person set in one form, with their values. `seconds`: how long it took."""

    model_config = ConfigDict(extra="forbid")
    subject: str = Field(min_length=1, max_length=128)
    fields: dict[str, Any] = Field(min_length=1, max_length=20)
    seconds: float | None = Field(default=None, ge=0, le=86400, allow_inf_nan=False)


@router.post("/edits", status_code=201, summary="Edit several fields of an event mention at once")
def edits(
    given: NewEdits,
    request: Request,
    who: Annotated[Who, needs("review")],
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Appends a decision a field, all or none; one undo takes them back together. If-Match as for a decision."""
    book = codebook_of(request.app.state.project)
    with request.app.state.project.write() as transaction:
        _check_fresh(transaction, given.subject, if_match)
        not_blind(transaction, who, [s.report_id for s in transaction.mentions.many([given.subject])])
        made_at, rows = now(), []
        for name, value in given.fields.items():
            payload = {"property": name, "value": value}
            check_coding(transaction, book, "edit", given.subject, payload)
            rows.append(
                transaction.decisions.add("edit", given.subject, coder=who.name, made_at=made_at, payload=payload)
            )
        if given.seconds is not None:
            transaction.access.took(rows[0].id, given.seconds)  # of the first: the others were made with it
    refresh_after(request.app.state.project, rows)
    return _decided(request, rows)


def _check_fresh(transaction: Transaction, subject: str, if_match: str | None) -> None:
    """Refuses (412) if somebody decided on the subject since the tag was read."""
    about = transaction.decisions.about([subject])
    if if_match is not None and if_match.strip().removeprefix("W/").strip('"') != tag_of(about):
        last = about[-1] if about else None
        raise Refusal(412, "decision.stale", _stale(last), changed=msgspec.to_builtins(last) if last else None)


def _stale(last: Decision | None) -> str:
    if last is None:
        return "a decision on this was taken back since you looked."
    return (
        f"{last.coder} decided on this ({last.action}) at {last.made_at[:16].replace('T', ' ')} UTC, after you looked."
    )


def _decided(request: Request, rows: Sequence[Decision]) -> Response:
    """The last of the rows that were added, how many they are, and the tag that the next decision must match."""
    with request.app.state.project.read() as transaction:
        tag = tag_of(transaction.decisions.about([rows[-1].subject]))
    answer = {"decision": msgspec.to_builtins(rows[-1]), "decisions": len(rows), "tag": tag}
    return Json(answer, status_code=201, headers={"etag": f'"{tag}"'})


@router.post("/undo", status_code=201, summary="Take back what you did last and still stands")
def undo(request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """Adds an undo for each decision that was made in one act, such as the fields of a form; 409 if nothing of yours stands."""
    return _turn(request, who, back=True)


@router.post("/redo", status_code=201, summary="Put back what you took back last")
def redo(request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """Undoes what your last undo added, unless a decision of yours came after it; 409 if there is nothing."""
    return _turn(request, who, back=False)


def _turn(request: Request, who: Who, back: bool) -> Response:
    rows = take_back(request.app.state.project, who.name) if back else put_back(request.app.state.project, who.name)
    if not rows:
        raise Refusal(409, "undo.nothing", f"there is nothing to {'undo' if back else 'redo'}.")
    return _decided(request, rows)


@router.get("/decisions", summary="Decisions, the newest first")
def decisions(
    request: Request, who: Annotated[Who, needs("read")], coder: str | None = None, cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:  # fmt: skip
    """Of one coder or of all; none on reports that you have yet to code blind."""
    with request.app.state.project.read() as transaction:
        seen = not_blind_to(transaction, who, transaction.decisions.all())
        rows = [d for d in reversed(seen) if coder is None or d.coder == coder]
    start = next((k + 1 for k, d in enumerate(rows) if d.id == read_cursor(cursor)[0]), 0) if cursor else 0
    some = rows[start : start + limit]
    end = start + len(some)
    following = make_cursor(some[-1].id, end - 1) if some and end < len(rows) else None
    return Json({"items": msgspec.to_builtins(some), "next": following, "total": len(rows)})


# --- drafts ----------------------------------------------------------------------------------------


class Draft(BaseModel):
    """An unfinished form: whatever the page needs to show it again."""

    model_config = ConfigDict(extra="forbid")
    payload: dict[str, Any]


@router.get("/drafts/{subject}", summary="Your unfinished form on a subject")
def draft(subject: str, request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """``null`` where there is none."""
    with request.app.state.project.read() as transaction:
        return Json({"payload": transaction.people.draft(who.name, subject)})


@router.put("/drafts/{subject}", status_code=204, summary="Keep an unfinished form")
def save_draft(subject: str, given: Draft, request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """One a person and subject; a later one takes its place."""
    if len(subject) > 200:
        raise InputError("draft.subject", "the subject is too long.")
    with request.app.state.project.write() as transaction:
        transaction.people.save_draft(who.name, subject, given.payload, now())
    return Response(status_code=204)


@router.delete("/drafts/{subject}", status_code=204, summary="Forget an unfinished form")
def drop_draft(subject: str, request: Request, who: Annotated[Who, needs("review")]) -> Response:
    with request.app.state.project.write() as transaction:
        transaction.people.drop_draft(who.name, subject)
    return Response(status_code=204)
