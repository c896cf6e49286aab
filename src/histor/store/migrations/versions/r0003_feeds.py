"""Feeds that a project follows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("address", WORDS, nullable=False),
        sa.Column("source", WORDS),
        sa.Column("title", WORDS),
        sa.Column("added_at", WORDS, nullable=False),
        sa.Column("polled_at", WORDS),
        sa.Column("etag", WORDS),
        sa.Column("modified", WORDS),
        sa.Column("failure", WORDS),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_feeds")),
    )
