"""Orders, what was read in them, and their clocks."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("upstream_no", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original_version", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("date_only", sa.Boolean(), nullable=False),
        sa.Column("registered_at", UTCDateTime(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column("stated_type", sa.String(), nullable=True),
        sa.Column("stated_urgency", sa.String(), nullable=True),
        sa.Column("suggested_topic", sa.String(), nullable=True),
        sa.Column("suggested_type", sa.String(), nullable=True),
        sa.Column("suggested_urgency", sa.String(), nullable=True),
        sa.Column("suggested_section", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("request_type", sa.String(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("co_sections", sa.JSON(), nullable=False),
        sa.Column("catalogue_row", sa.String(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("master_id", sa.Uuid(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("legal_asked", sa.Boolean(), nullable=False),
        sa.Column("upstream", sa.JSON(), nullable=False),
        sa.Column("upstream_due", UTCDateTime(), nullable=True),
        sa.Column("lookup_mac", sa.String(), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("event_head", sa.String(), nullable=False),
        sa.Column("event_mac", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handler_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["master_id"],
            ["order.id"],
        ),
        sa.ForeignKeyConstraint(
            ["section"],
            ["section.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "upstream_no"),
        sa.UniqueConstraint("lookup_mac"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(op.f("ix_order_master_id"), "order", ["master_id"], unique=False)
    op.create_index(
        "ix_order_received",
        "order",
        ["received_on", "historical", "channel", "section"],
        unique=False,
    )
    op.create_index("ix_order_section", "order", ["section", "state"], unique=False)
    op.create_index(
        "ix_order_standing",
        "order",
        ["state", "historical", "section", "channel", "received_on"],
        unique=False,
    )
    op.create_index("ix_order_state", "order", ["state", "received_at"], unique=False)
    op.create_table(
        "clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("promise", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("date_only", sa.Boolean(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.String(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("extension", sa.Integer(), nullable=False),
        sa.Column("given_due", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("wall_seconds", sa.Integer(), nullable=True),
        sa.Column("work_seconds", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_clock_due", "clock", ["promise", "due_on"], unique=False)
    op.create_index(
        "ix_clock_ended",
        "clock",
        ["promise", "ended_at", "late", "historical", "section", "channel", "order_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_clock_order_id"), "clock", ["order_id"], unique=False)
    op.create_index(
        "ix_clock_running",
        "clock",
        [
            "promise",
            "due_at",
            "order_id",
            "due_on",
            "historical",
            "section",
            "channel",
            "ended_at",
            "cancelled_at",
        ],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_clock_used",
        "clock",
        [
            "promise",
            "due_on",
            "historical",
            "section",
            "channel",
            "late",
            "wall_seconds",
            "work_seconds",
            "order_id",
        ],
        unique=False,
        sqlite_where=sa.text("late IS NOT NULL"),
        postgresql_where=sa.text("late IS NOT NULL"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("band", "order_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("master_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["master_id"],
            ["order.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_merge_master_id"), "merge", ["master_id"], unique=False)
    op.create_index(op.f("ix_merge_order_id"), "merge", ["order_id"], unique=False)
    op.create_table(
        "original",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id", "version"),
    )
    op.create_table(
        "reading",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("original_version", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id", "sequence"),
    )


def downgrade() -> None:
    op.drop_table("reading")
    op.drop_table("original")
    op.drop_table("merge")
    op.drop_table("fingerprint")
    op.drop_table("clock")
    op.drop_table("order")
