"""Requesters and source rows, encrypted; the search; calls of machines."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "apicall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["apikey.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_id", "idempotency_key"),
    )
    op.create_table(
        "requester",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("phone_blind", sa.String(), nullable=True),
        sa.Column("tail_blind", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index(op.f("ix_requester_phone_blind"), "requester", ["phone_blind"], unique=False)
    op.create_table(
        "searchentry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_searchentry_order_id"), "searchentry", ["order_id"], unique=False)
    op.create_table(
        "sourcerow",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id"),
    )
    _search_index()


def _search_index() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE searchentry ADD COLUMN words tsvector")
        op.execute("CREATE INDEX ix_searchentry_words ON searchentry USING gin (words)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', tokenize='unicode61')"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    op.drop_table("sourcerow")
    op.drop_table("searchentry")
    op.drop_table("requester")
    op.drop_table("apicall")
