"""The machine door: take orders in under idempotency keys, tell where they stand."""

import hashlib
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from monitor.domain import numbers
from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Promise, Role, State, Via
from monitor.domain.workdays import local
from monitor.services import reading
from monitor.services.context import Context
from monitor.services.reading import Prepared
from monitor.steps import intake
from monitor.storage import deadlines, doors, orders
from monitor.storage.db import write_rows
from monitor.storage.doors import ApiCall, KeyInForce
from monitor.storage.orders import Order
from monitor.web.deps import desk_of
from monitor.web.guard import machine_router

router = machine_router()

_PAGE = 50
_FIRST_YEAR = 2000


class OrderIn(BaseModel):
    """One record; times without offset are Shanghai's, a date alone is accepted."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    channel: Channel
    text: str = Field(min_length=1, max_length=intake.LONGEST_TEXT)
    upstream_no: str | None = Field(default=None, min_length=1, max_length=64)
    received_at: str | None = Field(default=None, max_length=40)
    title: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    publish: bool | None = None

    @field_validator("received_at")
    @classmethod
    def readable(cls, text: str | None) -> str | None:
        """An ISO date or date and time, not before the year 2000."""
        try:
            if text is not None and _moment(text)[0].year < _FIRST_YEAR:
                message = "too long ago"
                raise ValueError(message)
        except OverflowError as error:
            raise ValueError from error
        return text


class OrderOut(BaseModel):
    """Where an order stands; `due` is when its answer is due."""

    id: UUID
    number: str
    state: str
    due: datetime | None


class OrderLine(OrderOut):
    """One order in a list; no personal detail, no text."""

    channel: str
    upstream_no: str | None
    received_at: datetime


class OrderPage(BaseModel):
    """A page of orders; `next` goes into `after` for the following page."""

    items: list[OrderLine]
    next: str | None


@router.post("/api/v1/orders", status_code=201, response_model=OrderOut)
def create(
    request: Request,
    given: OrderIn,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> JSONResponse:
    """Take one record in. Acknowledged means committed.

    The same idempotency key with the same body gives the first answer again, with another body
    409; a known upstream number gives 200 and the order it already has.
    """
    desk, key = desk_of(request), _key(request)
    letter = _letter(given, desk.clock())
    body_hash = hashlib.sha256(given.model_dump_json().encode()).hexdigest()
    # The text is read before the transaction begins: nobody waits for it.
    reading.refuse_secrets(letter.title, letter.text, letter.upstream_no or "", given.name)
    prepared = reading.prepare(desk.settings, [(letter.title, letter.text)])
    person = Acting(f"接口 {key.name}")
    for last in (False, True):
        try:
            with desk.writing(person) as ctx:
                status, answer = _once(ctx, key, idempotency_key, body_hash, letter, prepared)
            return JSONResponse(answer, status_code=status)
        except IntegrityError:
            # Another caller took the same number or key in the same instant: read what it wrote.
            if last:
                raise
    raise AssertionError


def _once(
    ctx: Context,
    key: KeyInForce,
    idempotency_key: str | None,
    body_hash: str,
    letter: Incoming,
    prepared: list[Prepared],
) -> tuple[int, dict[str, Any]]:
    if idempotency_key is not None:
        known = doors.call(ctx.session, key.id, idempotency_key)
        if known is not None:
            came, answered = known
            if came != body_hash:
                raise Refused(
                    "这个 Idempotency-Key 已用于另一份内容。", remedy="新的内容请换一个键。"
                )
            return answered["status"], answered["body"]
    receipt = intake.receive_one(ctx, letter, prepared=prepared)
    if receipt.order_id is None:
        raise Incomplete(receipt.error.message if receipt.error else "没有接收。")
    body = _out(*deadlines.standing(ctx.session, receipt.order_id))
    status = 201 if receipt.outcome == "created" else 200
    if idempotency_key is not None:
        used = {
            "key_id": key.id,
            "idempotency_key": idempotency_key,
            "body_hash": body_hash,
            "order_id": receipt.order_id,
            "answer": {"status": status, "body": body},
            "at": ctx.now,
        }
        write_rows(ctx.session, ApiCall, [used])
    return status, body


@router.get("/api/v1/orders", response_model=OrderPage)
def listing(
    request: Request,
    upstream_no: Annotated[str | None, Query(max_length=64)] = None,
    channel: Channel | None = None,
    state: State | None = None,
    after: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = _PAGE,
) -> dict[str, Any]:
    """Orders, newest first; no personal detail."""
    _key(request)
    with desk_of(request).reading(Acting("接口", frozenset({Role.LEADER}))) as ctx:
        query = orders.visible_to(ctx.person)
        for column, value in (
            (Order.upstream_no, numbers.upstream_number(upstream_no) if upstream_no else None),
            (Order.channel, channel),
            (Order.state, state),
        ):
            if value is not None:
                query = query.where(col(column) == str(value))
        if after:
            query = query.where(col(Order.id) < orders.get(ctx.session, ctx.person, after).id)
        found = list(ctx.session.exec(query.order_by(col(Order.id).desc()).limit(limit + 1)))
        clocks = deadlines.of_orders(ctx.session, [order.id for order in found])
        items = [
            {
                **_out(order.id, order.number, order.state, _due(clocks.get(order.id, []))),
                "channel": order.channel,
                "upstream_no": order.upstream_no,
                "received_at": local(order.received_at),
            }
            for order in found[:limit]
        ]
    return {"items": items, "next": items[-1]["number"] if len(found) > limit else None}


def _out(order_id: UUID, number: str, state: str, due: datetime | None) -> dict[str, Any]:
    return {
        "id": str(order_id),
        "number": number,
        "state": state,
        "due": local(due).isoformat() if due else None,
    }


def _due(clocks: list[deadlines.Clock]) -> datetime | None:
    return next((one.due_at for one in reversed(clocks) if one.promise == Promise.ANSWER), None)


def _letter(given: OrderIn, now: datetime) -> Incoming:
    received_at, date_only = _moment(given.received_at) if given.received_at else (now, False)
    return Incoming(
        channel=given.channel,
        via=Via.API,
        text=given.text,
        title=given.title,
        upstream_no=numbers.upstream_number(given.upstream_no) if given.upstream_no else None,
        received_at=received_at,
        date_only=date_only,
        requester=Requester(name=given.name, phone=given.phone),
        consent=given.publish,
        source=given.model_dump(mode="json", exclude_none=True, exclude={"publish"}),
    )


def _moment(text: str) -> tuple[datetime, bool]:
    """The moment that is meant, and whether only its day was named."""
    try:
        return local(datetime.combine(date.fromisoformat(text), time())), True
    except ValueError:
        return local(datetime.fromisoformat(text)), False


def _key(request: Request) -> KeyInForce:
    key: KeyInForce = request.state.key
    return key
