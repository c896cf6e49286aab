"""The incidents of a project in memory, so that filters and pages answer at once.

Read anew when the project changed: its state is told from the ledger's head, the last run and the number of incidents.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from histor.model.errors import InputError
from histor.model.filters import IncidentFilter
from histor.model.incidents import Incident
from histor.store import mentions
from histor.store.project import Project, Transaction
from histor.store.status import state_of

Key = tuple[Any, ...]


def _day(incident: Incident) -> str:
    return (incident.date.earliest or incident.date.latest or "") if incident.date else ""


def _killed(incident: Incident) -> int:
    found = incident.estimates.get("killed")
    return -1 if found is None else next((n for n in (found.best, found.low, found.high) if n is not None), -1)


SORTS: dict[str, Callable[[Incident], Key]] = {
    "date": lambda i: (_day(i),),
    "killed": lambda i: (_killed(i), _day(i)),
    "reports": lambda i: (i.reports, _day(i)),
    "place": lambda i: ((i.place.name or i.place.text).casefold() if i.place else "\U0010ffff", _day(i)),
    "type": lambda i: (i.acled.sub_event_type if i.acled else i.event_type, _day(i)),
}
"""Orders by name; a ``-`` before the name turns one round."""


@dataclass(frozen=True)
class Page:
    """A stretch of a list, where the next one begins, and how long the whole is."""

    items: list[Incident]
    next: str | None
    total: int


class Catalogue:
    """Incidents of a project, filtered and sorted; safe for threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._state: tuple[Any, ...] | None = None
        self._held: dict[str, tuple[str, Incident]] = {}
        self._sorted: dict[str, list[tuple[Key, Incident]]] = {}
        self._lists: dict[tuple[IncidentFilter, str], list[Incident]] = {}

    def warm(self) -> None:
        """Read all incidents now, so that the first request need not wait for them."""
        self.all(IncidentFilter())

    def page(self, wanted: IncidentFilter, sort: str, cursor: str | None, limit: int) -> Page:
        """`limit` incidents from `cursor` on. Raises InputError for an unknown order or a cursor that is none."""
        found = self.all(wanted, sort)
        start = 0
        if cursor is not None:
            after, number = read_cursor(cursor)
            # The list may have changed: from the incident that ended the page before, else from its place in the list.
            ids = (
                {incident.id: k for k, incident in enumerate(found)}
                if number >= len(found) or found[number].id != after
                else None
            )
            start = (number if ids is None else ids.get(after, number - 1)) + 1
        items = found[start : start + limit]
        end = start + len(items)
        last = make_cursor(items[-1].id, end - 1) if items and end < len(found) else None
        return Page(items, last, len(found))

    def all(self, wanted: IncidentFilter, sort: str = "date") -> list[Incident]:
        """All incidents that a filter takes, in an order. Raises InputError for an unknown order."""
        name = sort.removeprefix("-")
        if name not in SORTS:
            raise InputError("sort.value", f"there is no order {sort!r}.", do=f"Choose among {', '.join(SORTS)}.")
        with self._lock:
            self._refresh()
            key = (wanted, sort)
            if key not in self._lists:
                if len(self._lists) > 16:
                    self._lists.clear()
                self._lists[key] = wanted.among(self._in_order(sort))
            return self._lists[key]

    def _in_order(self, sort: str) -> list[Incident]:
        name = sort.removeprefix("-")
        if name not in self._sorted:
            order = SORTS[name]
            self._sorted[name] = sorted(((*order(i), i.id), i) for _, i in self._held.values())
        ordered = self._sorted[name]
        return [i for _, i in (reversed(ordered) if sort.startswith("-") else ordered)]

    def _refresh(self) -> None:
        with self._project.read() as transaction:
            state = state_of(transaction)
            if state == self._state:
                return
            now = transaction.incidents.digests()
            changed = [i for i, digest in now.items() if i not in self._held or self._held[i][0] != digest]
            many = len(changed) > len(now) // 4
            found = list(transaction.incidents.all() if many else transaction.incidents.many(changed))
        gone = {*(i.id for i in found), *(self._held.keys() - now.keys())}
        for i in gone:
            self._held.pop(i, None)
        self._held.update((i.id, (now[i.id], i)) for i in found)
        for name, order in SORTS.items():
            if name in self._sorted:  # nearly in order: much quicker than from the start
                kept = [row for row in self._sorted[name] if row[1].id not in gone]
                self._sorted[name] = sorted(kept + [((*order(i), i.id), i) for i in found])
        self._state = state
        self._lists.clear()


class Waiting:
    """The event mentions that wait to be read, kept between requests until codings change; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[Any, ...] = ()
        self._lists: dict[Any, list[mentions.Waiting]] = {}

    def rows(self, transaction: Transaction, asked: mentions.Where) -> list[mentions.Waiting]:
        """First tellings under a filter in the order of the queue, decided or not."""
        state = transaction.codings.newest()
        key = (tuple(asked.countries), tuple(asked.event_types), tuple(asked.reports))
        with self._lock:
            if state != self._state or len(self._lists) > 16:
                self._lists.clear()
                self._state = state
            if key not in self._lists:
                self._lists[key] = transaction.mentions.waiting(asked)
            return self._lists[key]


def make_cursor(after: str, number: int) -> str:
    """An opaque cursor behind the item `after`, which stood at `number`."""
    return base64.urlsafe_b64encode(json.dumps([after, number]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, int]:
    """What `make_cursor` was given. Raises InputError for anything else."""
    try:
        after, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(after, str) and isinstance(number, int) and number >= 0:
            return after, number
    except (ValueError, TypeError, binascii.Error, UnicodeError):
        pass
    raise InputError("cursor.value", "the cursor is none of ours.", do="Begin at the first page.")
