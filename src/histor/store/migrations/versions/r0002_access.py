"""Accounts, sessions, tokens, jobs, second codings and the audit trail of the review application."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=False)


def upgrade() -> None:
    _accounts()
    _work()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("password", WORDS, nullable=False),
        sa.Column("added_at", WORDS, nullable=False),
        sa.Column("disabled", FLAG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "sessions",
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("account", WORDS, nullable=False),
        sa.Column("began_at", WORDS, nullable=False),
        sa.Column("ends_at", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_sessions_account_accounts")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"])
    op.create_table(
        "tokens",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("account", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("scopes", WORDS, nullable=False),
        sa.Column("added_at", WORDS, nullable=False),
        sa.Column("ends_at", WORDS),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_tokens_account_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("sha256", name=op.f("uq_tokens_sha256")),
    )
    op.create_index(op.f("ix_tokens_account"), "tokens", ["account"])


def _work() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("message", WORDS),
        sa.Column("request", WORDS, nullable=False),
        sa.Column("result", WORDS),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("added_at", WORDS, nullable=False),
        sa.Column("began_at", WORDS),
        sa.Column("ended_at", WORDS),
        sa.Column("cancel", FLAG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_state"), "jobs", ["state"])
    op.create_table(
        "second_codings",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("coder", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("mentions", WORDS, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("assigned_at", WORDS, nullable=False),
        sa.Column("done_at", WORDS),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_second_codings_report_id_reports")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_second_codings")),
        sa.UniqueConstraint("report_id", "coder", name=op.f("uq_second_codings_report_id_coder")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_second_codings_coder"), "second_codings", ["coder"])
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("at", WORDS, nullable=False),
        sa.Column("account", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("subject", WORDS),
        sa.Column("address", WORDS),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_account", "audit", ["account"])
