"""Parts of co-sections, call-backs by sample, retention."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LIVE = sa.text("closed_at IS NULL")
_WANTED = "就来件中属于本科室职责的内容提出意见。"
_OPEN = ("awaiting_sign", "return_pending", "in_hand", "deferred")


def upgrade() -> None:
    op.create_table(
        "part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=True),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("urged_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.ForeignKeyConstraint(["section"], ["section.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_part_order_id"), "part", ["order_id"], unique=False)
    op.create_index(
        "ix_part_live",
        "part",
        ["order_id", "section"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_part_section", "part", ["section", "closed_at"], unique=False)
    op.create_table(
        "parttext",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("returned_at", UTCDateTime(), nullable=True),
        sa.Column("returned_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"]),
        sa.PrimaryKeyConstraint("part_id", "version"),
    )
    op.add_column(
        "answer", sa.Column("missing_parts", sa.String(), nullable=False, server_default="")
    )
    op.add_column("callback", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("callback", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.create_table(
        "callbackwaiver",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_table(
        "filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("proposed", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reopened_at", UTCDateTime(), nullable=True),
        sa.Column("reopened_by", sa.String(), nullable=False),
        sa.Column("reopened_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_filing_order_id"), "filing", ["order_id"], unique=False)
    _ask_those_named_before()


def _ask_those_named_before() -> None:
    """Co-sections of open orders owe a part as well; without a clock, for none was promised."""
    order = sa.table(
        "order", sa.column("id", sa.Uuid()), sa.column("round", sa.Integer()),
        sa.column("state", sa.String()), sa.column("section", sa.String()),
        sa.column("co_sections", sa.JSON()), sa.column("decided_by", sa.String()),
        sa.column("decided_at", UTCDateTime()), sa.column("received_at", UTCDateTime()),
    )  # fmt: skip
    part = sa.table(
        "part", sa.column("id", sa.Uuid()), sa.column("order_id", sa.Uuid()),
        sa.column("round", sa.Integer()), sa.column("section", sa.String()),
        sa.column("wanted", sa.Text()), sa.column("asked_by", sa.String()),
        sa.column("asked_at", UTCDateTime()), sa.column("urged", sa.Integer()),
        sa.column("closed_by", sa.String()), sa.column("closed_why", sa.String()),
    )  # fmt: skip
    session = op.get_bind()
    known = set(session.execute(sa.text("SELECT code FROM section")).scalars())
    named = session.execute(sa.select(order).where(order.c.state.in_(_OPEN))).all()
    rows = [
        {
            "id": uuid4(), "order_id": one.id, "round": one.round, "section": code,
            "wanted": _WANTED, "asked_by": one.decided_by,
            "asked_at": one.decided_at or one.received_at, "urged": 0,
            "closed_by": "", "closed_why": "",
        }
        for one in named
        for code in dict.fromkeys(one.co_sections)
        if code in known and code != one.section
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(part), rows)


def downgrade() -> None:
    op.drop_table("filing")
    op.drop_table("callbackwaiver")
    op.drop_column("callback", "corrects")
    op.drop_column("callback", "round")
    op.drop_column("answer", "missing_parts")
    op.drop_table("parttext")
    op.drop_table("part")
