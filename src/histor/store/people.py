"""Who codes, and what they have begun but not decided."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from histor.store.rows import dump, load, put
from histor.store.schema import coders, drafts


class CoderRow(NamedTuple):
    """A coder: ``person``, ``machine`` or ``import``."""

    id: str
    name: str
    kind: str
    added_at: str


class People:
    """Coders and drafts in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, coder: CoderRow) -> None:
        """Add a coder, or give a known one another name."""
        put(self._connection, coders, coder._asdict(), replace=True)

    def all(self) -> list[CoderRow]:
        """All coders, by id."""
        query = select(*(coders.c[name] for name in CoderRow._fields)).order_by(coders.c.id)
        return [CoderRow(*row) for row in self._connection.execute(query)]

    def save_draft(self, coder: str, subject: str, payload: dict[str, Any], saved_at: str) -> None:
        """Keep a coder's unfinished form on a subject; there is one each."""
        row = {"coder": coder, "subject": subject, "payload": dump(payload), "saved_at": saved_at}
        put(self._connection, drafts, row, replace=True)

    def draft(self, coder: str, subject: str) -> dict[str, Any] | None:
        """The coder's unfinished form on a subject, or None."""
        query = select(drafts.c.payload).where(drafts.c.coder == coder, drafts.c.subject == subject)
        found = self._connection.scalar(query)
        return load(found, dict[str, Any], f"the draft of {coder} on {subject[:12]}") if found is not None else None

    def drop_draft(self, coder: str, subject: str) -> None:
        self._connection.execute(delete(drafts).where(drafts.c.coder == coder, drafts.c.subject == subject))
