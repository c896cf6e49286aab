"""Incidents with their members, former ids and estimates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select

from histor.model.incidents import Estimate, Incident
from histor.store.rows import dump, load, pieces, put
from histor.store.schema import estimates, incident_aliases, incident_mentions, incidents, sealed


class Incidents:
    """Incidents in one transaction. They are derived: matching replaces those of a neighbourhood."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- writing ------------------------------------------------------------------------------

    def replace(
        self, old: Iterable[str], new: Sequence[Incident], aliases: Mapping[str, str | None], run_id: str
    ) -> None:
        """Put `new` in the place of the incidents `old`.

        `aliases` leads from each id that is no more to the incident that took it in, or to None where nothing
        is left of it. Aliases that led to such an id are led on, and an id that is alive again is no alias.
        """
        self._remove(sorted({*old, *(i.id for i in new)}))
        for some in pieces(new):
            for incident in some:
                self._connection.execute(insert(incidents).values(_row_of(incident, run_id)))
            members = [
                {"incident_id": i.id, "position": k, "event_mention_id": m}
                for i in some
                for k, m in enumerate(i.event_mentions)
            ]
            if members:
                self._connection.execute(insert(incident_mentions), members)
        for incident in new:
            self.put_estimates(incident.id, incident.estimates.values())
        former = incident_aliases.c
        for gone, incident_id in sorted(aliases.items()):
            led_here = select(former.alias).where(former.incident_id == gone).order_by(former.alias)
            for alias in (*self._connection.scalars(led_here).all(), gone):
                row = {"alias": alias, "incident_id": incident_id, "run_id": run_id}
                put(self._connection, incident_aliases, sealed(incident_aliases, row), replace=True)
        for some_ids in pieces([i.id for i in new]):
            self._connection.execute(delete(incident_aliases).where(former.alias.in_(some_ids)))

    def _remove(self, incident_ids: Sequence[str]) -> None:
        for some in pieces(incident_ids):
            for table in (incident_mentions, estimates):
                self._connection.execute(delete(table).where(table.c.incident_id.in_(some)))
            self._connection.execute(delete(incidents).where(incidents.c.id.in_(some)))

    def put_estimates(self, incident_id: str, found: Iterable[Estimate]) -> None:
        """Keep estimates of an incident; one of the same property and rule is replaced."""
        for one in found:
            row = {
                "incident_id": incident_id, "property": one.property, "rule": one.rule, "low": in_column(one.low),
                "best": in_column(one.best), "high": in_column(one.high), "record": dump(one),
            }  # fmt: skip
            put(self._connection, estimates, sealed(estimates, row), replace=True)

    # --- reading ------------------------------------------------------------------------------

    def get(self, incident_id: str) -> Incident | None:
        """The incident of this id, or the one that took it in; None if there is none."""
        return next(self.many([self.resolve(incident_id) or ""]), None)

    def resolve(self, incident_id: str) -> str | None:
        """The id under which an incident is found now, or None."""
        query = select(incident_aliases.c.incident_id).where(incident_aliases.c.alias == incident_id)
        row = self._connection.execute(query).first()
        return incident_id if row is None else row.incident_id

    def many(self, incident_ids: Sequence[str]) -> Iterator[Incident]:
        """Those of some incidents that there are, by first day and id."""
        for some in pieces(incident_ids):
            yield from self._records(select(incidents).where(incidents.c.id.in_(some)))

    def known(self, incident_ids: Sequence[str]) -> set[str]:
        """Those of some ids that are, or were, an incident's."""
        found: set[str] = set()
        for column in (incidents.c.id, incident_aliases.c.alias):
            for some in pieces(incident_ids):
                found |= set(self._connection.scalars(select(column).where(column.in_(some))))
        return found

    def digests(self) -> dict[str, str]:
        """The digest of each incident's row by its id: what differs has changed."""
        return dict(self._connection.execute(select(incidents.c.id, incidents.c.digest)).all())

    def ids(self) -> list[str]:
        """The ids of all incidents, sorted."""
        return list(self._connection.scalars(select(incidents.c.id).order_by(incidents.c.id)))

    def all(self) -> Iterator[Incident]:
        """All incidents, by first day and id; those without a date come first."""
        yield from self._records(select(incidents))

    def of(self, mention_ids: Sequence[str]) -> dict[str, str]:
        """The incident in which each of these event mentions is a member, where it is one."""
        m = incident_mentions.c
        found: dict[str, str] = {}
        for some in pieces(mention_ids):
            query = select(m.event_mention_id, m.incident_id).where(m.event_mention_id.in_(some))
            found |= dict(self._connection.execute(query).all())
        return found

    def begins_with(self, prefix: str) -> list[str]:
        """The incidents whose id begins so (people give the first digits), else those that took such an id in."""
        found = select(incidents.c.id).where(incidents.c.id.startswith(prefix, autoescape=True))
        own = list(self._connection.scalars(found.order_by(incidents.c.id)))
        former = incident_aliases.c
        taken_in = select(former.incident_id).where(
            former.alias.startswith(prefix, autoescape=True), former.incident_id.is_not(None)
        )
        return own or sorted(set(self._connection.scalars(taken_in)))

    def aliases(self) -> dict[str, str | None]:
        """All former ids, with the incident that took each in, or None."""
        query = select(incident_aliases.c.alias, incident_aliases.c.incident_id).order_by(incident_aliases.c.alias)
        return dict(self._connection.execute(query).all())

    def estimates(self, incident_id: str, rule: str | None = None) -> list[Estimate]:
        """The kept estimates of an incident, by property and rule."""
        query = select(estimates.c.record).where(estimates.c.incident_id == incident_id)
        if rule is not None:
            query = query.where(estimates.c.rule == rule)
        rows = self._connection.scalars(query.order_by(estimates.c.property, estimates.c.rule))
        return [load(row, Estimate, f"an estimate of incident {incident_id[:12]}") for row in rows]

    def _records(self, query: Select[Any]) -> Iterator[Incident]:
        ordered = query.order_by(incidents.c.earliest.is_not(None), incidents.c.earliest, incidents.c.id)
        for row in self._connection.execute(ordered).mappings():
            yield load(row["record"], Incident, f"incident {row['id'][:12]}")


def in_column(figure: int | None) -> int | None:
    """A figure as a column of 64 bits takes it: None if it is beyond them; the record has it whole."""
    return figure if figure is not None and abs(figure) < 2**63 else None


def columns_of(incident: Incident) -> dict[str, Any]:
    """The columns that are searched, as the record has them."""
    place, when = incident.place, incident.date
    return {
        "event_type": incident.event_type, "factuality": incident.factuality, "status": incident.status,
        "country": place.country if place else None, "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None, "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
    }  # fmt: skip


def _row_of(incident: Incident, run_id: str) -> dict[str, Any]:
    row = {"id": incident.id, **columns_of(incident), "record": dump(incident), "run_id": run_id}
    return sealed(incidents, row)
