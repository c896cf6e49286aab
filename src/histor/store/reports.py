"""Reports with their texts and the bytes that they were read from."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, RowMapping, Select, and_, func, insert, or_, select, text, update

from histor.model.errors import StoreError
from histor.model.records import Report
from histor.store import schema
from histor.store.rows import pieces, put
from histor.store.schema import captures, codings, reports, runs, texts


class Found(NamedTuple):
    """A report that a search found; `excerpt` has the words found between ``«`` and ``»``."""

    report_id: str
    title: str | None
    excerpt: str


class Reports:
    """Reports in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- writing ------------------------------------------------------------------------------

    def put(self, report: Report, content: bytes, run_id: str) -> bool:
        """Store a report that was read from `content`; True if it is new or says something new.

        A report that is known keeps its row. Another text (read by a newer extractor, or from other bytes of a
        publisher who corrected it), title or language takes the place of the old one; a publication date takes the
        place of none or another. The bytes of each version are kept, and the row says in which order they came.
        """
        captured = hashlib.sha256(content).hexdigest()
        text_sha256 = sha256_of(report.text)
        put(self._connection, captures, {"sha256": captured, "size": len(content), "content": zlib.compress(content)})
        put(self._connection, texts, {"sha256": text_sha256, "text": report.text})
        known = self._row(report.id)
        row = {
            "id": report.id, "captured_sha256": captured, "text_sha256": text_sha256, "source": report.source,
            "published": report.published, "title": report.title, "language": report.language,
            "url": _or_none(report.url), "external_id": _or_none(report.external_id), "run_id": run_id,
        }  # fmt: skip
        if known is None:
            self._connection.execute(insert(reports).values(schema.sealed(reports, row)))
            return True
        row |= {name: known[name] for name in ("external_id", "run_id", "captured_sha256", "source", "url")}
        row["recaptured"] = " ".join(_versions(known, captured)[1:]) or None
        row["published"] = report.published or known["published"]
        changed = schema.sealed(reports, row)
        if changed["digest"] == known["digest"]:
            return False
        self._connection.execute(update(reports).where(reports.c.id == report.id).values(changed))
        return True

    # --- reading ------------------------------------------------------------------------------

    def imported(self) -> set[str]:
        """The ids of the reports that are rows of an import: they have the columns of a table, and no prose."""
        joined = reports.join(runs, runs.c.id == reports.c.run_id)
        return set(self._connection.scalars(select(reports.c.id).select_from(joined).where(runs.c.kind == "import")))

    def as_stored(self, report: Report) -> Report:
        """The report as coding should see it: with the stored publication date if it brings none."""
        if report.published is not None:
            return report
        known = self._row(report.id)
        return msgspec.structs.replace(report, published=known["published"]) if known else report

    def get(self, report_id: str) -> Report | None:
        """The report, or None."""
        return next(iter(self.many([report_id])), None)

    def many(self, report_ids: Sequence[str]) -> Iterator[Report]:
        """Those of some reports that are stored, in the order in which they came in."""
        for some in pieces(report_ids):
            yield from map(_report, self._connection.execute(_full().where(reports.c.id.in_(some))).mappings())

    def all(self) -> Iterator[Report]:
        """All reports, in the order in which they came in."""
        last = 0
        while rows := self._connection.execute(_full().where(reports.c.seq > last).limit(200)).mappings().all():
            last = rows[-1]["seq"]
            yield from map(_report, rows)

    def between(self, first: str, last: str) -> Iterator[Report]:
        """Reports published between two ISO dates, both included, and those without a date, as they came in."""
        p = reports.c.published
        found = _full().where(or_(p.is_(None), and_(p >= first, p <= last)))
        yield from map(_report, self._connection.execute(found).mappings())

    def ids(self) -> list[str]:
        """The ids of all reports, in the order in which they came in."""
        return list(self._connection.scalars(select(reports.c.id).order_by(reports.c.seq)))

    def stale(self, coder: str) -> list[str]:
        """Reports that are not coded, or by another coder than this one, in the order in which they came in."""
        done = select(codings.c.report_id).where(codings.c.current, codings.c.coder == coder)
        return list(
            self._connection.scalars(select(reports.c.id).where(reports.c.id.not_in(done)).order_by(reports.c.seq))
        )

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(reports)) or 0

    def by_external_id(self, external_id: str) -> list[str]:
        """The reports to which their inputs gave this id."""
        found = select(reports.c.id).where(reports.c.external_id == external_id).order_by(reports.c.seq)
        return list(self._connection.scalars(found))

    def by_url(self, url: str) -> list[str]:
        """The reports that were published at this address."""
        return list(self._connection.scalars(select(reports.c.id).where(reports.c.url == url).order_by(reports.c.seq)))

    def begins_with(self, prefix: str) -> list[str]:
        """The reports whose id begins so (people give the first digits)."""
        found = select(reports.c.id).where(reports.c.id.startswith(prefix, autoescape=True)).order_by(reports.c.id)
        return list(self._connection.scalars(found))

    def captured(self, report_ids: Sequence[str]) -> dict[str, str]:
        """The SHA-256 of the bytes that each of some reports was read from, by the report's id; of a corrected one, the last."""
        found: dict[str, str] = {}
        for some in pieces(report_ids):
            query = select(reports).where(reports.c.id.in_(some))
            found |= {row["id"]: _versions(row)[-1] for row in self._connection.execute(query).mappings()}
        return found

    def content(self, report_id: str) -> bytes:
        """The captured bytes that a report's text is of. Raises StoreError if they are not there or are damaged."""
        sha256 = self.captured([report_id]).get(report_id)
        found = self._connection.scalar(select(captures.c.content).where(captures.c.sha256 == sha256))
        try:
            return zlib.decompress(found or b"")
        except zlib.error as error:
            raise StoreError(
                "store.capture", "the captured bytes are missing or damaged.", where=f"report {report_id[:12]}",
                do="See what else is: histor verify.",
            ) from error  # fmt: skip

    def search(self, words: str, most: int = 100) -> list[Found]:
        """Reports that hold all of `words` (``"…"`` for a phrase), in title or text, best first."""
        terms = re.findall(r'"[^"]*\w[^"]*"|[^\s"]*\w[^\s"]*', words)
        if not terms:
            return []
        if self._connection.dialect.name == "sqlite":
            asked = " ".join('"' + term.strip('"') + '"' for term in terms)
            rows = self._connection.execute(_FTS5, {"asked": asked, "most": most})
        else:
            rows = self._connection.execute(_TSVECTOR, {"asked": " ".join(terms), "most": most})
        return [Found(*row) for row in rows]

    def _row(self, report_id: str) -> RowMapping | None:
        return self._connection.execute(select(reports).where(reports.c.id == report_id)).mappings().first()


