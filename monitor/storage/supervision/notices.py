"""Notice and Delivery: who is to be told what, once; and each way out it takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.storage.db import upsert

WAITING, SENT, FAILED = "waiting", "sent", "failed"
_MOST = 200


def _number() -> Any:
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


class Notice(SQLModel, table=True):
    """One thing one person should know: a number and what happened, never a text of a record.

    `note` says why it came to him in another's place: it stays on the page. `step` is his place
    on the ladder; a notice of a card that nobody of that place has seen by `up_at` goes one up.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "key", name="uq_notice_once"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notice_up",
            "up_at",
            sqlite_where=text("up_at IS NOT NULL"),
            postgresql_where=text("up_at IS NOT NULL"),
        ),
        Index(
            "ix_notice_card",
            "card_id",
            sqlite_where=text("card_id IS NOT NULL"),
            postgresql_where=text("card_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=_number())
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str
    urgent: bool = False
    order_id: UUID | None = Field(default=None, foreign_key="order.id", index=True)
    number: str = ""
    about: str = ""
    key: str
    at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    note: str = ""
    step: str = ""
    card_id: UUID | None = None
    up_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Delivery(SQLModel, table=True):
    """One notice on one way out; those that went as one message share its Message-ID."""

    __table_args__ = (
        UniqueConstraint("notice_id", "via", name="uq_delivery_once"),
        Index(
            "ix_delivery_waiting",
            "via",
            "person_id",
            "urgent",
            "notice_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = Field(default=None, sa_column=_number())
    notice_id: int = Field(foreign_key="notice.id")
    person_id: UUID
    via: str
    urgent: bool = False
    state: str = WAITING
    attempts: int = 0
    next_at: datetime = Field(sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    message_id: str = ""
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    error: str = ""


def tell(session: Session, row: dict[str, Any], vias: Sequence[str], next_at: datetime) -> bool:
    """Write a notice unless this person has it already; whether it is new."""
    made = session.execute(
        upsert(session, Notice)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["person_id", "key"])
        .returning(col(Notice.id))
    ).scalar()
    if made is None:
        return False
    session.add_all(
        Delivery(
            notice_id=made, person_id=row["person_id"], via=via, urgent=row["urgent"],
            next_at=next_at,
        )
        for via in vias
    )  # fmt: skip
    return True


def unread(session: Session, person_id: UUID) -> int:
    """How many notices a person has not read."""
    query = select(func.count()).select_from(Notice)
    return int(
        session.exec(
            query.where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
        ).one()
    )


def of_person(
    session: Session, person_id: UUID, *, before: int | None = None, limit: int = 50
) -> list[Notice]:
    """A person's notices, newest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    if before is not None:
        query = query.where(col(Notice.id) < before)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)))


def read(
    session: Session, person_id: UUID, now: datetime, *, upto: int | None = None,
    order_id: UUID | None = None,
) -> None:  # fmt: skip
    """A person has read his notices: those up to one, those of one order, or all."""
    query = (
        update(Notice)
        .where(col(Notice.person_id) == person_id, col(Notice.read_at).is_(None))
        .values(read_at=now)
    )
    if upto is not None:
        query = query.where(col(Notice.id) <= upto)
    if order_id is not None:
        query = query.where(col(Notice.order_id) == order_id)
    session.execute(query)


def unseen(session: Session, now: datetime, *, limit: int) -> list[tuple[UUID, str, UUID]]:
    """Cards whose time to be seen is over in a place: card, place, order; each once."""
    query = (
        select(Notice.card_id, Notice.step, Notice.order_id)
        .where(
            col(Notice.up_at).is_not(None), col(Notice.up_at) <= now,
            col(Notice.card_id).is_not(None), col(Notice.order_id).is_not(None), Notice.step != "",
        )
        .group_by(col(Notice.card_id), col(Notice.step), col(Notice.order_id))
        .order_by(func.min(Notice.up_at), col(Notice.card_id))
        .limit(limit)
    )  # fmt: skip
    return [(card, step, order) for card, step, order in session.exec(query) if card and order]


def of_card(session: Session, card_id: UUID, step: str) -> list[Notice]:
    """The notices of a card in one place of the ladder, read afresh."""
    query = select(Notice).where(Notice.card_id == card_id, Notice.step == step)
    return list(session.exec(query.execution_options(populate_existing=True)))


def claim(
    session: Session, via: str, now: datetime, lease_until: datetime, *, longest: timedelta,
    digest_over: int, message_id: str,
) -> list[tuple[Delivery, Notice]]:  # fmt: skip
    """What goes out next on this way: one notice, or a person's many as one; leased to the caller.

    In the order of each person's notices: a later one waits for one that is being tried again.
    What was claimed before and never settled goes out again under the same Message-ID.
    A retry that lies more than the longest wait ahead was put off by a clock that was wrong.
    """
    ripe = (col(Delivery.next_at) <= now) | (
        (col(Delivery.attempts) > 0) & (col(Delivery.next_at) > now + longest)
    )
    earlier = aliased(Delivery)
    ahead = select(earlier.id).where(
        earlier.state == WAITING, earlier.via == via,
        earlier.person_id == Delivery.person_id, earlier.urgent == Delivery.urgent,
        col(earlier.notice_id) < col(Delivery.notice_id),
    )  # fmt: skip
    free = col(Delivery.lease_until).is_(None) | (col(Delivery.lease_until) <= now)
    head = session.exec(
        select(Delivery)
        .where(Delivery.state == WAITING, Delivery.via == via, ripe, free,
               ~ahead.correlate(Delivery).exists())
        .order_by(col(Delivery.urgent).desc(), col(Delivery.notice_id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()  # fmt: skip
    if head is None:
        return []
    lane = select(Delivery, Notice).join(Notice, col(Notice.id) == col(Delivery.notice_id)).where(
        Delivery.state == WAITING, Delivery.via == via,
        Delivery.person_id == head.person_id, Delivery.urgent == head.urgent,
    ).order_by(col(Delivery.notice_id)).limit(_MOST)  # fmt: skip
    if head.message_id:
        batch = list(session.exec(lane.where(Delivery.message_id == head.message_id)))
    else:
        batch = list(session.exec(lane.where(ripe, Delivery.message_id == "")))
        batch = batch if len(batch) > digest_over else batch[:1]
    for delivery, _ in batch:
        delivery.message_id = delivery.message_id or message_id
        delivery.lease_until = lease_until
        delivery.attempts += 1
        session.add(delivery)
    session.flush()
    return batch


def settle(session: Session, ids: Sequence[int], **values: Any) -> None:
    """How a message went, for every delivery that it carried."""
    session.execute(update(Delivery).where(col(Delivery.id).in_(ids)).values(**values))


def standing(session: Session) -> dict[tuple[str, str], int]:
    """How many deliveries wait, went and failed, by way out."""
    query = select(Delivery.via, Delivery.state, func.count()).group_by(
        col(Delivery.via), col(Delivery.state)
    )
    return {(via, state): count for via, state, count in session.exec(query)}
