"""Reports: search, pages, and one with its sentences, event mentions and relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response

from histor.coding.claims import ruled_claims
from histor.export.query import external
from histor.model.errors import InputError
from histor.model.ledger import Ruling
from histor.model.records import Report
from histor.store.mentions import Where
from histor.store.project import Transaction
from histor.web.answers import Json, tagged
from histor.web.catalogue import make_cursor, read_cursor
from histor.web.identity import Who, needs
from histor.web.problems import Refusal

router = APIRouter(tags=["reports"])


@router.get("/reports", summary="Reports, all or those that hold some words")
def list_reports(
    request: Request, _: Annotated[Who, needs("read")], search: str | None = None, cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:  # fmt: skip
    """With `search` the best first and no further page; an excerpt has the words found between « and »."""
    with request.app.state.project.read() as transaction:
        if search and search.strip():
            found = transaction.reports.search(search, limit)
            excerpts = {f.report_id: f.excerpt for f in found}
            reports = {r.id: r for r in transaction.reports.many(list(excerpts))}
            items = [head(reports[i]) | {"excerpt": excerpts[i]} for i in excerpts if i in reports]
            return Json({"items": items, "next": None, "total": len(items)})
        ids = transaction.reports.ids()
        start = read_cursor(cursor)[1] + 1 if cursor else 0
        some = ids[start : start + limit]
        items = [head(r) for r in transaction.reports.many(some)]
    end = start + len(some)
    return Json(
        {"items": items, "next": make_cursor(some[-1], end - 1) if some and end < len(ids) else None, "total": len(ids)}
    )


def head(report: Report) -> dict[str, Any]:
    """A report without its text."""
    return {
        "id": report.id, "external_id": external(report), "source": report.source, "published": report.published,
        "title": report.title, "language": report.language, "url": report.url if isinstance(report.url, str) else None,
    }  # fmt: skip


@router.get("/reports/{report_id}", summary="A report with its text, sentences, event mentions and relations")
def one_report(report_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """Offsets are code points of the text. Event mentions stand as people's decisions leave them.

    Refused (403) to who has yet to code the report blind.
    """
    return tagged(request, readable(request, report_id, who))


def readable(request: Request, report_id: str, who: Who) -> dict[str, Any]:
    """All that the report's page shows to somebody who may see it. Raises Refusal (403) to who has yet to code it blind."""
    with request.app.state.project.read() as transaction:
        if report_id in transaction.access.blind_to(who.name):
            raise Refusal(403, "second-coding.blind", "you code this report blind.", "Close your own coding first.")
        return full(transaction, report_id)


def full(transaction: Transaction, report_id: str) -> dict[str, Any]:
    """All that the report's page shows. Raises InputError (404) if there is none."""
    report = transaction.reports.get(report_id)
    if report is None:
        raise InputError("report.unknown", "there is no such report.", where=report_id[:70])
    coding = transaction.codings.current(report_id)
    coded = transaction.codings.coded(report_id)
    rulings = transaction.decisions.rulings()
    coders = {d.id: d.coder for d in transaction.decisions.all()}
    mentions = list(transaction.mentions.effective(rulings, Where(reports=[report_id])))
    incident_of = transaction.incidents.of([r.mention.id for r in mentions])
    return {
        "report": head(report) | {"text": report.text},
        "sentences": [msgspec.to_builtins(s) for s in transaction.codings.segments(coding.seq)] if coding else [],
        "mentions": [ruled(r, coders) | {"incident": incident_of.get(r.mention.id)} for r in mentions],
        "relations": msgspec.to_builtins(coded.relations) if coded else [],
        "copies": msgspec.to_builtins(transaction.matches.copies([report_id])),
        "origin": transaction.matches.origins([report_id]).get(report_id),
    }


def ruled(ruling: Ruling, coders: Mapping[str, str]) -> dict[str, Any]:
    """An event mention with what people decided on it and its claims; `coders` names the coder of each decision."""
    return {
        "mention": msgspec.to_builtins(ruling.mention), "status": ruling.status, "edited": ruling.edited,
        "claims": msgspec.to_builtins(ruled_claims(ruling, coders)),
    }  # fmt: skip
