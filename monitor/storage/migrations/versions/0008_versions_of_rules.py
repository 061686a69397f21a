"""Why a rule was changed, and room between two rules for a third."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Rules stand in an order; a new one takes a place between two others.
_STEP = 65_536


def upgrade() -> None:
    op.add_column(
        "ruleversion", sa.Column("reason", sa.String(), nullable=False, server_default="")
    )
    op.execute(f"UPDATE ruleversion SET position = position * {_STEP}")  # noqa: S608


def downgrade() -> None:
    op.execute(f"UPDATE ruleversion SET position = position / {_STEP}")  # noqa: S608
    op.drop_column("ruleversion", "reason")
