"""Who is on duty, who is away; and when a notice that nobody has seen goes one step up."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dutyday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("day", "person_id"),
    )
    op.create_table(
        "rosterchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("put", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["deputy_id"], ["deputy.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"])
    op.add_column("notice", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("step", sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("card_id", sa.Uuid(), nullable=True))
    op.add_column("notice", sa.Column("up_at", UTCDateTime(), nullable=True))
    op.create_index(
        "ix_notice_up", "notice", ["up_at"],
        sqlite_where=sa.text("up_at IS NOT NULL"), postgresql_where=sa.text("up_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_notice_card", "notice", ["card_id"],
        sqlite_where=sa.text("card_id IS NOT NULL"),
        postgresql_where=sa.text("card_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_notice_card", table_name="notice")
    op.drop_index("ix_notice_up", table_name="notice")
    for name in ("up_at", "card_id", "step", "note"):
        op.drop_column("notice", name)
    op.drop_table("absence")
    op.drop_table("rosterchange")
    op.drop_table("dutyday")
