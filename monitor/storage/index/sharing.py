"""Sharing: the newest texts that hold a word of the index, or a band of a fingerprint."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel import Session, col, select

from monitor.storage.index.tokens import marks
from monitor.storage.search import SearchEntry, phrase

# So many of the newest that hold a band are looked at: a flood of equal texts costs no more.
NEWEST = 200

_EMBEDDED = text(
    "SELECT m.value, (SELECT json_group_array(rowid) FROM (SELECT rowid FROM search_words "
    "WHERE search_words MATCH m.value ORDER BY rowid DESC LIMIT :each)) "
    "FROM json_each(:marks) AS m"
)
# Sorted by a sum, the planner does not walk all entries backwards in hope of a rare word.
_SERVER = text(
    "SELECT m.value, array(SELECT searchentry.id FROM searchentry "
    "WHERE words @@ m.value::tsquery ORDER BY searchentry.id + 0 DESC LIMIT :each) "
    "FROM json_array_elements_text(CAST(:marks AS json)) AS m"
)


def entries(
    session: Session, bands: Collection[int], *, each: int = NEWEST
) -> dict[int, list[int]]:
    """For each of these bands the newest entries of the index that hold it; one question."""
    asked = list(bands)
    known = dict(zip(marks(asked), asked, strict=True))
    return {known[word]: ids for word, ids in _newest(session, list(known), each).items()}


def holding(
    session: Session, words: Collection[str], *, each: int = NEWEST
) -> dict[str, list[int]]:
    """For each of these words the newest entries of the index whose text holds it."""
    phrases = {asked: word for word in words if (asked := phrase(session, word))}
    return {phrases[asked]: ids for asked, ids in _newest(session, list(phrases), each).items()}


def counted(
    session: Session, bands: Collection[int], *, each: int = NEWEST, most: int = 60
) -> dict[UUID, int]:
    """The orders that share most of these bands and how many each, the newer first of equals."""
    shared: Counter[int] = Counter()
    for ids in entries(session, bands, each=each).values():
        shared.update(ids)
    best = sorted(shared, key=lambda entry: (-shared[entry], -entry))[:most]
    owners = owners_of(session, best)
    found: dict[UUID, int] = {}
    for entry in best:
        if entry in owners:
            found.setdefault(owners[entry], shared[entry])
    return found


def owners_of(session: Session, ids: Sequence[int]) -> dict[int, UUID]:
    """The orders of those of these entries that are in force and not for the public."""
    query = select(SearchEntry.id, SearchEntry.order_id).where(
        col(SearchEntry.id).in_(ids),
        col(SearchEntry.live).is_(True),
        col(SearchEntry.public).is_(False),
    )
    return {int(entry or 0): order_id for entry, order_id in session.exec(query)}


def _newest(session: Session, asked: list[str], each: int) -> dict[str, list[int]]:
    if not asked:
        return {}
    postgres = session.get_bind().dialect.name == "postgresql"
    given = {"marks": orjson.dumps(asked).decode(), "each": each}
    found = session.execute(_SERVER if postgres else _EMBEDDED, given)
    return {word: ids if isinstance(ids, list) else orjson.loads(ids) for word, ids in found}
