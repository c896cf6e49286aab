"""Event mentions and their claims: by id, by report, and by neighbourhood for matching."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, text

from histor.model.ledger import Ruling, Rulings
from histor.model.records import Claim, EventMention
from histor.store.codings import claim_of
from histor.store.rows import load, pieces
from histor.store.schema import claims, event_mentions, reports

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west > east crosses the date line."""


class Stored(NamedTuple):
    """An event mention with what its report says of itself; `current` is false once it is superseded."""

    report_id: str
    source: str | None
    published: str | None
    current: bool
    mention: EventMention


class Waiting(NamedTuple):
    """An event mention as a queue lists it, read without its record."""

    id: str
    report_id: str
    event_type: str
    factuality: str
    country: str | None
    earliest: str | None
    trigger_start: int
    trigger_end: int


@dataclass(frozen=True)
class Where:
    """Which event mentions are asked for; what is None or empty asks for nothing.

    `earliest` and `latest` are ISO dates: mentions are found whose interval meets theirs, and with
    `undated` those too that have none. `box` finds those whose point lies in it, and with `unplaced`
    those too that have no point.
    """

    earliest: str | None = None
    latest: str | None = None
    undated: bool = False
    countries: Collection[str] = ()
    box: Box | None = None
    unplaced: bool = False
    event_types: Collection[str] = ()
    factualities: Collection[str] = ()
    reports: Sequence[str] = ()


