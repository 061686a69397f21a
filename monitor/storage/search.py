"""Full-text search by character bigrams: FTS5 on SQLite, tsvector on PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Integer, Uuid, case, or_, text
from sqlmodel import Field, Session, SQLModel, col, func, select, update

from monitor.domain.access import Acting
from monitor.storage.db import ask, write_rows, write_words
from monitor.storage.index.tokens import fold, query_tokens, token_lines
from monitor.storage.orders import Order, visible_to


class SearchEntry(SQLModel, table=True):
    """One searchable text; a re-indexed or withdrawn one leaves a dead row behind."""

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    order_id: UUID = Field(foreign_key="order.id", index=True)
    public: bool = False
    live: bool = True


# So many figures make a fragment of a number worth looking for; 2 is one in the middle of it.
_FEW, _HELD = 3, 2
_LAST = select(func.max(SearchEntry.id))
_JOINED = "search_words JOIN searchentry ON searchentry.id = search_words.rowid"


def numbered(session: Session, who: Acting, numbers: Sequence[str]) -> list[Order]:
    """Those of these orders that the person may see, the newest first."""
    query = visible_to(who).where(col(Order.number).in_(numbers))
    return list(session.exec(query.order_by(col(Order.id).desc())))


def add(session: Session, entries: Sequence[tuple[UUID, str]], *, public: bool = False) -> None:
    """Index new texts, by order."""
    lines = token_lines([words for _, words in entries])
    ids = [order_id for order_id, _ in entries]
    add_tokens(session, list(zip(ids, lines, strict=True)), public=public)


def add_tokens(
    session: Session, entries: Sequence[tuple[UUID, str]], *, public: bool = False
) -> None:
    """Index texts that were cut into tokens before."""
    if not entries:
        return
    postgres = session.get_bind().dialect.name == "postgresql"
    if postgres:
        session.execute(
            text(
                "INSERT INTO searchentry (order_id, public, live, words) "
                "VALUES (:order_id, :public, true, to_tsvector('simple', :words))"
            ),
            [
                {"order_id": order_id, "public": public, "words": words}
                for order_id, words in entries
            ],
        )
        return
    last = ask(session, _LAST)[0][0] or 0
    rows: list[dict[str, Any]] = [
        {"id": last + position, "order_id": order_id, "public": public, "live": True}
        for position, (order_id, _) in enumerate(entries, start=1)
    ]
    write_rows(session, SearchEntry, rows)
    write_words(
        session,
        "INSERT INTO search_words (rowid, words) VALUES (?, ?)",
        [(row["id"], words) for row, (_, words) in zip(rows, entries, strict=True)],
    )


def retire(session: Session, order_id: UUID, *, public: bool) -> None:
    """Take an order's text out of one of the two indexes."""
    session.exec(
        update(SearchEntry)
        .where(col(SearchEntry.order_id) == order_id, col(SearchEntry.public).is_(public))
        .values(live=False)
    )


def by_number(
    session: Session, who: Acting, words: str, conditions: Sequence[Any], *, most: int
) -> list[UUID]:
    """Orders whose own or upstream number is this or holds it: the same first, then the newest.

    A fragment that too many hold counts only where a number ends with it.
    """
    wanted = fold(words).upper().replace("-", "")
    if not wanted.isalnum() or not wanted.isascii() or sum(map(str.isdigit, wanted)) < _FEW:
        same = [col(Order.number) == words.upper(), col(Order.upstream_no) == words]
        found = visible_to(who).with_only_columns(col(Order.id)).where(or_(*same), *conditions)
        return list(session.execute(found.order_by(col(Order.id).desc()).limit(most)).scalars())
    numbers = [func.replace(func.upper(one), "-", "") for one in (Order.number, Order.upstream_no)]
    near = case(
        (or_(*(number == wanted for number in numbers)), 0),
        (or_(*(number.endswith(wanted, autoescape=True) for number in numbers)), 1),
        else_=2,
    )
    # Every order is looked at, so at both its numbers in one go; a blank is in no fragment.
    both = func.upper(col(Order.number) + " " + func.coalesce(Order.upstream_no, ""))
    holds = func.replace(both, "-", "").contains(wanted, autoescape=True)
    query = visible_to(who).with_only_columns(col(Order.id), near).where(holds, *conditions)
    rows = session.execute(query.order_by(near, col(Order.id).desc()).limit(most + 1)).all()
    many = len(rows) > most
    return [id_ for id_, how in rows[:most] if how < _HELD or not many]


