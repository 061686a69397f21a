"""StoredFile, Attachment, PublicFile, Upload: what was attached, by whom, and what is public."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, Session, SQLModel, UTCDateTime, col, func, select

from monitor.storage.crypto import Keyring


class StoredFile(SQLModel, table=True):
    """One content by its hash: its kind, and, encrypted, what was found beside what it shows.

    `looks` names pictures and text that we drew from it: role, media type and hash of each.
    """

    sha256: str = Field(primary_key=True)
    size: int
    kind: str
    media_type: str
    pages: int
    traces: bytes
    looks: list[dict[str, Any]] = Field(
        sa_column=Column(JSON, nullable=False), default_factory=list
    )
    at: datetime = Field(sa_type=UTCDateTime)

    def look(self, role: str) -> list[dict[str, Any]]:
        """What was drawn for one purpose: page, clean or text."""
        return [look for look in self.looks if look["role"] == role]


class Attachment(SQLModel, table=True):
    """A file attached to an order; `part` says to what: the letter, the record or the answer.

    A choice about publication holds for the answer version that it was made for.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="order.id", index=True)
    part: str
    name: bytes
    sha256: str = Field(foreign_key="storedfile.sha256", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    by: str
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    removed_by: str = ""
    choice: str = ""
    chosen_for: UUID | None = None
    chosen_by: str = ""
    chosen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class PublicFile(SQLModel, table=True):
    """One file of a publication, as it is served: it is public as long as the publication is."""

    publication_id: UUID = Field(foreign_key="publication.id", primary_key=True)
    n: int = Field(primary_key=True)
    attachment_id: UUID = Field(foreign_key="attachment.id")
    sha256: str
    name: str
    media_type: str
    size: int


class Upload(SQLModel, table=True):
    """A file on its way: so much of it is here; `place` is what it is for, `owner` who sends."""

    __table_args__ = (Index("ix_upload_place", "place", "owner"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    place: str
    owner: str
    name: bytes
    size: int
    received: int = 0
    sha256: str = ""
    at: datetime = Field(sa_type=UTCDateTime, index=True)


def seal(keys: Keyring, owner: UUID, name: str) -> bytes:
    """A file's name as it is stored: it may name a person."""
    return keys.seal(name.encode(), owner.bytes + b"file-name")


def name_of(keys: Keyring, row: Attachment | Upload) -> str:
    """The name in the clear."""
    return keys.unseal(row.name, row.id.bytes + b"file-name").decode()


def seal_traces(keys: Keyring, sha256: str, traces: Sequence[tuple[str, str]]) -> bytes:
    """What was found in a content, as it is stored."""
    return keys.seal(orjson.dumps(list(traces)), sha256.encode() + b"traces")


def traces_of(keys: Keyring, row: StoredFile) -> list[tuple[str, str]]:
    """Code and words of each thing found in a content."""
    found = orjson.loads(keys.unseal(row.traces, row.sha256.encode() + b"traces"))
    return [(code, words) for code, words in found]


def content(session: Session, sha256: str) -> StoredFile | None:
    """The content with this hash, if it was ever taken."""
    return session.get(StoredFile, sha256)


def of_order(session: Session, order_id: UUID, *, part: str = "") -> list[Attachment]:
    """The files of an order that are not removed, oldest first."""
    query = select(Attachment).where(
        Attachment.order_id == order_id, col(Attachment.removed_at).is_(None)
    )
    if part:
        query = query.where(Attachment.part == part)
    return list(session.exec(query.order_by(col(Attachment.at), col(Attachment.id))))


def removed(session: Session, order_id: UUID, since: datetime) -> list[Attachment]:
    """The files of an order that were removed after a moment and may come back."""
    query = select(Attachment).where(
        Attachment.order_id == order_id, col(Attachment.removed_at) >= since
    )
    return list(session.exec(query.order_by(col(Attachment.at), col(Attachment.id))))


def contents(session: Session, hashes: Sequence[str]) -> dict[str, StoredFile]:
    """These contents by hash."""
    found = session.exec(select(StoredFile).where(col(StoredFile.sha256).in_(hashes)))
    return {one.sha256: one for one in found}


def one(session: Session, order_id: UUID, attachment_id: UUID) -> Attachment | None:
    """One file of an order, removed or not."""
    return session.exec(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.order_id == order_id)
    ).first()


def uploads(session: Session, place: str, owner: str) -> list[Upload]:
    """What is on its way to a place or waits there, oldest first."""
    query = select(Upload).where(Upload.place == place, Upload.owner == owner)
    return list(session.exec(query.order_by(col(Upload.at), col(Upload.id))))


def upload(session: Session, upload_id: UUID, owner: str, *, hold: bool = False) -> Upload | None:
    """An upload of this sender; locked until the transaction ends when it is to be filled."""
    query = select(Upload).where(Upload.id == upload_id, Upload.owner == owner)
    return session.exec(query.with_for_update() if hold else query).first()


def uploads_before(session: Session, moment: datetime) -> list[Upload]:
    """Uploads that began before a moment and came to nothing."""
    return list(session.exec(select(Upload).where(col(Upload.at) < moment)))


def public_files(session: Session, publication_id: UUID) -> list[PublicFile]:
    """The files of a publication in their order."""
    query = select(PublicFile).where(PublicFile.publication_id == publication_id)
    return list(session.exec(query.order_by(col(PublicFile.n))))


def wanted(session: Session, since: datetime) -> set[str]:
    """The hash of every content that a row still needs, with all that was drawn from it."""
    kept = select(Attachment.sha256).where(
        col(Attachment.removed_at).is_(None) | (col(Attachment.removed_at) >= since)
    )
    found = set(session.exec(kept))
    found |= set(session.exec(select(Upload.sha256).where(Upload.sha256 != "")))
    found |= set(session.exec(select(PublicFile.sha256)))
    rows = session.exec(select(StoredFile).where(col(StoredFile.sha256).in_(found)))
    return found | {look["sha256"] for row in rows for look in row.looks}


def counted(session: Session, order_id: UUID, part: str) -> int:
    """How many files a part of an order holds."""
    query = (
        select(func.count())
        .select_from(Attachment)
        .where(
            Attachment.order_id == order_id,
            Attachment.part == part,
            col(Attachment.removed_at).is_(None),
        )
    )
    return session.exec(query).one()
