"""Tables of the review application: accounts, sessions, tokens, jobs, second codings, times, and who did what."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, UniqueConstraint

from histor.store.schema import Words, _seq, _table

accounts = _table(
    "accounts",
    Column("name", Words, primary_key=True),
    Column("role", Words, nullable=False),
    Column("password", Words, nullable=False),  # an Argon2id hash
    Column("added_at", Words, nullable=False),
    Column("disabled", Boolean(create_constraint=False), nullable=False),
)

sessions = _table(
    "sessions",
    Column("sha256", Words, primary_key=True),  # of the secret that the browser holds
    Column("account", Words, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("began_at", Words, nullable=False),
    Column("ends_at", Words, nullable=False),
)

tokens = _table(
    "tokens",
    Column("id", Words, primary_key=True),
    Column("sha256", Words, nullable=False, unique=True),
    Column("account", Words, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("scopes", Words, nullable=False),
    Column("added_at", Words, nullable=False),
    Column("ends_at", Words),
)

jobs = _table(
    "jobs",
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("state", Words, nullable=False, index=True),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("message", Words),
    Column("request", Words, nullable=False),
    Column("result", Words),
    Column("by", Words, nullable=False),
    Column("added_at", Words, nullable=False),
    Column("began_at", Words),
    Column("ended_at", Words),
    Column("cancel", Boolean(create_constraint=False), nullable=False),
)

second_codings = _table(
    "second_codings",
    _seq(),
    Column("report_id", Words, ForeignKey("reports.id"), nullable=False),
    Column("coder", Words, nullable=False, index=True),
    Column("state", Words, nullable=False),
    Column("mentions", Words, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("assigned_at", Words, nullable=False),
    Column("done_at", Words),
    UniqueConstraint("report_id", "coder"),
)

decision_times = _table(
    "decision_times",
    Column("decision", Words, ForeignKey("decisions.id"), primary_key=True),
    Column("seconds", Float, nullable=False),
)

audit = _table(
    "audit",
    _seq(),
    Column("at", Words, nullable=False),
    Column("account", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words),
    Column("address", Words),
    Index("ix_audit_account", "account"),
)
