"""Between rows and records: canonical JSON in, typed records out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from histor.model.canonical import canonical_json
from histor.model.errors import StoreError

T = TypeVar("T")
MOST = 500  # values in one `in (…)`, well under what either database takes


def dump(value: Any) -> str:
    """A record or JSON value as canonical JSON."""
    return canonical_json(msgspec.to_builtins(value)).decode()


def load(text: str, kind: type[T], where: str) -> T:
    """The record that `dump` wrote. Raises StoreError if it is none any more."""
    try:
        return msgspec.json.decode(text.encode("utf-8"), type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise StoreError(
            "store.record", f"a stored record cannot be read ({error}).", where=where,
            do="Find out what else is wrong: histor verify.",
        ) from error  # fmt: skip


def pieces(values: Sequence[T], size: int = MOST) -> Iterator[Sequence[T]]:
    """`values` in runs that one statement takes."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def put(connection: Connection, table: Table, row: dict[str, Any], replace: bool = False) -> bool:
    """Add a row; one with the same key stays, or is replaced. True if the row is written."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [c.name for c in table.primary_key.columns]
    statement: Any = make(table).values(row)
    rest = {name: value for name, value in row.items() if name not in keys}
    if replace and rest:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=rest)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    # Not by `rowcount`, which PostgreSQL's driver does not always know.
    return connection.execute(statement.returning(*table.primary_key.columns)).first() is not None
