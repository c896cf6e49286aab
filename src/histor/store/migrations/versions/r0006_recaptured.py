"""Reports whose publisher corrected them: the captures that came after the first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("reports", sa.Column("recaptured", WORDS))