class Mentions:
    """Event mentions and claims in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, mention_id: str) -> Stored | None:
        """The event mention, current or superseded, or None."""
        return next(self.many([mention_id]), None)

    def many(self, mention_ids: Sequence[str]) -> Iterator[Stored]:
        """Those of some event mentions that are stored, each once, current ones before superseded."""
        for some in pieces(mention_ids):
            query = _full().where(event_mentions.c.id.in_(some))
            seen: set[str] = set()
            for row in self._connection.execute(query.order_by(event_mentions.c.current.desc(), *_ORDER)):
                if row.id not in seen:
                    seen.add(row.id)
                    yield _stored(row)

    def begins_with(self, prefix: str) -> list[str]:
        """The event mentions whose id begins so (people give the first digits)."""
        query = select(event_mentions.c.id).where(event_mentions.c.id.startswith(prefix, autoescape=True)).distinct()
        return sorted(self._connection.scalars(query))

    def find(self, where: Where = Where()) -> Iterator[Stored]:
        """Current event mentions, in the order in which their reports came in, then of the text."""
        for some in pieces(where.reports) if where.reports else [()]:
            query = _full().where(event_mentions.c.current, *_conditions(where, self._connection.dialect.name))
            if some:
                query = query.where(event_mentions.c.report_id.in_(some))
            for row in self._connection.execute(query.order_by(*_ORDER)):
                yield _stored(row)

    def count(self, where: Where = Where()) -> int:
        """How many `find` would give."""
        found = _conditions(where, self._connection.dialect.name)
        query = select(func.count()).select_from(event_mentions).where(event_mentions.c.current, *found)
        if where.reports:
            query = query.where(event_mentions.c.report_id.in_(where.reports))
        return self._connection.scalar(query) or 0

    def waiting(self, where: Where = Where()) -> list[Waiting]:
        """Current first tellings, decided or not, in the order of `find`."""
        m = event_mentions.c
        query = select(*(m[name] for name in Waiting._fields)).join(reports, reports.c.id == m.report_id)
        query = query.where(m.current, m.retells.is_(None), *_conditions(where, self._connection.dialect.name))
        if where.reports:
            query = query.where(m.report_id.in_(where.reports))
        return [Waiting(*row) for row in self._connection.execute(query.order_by(*_ORDER))]

    def misdated(self, first: str, last: str) -> set[str]:
        """Reports published between two ISO dates with a current event mention whose days are not such as to be gone by.

        They lie after the publication or have one end only.
        """
        m, published = event_mentions.c, reports.c.published
        query = select(m.report_id).join(reports, reports.c.id == m.report_id).distinct()
        query = query.where(m.current, published >= first, published <= last)
        return set(self._connection.scalars(query.where(or_(m.earliest > published, m.latest.is_(None)))))

    def superseded(self, report_ids: Sequence[str]) -> list[str]:
        """Event mentions of older codings of some reports that the current ones have not."""
        found: set[str] = set()
        for some in pieces(report_ids):
            m = event_mentions.c
            query = select(m.id, m.current).where(m.report_id.in_(some))
            rows = list(self._connection.execute(query))
            found |= {r.id for r in rows} - {r.id for r in rows if r.current}
        return sorted(found)

    def effective(self, rulings: Rulings, where: Where = Where()) -> Iterator[Ruling]:
        """Event mentions as people's decisions leave them, rejected ones with that status.

        First those that coders found, in the order of `find`; then those whose acceptance or edit outlived
        their coding, and those that people added. The last two kinds are given where `where` asks for no
        more than reports.
        """
        for stored in self.find(where):
            yield rulings.apply(stored.report_id, stored.mention)
        if where != Where(reports=where.reports):
            return
        for ruling in (*self._kept(rulings), *rulings.additions()):
            if not where.reports or ruling.report_id in where.reports:
                yield ruling

    def _kept(self, rulings: Rulings) -> Iterator[Ruling]:
        """Superseded event mentions that a person accepted and that no newer one stands in for."""
        for stored in self.many(list(rulings.by_mention)):
            if not stored.current:
                ruling = rulings.apply(stored.report_id, stored.mention)
                if ruling.status == "accepted":
                    yield ruling

    def claims_of(self, mention_ids: Sequence[str]) -> Iterator[Claim]:
        """The claims of some event mentions, each once, in the order in which they were written."""
        for some in pieces(mention_ids):
            query = select(claims).where(claims.c.event_mention_id.in_(some)).order_by(claims.c.seq)
            yield from self._claims(query)

    def claims(self, claim_ids: Sequence[str]) -> Iterator[Claim]:
        """Those of some claims that are stored, each once."""
        for some in pieces(claim_ids):
            yield from self._claims(select(claims).where(claims.c.id.in_(some)).order_by(claims.c.seq))

    def _claims(self, query: Select[Any]) -> Iterator[Claim]:
        found = {row["id"]: row for row in self._connection.execute(query).mappings()}
        yield from map(claim_of, found.values())


_ORDER = (reports.c.seq, event_mentions.c.position)


def _full() -> Select[Any]:
    m = event_mentions.c
    joined = event_mentions.join(reports, reports.c.id == m.report_id)
    columns = (m.id, m.report_id, reports.c.source, reports.c.published, m.current, m.record)
    return select(*columns).select_from(joined)


def _stored(row: Row[Any]) -> Stored:
    mention = load(row.record, EventMention, f"event mention {row.id[:12]}")
    return Stored(row.report_id, row.source, row.published, bool(row.current), mention)


def _conditions(where: Where, dialect: str) -> list[ColumnElement[bool]]:
    m = event_mentions.c
    asked: list[ColumnElement[bool]] = []
    for column, values in (
        (m.country, where.countries), (m.event_type, where.event_types), (m.factuality, where.factualities),
    ):  # fmt: skip
        if values:
            asked.append(column.in_(sorted(values)))
    days = [m.latest >= where.earliest] if where.earliest else []
    days += [m.earliest <= where.latest] if where.latest else []
    if days:
        asked.append(or_(and_(*days), m.earliest.is_(None)) if where.undated else and_(*days))
    if where.box is not None:
        inside = or_(*(_inside(part, dialect) for part in _parts(where.box)))
        asked.append(or_(inside, m.latitude.is_(None)) if where.unplaced else inside)
    return asked


def _parts(box: Box) -> list[Box]:
    """The box, in two where it crosses the date line."""
    west, south, east, north = box
    return [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]


def _inside(box: Box, dialect: str) -> ColumnElement[bool]:
    """Points in a box, by the index of places first, then exactly (the R-tree keeps 32 bits)."""
    west, south, east, north = map(float, box)
    m = event_mentions.c
    exactly = and_(m.longitude.between(west, east), m.latitude.between(south, north))
    if dialect == "sqlite":
        asked = f"west <= {east!r} and east >= {west!r} and south <= {north!r} and north >= {south!r}"
        return and_(m.seq.in_(text(f"select seq from mention_places where {asked}")), exactly)
    return and_(text(f"point(longitude, latitude) <@ box '(({west!r},{south!r}),({east!r},{north!r}))'"), exactly)
