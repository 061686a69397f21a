"""Deputies, what the office knows of its people and keys, the mark of a demonstration."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _added() -> dict[str, list[sa.Column]]:
    """The new columns by table; made anew each time, for a column belongs to one table."""
    return {
        "section": [sa.Column("phone", sa.String(), nullable=False, server_default="")],
        "person": [sa.Column("asked_roles", sa.JSON(), nullable=False, server_default="[]")],
        "login": [sa.Column("stands_for", sa.Uuid(), nullable=True)],
        "apikey": [
            sa.Column("created_by", sa.String(), nullable=False, server_default=""),
            sa.Column("channels", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("expires_at", UTCDateTime(), nullable=True),
            sa.Column("used_at", UTCDateTime(), nullable=True),
        ],
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_deputy_person_id"), "deputy", ["person_id"], unique=False)
    op.create_index(op.f("ix_deputy_deputy_id"), "deputy", ["deputy_id"], unique=False)
    op.create_table(
        "demonstration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("founded_at", UTCDateTime(), nullable=False),
        sa.Column("took_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("demonstration")
    op.drop_table("deputy")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
