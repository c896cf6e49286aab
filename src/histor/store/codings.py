"""Codings: all that one version of a coder says of one report, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from histor.model.annotation import Span
from histor.model.canonical import digest
from histor.model.ledger import succession
from histor.model.records import Claim, CodedReport, EventMention, Relation, Report
from histor.store.reports import Reports, sha256_of
from histor.store.rows import dump, load, pieces, put
from histor.store.schema import claims, codings, event_mentions, relations, reports, sealed, sentences, successors
from histor.text.sentences import Segment


class Coding(NamedTuple):
    """One coding as it stands in the store."""

    seq: int
    report_id: str
    coder: str
    inputs: str
    run_id: str
    current: bool


class Codings:
    """Codings in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- writing ------------------------------------------------------------------------------

    def put(
        self, coded: CodedReport, segments: Sequence[Segment], derived: Sequence[Claim], coder: str, run_id: str
    ) -> bool:
        """Make this the current coding of its report, which must be stored; False if it is already.

        What an older version said is kept and superseded; `successors` leads from its event mentions to the
        new ones on the same words.
        """
        before = self.current(coded.report.id)
        if before is not None and is_same(before, coded.report, coder):
            return False
        old = list(self._mentions(before.seq)) if before is not None else []
        if before is not None:
            for table in (codings, event_mentions):
                key = codings.c.seq if table is codings else event_mentions.c.coding
                self._connection.execute(update(table).where(key == before.seq).values(current=False))
        seq = self._add(coded, segments, derived, coder, run_id)
        self._succeed(old, coded.event_mentions, run_id)
        self._insert(sentences, [{"coding": seq, "position": k, **s._asdict()} for k, s in enumerate(segments)])
        self._insert(event_mentions, [_mention(seq, coded, k) for k in range(len(coded.event_mentions))])
        self._insert(claims, [_claim(seq, claim) for claim in derived])
        stated = enumerate(coded.relations)
        self._insert(relations, [{"coding": seq, "position": k, "type": r.type, "record": dump(r)} for k, r in stated])
        return True

    def _add(
        self, coded: CodedReport, segments: Sequence[Segment], derived: Sequence[Claim], coder: str, run_id: str
    ) -> int:
        row = {
            "report_id": coded.report.id, "coder": coder, "inputs": inputs_of(coded.report),
            "text_sha256": sha256_of(coded.report.text), "run_id": run_id, "current": True,
            "content": content_of(segments, coded.event_mentions, derived, coded.relations),
        }  # fmt: skip
        added = insert(codings).values(sealed(codings, row)).returning(codings.c.seq)
        return int(self._connection.execute(added).scalar_one())

    def _succeed(self, old: Sequence[EventMention], new: Sequence[EventMention], run_id: str) -> None:
        for some in pieces([m.id for m in new]):
            self._connection.execute(delete(successors).where(successors.c.old.in_(some)))
        for before, after in succession(old, new).items():
            row = {"old": before, "new": after, "run_id": run_id}
            put(self._connection, successors, sealed(successors, row), replace=True)

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)

    def matched(self, report_ids: Sequence[str], run_id: str | None) -> None:
        """Note that the current codings of these reports are matched; with None that they are to be again."""
        for some in pieces(report_ids):
            chosen = update(codings).where(codings.c.current, codings.c.report_id.in_(some))
            self._connection.execute(chosen.values(matched_by=run_id))

    # --- reading ------------------------------------------------------------------------------

    def current(self, report_id: str) -> Coding | None:
        """The current coding of a report, or None if it is not coded."""
        names = [codings.c[name] for name in Coding._fields]
        row = self._connection.execute(
            select(*names).where(codings.c.report_id == report_id, codings.c.current)
        ).first()
        return Coding(*row) if row is not None else None

    def newest(self) -> tuple[int, str]:
        """Number and digest of the last coding written: what codings say changes with them alone."""
        row = self._connection.execute(
            select(codings.c.seq, codings.c.digest).order_by(codings.c.seq.desc()).limit(1)
        ).first()
        return (row.seq, row.digest) if row is not None else (0, "")

    def is_coded(self, report: Report, coder: str) -> bool:
        """Whether the report's current coding is one of this very text, title and date by this very coder."""
        found = self.current(report.id)
        return found is not None and is_same(found, report, coder)

    def unmatched(self) -> list[str]:
        """Reports whose current coding is not matched yet, in the order in which they came in."""
        query = select(codings.c.report_id).join(reports, reports.c.id == codings.c.report_id)
        query = query.where(codings.c.current, codings.c.matched_by.is_(None)).order_by(reports.c.seq)
        return list(self._connection.scalars(query))

    def coded(self, report_id: str) -> CodedReport | None:
        """A report with its current coding, as `histor code` would give it; None if it is not coded."""
        coding, report = self.current(report_id), Reports(self._connection).get(report_id)
        if coding is None or report is None:
            return None
        return CodedReport(report, tuple(self._mentions(coding.seq)), tuple(self._relations(coding.seq)))

    def all(self) -> Iterator[CodedReport]:
        """All coded reports, in the order in which they came in."""
        query = select(reports.c.id).join(codings, codings.c.report_id == reports.c.id).where(codings.c.current)
        for report_id in self._connection.scalars(query.order_by(reports.c.seq)).all():
            coded = self.coded(report_id)
            if coded is not None:
                yield coded

    def segments(self, coding: int) -> list[Segment]:
        """The sentences of a coding, by its `seq`."""
        columns = [sentences.c[name] for name in Segment._fields]
        query = select(*columns).where(sentences.c.coding == coding).order_by(sentences.c.position)
        return [Segment(*row) for row in self._connection.execute(query)]

    def successors(self) -> dict[str, str | None]:
        """From event mentions of superseded codings to those that took their place, or None."""
        rows = self._connection.execute(select(successors.c.old, successors.c.new).order_by(successors.c.old))
        return dict(rows.all())

    def _mentions(self, coding: int) -> Iterator[EventMention]:
        query = select(event_mentions.c.record, event_mentions.c.id).where(event_mentions.c.coding == coding)
        for record, mention_id in self._connection.execute(query.order_by(event_mentions.c.position)):
            yield load(record, EventMention, f"event mention {mention_id[:12]}")

    def _relations(self, coding: int) -> Iterator[Relation]:
        query = select(relations.c.record).where(relations.c.coding == coding).order_by(relations.c.position)
        for record in self._connection.scalars(query):
            yield load(record, Relation, f"a relation of coding {coding}")


