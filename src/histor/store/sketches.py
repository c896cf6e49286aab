"""Sketches of reports' sentences, so that texts that repeat another are found without reading them all."""

from __future__ import annotations

import base64

from sqlalchemy import Connection, and_, or_, select

from histor.model.records import Report
from histor.store.reports import sha256_of
from histor.store.rows import put
from histor.store.schema import reports, runs, sealed, sketches


class Sketches:
    """Sketches in one transaction: bytes, whose meaning is their maker's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def missing(self, maker: str) -> list[str]:
        """The reports of which there is no sketch by this maker of the text and title that they have now; rows of imports left out."""
        s = sketches.c
        there = and_(s.report_id == reports.c.id, s.maker == maker, s.text_sha256 == reports.c.text_sha256)
        of_title = or_(s.title == reports.c.title, and_(s.title.is_(None), reports.c.title.is_(None)))
        joined = reports.join(runs, runs.c.id == reports.c.run_id).outerjoin(sketches, and_(there, of_title))
        query = select(reports.c.id).select_from(joined).where(s.report_id.is_(None), runs.c.kind != "import")
        return list(self._connection.scalars(query.order_by(reports.c.seq)))

    def put(self, report: Report, bands: bytes, maker: str, run_id: str) -> None:
        """Keep the sketch of a report in the place of an older one."""
        row = {
            "report_id": report.id, "text_sha256": sha256_of(report.text), "title": report.title, "maker": maker,
            "bands": base64.b64encode(bands).decode("ascii"), "run_id": run_id,
        }  # fmt: skip
        put(self._connection, sketches, sealed(sketches, row), replace=True)

    def between(self, first: str, last: str) -> dict[str, bytes]:
        """The sketches of reports published between two ISO dates, both included, and of those without a date, by report."""
        p = reports.c.published
        query = select(sketches.c.report_id, sketches.c.bands).join(reports, reports.c.id == sketches.c.report_id)
        rows = self._connection.execute(query.where(or_(p.is_(None), and_(p >= first, p <= last))))
        return {report: base64.b64decode(bands) for report, bands in rows}
