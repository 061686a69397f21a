"""The machine door: take orders in under idempotency keys, tell where they stand."""

import hashlib
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict
from pydantic.json_schema import WithJsonSchema
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from monitor.domain import numbers
from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Arrival, Channel, Promise, Role, State, Via
from monitor.domain.workdays import local
from monitor.services import preparing, reading, rulebook
from monitor.services.context import Context
from monitor.services.preparing import Prepared
from monitor.steps import intake
from monitor.storage import deadlines, doors, orders
from monitor.storage.db import write_rows
from monitor.storage.doors import ApiCall, KeyInForce
from monitor.storage.orders import Order
from monitor.web.deps import caller, desk_of
from monitor.web.failures import told
from monitor.web.guard import machine_router

router = machine_router()

_PAGE = 50
# A day of the years 2000 to 2099 that the calendar has; then perhaps a time, then an offset.
_DAYS = "|".join(
    f"20(?:[0-9]{{2}}{dash}(?:(?:0[1-9]|1[0-2]){dash}(?:0[1-9]|1[0-9]|2[0-8])"
    f"|(?:0[13-9]|1[0-2]){dash}(?:29|30)|(?:0[13578]|1[02]){dash}31)"
    f"|(?:[02468][048]|[13579][26]){dash}02{dash}29)"
    for dash in ("-", "")
)
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?"
_MOMENT = f"^(?:{_DAYS})(?:[T ]{_TIME}(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?)?$"
# The signs that no text may hold are refused before the record is looked at.
_SIGN = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]"
_WRITABLE: JsonDict = {"pattern": f"^{_SIGN}*$"}
_SOMETHING: JsonDict = {"pattern": rf"^{_SIGN}*(?=\S){_SIGN}+$"}
_NUMBER = "^HY[0-9]{8}-[0-9]{3,9}$"
_PRINTABLE = "^[ -~]+$"


def _told(**shape: Any) -> WithJsonSchema:
    """How the document tells a parameter: what may be left out of an address is no null there."""
    return WithJsonSchema({"type": "string", **shape})


class OrderIn(BaseModel):
    """One record; times without offset are Shanghai's, a date alone is accepted."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    channel: Channel
    text: str = Field(
        min_length=1,
        max_length=intake.LONGEST_TEXT,
        json_schema_extra=_SOMETHING,
        description="诉求内容，须有文字或数字；带密级标志的一律不收",
    )
    upstream_no: str | None = Field(
        default=None, min_length=1, max_length=64, json_schema_extra=_SOMETHING
    )
    received_at: str | None = Field(
        default=None,
        max_length=40,
        pattern=_MOMENT,
        description="ISO 8601 的日期，或日期和时间；2000 年以后，不晚于现在；省略即现在",
        examples=["2026-10-09T09:12:00+08:00", "2026-10-09"],
    )
    title: str = Field(default="", max_length=200, json_schema_extra=_WRITABLE)
    name: str = Field(default="", max_length=60, json_schema_extra=_WRITABLE)
    phone: str = Field(default="", max_length=40, json_schema_extra=_WRITABLE)
    publish: bool | None = None
    arrival: Arrival | None = Field(
        default=None,
        description="依申请公开怎样收到：当面、需签收的邮寄、平常信函、互联网、传真；省略按互联网",
    )

    @field_validator("received_at")
    @classmethod
    def readable(cls, text: str | None) -> str | None:
        """An ISO date or date and time that the calendar has."""
        try:
            if text is not None:
                _moment(text)
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


@router.post(
    "/api/v1/orders",
    status_code=201,
    response_model=OrderOut,
    response_description="新登记的工单",
    responses={
        200: {"model": OrderOut, "description": "这个上级平台编号已有工单"},
        **told(408, 409, 413, 415),
    },
)
def create(
    request: Request,
    given: OrderIn,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern=_PRINTABLE,
            description="可打印的 ASCII 字符，1 至 200 个",
        ),
        _told(minLength=1, maxLength=200, pattern=_PRINTABLE),
    ] = None,
) -> JSONResponse:
    """Take one record in. Acknowledged means committed.

    The same idempotency key with the same body gives the first answer again, with another body
    409; a known upstream number gives 200 and the order it already has.
    """
    desk, key = desk_of(request), caller(request)
    if not key.may_bring(given.channel):
        raise NotAllowed("这个密钥不能送入该渠道的记录。", remedy="请安全管理员另发一个密钥。")
    letter = _letter(given, desk.clock())
    body_hash = hashlib.sha256(given.model_dump_json().encode()).hexdigest()
    # The text is read before the transaction begins: nobody waits for it.
    reading.refuse_secrets(letter.title, letter.text, letter.upstream_no or "", given.name)
    with desk.reading() as ctx:
        words = rulebook.current(ctx).words
    prepared = preparing.prepare(desk.settings, words, [(letter.title, letter.text)])
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
    if receipt.outcome == "created":
        status, body = 201, _out(receipt.order_id, receipt.number, receipt.state, receipt.due)
    else:
        status, body = 200, _out(*deadlines.standing(ctx.session, receipt.order_id))
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


@router.get("/api/v1/orders", response_model=OrderPage, responses=told(404))
def listing(
    request: Request,
    upstream_no: Annotated[
        str | None,
        Query(min_length=1, max_length=64),
        _told(minLength=1, maxLength=64, pattern=_WRITABLE["pattern"]),
    ] = None,
    channel: Annotated[Channel | None, _told(enum=[str(one) for one in Channel])] = None,
    state: Annotated[State | None, _told(enum=[str(one) for one in State])] = None,
    after: Annotated[
        str | None,
        Query(max_length=32, pattern=_NUMBER, description="上一页 next 里的工单编号"),
        _told(maxLength=32, pattern=_NUMBER),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = _PAGE,
) -> dict[str, Any]:
    """Orders, newest first; no personal detail. An unknown number in `after` is 404."""
    key = caller(request)
    with desk_of(request).reading(Acting("接口", frozenset({Role.LEADER}))) as ctx:
        query = orders.visible_to(ctx.person)
        for column, value in (
            (Order.upstream_no, numbers.upstream_number(upstream_no) if upstream_no else None),
            (Order.channel, channel),
            (Order.state, state),
        ):
            if value is not None:
                query = query.where(col(column) == str(value))
        if key.channels:
            query = query.where(col(Order.channel).in_(key.channels))
        if after is not None:
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
        arrival=given.arrival,
        source=given.model_dump(mode="json", exclude_none=True, exclude={"publish"}),
    )


def _moment(text: str) -> tuple[datetime, bool]:
    """The moment that is meant, and whether only its day was named."""
    try:
        return local(datetime.combine(date.fromisoformat(text), time())), True
    except ValueError:
        return local(datetime.fromisoformat(text)), False
