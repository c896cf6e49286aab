"""The first tables: reports, codings, incidents and the ledger, with their search indexes."""

import sqlalchemy as sa
from alembic import op

from histor.store.migrations.search import POSTGRESQL, SQLITE

revision = "0001"
down_revision = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _sources()
    _copies()
    _codings()
    _claims()
    _incidents()
    _people()
    op.execute(sa.text("insert into ledger (id, length, head) values (1, 0, :genesis)").bindparams(genesis="0" * 64))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def _sources() -> None:
    """Reports with what they were read from."""
    op.create_table(
        "runs",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("models", WORDS, nullable=False),
        sa.Column("configuration", WORDS, nullable=False),
        sa.Column("started_at", WORDS, nullable=False),
        sa.Column("finished_at", WORDS),
        sa.Column("counts", WORDS, server_default="{}", nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "captures",
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_captures")),
    )
    op.create_table(
        "texts",
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_texts")),
    )
    op.create_table(
        "reports",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("captured_sha256", WORDS, nullable=False),
        sa.Column("text_sha256", WORDS, nullable=False),
        sa.Column("source", WORDS),
        sa.Column("published", WORDS),
        sa.Column("title", WORDS),
        sa.Column("language", WORDS),
        sa.Column("url", WORDS),
        sa.Column("external_id", WORDS),
        sa.Column("run_id", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["captured_sha256"], ["captures.sha256"], name=op.f("fk_reports_captured_sha256")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_reports_run_id")),
        sa.ForeignKeyConstraint(["text_sha256"], ["texts.sha256"], name=op.f("fk_reports_text_sha256")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reports")),
        sa.UniqueConstraint("id", name=op.f("uq_reports_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reports_external_id"), "reports", ["external_id"])
    op.create_index(op.f("ix_reports_published"), "reports", ["published"])
    op.create_index(op.f("ix_reports_source"), "reports", ["source"])
    op.create_index(op.f("ix_reports_text_sha256"), "reports", ["text_sha256"])


def _copies() -> None:
    """What was set aside, and how reports hang together."""
    op.create_table(
        "set_aside",
        sa.Column("item", WORDS, nullable=False),
        sa.Column("report_id", WORDS),
        sa.Column("code", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_set_aside_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_set_aside_run_id")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_set_aside")),
    )
    op.create_index(op.f("ix_set_aside_report_id"), "set_aside", ["report_id"])
    op.create_table(
        "copies",
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("copy_of", WORDS, nullable=False),
        sa.Column("overlap", sa.Float(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["copy_of"], ["reports.id"], name=op.f("fk_copies_copy_of")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_copies_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_copies_run_id")),
        sa.PrimaryKeyConstraint("report_id", "copy_of", name=op.f("pk_copies")),
    )
    op.create_index(op.f("ix_copies_copy_of"), "copies", ["copy_of"])
    op.create_table(
        "origins",
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("origin", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_origins_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_origins_run_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_origins")),
    )
    op.create_index(op.f("ix_origins_origin"), "origins", ["origin"])


def _codings() -> None:
    """What coders say of reports."""
    op.create_table(
        "codings",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("inputs", WORDS, nullable=False),
        sa.Column("text_sha256", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("matched_by", WORDS),
        sa.Column("content", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["matched_by"], ["runs.id"], name=op.f("fk_codings_matched_by")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_codings_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_codings_run_id")),
        sa.ForeignKeyConstraint(["text_sha256"], ["texts.sha256"], name=op.f("fk_codings_text_sha256")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_codings")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_codings_report_id_coder", "codings", ["report_id", "coder"])
    op.create_index(op.f("ix_codings_run_id"), "codings", ["run_id"])
    op.create_index(
        "uq_codings_current",
        "codings",
        ["report_id"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "sentences",
        sa.Column("coding", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["coding"], ["codings.seq"], name=op.f("fk_sentences_coding")),
        sa.PrimaryKeyConstraint("coding", "position", name=op.f("pk_sentences")),
    )
    op.create_table(
        "event_mentions",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("coding", NUMBER, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("retells", WORDS),
        sa.Column("event_type", WORDS, nullable=False),
        sa.Column("mode", WORDS),
        sa.Column("factuality", WORDS, nullable=False),
        sa.Column("trigger_start", sa.Integer(), nullable=False),
        sa.Column("trigger_end", sa.Integer(), nullable=False),
        sa.Column("country", WORDS),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("where_prec", sa.Integer()),
        sa.Column("earliest", WORDS),
        sa.Column("latest", WORDS),
        sa.Column("record", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["coding"], ["codings.seq"], name=op.f("fk_event_mentions_coding")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_event_mentions_report_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_mentions")),
        sa.UniqueConstraint("coding", "id", name=op.f("uq_event_mentions_coding_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_event_mentions_country",
        "event_mentions",
        ["country", "earliest"],
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_index(
        "ix_event_mentions_days",
        "event_mentions",
        ["earliest", "latest"],
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_index("ix_event_mentions_id", "event_mentions", ["id"])
    op.create_index("ix_event_mentions_report_id", "event_mentions", ["report_id"])
    op.create_index(
        "ix_event_mentions_type",
        "event_mentions",
        ["event_type", "earliest"],
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )


def _claims() -> None:
    """What hangs on a coding and its event mentions."""
    op.create_table(
        "claims",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("coding", NUMBER, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("event_mention_id", WORDS),
        sa.Column("property", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("text", WORDS),
        sa.Column("start", sa.Integer()),
        sa.Column("end", sa.Integer()),
        sa.Column("attribution", WORDS, nullable=False),
        sa.Column("factuality", WORDS, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["coding"], ["codings.seq"], name=op.f("fk_claims_coding")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_claims_report_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_claims")),
        sa.UniqueConstraint("coding", "id", name=op.f("uq_claims_coding_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_claims_event_mention_id", "claims", ["event_mention_id"])
    op.create_index("ix_claims_id", "claims", ["id"])
    op.create_index("ix_claims_report_id", "claims", ["report_id"])
    op.create_table(
        "relations",
        sa.Column("coding", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", WORDS, nullable=False),
        sa.Column("record", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["coding"], ["codings.seq"], name=op.f("fk_relations_coding")),
        sa.PrimaryKeyConstraint("coding", "position", name=op.f("pk_relations")),
    )
    op.create_table(
        "successors",
        sa.Column("old", WORDS, nullable=False),
        sa.Column("new", WORDS),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_successors_run_id")),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_successors")),
    )


def _incidents() -> None:
    """What is derived from many reports."""
    op.create_table(
        "match_decisions",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("left", WORDS, nullable=False),
        sa.Column("right", WORDS, nullable=False),
        sa.Column("judgement", WORDS, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("features", WORDS, nullable=False),
        sa.Column("matcher", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.CheckConstraint('"left" < "right"', name=op.f("ck_match_decisions_order")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_match_decisions_run_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_match_decisions")),
        sa.UniqueConstraint("left", "right", "matcher", name=op.f("uq_match_decisions_left_right_matcher")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_match_decisions_right"), "match_decisions", ["right"])
    op.create_table(
        "incidents",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("event_type", WORDS, nullable=False),
        sa.Column("factuality", WORDS, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("country", WORDS),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("earliest", WORDS),
        sa.Column("latest", WORDS),
        sa.Column("record", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_incidents_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_country"), "incidents", ["country"])
    op.create_index(op.f("ix_incidents_earliest"), "incidents", ["earliest"])
    op.create_index(op.f("ix_incidents_event_type"), "incidents", ["event_type"])
    op.create_table(
        "incident_mentions",
        sa.Column("incident_id", WORDS, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_mention_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_mentions_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "position", name=op.f("pk_incident_mentions")),
        sa.UniqueConstraint("event_mention_id", name=op.f("uq_incident_mentions_event_mention_id")),
    )
    op.create_table(
        "incident_aliases",
        sa.Column("alias", WORDS, nullable=False),
        sa.Column("incident_id", WORDS),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_incident_aliases_run_id")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_incident_aliases")),
    )
    op.create_index(op.f("ix_incident_aliases_incident_id"), "incident_aliases", ["incident_id"])
    op.create_table(
        "estimates",
        sa.Column("incident_id", WORDS, nullable=False),
        sa.Column("property", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("low", sa.BigInteger()),
        sa.Column("best", sa.BigInteger()),
        sa.Column("high", sa.BigInteger()),
        sa.Column("record", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_estimates_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", "property", "rule", name=op.f("pk_estimates")),
    )


def _people() -> None:
    """What people decide."""
    op.create_table(
        "decisions",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("payload", WORDS, nullable=False),
        sa.Column("reason", WORDS),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("made_at", WORDS, nullable=False),
        sa.Column("previous", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
        sa.UniqueConstraint("digest", name=op.f("uq_decisions_digest")),
        sa.UniqueConstraint("id", name=op.f("uq_decisions_id")),
        sa.UniqueConstraint("previous", name=op.f("uq_decisions_previous")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_coder"), "decisions", ["coder"])
    op.create_index(op.f("ix_decisions_subject"), "decisions", ["subject"])
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", NUMBER, nullable=False),
        sa.Column("head", WORDS, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "drafts",
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("payload", WORDS, nullable=False),
        sa.Column("saved_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("coder", "subject", name=op.f("pk_drafts")),
    )
    op.create_table(
        "coders",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("added_at", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coders")),
    )
