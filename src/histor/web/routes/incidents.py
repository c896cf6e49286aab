"""Incidents: pages, points for map and timeline, one with its ledger, two side by side, exports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from histor.export.formats import FORMATS, SUFFIXES
from histor.export.query import incident_record
from histor.export.schemes import country_name
from histor.jobs.comparing import Comparing
from histor.jobs.dataset import claims_in, dossier, export
from histor.jobs.matching import estimates_of
from histor.model.errors import InputError
from histor.model.filters import KEYS, IncidentFilter, parse_filter
from histor.model.incidents import Incident
from histor.store.project import Transaction
from histor.web.answers import Json, tagged
from histor.web.identity import Who, needs, not_blind

router = APIRouter(tags=["incidents"])

MEDIA = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "jsonl": "application/x-ndjson", "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
}  # fmt: skip
"""Media types by the end of a file's name."""


def the_filter(request: Request) -> IncidentFilter:
    """The filter in a query string; other names than the filter's are left to the route."""
    asked = {name: request.query_params.getlist(name) for name in KEYS if name in request.query_params}
    return parse_filter({name: [v for v in values if v] for name, values in asked.items()})


def summary(incident: Incident) -> dict[str, Any]:
    """An incident as lists show it."""
    place, date = incident.place, incident.date
    return {
        "id": incident.id, "event_type": incident.event_type,
        "sub_event_type": incident.acled.sub_event_type if incident.acled else None,
        "place": (place.name or place.text) if place else None, "admin1": place.admin1 if place else None,
        "country": place.country if place else None, "country_name": country_name(place.country) if place else None,
        "longitude": place.longitude if place else None, "latitude": place.latitude if place else None,
        "where_prec": place.where_prec if place else None,
        "earliest": date.earliest if date else None, "latest": date.latest if date else None,
        "date_prec": date.date_prec if date else None,
        "actors": [a.name or a.text for a in incident.actors], "recipients": [a.name or a.text for a in incident.recipients],
        "killed": _ends(incident, "killed"), "injured": _ends(incident, "injured"),
        "factuality": incident.factuality, "status": incident.status, "reports": incident.reports, "origins": incident.origins,
    }  # fmt: skip


def _ends(incident: Incident, name: str) -> dict[str, Any] | None:
    found = incident.estimates.get(name)
    if found is None:
        return None
    return {"low": found.low, "best": found.best, "high": found.high, "disputed": found.disputed, "rule": found.rule}


