"""Review and publish: whose signature is due, what still blocks, the act of answering."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Request
from sqlmodel import col
from starlette.responses import Response

from classifiers import sensitive
from monitor.domain.access import Acting
from monitor.domain.vocabulary import AnswerWay, Ask, Role, State
from monitor.domain.workdays import local
from monitor.services import reading
from monitor.services.context import Context
from monitor.steps import publishing, review
from monitor.steps.review import Standing
from monitor.storage import answers, casework, orders
from monitor.storage.orders import Order
from monitor.web import comparing, views
from monitor.web.deps import Number, Reading
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, show

REVIEWERS = (Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER)
router = desk_router(*REVIEWERS)

_MOST = 200
_PARTS = {"title": "标题", "letter": "来信", "answer": "答复"}
_WAYS = (AnswerWay.FED_BACK, AnswerWay.SENT, AnswerWay.TOLD, AnswerWay.SHOWN)
KINDS = {
    "name": "姓名", "phone": "手机号", "landline": "电话", "id_card": "身份证号",
    "passport": "护照号", "bank_card": "银行账号", "plate": "车牌", "address": "详细地址",
    "email": "邮箱", "wechat": "微信号", "qq": "QQ 号", "uscc": "统一社会信用代码",
    "secrecy": "密级标志", "trade_secret": "商业秘密用语",
}  # fmt: skip
_BASIS = {
    "secrecy": "保守国家秘密法 第 35 条",
    "trade_secret": "政府信息公开条例 第 15 条",
    "id_card": "个人信息保护法 第 28 条",
    "bank_card": "个人信息保护法 第 28 条",
}
TABS: dict[str, tuple[str, tuple[State, ...]]] = {
    "mine": ("待我审核", (State.IN_REVIEW,)),
    "others": ("待他人审核", (State.IN_REVIEW,)),
    "release": ("待发布", (State.TO_RELEASE,)),
    "answered": ("已答复", (State.ANSWERED,)),
    "returns": ("退单待审", (State.RETURN_PENDING,)),
    "declines": ("不予受理待决", (State.TRIAGE,)),
}


@router.get("/desk/review")
def queue(
    request: Request, ctx: Reading, tab: Annotated[str, Query(max_length=20)] = "mine"
) -> Response:
    """The orders of one tab; what waits for this very person comes first."""
    tab = tab if tab in TABS else "mine"
    found = _in_tab(ctx, tab)
    turns = review.turns(ctx, found) if tab in {"mine", "others"} else {}
    return show(
        request, ctx, "review_queue.html", title="审核发布", tab=tab,
        tabs=[
            {"label": label, "href": f"/desk/review?tab={code}", "active": code == tab,
             "count": len(found) if code == tab else None}
            for code, (label, _) in TABS.items()
        ],
        rows=views.rows(ctx, found), turns=turns, capped=len(found) == _MOST,
    )  # fmt: skip


@router.get("/desk/review/{number}")
def one(request: Request, ctx: Reading, number: Number) -> Response:
    """One answer under review: original and copy, findings, sign-offs, publication."""
    order = orders.get(ctx.session, ctx.person, number)
    standing = review.standing(ctx, order)
    numbered = [(item.part, item.hit, place) for place, item in enumerate(standing.open, start=1)]
    line = [row.number for row in _in_tab(ctx, "mine")]
    place = line.index(number) if number in line else -1
    publication = answers.published(ctx.session, order.id)
    return show(
        request, ctx, "review.html", title="审核发布", back="/desk/review",
        row=views.rows(ctx, [order])[0], order=order, standing=standing, kinds=KINDS,
        diff=_diff(order, standing, numbered), findings=_findings(standing),
        removed=_removed(order, standing), parts=_PARTS,
        stages=_stages(standing), obstacles=publishing.obstacles(ctx, order),
        publication=publication, acts=answers.acts(ctx.session, order.id), ways=_WAYS,
        mine=standing.turn is not None and ctx.person.has(standing.turn.role),
        author=standing.answer.author_id is not None and standing.answer.author_id == ctx.person.id,
        reviewer=ctx.person.has(Role.REVIEWER),
        place=place + 1, total=len(line),
        before=line[place - 1] if place > 0 else "",
        after=line[place + 1] if 0 <= place < len(line) - 1 else "",
        way_labels={way.value: way.label for way in AnswerWay},
        minute=f"{local(ctx.now):%Y-%m-%dT%H:%M}",
    )  # fmt: skip


def _in_tab(ctx: Context, tab: str) -> list[Order]:
    if tab == "declines":
        asked = casework.open_orders(ctx.session, Ask.DECLINE, limit=_MOST)
        return list(ctx.session.exec(orders.visible_to(ctx.person).where(col(Order.id).in_(asked))))
    query = orders.visible_to(ctx.person).where(
        col(Order.state).in_([str(state) for state in TABS[tab][1]]),
        col(Order.historical).is_(False),
    )
    found = list(ctx.session.exec(query.order_by(col(Order.received_at)).limit(_MOST)))
    if tab in {"mine", "others"}:
        turns = review.turns(ctx, found)
        wanted = tab == "mine"
        return [order for order in found if _is_mine(ctx.person, turns[order.id]) is wanted]
    return found


def _is_mine(person: Acting, turn: Any) -> bool:
    return turn is not None and person.has(turn.role)


def _diff(order: Order, standing: Standing, numbered: list[Any]) -> list[dict[str, Any]]:
    copy = standing.copy
    if copy is None:
        return []
    answer = standing.answer
    return comparing.rows(
        [
            (("来信", "来信（公开）"), f"标题：{order.title}", f"标题：{copy.title}",
             [comparing.Mark(m.start + 3, m.end + 3, m.number)
              for m in comparing.marks_of(numbered, "title")]),
            (("来信正文", "来信正文（公开）"), order.text, copy.letter,
             comparing.marks_of(numbered, "letter")),
            ((f"答复第 {answer.version} 稿", "答复（公开）"), answer.text, copy.answer,
             comparing.marks_of(numbered, "answer")),
        ]
    )  # fmt: skip


def _findings(standing: Standing) -> list[dict[str, Any]]:
    """Each open finding with the copy as it would be with it masked."""
    copy = standing.copy
    if copy is None:
        return []
    found = []
    for number, item in enumerate(standing.open, start=1):
        texts = {part: getattr(copy, part) for part in _PARTS}
        texts[item.part] = sensitive.redact(texts[item.part], [item.hit])
        found.append(
            {
                "number": number,
                "part": item.part,
                "kind": item.hit.kind,
                "text": item.hit.text,
                "basis": _BASIS.get(item.hit.kind, "个人信息保护法 第 25 条"),
                "keepable": item.keepable,
                "masked": texts,
                "key": f"{item.part}:{item.hit.kind}:{item.hit.text}",
            }
        )
    return found


def _removed(order: Order, standing: Standing) -> list[dict[str, str]]:
    """What the scan finds in the original and no longer in the copy."""
    copy = standing.copy
    if copy is None:
        return []
    originals = {"title": order.title, "letter": order.text, "answer": standing.answer.text}
    return [
        {"part": _PARTS[part], "kind": KINDS.get(hit.kind, hit.kind), "text": hit.text,
         "basis": _BASIS.get(hit.kind, "个人信息保护法 第 25 条")}
        for part, text in originals.items()
        for hit in reading.scan(text)
        if hit.text not in getattr(copy, part)
    ]  # fmt: skip


def _stages(standing: Standing) -> list[dict[str, Any]]:
    answer = standing.answer
    stages: list[dict[str, Any]] = [
        {"title": "撰稿提交", "by": answer.author, "when": _short(answer.at), "state": "done",
         "detail": "", "tone": ""}
    ]  # fmt: skip
    signed = {sign.role: sign for sign in standing.signed}
    for need in standing.needs:
        sign = signed.get(str(need.role))
        now = standing.turn is not None and need.role is standing.turn.role
        state = "done" if sign else "now" if now else "wait"
        stages.append(
            {
                "title": need.role.label,
                "by": sign.person if sign else "",
                "when": _short(sign.at) if sign else "",
                "state": state,
                "detail": (f"“{sign.opinion}”" if sign and sign.opinion else need.why),
                "tone": "",
            }
        )
    return stages


def _short(moment: Any) -> str:
    at = local(moment)
    return f"{at.month}-{at.day} {at:%H:%M}"


def _count(tab: str) -> Callable[[Context], int]:
    return lambda ctx: len(_in_tab(ctx, tab))


_ALL = frozenset(REVIEWERS)
_OFFICE = frozenset({Role.REVIEWER})
PAGE = Page(
    router,
    "审核发布",
    entries=(
        Entry("待我审核", "/desk/review", "stamp", Group.REVIEW, _ALL, _count("mine"),
              waits=True, foot=True),
        Entry("待发布", "/desk/review?tab=release", "paper-plane", Group.REVIEW, _OFFICE,
              _count("release"), waits=True),
        Entry("退单待审", "/desk/review?tab=returns", "rotate-left", Group.REVIEW, _OFFICE,
              _count("returns"), waits=True),
        Entry("不予受理待决", "/desk/review?tab=declines", "ban", Group.REVIEW, _OFFICE,
              _count("declines"), waits=True),
    ),
)  # fmt: skip
