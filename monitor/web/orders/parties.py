"""Who wrote: masked by default; shown once, for a reason that is written down."""

from dataclasses import dataclass

from monitor.domain.access import mask_name, mask_phone, may_reveal
from monitor.domain.errors import Incomplete, NotAllowed
from monitor.services.context import Context
from monitor.storage import requesters
from monitor.storage.orders import Order
from monitor.web.orders.given import Asked
from monitor.web.orders.story import PERSONAL

OTHER = "其他"
REASONS = tuple((reason, reason) for reason in ("首次联系", "回访", "核实身份", OTHER))


@dataclass(frozen=True, slots=True)
class Party:
    """The requester as anyone of the desk sees him, and whether there is more to see."""

    masked: str
    more: bool


def party(ctx: Context, order: Order) -> Party:
    """Surname and stars, phone with its middle hidden; nothing else leaves this function."""
    stored = requesters.of_order(ctx.session, order.id)
    if stored is None:
        return Party("未留姓名和电话", more=False)
    details = requesters.reveal(ctx.keys, stored)
    words = [word for word in (mask_name(details.name), mask_phone(details.phone)) if word]
    more = any(getattr(details, name) for name in requesters.FIELDS)
    return Party(" ".join(words) or ("已留其他联系方式" if more else "未留姓名和电话"), more)


def reveal(ctx: Context, order: Order, asked: Asked) -> tuple[tuple[str, str], ...]:
    """The details in the clear, with the event that says who looked and why (个人信息保护法)."""
    if not may_reveal(ctx.person):
        raise NotAllowed(
            "您的岗位不能查看诉求人的个人信息。",
            remedy="需要联系诉求人的，请转主办科室或值班员。",
            rule="个人信息保护法第34条",
        )
    reason = asked.reason.strip()
    if reason not in {code for code, _ in REASONS}:
        raise Incomplete("显示个人信息须选理由。", fields={"reason": "请选择理由"})
    if reason == OTHER:
        if not asked.other.strip():
            raise Incomplete("选“其他”的须写明理由。", fields={"other": "请写明理由"})
        reason = f"{OTHER}：{asked.other.strip()}"
    stored = requesters.of_order(ctx.session, order.id)
    details = requesters.reveal(ctx.keys, stored) if stored else None
    shown = {
        name: getattr(details, name) for name in requesters.FIELDS if getattr(details, name, "")
    }
    ctx.record("revealed", order, reason=reason, fields=list(shown))
    return tuple((PERSONAL[name], value) for name, value in shown.items())
