"""Hot issues with their members, and up to where orders were looked at."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hotissue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("heat", sa.Float(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("judged", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_number", sa.String(), nullable=False),
        sa.Column("judged_by", sa.String(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_hotissue_last_on", "hotissue", ["last_on"])
    op.create_table(
        "hotmember",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("issue_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.ForeignKeyConstraint(["issue_id"], ["hotissue.id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index("ix_hotmember_issue_id", "hotmember", ["issue_id"])
    op.create_table(
        "hotrun",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("hotrun")
    op.drop_table("hotmember")
    op.drop_table("hotissue")
