"""Versions of models, proposed and in force; what suggestions would have done alone."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "modelversion",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("data_hash", sa.String(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("compared", sa.JSON(), nullable=False),
        sa.Column("learnt_until", UTCDateTime(), nullable=True),
        sa.Column("trained_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_index("ix_modelversion_reader", "modelversion", ["reader"])
    op.create_table(
        "learnrun",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_learnrun_at", "learnrun", ["at"])


def downgrade() -> None:
    op.drop_table("learnrun")
    op.drop_table("modelversion")