def inputs_of(report: Report) -> str:
    """The digest of all that a coder sees of a report; another means that it has to be coded again."""
    return digest("inputs", [sha256_of(report.text), report.title, report.published, report.source])


def is_same(coding: Coding, report: Report, coder: str) -> bool:
    return coding.coder == coder and coding.inputs == inputs_of(report)


def content_of(
    segments: Sequence[Segment], mentions: Sequence[EventMention], derived: Sequence[Claim], stated: Sequence[Relation]
) -> str:
    """The digest of all that a coding says, so that nothing can be taken from it or put to it unseen."""
    return digest(
        "coding",
        [
            [list(s) for s in segments],
            [msgspec.to_builtins(m) for m in mentions],
            [msgspec.to_builtins(c) for c in derived],
            [msgspec.to_builtins(r) for r in stated],
        ],
    )


def _mention(seq: int, coded: CodedReport, position: int) -> dict[str, Any]:
    mention = coded.event_mentions[position]
    row = {
        "coding": seq, "id": mention.id, "report_id": coded.report.id, "position": position, "current": True,
        "record": dump(mention), **columns_of(mention),
    }  # fmt: skip
    return sealed(event_mentions, row)


def columns_of(mention: EventMention) -> dict[str, Any]:
    """The columns that are searched, as the record has them."""
    place, when = mention.place, mention.date
    return {
        "retells": mention.retells, "event_type": mention.event_type, "mode": mention.mode,
        "factuality": mention.factuality, "trigger_start": mention.trigger.span[0],
        "trigger_end": mention.trigger.span[1], "country": place.country if place else None,
        "latitude": place.latitude if place else None, "longitude": place.longitude if place else None,
        "where_prec": place.where_prec if place else None, "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
    }  # fmt: skip


def _claim(seq: int, claim: Claim) -> dict[str, Any]:
    start, end = claim.span or (None, None)
    return {
        "coding": seq, "id": claim.id, "report_id": claim.report_id, "event_mention_id": claim.event_mention_id or None,
        "property": claim.property, "value": dump(claim.value), "text": claim.text, "start": start, "end": end,
        "attribution": dump(claim.attribution), "factuality": claim.factuality, "confidence": claim.confidence,
        "coder": claim.coder, "rule": claim.rule,
    }  # fmt: skip


def claim_of(row: Mapping[Any, Any]) -> Claim:
    """The claim that a row of the table holds. Raises StoreError if it holds none any more."""
    where = f"claim {row['id'][:12]}"
    span: Span | None = None if row["start"] is row["end"] is None else (row["start"], row["end"])
    return load(
        dump({
            "id": row["id"], "report_id": row["report_id"], "event_mention_id": row["event_mention_id"] or "",
            "property": row["property"], "value": load(row["value"], object, where), "text": row["text"], "span": span,
            "attribution": load(row["attribution"], object, where), "factuality": row["factuality"],
            "confidence": row["confidence"], "coder": row["coder"], "rule": row["rule"],
        }), Claim, where,
    )  # fmt: skip
