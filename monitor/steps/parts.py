"""Ask a co-section, contribute, return, urge, excuse: one answer out of several sections."""

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.letters import tidy
from monitor.services import decisions, lifecycle
from monitor.services.context import Context
from monitor.services.handling import parts
from monitor.storage import drafts, people
from monitor.storage.handling import parts as storage
from monitor.storage.handling.parts import Part, PartText
from monitor.storage.orders import Order

_LONGEST = 20_000


def ask(ctx: Context, order: Order, *, co_section: str, text: str, seen: int) -> None:
    """The lead section or the office names another co-section, and what it wants of it."""
    known = people.sections(ctx.session)
    if co_section and (co_section not in known or not known[co_section].active):
        raise Incomplete("请选择协办科室。", fields={"co_section": "请从列表中选择"})
    if co_section and co_section == order.section:
        raise Incomplete("协办科室不能与主办科室相同。", fields={"co_section": "请选另一个科室"})
    decisions.spare_accused(ctx, order, co_section, "co_section")
    if co_section in storage.live(ctx.session, order.id):
        raise Refused(
            f"{known[co_section].label}已经在协办这件。", remedy="意见不够的请退回，没交的请催请。"
        )
    lifecycle.move(ctx, order, "ask_part", seen=seen, co_section=co_section, text=text)
    parts.ask(ctx, order, {co_section: tidy(text)})


def give(ctx: Context, order: Order, *, text: str, seen: int) -> PartText:
    """The co-section hands its opinion to the lead section; its clock stops."""
    words = tidy(text)
    if len(words) > _LONGEST:
        raise Incomplete(
            f"协办意见超过 {_LONGEST} 字。", fields={"text": "请压缩，或把材料作为附件"}
        )
    lifecycle.move(ctx, order, "give_part", seen=seen, text=words, co_section=ctx.person.section)
    part = parts.owed(ctx, order, ctx.person.section or "")
    if ctx.person.id is not None:
        drafts.drop(ctx.session, ctx.person.id, _form(order))
    return parts.give(ctx, order, part, words)


def hand_back(ctx: Context, order: Order, *, co_section: str, reason: str, seen: int) -> None:
    """The lead section asks for a better opinion, saying what is wrong with this one."""
    _known(ctx, order, co_section)
    lifecycle.move(ctx, order, "return_part", seen=seen, co_section=co_section, reason=reason)
    part = parts.owed(ctx, order, co_section)
    given = storage.texts(ctx.session, [part.id]).get(part.id, [])
    if not given or given[-1].returned_at is not None:
        raise Refused("这个科室还没有提交协办意见。", remedy="需要催办的，请用“催请协办”。")
    parts.hand_back(ctx, order, part, given[-1], reason)


def urge(ctx: Context, order: Order, *, co_section: str, seen: int) -> Part:
    """The lead section reminds a co-section; it is written down and seen at its desk."""
    _known(ctx, order, co_section)
    lifecycle.move(ctx, order, "urge_part", seen=seen, co_section=co_section)
    part = parts.owed(ctx, order, co_section)
    given = storage.texts(ctx.session, [part.id]).get(part.id, [])
    if given and given[-1].returned_at is None:
        raise Refused("这个科室已经提交了协办意见。", remedy="意见不够的，请用“退回协办意见”。")
    part.urged, part.urged_at = part.urged + 1, ctx.now
    ctx.session.add(part)
    return part


def excuse(ctx: Context, order: Order, *, co_section: str, reason: str, seen: int) -> None:
    """The co-section is let off, with the reason; what it gave so far stays on file."""
    _known(ctx, order, co_section)
    lifecycle.move(ctx, order, "excuse_part", seen=seen, co_section=co_section, reason=reason)
    parts.close(ctx, order, f"免去协办：{reason.strip()}", [co_section])
    order.co_sections = [code for code in order.co_sections if code != co_section]
    ctx.session.add(order)


def _known(ctx: Context, order: Order, co_section: str) -> None:
    """A section that was chosen must be one that was asked; none chosen is told by the gate."""
    if co_section:
        parts.owed(ctx, order, co_section)


def save_draft(ctx: Context, order: Order, *, text: str) -> None:
    """Keep an opinion that is being typed; only its writer sees it."""
    if ctx.person.id is None or ctx.person.section not in order.co_sections:
        raise Refused("本科室没有协办这件，没有草稿可存。", remedy="请刷新页面。")
    drafts.save(ctx.session, ctx.keys, ctx.person.id, _form(order), {"text": text}, ctx.now)


def draft(ctx: Context, order: Order) -> str:
    """What this person has begun to write as an opinion."""
    if ctx.person.id is None:
        return ""
    kept = drafts.load(ctx.session, ctx.keys, ctx.person.id, _form(order))
    return kept[0].get("text", "") if kept else ""


def _form(order: Order) -> str:
    return f"part:{order.number}"
