"""What a project holds, in figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from histor.store.project import Project, Transaction
from histor.store.schema import (
    HEAD,
    claims,
    codings,
    copies,
    decisions,
    event_mentions,
    incidents,
    origins,
    reports,
    runs,
    set_aside,
)


def status_of(project: Project) -> dict[str, Any]:
    """Counts of a project and its last run, as one consistent state; JSON types only."""
    with project.read() as transaction:
        connection = transaction.connection
        runs = transaction.runs.all()
        published = connection.execute(select(func.min(reports.c.published), func.max(reports.c.published))).one()
        coded = _count(connection, codings, codings.c.current)
        mentions = _count(connection, event_mentions, event_mentions.c.current)
        held = {
            "project": str(project.folder.resolve()), "database": project.database.name, "schema": HEAD,
            "reports": transaction.reports.count(), "first_published": published[0], "last_published": published[1],
            "coded": coded, "not_coded": transaction.reports.count() - coded,
            "matched": coded - len(transaction.codings.unmatched()),
            "event_mentions": mentions, "superseded": _count(connection, event_mentions) - mentions,
            "claims": _count(connection, claims.join(codings, codings.c.seq == claims.c.coding), codings.c.current),
            "copies": _count(connection, copies),
            "origins": connection.scalar(select(func.count(func.distinct(origins.c.origin)))) or 0,
            "incidents": _count(connection, incidents), "decisions": _count(connection, decisions),
            "set_aside": _count(connection, set_aside), "coders": _coders(connection), "runs": len(runs),
        }  # fmt: skip
        last = runs[-1] if runs else None
        held["last_run"] = last and {
            "id": last.id, "kind": last.kind, "coder": last.coder, "started_at": last.started_at,
            "finished_at": last.finished_at, "counts": transaction.runs.counts(last.id),
        }  # fmt: skip
    return held


def state_of(transaction: Transaction) -> tuple[Any, ...]:
    """What changes whenever incidents may have: the ledger's end, runs, and how many incidents there are."""
    connection = transaction.connection
    counted = connection.scalar(select(func.count()).select_from(incidents))
    ran = connection.execute(select(func.count(), func.max(runs.c.finished_at)).select_from(runs)).one()
    return transaction.decisions.head(), counted, *ran


def _count(connection: Connection, table: Any, *conditions: Any) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _coders(connection: Connection) -> dict[str, int]:
    """How many reports each coder's coding is the current one of."""
    query = select(codings.c.coder, func.count()).where(codings.c.current).group_by(codings.c.coder)
    return dict(connection.execute(query.order_by(codings.c.coder)).all())
