"""Orders that a letter with several requests was split into."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "branch",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.ForeignKeyConstraint(["parent_id"], ["order.id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index(op.f("ix_branch_parent_id"), "branch", ["parent_id"], unique=False)


def downgrade() -> None:
    op.drop_table("branch")