@router.get("/incidents", summary="Incidents that a filter takes, page by page")
def list_incidents(
    request: Request,
    _: Annotated[Who, needs("read")],
    sort: str = "date",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Takes the filter's names too: since, until, box, country, type, actor, factuality, where_prec, date_prec, deaths, status."""
    page = request.app.state.catalogue.page(the_filter(request), sort, cursor, limit)
    return Json({"items": [summary(i) for i in page.items], "next": page.next, "total": page.total})


@router.get("/incidents/points", summary="All incidents that a filter takes, as columns for map and timeline")
def points(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """One array a column, in the order of the date; those without a place have null coordinates and are counted."""
    found = request.app.state.catalogue.all(the_filter(request))
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for incident in found:
        place, date, killed = incident.place, incident.date, incident.estimates.get("killed")
        row = (
            incident.id, place.longitude if place else None, place.latitude if place else None,
            place.where_prec if place else None, date.earliest if date else None, date.latest if date else None,
            incident.event_type, killed.low if killed else None, killed.best if killed else None, killed.high if killed else None,
        )  # fmt: skip
        for name, value in zip(_COLUMNS, row, strict=True):
            columns[name].append(value)
    unplaced = sum(x is None for x in columns["longitude"])
    return Json({"total": len(found), "unplaced": unplaced, "columns": columns})


_COLUMNS = ("id", "longitude", "latitude", "where_prec", "earliest", "latest", "event_type", "low", "best", "high")


@router.get("/incidents/facets", summary="How many incidents there are by type, country and factuality, under a filter")
def facets(request: Request, _: Annotated[Who, needs("read")]) -> Response:
    """Counts for the choices of a filter, most first."""
    counts: dict[str, dict[str, int]] = {"type": {}, "country": {}, "factuality": {}, "status": {}}
    for i in request.app.state.catalogue.all(the_filter(request)):
        country = i.place.country if i.place else None
        for name, value in (
            ("type", i.event_type),
            ("country", country),
            ("factuality", i.factuality),
            ("status", i.status),
        ):
            if value:
                counts[name][value] = counts[name].get(value, 0) + 1
    return Json({name: sorted(found.items(), key=lambda kv: (-kv[1], kv[0])) for name, found in counts.items()})


@router.get("/incidents/{incident_id}", summary="An incident with its claims, estimates, tellings and links")
def one_incident(incident_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """A former id leads to the incident that took it in."""
    with request.app.state.project.read() as transaction:
        return tagged(request, full(transaction, incident_id, who))


def full(transaction: Transaction, incident_id: str, who: Who) -> dict[str, Any]:
    """All that the incident's page shows. Raises InputError (404) if there is none, Refusal if `who` codes it blind."""
    found = dossier(transaction, incident_id)
    if found is None:
        raise InputError("incident.unknown", "there is no such incident.", where=incident_id[:70])
    members = set(found.incident.event_mentions)
    report_ids = [r.id for r in found.reports]
    not_blind(transaction, who, report_ids)
    copies = {c.report_id: c.copy_of for c in transaction.matches.copies(report_ids)}
    links = [m for m in transaction.matches.of(sorted(members)) if {m.left, m.right} <= members]
    by_rule = estimates_of(transaction, found.incident)
    kept = [e for rule in sorted(by_rule) for e in by_rule[rule].values()]
    decided = transaction.decisions.about([found.incident.id, *sorted(members)])
    near = _near(transaction, members)
    return incident_record(found, copies) | {
        "why": list(found.incident.why),
        "tellings": [
            {"mention": msgspec.to_builtins(t.mention), "report_id": t.report.id, "quote": around(t.report.text, t.mention.trigger.span)}
            for t in found.tellings
        ],
        "claims": msgspec.to_builtins(claims_in(transaction, found)),
        "kept_estimates": msgspec.to_builtins(kept),
        "links": msgspec.to_builtins(links),
        "near": near,
        "origins_by_report": transaction.matches.origins(report_ids),
        "decisions": msgspec.to_builtins(decided),
    }  # fmt: skip


def _near(transaction: Transaction, members: set[str], most: int = 8) -> list[dict[str, Any]]:
    """Other incidents, the likeliest first, of which the matcher weighed whether they are this one."""
    across = [(m, m.right if m.left in members else m.left) for m in transaction.matches.of(sorted(members))]
    across = [(m, other) for m, other in across if other not in members]
    incident_of = transaction.incidents.of(sorted({other for _, other in across}))
    best: dict[str, float] = {}
    for m, other in across:
        if other in incident_of:
            best[incident_of[other]] = max(best.get(incident_of[other], 0.0), m.score)
    ordered = sorted(best, key=lambda i: (-best[i], i))[:most]
    held = {i.id: i for i in transaction.incidents.many(ordered)}
    return [summary(held[i]) | {"score": best[i]} for i in ordered if i in held]


def around(text: str, span: tuple[int, int], most: int = 240) -> dict[str, str]:
    """The words before, at and after a span, at most `most` code points on either side, within its paragraph."""
    a, b = span
    start = max(text.rfind("\n", 0, a) + 1, a - most)
    end = text.find("\n", b)
    end = min(len(text) if end < 0 else end, b + most)
    return {"before": text[start:a], "at": text[a:b], "after": text[b:end]}


@router.get("/incidents/{left}/compare/{right}", summary="Two incidents field by field, for a merge")
def compare(left: str, right: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    """Both incidents, and the judgements on pairs of their tellings."""
    with request.app.state.project.read() as transaction:
        one, other = full(transaction, left, who), full(transaction, right, who)
        mine, theirs = ([m["id"] for m in side["event_mentions"]] for side in (one, other))
        between = [
            m for m in transaction.matches.of(mine) if (m.left in mine and m.right in theirs) or (m.left in theirs and m.right in mine)
        ]  # fmt: skip
        weighed = compared(transaction, mine, theirs)
    return Json({"left": one, "right": other, "between": msgspec.to_builtins(between), **weighed})


def compared(transaction: Transaction, mine: list[str], theirs: list[str]) -> dict[str, Any]:
    """Two groups of event mentions as incidents, both as one, and what speaks for and against."""
    found = Comparing(transaction, [*mine, *theirs])
    return {
        "sides": msgspec.to_builtins([found.whole(mine), found.whole(theirs), found.whole([*mine, *theirs])]),
        "weighed": [asdict(w) for w in found.between(mine, theirs)],
    }


@router.get(
    "/incidents/{incident_id}/apart", summary="What an incident would be without some of its tellings, for a split"
)
def apart(
    incident_id: str,
    request: Request,
    who: Annotated[Who, needs("read")],
    mention: Annotated[list[str], Query(min_length=1, max_length=1000)],
) -> Response:
    """Both parts as incidents, the whole, and the judgements across. `mention` names the event mentions to take out."""
    with request.app.state.project.read() as transaction:
        found = transaction.incidents.get(incident_id)
        if found is None:
            raise InputError("incident.unknown", "there is no such incident.", where=incident_id[:70])
        not_blind(transaction, who, [s.report_id for s in transaction.mentions.many(found.event_mentions)])
        out = [m for m in found.event_mentions if m in set(mention)]
        rest = [m for m in found.event_mentions if m not in set(mention)]
        if not out or not rest:
            raise InputError(
                "incident.part", "a split leaves something on either side.", do="Name some of its event mentions."
            )
        return Json(compared(transaction, rest, out))


@router.get("/export", summary="The incidents that a filter takes, in a published scheme")
def export_incidents(
    request: Request, _: Annotated[Who, needs("read")], form: Annotated[str, Query(alias="format")] = "csv"
) -> Response:
    """Exactly what the same filter lists, as a file; `X-Left-Out` counts those that the scheme has no row for."""
    if form not in FORMATS:
        raise InputError("export.format", f"there is no format {form!r}.", do=f"Choose among {', '.join(FORMATS)}.")
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=16_000_000)  # noqa: SIM115 - closed when it has been sent
    done = export(request.app.state.project, form, spool, the_filter(request))
    spool.seek(0)
    suffix = SUFFIXES[form]
    headers = {
        "content-disposition": f'attachment; filename="incidents.{suffix}"', "x-written": str(done.written),
        "x-left-out": str(done.left_out),
    }  # fmt: skip
    return StreamingResponse(sent(spool), media_type=MEDIA[suffix], headers=headers)


def sent(spool: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece; it is closed behind the last."""
    with spool:
        while piece := spool.read(1 << 16):
            yield piece
