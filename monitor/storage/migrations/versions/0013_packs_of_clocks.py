"""The pack of rules that a clock was reckoned by; empty for clocks from before."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clock", sa.Column("rule_pack", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("clock", "rule_pack")
