"""Upgrades that are killed at each of their statements: ``python -m tests.reliability.migrating FOLDER REVISION EVERY``.

A process of its own, since it forks. Prints as JSON how many statements the upgrade has, at how many it was killed,
and after how many of these rows were missing or the tables were neither the old nor the new.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import column as a_column
from sqlalchemy import event, inspect, select, table, text

from histor.store import schema
from histor.store.database import Database, open_database
from histor.store.migrate import revision_of, upgrade
from tests.stores import filled

Rows = dict[str, list[tuple[Any, ...]]]


def made(folder: Path, revision: str) -> Path:
    """A database at an older revision with the rows of a project, in the columns that it had then."""
    with filled(folder / "full", 12) as project:
        content = {t.name: [dict(row) for row in _all(project.database, t.name)] for t in schema.metadata.sorted_tables}
    old = open_database("old.db", folder)
    upgrade(old, revision, create=True)
    with old.write() as connection:
        there = set(inspect(connection).get_table_names())
        for name, found in content.items():
            if name in there and found and not connection.scalar(text(f"select count(*) from {name}")):
                columns = {c["name"] for c in inspect(connection).get_columns(name)}
                into = table(name, *(a_column(c) for c in sorted(columns)))
                connection.execute(into.insert(), [{k: v for k, v in row.items() if k in columns} for row in found])
    old.close()
    return folder / "old.db"


def _all(database: Database, name: str) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(schema.metadata.tables[name])).mappings())


def rows(path: Path, names: set[str] | None = None) -> Rows:
    """All rows of the tables that hold some (or of those named), by table and column of the older tables."""
    database = open_database(path.name, path.parent)
    with database.read() as connection:
        found = {}
        for t in sorted(names or (set(inspect(connection).get_table_names()) & set(schema.metadata.tables))):
            columns = ", ".join(sorted(c["name"] for c in inspect(connection).get_columns(t)))
            found[t] = [tuple(r) for r in connection.execute(text(f"select {columns} from {t} order by 1, 2"))]
    database.close()
    return found


def state(path: Path) -> str | None:
    database = open_database(path.name, path.parent)
    with database.read() as connection:
        found = revision_of(connection)
    database.close()
    return found


def upgraded(path: Path, killed_at: int | None) -> tuple[int, int]:
    """Upgrade in a process of its own; its exit status, and the number of statements if it came to the end."""
    count_read, count_write = os.pipe()
    child = os.fork()
    if child == 0:
        database, seen = open_database(path.name, path.parent), 0

        def before(*_: Any) -> None:
            nonlocal seen
            if seen == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

        event.listen(database.engine, "before_cursor_execute", before)
        upgrade(database)
        os.write(count_write, str(seen).encode())
        os._exit(0)
    os.close(count_write)
    _, status = os.waitpid(child, 0)
    count = os.read(count_read, 20)
    os.close(count_read)
    return status, int(count or 0)


def main(folder: Path, revision: str, every: int) -> None:
    import alembic.command  # noqa: F401 - before the forks, so that each is quick

    old = made(folder, revision)
    before = rows(old)
    trial = folder / "trial.db"
    shutil.copy(old, trial)
    _, statements = upgraded(trial, None)
    lost = half = kills = 0
    for k in range(0, statements, every):
        for left in folder.glob("trial.db*"):
            left.unlink()
        shutil.copy(old, trial)
        status, _ = upgraded(trial, k)
        kills += os.WIFSIGNALED(status)
        half += state(trial) not in {revision, schema.HEAD} or (state(trial) == revision and rows(trial) != before)
        again, _ = upgraded(trial, None)
        half += again != 0 or state(trial) != schema.HEAD
        after = rows(trial, set(before))
        lost += any(len(after[name]) != len(found) for name, found in before.items())
    held = sum(len(found) for found in before.values())
    print(json.dumps({"statements": statements, "kills": kills, "rows": held, "lost": lost, "half": half}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
