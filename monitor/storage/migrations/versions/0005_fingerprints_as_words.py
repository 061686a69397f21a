"""Fingerprints become words of the search index; two lighter indexes for the way in."""

from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MERGED = sa.text("master_id IS NOT NULL")
_FIGURES = str.maketrans("0123456789", "ghijklmnop")


def upgrade() -> None:
    for order_id, words in list(_words()):
        _index(order_id, words)
    op.drop_table("fingerprint")
    op.create_index(op.f("ix_ruleversion_published_at"), "ruleversion", ["published_at"])
    op.drop_index("ix_order_master_id", table_name="order")
    op.create_index(
        "ix_order_master_id",
        "order",
        ["master_id"],
        unique=False,
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )


def _words() -> Iterator[tuple[str, str]]:
    """Each order with the bands of its fingerprint, written as the index holds them."""
    rows = op.get_bind().execute(
        sa.text("SELECT order_id, band FROM fingerprint ORDER BY order_id")
    )
    for order_id, bands in groupby(rows, key=lambda row: row[0]):
        marks = (f"λ{band % 2**64:016x}".translate(_FIGURES) for _, band in bands)
        yield order_id, " ".join(marks)


def _index(order_id: str, words: str) -> None:
    bind = op.get_bind()
    given = {"order_id": order_id, "words": words}
    if bind.dialect.name == "postgresql":
        entry = (
            "INSERT INTO searchentry (order_id, public, live, words) "
            "VALUES (:order_id, false, true, to_tsvector('simple', :words))"
        )
        bind.execute(sa.text(entry), given)
        return
    entry = "INSERT INTO searchentry (order_id, public, live) VALUES (:order_id, 0, 1)"
    bind.execute(sa.text(entry), given)
    index = "INSERT INTO search_words (rowid, words) VALUES (last_insert_rowid(), :words)"
    bind.execute(sa.text(index), given)


def downgrade() -> None:
    """The words stay in the index, where nothing looks for them."""
    op.create_table(
        "fingerprint",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.PrimaryKeyConstraint("band", "order_id"),
        sqlite_with_rowid=False,
    )
    op.drop_index(op.f("ix_ruleversion_published_at"), table_name="ruleversion")
    op.drop_index("ix_order_master_id", table_name="order")
    op.create_index(op.f("ix_order_master_id"), "order", ["master_id"], unique=False)
