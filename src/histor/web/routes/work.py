"""Work of many: jobs, and second codings that see nobody else's."""

from __future__ import annotations

import base64
import binascii
import random
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from histor.codebook.codebook import Codebook
from histor.codebook.codes import check_mention
from histor.export.formats import FORMATS
from histor.jobs.clock import now
from histor.jobs.matching import check_rule
from histor.jobs.own import codebook_of
from histor.jobs.second import own_coding
from histor.model.errors import InputError
from histor.model.records import EventMention
from histor.store.access import RUNNING, Job, SecondCoding
from histor.store.project import Transaction
from histor.web.answers import Json
from histor.web.identity import Who, needs, not_blind
from histor.web.kinds import EXPORTS, filter_of, release_name
from histor.web.problems import Refusal
from histor.web.routes.reports import head

router = APIRouter(tags=["work"])


class NewJob(BaseModel):
    """What each kind takes.

    `ingest`: name and content (base64), and source and published for reports without; `estimate`: rule; `export`: format
    and filter (a query string, as lists have it).
    """

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(pattern="^(ingest|recode|match|estimate|export|release)$")
    rule: str | None = Field(default=None, max_length=100)
    format: str | None = Field(default=None, max_length=100)
    filter: str | None = Field(default=None, max_length=4000)
    name: str | None = Field(default=None, max_length=200, pattern=r"^[^/\\]+\.(txt|md|html|jsonl|csv)$")
    content: str | None = None
    source: str | None = Field(default=None, max_length=200)
    published: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$")
    title: str | None = Field(default=None, max_length=300)
    version: str | None = Field(default=None, max_length=50, pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]*$")
    authors: list[Annotated[str, Field(min_length=1, max_length=200)]] | None = Field(default=None, max_length=100)
    licence: str | None = Field(default=None, max_length=100, pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]*$")
    description: str | None = Field(default=None, max_length=2000)
    with_text: bool | None = None


