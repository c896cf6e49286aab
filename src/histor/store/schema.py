"""The tables of a project, the same on SQLite and PostgreSQL.

Rows are added. What changes in place is derived or says where things stand: which coding of a report is
the current one, which mentions are matched, incidents and estimates, drafts. Records are kept whole as
canonical JSON beside the columns that are searched; `digest` columns show each later change of a row.
Full text and places have indexes of their own kind on each database (`migrations/`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from histor.model.canonical import digest

HEAD = "0006"
"""The newest revision of the schema; opening a project brings it up to this one."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Strings sort by code point on every server, whatever its locale.
Words = Text().with_variant(Text(collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer, "sqlite")  # an alias of the row id there

LATER: dict[str, bool] = {"sealed": False}
"""Marks a column that is set after its row is written; `seal` leaves it out."""


ADDED: dict[str, bool] = {"added": True}
"""Marks a column of a later revision; empty it is left out of `seal`, so that the digests of older rows hold."""


def _table(name: str, *items: Column[object] | Index | UniqueConstraint | CheckConstraint) -> Table:
    # Without AUTOINCREMENT SQLite would give a number anew that a lost row had.
    return Table(name, metadata, *items, sqlite_autoincrement=any(c.name == "seq" for c in items))


def _seq() -> Column[object]:
    return Column("seq", Number, primary_key=True)


def _of(table: str, column: str, **how: object) -> Column[object]:
    return Column(column, Words, ForeignKey(f"{table}.id"), **how)  # type: ignore[arg-type]


runs = _table(
    "runs",
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("coder", Words, nullable=False),
    Column("models", Words, nullable=False),
    Column("configuration", Words, nullable=False),
    Column("started_at", Words, nullable=False),
    Column("finished_at", Words, info=LATER),
    Column("counts", Words, nullable=False, server_default="{}", info=LATER),
    Column("digest", Words, nullable=False),
)

captures = _table(
    "captures",
    Column("sha256", Words, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # zlib
)

texts = _table(
    "texts",
    Column("sha256", Words, primary_key=True),
    Column("text", Words, nullable=False),
)

reports = _table(
    "reports",
    _seq(),
    Column("id", Words, nullable=False, unique=True),
    Column("captured_sha256", Words, ForeignKey("captures.sha256"), nullable=False),
    # Of a report that was corrected: the captures that came later, in their order, with blanks between.
    Column("recaptured", Words, info=ADDED),
    Column("text_sha256", Words, ForeignKey("texts.sha256"), nullable=False, index=True),
    Column("source", Words, index=True),
    Column("published", Words, index=True),
    Column("title", Words),
    Column("language", Words),
    Column("url", Words),
    Column("external_id", Words, index=True),
    _of("runs", "run_id", nullable=False),
    Column("digest", Words, nullable=False),
)

codings = _table(
    "codings",
    _seq(),
    Column("report_id", Words, ForeignKey("reports.id"), nullable=False),
    Column("coder", Words, nullable=False),
    Column("inputs", Words, nullable=False),  # digest of what coding sees of the report
    Column("text_sha256", Words, ForeignKey("texts.sha256"), nullable=False),
    _of("runs", "run_id", nullable=False, index=True),
    Column("current", Boolean(create_constraint=False), nullable=False, info=LATER),
    Column("matched_by", Words, ForeignKey("runs.id"), info=LATER),
    Column("content", Words, nullable=False),  # digest of all that the coding says
    Column("digest", Words, nullable=False),
    Index(
        "uq_codings_current", "report_id", unique=True, sqlite_where=text("current"), postgresql_where=text("current")
    ),
    Index("ix_codings_report_id_coder", "report_id", "coder"),
)


def _coding(**how: object) -> Column[object]:
    return Column("coding", Number, ForeignKey("codings.seq"), nullable=False, **how)  # type: ignore[arg-type]


sentences = _table(
    "sentences",
    _coding(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Words, nullable=False),
)

event_mentions = _table(
    "event_mentions",
    _seq(),
    _coding(),
    Column("id", Words, nullable=False),
    Column("report_id", Words, ForeignKey("reports.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("current", Boolean(create_constraint=False), nullable=False, info=LATER),
    Column("retells", Words),
    Column("event_type", Words, nullable=False),
    Column("mode", Words),
    Column("factuality", Words, nullable=False),
    Column("trigger_start", Integer, nullable=False),
    Column("trigger_end", Integer, nullable=False),
    Column("country", Words),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("where_prec", Integer),
    Column("earliest", Words),
    Column("latest", Words),
    Column("record", Words, nullable=False),
    Column("digest", Words, nullable=False),
    UniqueConstraint("coding", "id"),
    Index("ix_event_mentions_id", "id"),
    Index("ix_event_mentions_report_id", "report_id"),
    Index("ix_event_mentions_days", "earliest", "latest", sqlite_where=text("current"), postgresql_where=text("current")),
    Index("ix_event_mentions_country", "country", "earliest", sqlite_where=text("current"), postgresql_where=text("current")),
    Index("ix_event_mentions_type", "event_type", "earliest", sqlite_where=text("current"), postgresql_where=text("current")),
)  # fmt: skip

claims = _table(
    "claims",
    _seq(),
    _coding(),
    Column("id", Words, nullable=False),
    Column("report_id", Words, ForeignKey("reports.id"), nullable=False),
    Column("event_mention_id", Words),  # null for a relation
    Column("property", Words, nullable=False),
    Column("value", Words, nullable=False),
    Column("text", Words),
    Column("start", Integer),
    Column("end", Integer),
    Column("attribution", Words, nullable=False),
    Column("factuality", Words, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("coder", Words, nullable=False),
    Column("rule", Words, nullable=False),
    UniqueConstraint("coding", "id"),
    Index("ix_claims_id", "id"),
    Index("ix_claims_event_mention_id", "event_mention_id"),
    Index("ix_claims_report_id", "report_id"),
)

relations = _table(
    "relations",
    _coding(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("type", Words, nullable=False),
    Column("record", Words, nullable=False),
)

successors = _table(
    "successors",
    Column("old", Words, primary_key=True),
    Column("new", Words),  # null: the later coding has no event mention on the same words
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

set_aside = _table(
    "set_aside",
    Column("item", Words, primary_key=True),
    Column("report_id", Words, ForeignKey("reports.id"), index=True),
    Column("code", Words, nullable=False),
    Column("message", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

copies = _table(
    "copies",
    _of("reports", "report_id", primary_key=True),
    _of("reports", "copy_of", primary_key=True, index=True),
    Column("overlap", Float, nullable=False),
    Column("partial", Boolean(create_constraint=False), nullable=False),
    Column("why", Words, nullable=False),
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

origins = _table(
    "origins",
    _of("reports", "report_id", primary_key=True),
    Column("origin", Words, nullable=False, index=True),  # the report id or agency that it goes back to
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

sketches = _table(
    "sketches",
    _of("reports", "report_id", primary_key=True),
    Column("text_sha256", Words, ForeignKey("texts.sha256"), nullable=False),  # it was made from this text
    Column("title", Words),  # and this title
    Column("maker", Words, nullable=False),
    Column("bands", Words, nullable=False),  # MinHash bands of the sentences, as their maker writes them, in base 64
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

match_decisions = _table(
    "match_decisions",
    _seq(),
    Column("left", Words, nullable=False),
    Column("right", Words, nullable=False, index=True),
    Column("judgement", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("features", Words, nullable=False),
    Column("matcher", Words, nullable=False),
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
    UniqueConstraint("left", "right", "matcher"),
    CheckConstraint('"left" < "right"', name="order"),
)

incidents = _table(
    "incidents",
    Column("id", Words, primary_key=True),
    Column("event_type", Words, nullable=False, index=True),
    Column("factuality", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("country", Words, index=True),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("earliest", Words, index=True),
    Column("latest", Words),
    Column("record", Words, nullable=False),
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

incident_mentions = _table(
    "incident_mentions",
    _of("incidents", "incident_id", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("event_mention_id", Words, nullable=False, unique=True),
)

incident_aliases = _table(
    "incident_aliases",
    Column("alias", Words, primary_key=True),
    Column("incident_id", Words, index=True),  # null: nothing is left of it
    Column("digest", Words, nullable=False),
    _of("runs", "run_id", nullable=False),
)

estimates = _table(
    "estimates",
    _of("incidents", "incident_id", primary_key=True),
    Column("property", Words, primary_key=True),
    Column("rule", Words, primary_key=True),
    Column("low", BigInteger),
    Column("best", BigInteger),
    Column("high", BigInteger),
    Column("record", Words, nullable=False),
    Column("digest", Words, nullable=False),
)

decisions = _table(
    "decisions",
    _seq(),
    Column("id", Words, nullable=False, unique=True),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("payload", Words, nullable=False),
    Column("reason", Words),
    Column("coder", Words, nullable=False, index=True),
    Column("made_at", Words, nullable=False),
    Column("previous", Words, nullable=False, unique=True),
    Column("digest", Words, nullable=False, unique=True),
)

ledger = _table(  # one row: where the chain of decisions ends, so that a cut end is seen
    "ledger",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("length", Number, nullable=False),
    Column("head", Words, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

drafts = _table(
    "drafts",
    Column("coder", Words, primary_key=True),
    Column("subject", Words, primary_key=True),
    Column("payload", Words, nullable=False),
    Column("saved_at", Words, nullable=False),
)

feeds = _table(
    "feeds",
    Column("address", Words, primary_key=True),
    Column("source", Words),
    Column("title", Words),
    Column("added_at", Words, nullable=False),
    Column("polled_at", Words),
    Column("etag", Words),
    Column("modified", Words),
    Column("failure", Words),
)

coders = _table(
    "coders",
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("kind", Words, nullable=False),  # person, machine or import
    Column("added_at", Words, nullable=False),
)


def seal(table: Table, row: dict[str, Any]) -> str:
    """The digest of a row: all its columns but the row number, itself and those that are set later."""
    counted = (c for c in table.columns if c.info.get("sealed", True) and c.name not in {"seq", "digest"})
    cells = {c.name: row.get(c.name) for c in counted if row.get(c.name) is not None or not c.info.get("added")}
    return digest(f"row/{table.name}", cells)


def sealed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row with its digest, ready to be written."""
    return {**row, "digest": seal(table, row)}
