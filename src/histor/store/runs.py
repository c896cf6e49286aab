"""Runs, and the items that a run had to set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from histor.model.canonical import digest
from histor.model.errors import HistorError
from histor.model.incidents import Run
from histor.store.rows import dump, load, put
from histor.store.schema import runs, sealed, set_aside
from histor.text.normalise import normalise


class Aside(NamedTuple):
    """An item that was set aside: where it stands, and why.

    File names may hold what no database takes (bytes that are no text); it is stored as U+FFFD.
    """

    item: str
    report_id: str | None
    code: str
    message: str
    run_id: str


class Runs:
    """Runs in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, kind: str, coder: str, models: Mapping[str, str], configuration: str, started_at: str) -> Run:
        """Note that a run begins; `started_at` is an ISO date and time in UTC with microseconds."""
        number = len(self.all())
        identity = [number, kind, coder, dict(models), configuration, started_at]
        run = Run(digest("run", identity), kind, coder, dict(models), configuration, started_at)
        row = {
            "id": run.id, "kind": kind, "coder": coder, "models": dump(run.models), "configuration": configuration,
            "started_at": started_at,
        }  # fmt: skip
        self._connection.execute(insert(runs).values(sealed(runs, row)))
        return run

    def finish(self, run_id: str, finished_at: str, counts: Mapping[str, int]) -> None:
        """Note that a run ended, and what it did."""
        done = {"finished_at": finished_at, "counts": dump(dict(counts))}
        self._connection.execute(update(runs).where(runs.c.id == run_id).values(done))

    def all(self) -> list[Run]:
        """All runs, by their start."""
        query = select(*(runs.c[name] for name in Run.__struct_fields__)).order_by(runs.c.started_at, runs.c.id)
        return [_run(dict(row)) for row in self._connection.execute(query).mappings()]

    def counts(self, run_id: str) -> dict[str, int]:
        """What a finished run did."""
        found = self._connection.scalar(select(runs.c.counts).where(runs.c.id == run_id))
        return load(found or "{}", dict[str, int], f"run {run_id[:12]}")

    # --- set aside ----------------------------------------------------------------------------

    def set_aside(self, item: str, error: HistorError, run_id: str, report_id: str | None = None) -> None:
        """List an item as set aside; what was said of it before is replaced."""
        row = {
            "item": normalise(item), "report_id": report_id, "code": error.code, "message": normalise(str(error)),
            "run_id": run_id,
        }  # fmt: skip
        put(self._connection, set_aside, row, replace=True)

    def is_aside(self, item: str, error: HistorError) -> bool:
        """Whether the item is listed already, for this very reason."""
        query = select(set_aside.c.item).where(
            set_aside.c.item == normalise(item), set_aside.c.message == normalise(str(error))
        )
        return self._connection.scalar(query) is not None

    def where_aside(self, report_id: str) -> str | None:
        """The item under which a report is listed, if it is."""
        return self._connection.scalar(select(set_aside.c.item).where(set_aside.c.report_id == report_id).limit(1))

    def took(self, items: Sequence[str]) -> None:
        """Strike items off the list: they went through."""
        self._connection.execute(delete(set_aside).where(set_aside.c.item.in_([normalise(i) for i in items])))

    def aside(self) -> list[Aside]:
        """What is set aside, by item."""
        query = select(*(set_aside.c[name] for name in Aside._fields)).order_by(set_aside.c.item)
        return [Aside(*row) for row in self._connection.execute(query)]


def _run(row: dict[str, str]) -> Run:
    models = load(row["models"], dict[str, str], f"run {row['id'][:12]}")
    return Run(**{**row, "models": models})  # type: ignore[arg-type]
