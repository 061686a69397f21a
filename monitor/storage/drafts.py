"""Draft: what somebody is typing, saved on every pause, encrypted, so that nothing is lost."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import orjson
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, select

from monitor.storage.crypto import Keyring


class Draft(SQLModel, table=True):
    """One person's unfinished form: which form, about what, and its encrypted fields."""

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    form: str = Field(primary_key=True)
    body: bytes
    saved_at: datetime = Field(sa_type=UTCDateTime)


def save(
    session: Session,
    keys: Keyring,
    person_id: UUID,
    form: str,
    fields: dict[str, str],
    now: datetime,
) -> None:
    """Keep the fields of a form as they are now."""
    sealed = keys.encrypt(orjson.dumps(fields).decode(), _bound(person_id, form))
    draft = session.get(Draft, (person_id, form))
    if draft is None:
        session.add(Draft(person_id=person_id, form=form, body=sealed or b"", saved_at=now))
    else:
        draft.body, draft.saved_at = sealed or b"", now
        session.add(draft)


def load(
    session: Session, keys: Keyring, person_id: UUID, form: str
) -> tuple[dict[str, str], datetime] | None:
    """The kept fields and when they were saved, or None."""
    draft = session.get(Draft, (person_id, form))
    if draft is None:
        return None
    fields = orjson.loads(keys.decrypt(draft.body, _bound(person_id, form)))
    return fields, draft.saved_at


def newest(
    session: Session, keys: Keyring, form: str, among: Collection[UUID]
) -> tuple[UUID, dict[str, str], datetime] | None:
    """The draft of a form that was saved last by one of these people: whose, fields, when."""
    found = session.exec(
        select(Draft)
        .where(Draft.form == form, col(Draft.person_id).in_(among))
        .order_by(col(Draft.saved_at).desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    fields = orjson.loads(keys.decrypt(found.body, _bound(found.person_id, form)))
    return found.person_id, fields, found.saved_at


def begun(session: Session, form: str) -> bool:
    """Whether anybody has begun to fill in a form."""
    return session.exec(select(Draft.form).where(Draft.form == form).limit(1)).first() is not None


def of_person(session: Session, person_id: UUID) -> list[tuple[str, datetime]]:
    """Which forms this person has not finished, the newest first, and when each was saved."""
    found = session.exec(
        select(Draft.form, Draft.saved_at)
        .where(Draft.person_id == person_id)
        .order_by(col(Draft.saved_at).desc(), col(Draft.form))
    )
    return [(form, saved_at) for form, saved_at in found]


def drop_oldest(session: Session, person_id: UUID, keep: int) -> None:
    """Forget all but this person's newest drafts."""
    for form, _ in of_person(session, person_id)[keep:]:
        drop(session, person_id, form)


def drop(session: Session, person_id: UUID, form: str) -> None:
    """Forget a draft, because its form was sent or thrown away."""
    draft = session.get(Draft, (person_id, form))
    if draft is not None:
        session.delete(draft)


def _bound(person_id: UUID, form: str) -> bytes:
    return person_id.bytes + form.encode()