def _versions(row: RowMapping, captured: str | None = None) -> list[str]:
    """The captures that a report was read from, the first to the last, and `captured` behind them if it is another."""
    found = [row["captured_sha256"], *(row["recaptured"] or "").split()]
    return found if captured in {None, found[-1]} else [*found, str(captured)]


def sha256_of(words: str) -> str:
    """The key under which a text is stored."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


def _or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _full() -> Select[Any]:
    joined = reports.join(texts, texts.c.sha256 == reports.c.text_sha256)
    return select(reports, texts.c.text).select_from(joined).order_by(reports.c.seq)


def _report(row: RowMapping) -> Report:
    return Report(
        id=row["id"], source=row["source"], published=row["published"], title=row["title"],
        language=row["language"], text=row["text"], url=row["url"] or UNSET, external_id=row["external_id"] or UNSET,
    )  # fmt: skip


_FTS5 = text("""
    select r.id, r.title, snippet(report_search, 1, '«', '»', ' … ', 24)
    from report_search join reports r on r.seq = report_search.rowid
    where report_search match :asked order by report_search.rank, r.seq limit :most""")
_TSVECTOR = text("""
    select r.id, r.title, ts_headline('english', t.text, asked, 'StartSel=«,StopSel=»,MaxWords=24,MinWords=12')
    from reports r join texts t on t.sha256 = r.text_sha256, websearch_to_tsquery('english', :asked) asked
    where r.search @@ asked order by ts_rank(r.search, asked) desc, r.seq limit :most""")
