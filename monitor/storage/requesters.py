"""Requester: encrypted columns, a blind index of the phone, reveal."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from monitor.domain.letters import Requester as Details
from monitor.domain.numbers import normalise_phone
from monitor.storage.crypto import Keyring

FIELDS = ("name", "phone", "id_number", "address", "email")


class Requester(SQLModel, table=True):
    """Personal details of one order's requester; nothing here is readable without the key."""

    order_id: UUID = Field(foreign_key="order.id", primary_key=True)
    name: bytes | None = None
    phone: bytes | None = None
    id_number: bytes | None = None
    address: bytes | None = None
    email: bytes | None = None
    phone_blind: str | None = Field(default=None, index=True)
    tail_blind: str | None = None


def row(keys: Keyring, order_id: UUID, details: Details) -> dict[str, Any]:
    """The row to store: each detail encrypted and bound to its order and column."""
    values: dict[str, Any] = {"order_id": order_id}
    for name in FIELDS:
        told = getattr(details, name)
        values[name] = keys.encrypt(told, _bound(order_id, name)) if told else None
    digits = normalise_phone(details.phone)
    values["phone_blind"] = keys.blind("phone", digits) if len(digits) >= 7 else None
    values["tail_blind"] = (
        keys.blind("phone-tail", f"{order_id.hex}:{digits[-4:]}") if len(digits) >= 4 else None
    )
    return values


def reveal(keys: Keyring, stored: Requester) -> Details:
    """The details in the clear; whoever calls this writes the event."""
    return Details(
        **{
            name: keys.decrypt(getattr(stored, name), _bound(stored.order_id, name))
            for name in FIELDS
        }
    )


def of_order(session: Session, order_id: UUID) -> Requester | None:
    """The stored (encrypted) requester of an order."""
    return session.get(Requester, order_id)


def with_phone(session: Session, keys: Keyring, phone: str) -> list[UUID]:
    """Orders whose requester has exactly this phone number."""
    blind = keys.blind("phone", normalise_phone(phone))
    return list(
        session.exec(
            select(Requester.order_id)
            .where(Requester.phone_blind == blind)
            .order_by(col(Requester.order_id).desc())
            .limit(200)
        )
    )


def of_same_phone(session: Session, order_id: UUID, most: int) -> list[UUID]:
    """The newest other orders whose requester has the phone number of this one's."""
    asked = select(Requester.phone_blind).where(Requester.order_id == order_id)
    return list(
        session.exec(
            select(Requester.order_id)
            .where(Requester.phone_blind == asked.scalar_subquery())
            .where(Requester.order_id != order_id)
            .order_by(col(Requester.order_id).desc())
            .limit(most)
        )
    )


def tail_matches(keys: Keyring, stored: Requester | None, tail: str) -> bool:
    """Whether the last four digits fit, without decrypting anything."""
    wanted = keys.blind("phone-tail", f"{stored.order_id.hex}:{tail}") if stored else ""
    return bool(stored and stored.tail_blind and stored.tail_blind == wanted)


def _bound(order_id: UUID, name: str) -> bytes:
    return order_id.bytes + name.encode()
