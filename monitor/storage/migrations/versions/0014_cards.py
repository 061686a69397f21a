"""Cards, and when each clock must be looked at next."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clock", sa.Column("watch_at", UTCDateTime(), nullable=True))
    clock = sa.table(
        "clock",
        sa.column("watch_at", UTCDateTime()),
        sa.column("ended_at", UTCDateTime()),
        sa.column("cancelled_at", UTCDateTime()),
        sa.column("historical", sa.Boolean()),
    )
    running = (clock.c.ended_at.is_(None), clock.c.cancelled_at.is_(None), ~clock.c.historical)
    op.execute(clock.update().where(*running).values(watch_at=datetime(2000, 1, 1, tzinfo=UTC)))
    op.create_index(
        "ix_clock_watch", "clock", ["watch_at", "id"],
        sqlite_where=sa.text("watch_at IS NOT NULL"),
        postgresql_where=sa.text("watch_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("lifted_why", sa.String(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "clock_id", "level", "serial", name="uq_card_once"),
    )
    op.create_index("ix_card_order_id", "card", ["order_id"])
    op.create_index("ix_card_clock_id", "card", ["clock_id"])
    op.create_index(
        "ix_card_open", "card", ["level", "section", "order_id"],
        sqlite_where=sa.text("lifted_at IS NULL"), postgresql_where=sa.text("lifted_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "watchmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("watchmark")
    op.drop_table("card")
    op.drop_index("ix_clock_watch", table_name="clock")
    op.drop_column("clock", "watch_at")
