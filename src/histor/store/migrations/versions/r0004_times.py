"""How long a person looked before a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "decision_times",
        sa.Column("decision", WORDS, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_decision_times_decision_decisions")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_decision_times")),
    )
