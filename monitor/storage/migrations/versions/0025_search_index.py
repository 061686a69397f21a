"""The search index of SQLite takes many texts in at half the cost.

Its words are cut before they come to it, so the plainest way to part them is enough; what is
taken in waits in memory until the commit, and small parts of it are joined less often.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_PARTS = ("data", "idx", "docsize")
_SETTINGS = {"hashsize": 16 * 2**20, "automerge": 8}
_BEFORE = {"hashsize": 2**20, "automerge": 4}


def upgrade() -> None:
    _made_anew("ascii", _SETTINGS)


def downgrade() -> None:
    _made_anew("unicode61", _BEFORE)


def _made_anew(tokenize: str, settings: dict[str, int]) -> None:
    """The same index under another tokeniser, its parts as they were.

    Both part our words alike, but for a handful of signs younger than the old one's tables (鿔):
    texts that held them are found by their other words.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ALTER TABLE search_words RENAME TO search_words_before")
    op.execute(
        f"CREATE VIRTUAL TABLE search_words USING fts5(words, content='', tokenize='{tokenize}')"
    )
    for part in _PARTS:
        op.execute(f"DELETE FROM search_words_{part}")  # noqa: S608 -- names of our own
        op.execute(f"INSERT INTO search_words_{part} SELECT * FROM search_words_before_{part}")  # noqa: S608 -- names of our own
    op.execute("DROP TABLE search_words_before")
    for name, value in settings.items():
        op.execute(f"INSERT INTO search_words (search_words, rank) VALUES ('{name}', {value})")  # noqa: S608 -- names of our own
