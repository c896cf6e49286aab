"""Sketches of reports, by which repeated text is found without reading every report again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("report_id", WORDS, nullable=False),
        sa.Column("text_sha256", WORDS, nullable=False),
        sa.Column("title", WORDS),
        sa.Column("maker", WORDS, nullable=False),
        sa.Column("bands", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("run_id", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_sketches_report_id_reports")),
        sa.ForeignKeyConstraint(["text_sha256"], ["texts.sha256"], name=op.f("fk_sketches_text_sha256_texts")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_sketches_run_id_runs")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_sketches")),
    )