@router.get("/jobs", summary="Jobs, the newest first")
def jobs(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    with request.app.state.project.read() as transaction:
        return Json({"items": [shown(j) for j in transaction.access.jobs()]})


def shown(job: Job) -> dict[str, Any]:
    """A job without what it was sent."""
    return {name: value for name, value in job._asdict().items() if name != "request"}


@router.post("/jobs", status_code=202, summary="Begin long work")
def add_job(given: NewJob, request: Request, who: Annotated[Who, needs("adjudicate")]) -> Response:
    """Answers at once; `Location` says where to look how far it is."""
    asked = {k: v for k, v in given.model_dump().items() if v is not None and k != "kind"}
    _check(given)
    job = request.app.state.worker.add(given.kind, asked, who.name)
    return Json(shown(job), status_code=202, headers={"location": f"/api/v1/jobs/{job.id}"})


def _check(given: NewJob) -> None:
    """Raises InputError or ConfigError for a request that could only fail."""
    if given.kind == "estimate":
        check_rule(given.rule or "")
    elif given.kind == "export":
        if given.format not in FORMATS:
            raise InputError(
                "export.format", f"there is no format {given.format!r}.", do=f"Choose among {', '.join(FORMATS)}."
            )
        filter_of(given.filter or "")
    elif given.kind == "release":
        if not (given.title or "").strip() or not given.version:
            raise InputError("job.request", "a release needs title and version.", do="Name it, and number it: 1.0.")
        filter_of(given.filter or "")
    elif given.kind == "ingest":
        if given.name is None or given.content is None:
            raise InputError("job.request", "an ingest needs name and content.", do="Send the file as base64.")
        try:
            base64.b64decode(given.content, validate=True)
        except (binascii.Error, ValueError):
            raise InputError("job.request", "the content is not base64.", do="Send the file as base64.") from None


@router.get("/jobs/{job_id}", summary="How far a job is")
def one_job(job_id: str, request: Request, _: Annotated[Who, needs("read")]) -> Response:
    with request.app.state.project.read() as transaction:
        return Json(shown(_found(transaction, job_id)))


def _found(transaction: Transaction, job_id: str) -> Job:
    job = transaction.access.job(job_id)
    if job is None:
        raise InputError("job.unknown", "there is no such job.", where=job_id[:70])
    return job


@router.get("/jobs/{job_id}/file", summary="The file that an export or release made")
def job_file(job_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """404 while there is none, and once somebody has cleared it away.

    A release holds everybody's decisions, and so is refused (403) to who has reports yet to code blind.
    """
    with request.app.state.project.read() as transaction:
        job = _found(transaction, job_id)
        if job.kind == "release":
            not_blind(transaction, who, transaction.access.blind_to(who.name))
    path = request.app.state.project.folder / EXPORTS / str((job.result or {}).get("file", ""))
    if job.kind not in {"export", "release"} or job.state != "done" or not path.is_file():
        raise Refusal(404, "job.file", "this job has no file.", "Begin the export again.")
    return FileResponse(path, filename=_called(job) + path.suffix)


def _called(job: Job) -> str:
    """What the file of a job is called where it is saved: a release by its title and version."""
    result = job.result or {}
    return "incidents" if job.kind == "export" else release_name(str(result["title"]), str(result["version"]))


@router.post("/jobs/{job_id}/cancel", status_code=202, summary="Tell a job to stop")
def cancel(job_id: str, request: Request, who: Annotated[Who, needs("adjudicate")]) -> Response:
    """What it has done so far stays done."""
    with request.app.state.project.write() as transaction:
        job = _found(transaction, job_id)
        if job.state not in RUNNING:
            raise Refusal(409, "job.over", f"the job is {job.state} already.")
        changes: dict[str, Any] = {"cancel": True}
        if job.state == "waiting":
            changes |= {"state": "cancelled", "ended_at": now()}
        transaction.access.change_job(job_id, **changes)
        transaction.access.note(now(), who.name, "job cancelled", job_id)
        return Json(shown(_found(transaction, job_id)), status_code=202)


# --- second codings --------------------------------------------------------------------------------


class Sample(BaseModel):
    """Which part of the reports a second coder gets; the same seed draws the same ones."""

    model_config = ConfigDict(extra="forbid")
    coder: str = Field(min_length=1, max_length=200)
    percent: float = Field(gt=0, le=100)
    seed: int = Field(default=0, ge=0, le=2**31)


class Blind(BaseModel):
    """What a second coder has so far: event mentions as `histor code` writes them; `done` closes it."""

    model_config = ConfigDict(extra="forbid")
    mentions: list[dict[str, Any]] = Field(max_length=500)
    seconds: int = Field(default=0, ge=0, le=10**7)
    done: bool = False


@router.post("/second-codings", status_code=201, summary="Give a sample of reports to a second coder")
def assign(given: Sample, request: Request, who: Annotated[Who, needs("adjudicate")]) -> Response:
    """Drawn at random among the coded reports; those that the coder has already are not given again."""
    with request.app.state.project.write() as transaction:
        ids = sorted(transaction.reports.ids())
        count = max(1, round(len(ids) * given.percent / 100)) if ids else 0
        drawn = sorted(random.Random(given.seed).sample(ids, count))
        made = transaction.access.assign(drawn, given.coder, now())
        transaction.access.note(now(), who.name, f"second coding of {made} reports", given.coder)
    return Json({"assigned": made, "of": len(ids)}, status_code=201)


@router.get("/second-codings", summary="Second codings: yours, or all for who compares them")
def second_codings(
    request: Request, who: Annotated[Who, needs("review")], everyone: bool = False, state: str | None = None
) -> Response:
    """Without what was coded: that is not for the eyes of the others."""
    if everyone and not who.may("adjudicate"):
        raise Refusal(403, "permission", f"{who.role}s see their own second codings only.")
    with request.app.state.project.read() as transaction:
        found = transaction.access.second_codings(None if everyone else who.name, state)
        reports = {r.id: r for r in transaction.reports.many([s.report_id for s in found])}
    items = [_outline(s) | {"report": head(reports[s.report_id])} for s in found if s.report_id in reports]
    return Json({"items": items})


def _outline(coding: SecondCoding) -> dict[str, Any]:
    return {
        "report_id": coding.report_id, "coder": coding.coder, "state": coding.state, "mentions": len(coding.mentions),
        "seconds": coding.seconds, "assigned_at": coding.assigned_at, "done_at": coding.done_at,
    }  # fmt: skip


@router.get("/second-codings/{report_id}", summary="A report to be coded blind, with what you have so far")
def blind(report_id: str, request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """The text and your own event mentions, nobody else's and not the machine's."""
    with request.app.state.project.read() as transaction:
        coding = _assigned(transaction, report_id, who.name)
        report = transaction.reports.get(report_id)
    text = report.text if report else ""
    return Json(
        {"report": (head(report) if report else {}) | {"text": text}, "mentions": msgspec.to_builtins(coding.mentions),
         "seconds": coding.seconds, "state": coding.state}
    )  # fmt: skip


def _assigned(transaction: Transaction, report_id: str, coder: str) -> SecondCoding:
    found = transaction.access.second_coding(report_id, coder)
    if found is None:
        raise InputError("second-coding.unknown", "this report is not yours to code.", where=report_id[:70])
    return found


@router.put("/second-codings/{report_id}", summary="Keep or close a second coding")
def save_blind(report_id: str, given: Blind, request: Request, who: Annotated[Who, needs("review")]) -> Response:
    """Every trigger's words must be those at its span. A closed one is not opened again."""
    with request.app.state.project.write() as transaction:
        coding = _assigned(transaction, report_id, who.name)
        if coding.state == "done":
            raise Refusal(409, "second-coding.done", "this second coding is closed.")
        report = transaction.reports.get(report_id)
        book = codebook_of(request.app.state.project)
        mentions = checked(given.mentions, report.text if report else "", book)
        mentions = own_coding(transaction, report, who.name, mentions) if report else []
        transaction.access.save_second_coding(
            report_id, who.name, mentions, given.seconds, now() if given.done else None
        )
        return Json(_outline(_assigned(transaction, report_id, who.name)))


def checked(given: Sequence[dict[str, Any]], text: str, codebook: Codebook) -> list[EventMention]:
    """Event mentions whose words are those of the text. Raises InputError for the first that is none."""
    found = []
    for number, one in enumerate(given, 1):
        try:
            mention = msgspec.convert(one, EventMention)
        except msgspec.ValidationError as error:
            raise InputError("mention.shape", f"event mention {number} does not fit ({error}).") from error
        a, b = mention.trigger.span
        if text[a:b] != mention.trigger.text or not mention.trigger.text:
            raise InputError("mention.words", f"the words of event mention {number} are not those at {a} to {b}.")
        check_mention(mention, codebook)
        found.append(mention)
    return found