def phrase(session: Session, word: str) -> str:
    """A word as the index is asked for it; empty where it holds nothing that is indexed."""
    postgres = session.get_bind().dialect.name == "postgresql"
    parts = [token for part in query_tokens(word) for token in part]
    return (" <-> " if postgres else " + ").join(map(_tsquery if postgres else _fts, parts))


def matching(session: Session, words: str, *, public: bool, limit: int = 500) -> list[UUID]:
    """Orders whose text holds every part of the query, newest first; at most `limit`."""
    return _find(session, query_tokens(words)[:12], " AND ", " & ", public=public, limit=limit)


def any_of(session: Session, words: Sequence[str], *, limit: int) -> list[UUID]:
    """Orders whose text holds at least one of these words, newest first; for likeness."""
    parts = [part for word in words for part in query_tokens(word)][:12]
    return _find(session, parts, " OR ", " | ", public=False, limit=limit)


def matches(session: Session, words: str, *, public: bool = False) -> Any:
    """The rows `order_id, entry` of the texts that hold every part of the query, to join with.

    Entries are numbered as the texts came in: the newest first needs no sorting.
    """
    source, newest, condition, query = _condition(session, query_tokens(words)[:12], " AND ", " & ")
    return (
        text(
            f"SELECT searchentry.order_id, {newest} AS entry FROM {source} "  # noqa: S608 -- only our own words are put together
            f"WHERE {condition} AND live AND public = :public"
        )
        .columns(order_id=Uuid, entry=BigInteger)
        .bindparams(query=query, public=public)
        .subquery("hits")
    )


def _find(
    session: Session,
    parts: Sequence[Sequence[str]],
    fts_join: str,
    ts_join: str,
    *,
    public: bool,
    limit: int,
) -> list[UUID]:
    if not parts:
        return []
    source, newest, condition, query = _condition(session, parts, fts_join, ts_join)
    found = session.execute(
        text(
            f"SELECT order_id FROM {source} WHERE {condition} AND live AND public = :public "  # noqa: S608 -- only our own words are put together
            f"ORDER BY {newest} DESC LIMIT :limit"
        ).columns(order_id=SearchEntry.__table__.c.order_id.type),  # type: ignore[attr-defined]
        {"query": query, "public": public, "limit": limit},
    )
    return list(dict.fromkeys(found.scalars()))


def undecided(session: Session, most: int) -> list[str]:
    """Titles and texts of the newest orders that nobody gave a topic, for counting words."""
    query = select(Order.title, Order.text).where(col(Order.topic).is_(None))
    newest = session.exec(query.order_by(col(Order.received_at).desc()).limit(most))
    return [f"{title}\n{text}" for title, text in newest]


def _condition(
    session: Session, parts: Sequence[Sequence[str]], fts_join: str, ts_join: str
) -> tuple[str, str, str, str]:
    """Where to look, what numbers it, under which condition, for what; as the database says it."""
    if session.get_bind().dialect.name == "postgresql":
        query = ts_join.join("(" + " <-> ".join(map(_tsquery, part)) + ")" for part in parts)
        return "searchentry", "searchentry.id", "words @@ to_tsquery('simple', :query)", query
    query = fts_join.join("(" + " + ".join(map(_fts, part)) + ")" for part in parts)
    return _JOINED, "search_words.rowid", "search_words MATCH :query", query


def _fts(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'


def _tsquery(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"
