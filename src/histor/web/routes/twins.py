"""Twins of the page's views: the same address with ``.json`` or ``.csv`` gives its rows, all of them, as a file.

`/incidents.csv?country=AFG` holds what `/incidents?country=AFG` lists. A view of one report or incident has its record as
``.json``, and as ``.csv`` its event mentions or claims.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Annotated, Any

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from histor.export.cells import Rows
from histor.store.mentions import Where
from histor.web.identity import Who, needs, not_blind_to
from histor.web.routes import incidents, reports, work
from histor.web.routes.reports import head
from histor.web.routes.review import queued, waiting

router = APIRouter(include_in_schema=False)

Row = Mapping[str, Any]
_encoder = msgspec.json.Encoder()
_AT_ONCE = 200
_ENDS = ("low", "best", "high", "disputed", "rule")

COLUMNS: dict[str, tuple[str, ...]] = {
    "incidents": (
        "id", "event_type", "sub_event_type", "earliest", "latest", "date_prec", "place", "admin1", "country", "country_name",
        "longitude", "latitude", "where_prec", "actors", "recipients", *(f"killed.{e}" for e in _ENDS),
        *(f"injured.{e}" for e in _ENDS), "factuality", "status", "reports", "origins",
    ),
    "reports": ("id", "external_id", "source", "published", "title", "language", "url", "excerpt"),
    "queue": (
        "id", "report.id", "report.source", "report.published", "report.title", "event_type", "factuality", "country", "earliest",
        "quote.before", "quote.at", "quote.after",
    ),
    "decisions": ("id", "action", "subject", "payload", "reason", "coder", "made_at", "previous", "digest"),
    "jobs": (
        "id", "kind", "state", "done", "total", "message", "result", "by", "added_at", "began_at", "ended_at", "cancel",
    ),
    "claims": (
        "id", "event_mention_id", "report_id", "property", "value", "text", "span", "attribution", "factuality", "confidence",
        "coder", "rule",
    ),
    "mentions": (
        "mention.id", "incident", "status", "mention.event_type", "mention.mode", "mention.acled.sub_event_type",
        "mention.trigger.text", "mention.trigger.span", "mention.actors", "mention.recipients", "mention.place.name",
        "mention.place.country", "mention.place.latitude", "mention.place.longitude", "mention.place.where_prec",
        "mention.date.earliest", "mention.date.latest", "mention.casualties", "mention.factuality", "mention.attribution",
        "mention.retells", "mention.confidence", "mention.coder",
    ),
}  # fmt: skip
"""Columns of the tables: paths into the rows."""


def _incidents(request: Request, _: Who) -> Iterator[Row]:
    found = request.app.state.catalogue.all(incidents.the_filter(request), request.query_params.get("sort", "-date"))
    return map(incidents.summary, found)


def _reports(request: Request, _: Who) -> Iterator[Row]:
    search = request.query_params.get("search", "").strip()
    with request.app.state.project.read() as transaction:
        excerpts = {f.report_id: f.excerpt for f in transaction.reports.search(search, _AT_ONCE)} if search else {}
        ids = list(excerpts) if search else transaction.reports.ids()
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            held = {r.id: r for r in transaction.reports.many(some)}
            yield from (head(held[i]) | {"excerpt": excerpts.get(i)} for i in some if i in held)


def _queue(request: Request, who: Who) -> Iterator[Row]:
    asked = request.query_params
    where = Where(
        countries=asked.getlist("country"), event_types=asked.getlist("type"), reports=asked.getlist("report")
    )
    with request.app.state.project.read() as transaction:
        rows = waiting(request, transaction, where, who)
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            texts = {r.id: r for r in transaction.reports.many(sorted({row.report_id for row in some}))}
            yield from (queued(row, texts) for row in some)


def _decisions(request: Request, who: Who) -> Iterator[Row]:
    coder = request.query_params.get("coder")
    with request.app.state.project.read() as transaction:
        rows = not_blind_to(transaction, who, transaction.decisions.all())
    return (msgspec.to_builtins(d) for d in reversed(rows) if coder is None or d.coder == coder)


def _jobs(request: Request, _: Who) -> Iterator[Row]:
    with request.app.state.project.read() as transaction:
        return map(work.shown, transaction.access.jobs())


VIEWS: dict[str, tuple[str, Callable[[Request, Who], Iterator[Row]]]] = {
    "incidents": ("read", _incidents), "reports": ("read", _reports), "queue": ("review", _queue),
    "decisions": ("read", _decisions), "jobs": ("read", _jobs),
}  # fmt: skip
"""Lists with the permission that each asks for, as the list itself does."""


def _add(name: str, permission: str, rows: Callable[[Request, Who], Iterator[Row]]) -> None:
    asker = needs(permission)

    @router.get(f"/{name}.json", summary=f"All rows of {name}")
    def as_json(request: Request, who: Who = asker) -> Response:
        return _file(name, "json", _write_json, rows(request, who))

    @router.get(f"/{name}.csv", summary=f"All rows of {name} as a table")
    def as_csv(request: Request, who: Who = asker) -> Response:
        return _file(name, "csv", lambda out, found: write_table(out, COLUMNS[name], found), rows(request, who))


for _name, (_permission, _rows) in VIEWS.items():
    _add(_name, _permission, _rows)


@router.get("/incidents/{incident_id}.json", summary="An incident")
def incident_json(incident_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    return incidents.one_incident(incident_id, request, who)


@router.get("/incidents/{incident_id}.csv", summary="The claims of an incident as a table")
def incident_csv(incident_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    with request.app.state.project.read() as transaction:
        found = incidents.full(transaction, incident_id, who)["claims"]
    return _file("claims", "csv", lambda out, rows: write_table(out, COLUMNS["claims"], rows), found)


@router.get("/reports/{report_id}.json", summary="A report")
def report_json(report_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    return reports.one_report(report_id, request, who)


@router.get("/reports/{report_id}.csv", summary="The event mentions of a report as a table")
def report_csv(report_id: str, request: Request, who: Annotated[Who, needs("read")]) -> Response:
    found = reports.readable(request, report_id, who)["mentions"]
    return _file("event_mentions", "csv", lambda out, rows: write_table(out, COLUMNS["mentions"], rows), found)


def _file(name: str, suffix: str, write: Callable[[IO[bytes], Iterable[Row]], None], rows: Iterable[Row]) -> Response:
    """Written before it is sent, so that what goes wrong on the way is said and not cut off."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=16_000_000)  # noqa: SIM115 - closed when it has been sent
    write(spool, rows)
    spool.seek(0)
    media = "application/json" if suffix == "json" else "text/csv"
    headers = {"content-disposition": f'attachment; filename="{name}.{suffix}"', "cache-control": "no-store"}
    return StreamingResponse(incidents.sent(spool), media_type=media, headers=headers)


def _write_json(out: IO[bytes], rows: Iterable[Row]) -> None:
    out.write(b'{"items":[')
    for number, row in enumerate(rows):
        out.write((b",\n" if number else b"\n") + _encoder.encode(row))
    out.write(b"]}\n")


def write_table(out: IO[bytes], columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    """Rows as CSV. Lists of plain values are joined with ``; ``, other structures stand as JSON."""
    table = Rows(out, columns)
    for row in rows:
        table.write({name: _cell(_at(row, name)) for name in columns})
    table.close()


def _at(row: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(row, Mapping):
            return None
        row = row.get(name)
    return row


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple) and all(isinstance(v, str | int | float) for v in value):
        return "; ".join(map(str, value))
    return _encoder.encode(value).decode() if isinstance(value, list | tuple | Mapping) else value
