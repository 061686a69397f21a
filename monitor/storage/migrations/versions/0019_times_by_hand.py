"""Rules chosen by hand, how a request arrived, and days promised in answers."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order", sa.Column("arrival", sa.String(), nullable=True))
    op.add_column(
        "clock", sa.Column("chosen", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("clock", sa.Column("aside", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "pledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("order.id"), nullable=False),
        sa.Column("answer_id", sa.Uuid(), sa.ForeignKey("answer.id"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), sa.ForeignKey("clock.id"), nullable=True),
        sa.Column("renews", sa.Uuid(), sa.ForeignKey("pledge.id"), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=True),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pledge_order_id", "pledge", ["order_id"])


def downgrade() -> None:
    op.drop_table("pledge")
    op.drop_column("clock", "aside")
    op.drop_column("clock", "chosen")
    op.drop_column("order", "arrival")
