"""Split a letter with several requests; end an order that its requester takes back."""

import re

from monitor.domain import numbers
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Ask, Channel, Via
from monitor.services import lifecycle, preparing, reading, registry, rulebook, sources
from monitor.services.context import Context
from monitor.services.handling import branches as endings
from monitor.services.handling import parts, receiving
from monitor.storage import casework, orders, requesters
from monitor.storage.handling import branches
from monitor.storage.handling.branches import Branch
from monitor.storage.orders import Order

_MOST = 20
_LONGEST = 20_000
_BLANK_LINE = re.compile(r"\n[ \t\u3000]*\n")


def split(ctx: Context, order: Order, *, requests: str, seen: int) -> list[str]:
    """Each request becomes an order of its own, received when the letter was; their numbers.

    The letter itself waits for them and is answered with the last.
    """
    if casework.open_request(ctx.session, order.id, Ask.DECLINE):
        raise Refused("这张工单正在等办公室负责人决定是否不予受理。", remedy="决定之后再拆成子单。")
    if branches.of(ctx.session, order.id) is not None:
        raise Refused("这是拆出来的子单，不能再拆。", remedy="请由主办科室一并答复，或请科室协办。")
    if len(requests) > _LONGEST:
        raise Incomplete(f"超过 {_LONGEST} 字。", fields={"requests": "请压缩各项诉求"})
    texts = [one.strip() for one in _BLANK_LINE.split(requests.replace("\r\n", "\n"))]
    texts = [one for one in texts if any(sign.isalnum() for sign in one)]
    if requests.strip() and not 2 <= len(texts) <= _MOST:
        raise Incomplete(
            f"拆成子单须有 2 至 {_MOST} 项诉求，现在是 {len(texts)} 项。",
            fields={"requests": "一项诉求一段，段与段之间空一行"},
        )
    reading.refuse_secrets(*texts)
    # A letter that was split before and came back is not split into strangers.
    if branches.children(ctx.session, order.id):
        raise Refused("这张工单已经拆过子单。", remedy="请在原来的子单上发回重办。")
    receiving.check_confirmed(ctx, order)
    lifecycle.move(ctx, order, "split", seen=seen, requests=requests, count=len(texts))
    # It may have been with a section and recalled: now its branches have it.
    order.section = None
    made = _register(ctx, order, texts)
    for place, child in enumerate(made, start=1):
        ctx.session.add(
            Branch(
                order_id=child.id,
                parent_id=order.id,
                position=place,
                at=ctx.now,
                by=ctx.person.label,
            )
        )
        ctx.record("branch_of", child, parent=order.number)
    found = [child.number for child in made]
    ctx.record("branched", order, children=found)
    return found


def retract(ctx: Context, order: Order, *, reason: str, proof: str, seen: int) -> None:
    """The requester takes the matter back: it ends, with who said so and how we know."""
    if orders.children(ctx.session, order.id):
        raise Refused(
            "这张工单下有并入的工单，撤回的只是其中一件。",
            remedy="请先取消并单，再登记撤回。",
        )
    lifecycle.move(ctx, order, "retract", seen=seen, reason=reason.strip(), proof=proof.strip())
    for kind in Ask:
        request = casework.open_request(ctx.session, order.id, kind)
        if request is not None:
            request.granted, request.reason = False, "诉求人撤回诉求"
            request.decided_by, request.decided_at = ctx.person.label, ctx.now
            ctx.session.add(request)
    parts.close(ctx, order, "诉求人撤回诉求")
    endings.after(ctx, order)


def _register(ctx: Context, order: Order, texts: list[str]) -> list[Order]:
    rules = rulebook.current(ctx)
    stored = requesters.of_order(ctx.session, order.id)
    details = requesters.reveal(ctx.keys, stored) if stored else None
    letters = [
        Incoming(
            channel=Channel(order.channel),
            via=Via(order.via),
            text=text,
            received_at=order.received_at,
            date_only=order.date_only,
            place=order.place,
            consent=order.consent,
            upstream_due=order.upstream_due,
            requester=details or Requester(),
        )
        for text in texts
    ]
    wholes = preparing.prepare_whole(
        ctx.settings, rules.guide, [(one.title, one.text) for one in letters]
    )
    day = numbers.registration_day(ctx.now)
    position = orders.take_numbers(ctx.session, day, len(letters))
    rows = []
    for offset, (letter, whole) in enumerate(zip(letters, wholes, strict=True)):
        row = registry.row(ctx, rules, letter, whole)
        row["id"] = numbers.new_id(ctx.now, position + offset)
        row["number"] = numbers.order_number(day, position + offset)
        row["lookup_mac"] = None
        # Its letter has come for certain: nothing is left to confirm.
        row["arrival"] = None
        rows.append(row)
    registry.write(ctx, letters, [sources.written(one) for one in letters], wholes, rows)
    made = orders.by_ids(ctx.session, [row["id"] for row in rows])
    return [made[row["id"]] for row in rows]
