"""Texts taken in before are indexed under the bands of the new fingerprint."""

import sqlalchemy as sa
from alembic import op

from classifiers.similar import fingerprint

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_BATCH = 1000
_FIGURES = str.maketrans("0123456789", "ghijklmnop")
_NEXT = sa.text('SELECT id, text FROM "order" WHERE id > :after ORDER BY id LIMIT :most')
_FIRST = sa.text('SELECT id, text FROM "order" ORDER BY id LIMIT :most')
_LAST = sa.text("SELECT max(id) FROM searchentry")
_ENTRY = sa.text(
    "INSERT INTO searchentry (id, order_id, public, live) VALUES (:id, :order_id, false, true)"
)
_WORDS = sa.text("INSERT INTO search_words (rowid, words) VALUES (:id, :words)")
_BOTH = sa.text(
    "INSERT INTO searchentry (order_id, public, live, words) "
    "VALUES (:order_id, false, true, to_tsvector('simple', :words))"
)


def upgrade() -> None:
    """Entries of their own, as when the first fingerprints became words: they hold bands alone."""
    bind = op.get_bind()
    postgres = bind.dialect.name == "postgresql"
    entry = bind.execute(_LAST).scalar() or 0
    rows = bind.execute(_FIRST, {"most": _BATCH}).all()
    while rows:
        given = [
            {"id": entry + place, "order_id": order_id, "words": _words(text)}
            for place, (order_id, text) in enumerate(rows, start=1)
        ]
        if postgres:
            bind.execute(_BOTH, given)
        else:
            bind.execute(_ENTRY, given)
            bind.execute(_WORDS, given)
        entry += len(rows)
        rows = bind.execute(_NEXT, {"after": rows[-1][0], "most": _BATCH}).all()


def _words(text: str) -> str:
    return " ".join(f"μ{band:010x}".translate(_FIGURES) for band in fingerprint(text))


def downgrade() -> None:
    """The words stay in the index, where nothing looks for them."""
