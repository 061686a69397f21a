"""Review and publish: whose signature is due, what still blocks, the act of answering."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import col
from starlette.responses import Response

from monitor.domain.access import Acting
from monitor.domain.letters import tidy
from monitor.domain.lifecycle import MOVES
from monitor.domain.review import Need, wrote
from monitor.domain.vocabulary import AnswerWay, Ask, Role, State
from monitor.domain.workdays import local
from monitor.services import rulebook
from monitor.services.attachments.choices import LABELS_OF_CHOICES
from monitor.services.context import Context
from monitor.services.drafting import proposing
from monitor.steps import publishing, review
from monitor.steps.review import Standing
from monitor.storage import answers, casework, orders
from monitor.storage.orders import Order
from monitor.web import views
from monitor.web.answering import graded
from monitor.web.deps import Number, Reading
from monitor.web.filing import cards
from monitor.web.guard import desk_router
from monitor.web.navigation import Entry, Group, Page, show
from monitor.web.orders import cowork
from monitor.web.reviewing import comparing, findings, resting
from monitor.web.reviewing.findings import PART_WORDS, Report

REVIEWERS = (Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER)
router = desk_router(*REVIEWERS)

_MOST = 200
_NUMBER = re.compile(r"HY\d{8}-\d{3,}")
_DONE = {"copy": "公开稿已保存，已重新扫描"}
_WAYS = (AnswerWay.FED_BACK, AnswerWay.SENT, AnswerWay.TOLD, AnswerWay.SHOWN)
_MACHINE = {
    "accepted": "机器起草，撰稿人已逐句核对后采用",
    "changed": "机器起草，撰稿人改过",
}
_MEND = {
    "findings": ("#findings", "去处理"),
    "signatures": ("#chain", "看签发"),
    "consent": ("#consent", "看公开意愿"),
    "copy": ("#copy", "看公开稿"),
    "files": ("#files", "去选择"),
}
TABS: dict[str, tuple[str, tuple[State, ...]]] = {
    "mine": ("待我审核", (State.IN_REVIEW,)),
    "others": ("待他人审核", (State.IN_REVIEW,)),
    "release": ("待发布", (State.TO_RELEASE,)),
    "answered": ("已答复", (State.ANSWERED,)),
    "returns": ("退单待审", (State.RETURN_PENDING,)),
    "declines": ("不予受理待决", (State.TRIAGE,)),
    "extensions": ("延期待批", (State.IN_HAND,)),
    "poor": ("回访不满意", (State.TO_ARCHIVE,)),
    "archive": ("待归档", (State.TO_ARCHIVE,)),
}
_ASKED = {"declines": Ask.DECLINE, "extensions": Ask.EXTEND, "poor": Ask.REWORK}
_EMPTY = {
    "mine": ("没有等您审核的答复", "科室提交后、轮到您这一道时会出现在这里。"),
    "others": ("没有等别人审核的答复", "签完一道、等下一道的答复会出现在这里。"),
    "release": ("没有待发布的答复", "各道审核签完的答复会出现在这里。"),
    "answered": ("没有已答复、未归档的工单", "登记答复或发布以后会出现在这里。"),
    "returns": ("没有待裁定的退单", "科室退单后由办公室在这里裁定。"),
    "declines": ("没有待决定的不予受理", "值班员提请后由办公室在这里决定。"),
    "extensions": ("没有待批的延期", "科室申请延期后，由批准人在这里打开工单决定。"),
    "poor": ("没有待决定的发回重办", "回访未解决或不满意的会出现在这里，决定发回重办或不发回。"),
    "archive": ("没有待归档的工单", "回访完的、不用回访的会出现在这里。"),
}


@router.get("/desk/review")
def queue(
    request: Request, ctx: Reading, tab: Annotated[str, Query(max_length=20)] = "mine"
) -> Response:
    """The orders of one tab; what waits for this very person comes first."""
    tab = tab if tab in TABS else "mine"
    found, turns = _in_tab(ctx, tab)
    return show(
        request, ctx, "review_queue.html", title="审核发布", tab=tab,
        tabs=[
            {"label": label, "href": f"/desk/review?tab={code}", "active": code == tab,
             "count": len(found) if code == tab else None}
            for code, (label, _) in TABS.items()
        ],
        rows=views.rows(ctx, found), turns=turns, capped=len(found) == _MOST,
        tab_label=TABS[tab][0], nothing=_EMPTY[tab], said=_said(request),
        resting=resting.of_page(ctx, found) if tab == "archive" else None,
        grounds=resting.grounds(ctx, found) if tab == "poor" else {},
    )  # fmt: skip


@router.get("/desk/review/{number}")
def one(request: Request, ctx: Reading, number: Number) -> Response:
    """One answer under review: original and copy, findings, sign-offs, publication."""
    order = orders.get(ctx.session, ctx.person, number)
    standing = review.standing(ctx, order)
    machine = _MACHINE.get(proposing.share_in(ctx, order, standing.answer), "")
    diff, report = _compared(ctx, order, standing, machine)
    line = [row.number for row in _in_tab(ctx, "mine")[0]]
    place = line.index(number) if number in line else -1
    return show(
        request, ctx, "review.html", title="审核发布", back="/desk/review",
        row=views.rows(ctx, [order])[0], order=order, standing=standing,
        cowork=cowork.cowork(ctx, order),
        machine=machine, diff=diff, report=report, parts=PART_WORDS,
        all_masked=_all_masked(ctx, standing),
        stages=_stages(ctx, standing), spared=_spared(standing), then=_then(standing),
        chain=rulebook.current(ctx).chain,
        obstacles=[(item.text, *_MEND[item.about])
                   for item in publishing.standing_in_the_way(ctx, order)],
        publication=answers.published(ctx.session, order.id),
        acts=answers.acts(ctx.session, order.id), ways=_WAYS,
        mine=order.state == State.IN_REVIEW and _is_mine(ctx.person, standing.turn),
        author=wrote(ctx.person, standing.answer.author_id, standing.answer.author),
        reviewer=ctx.person.has(Role.REVIEWER),
        judge=ctx.person.has(Role.REVIEWER, *(need.role for need in standing.needs)),
        place=place + 1, total=len(line),
        before=line[place - 1] if place > 0 else "",
        after=line[place + 1] if 0 <= place < len(line) - 1 else "",
        way_labels={way.value: way.label for way in AnswerWay},
        answer_files=cards.review(ctx, order, standing.answer), choice_labels=LABELS_OF_CHOICES,
        minute=f"{local(ctx.now):%Y-%m-%dT%H:%M}", said=_said(request),
        quality=graded.of_version(ctx, order, standing.answer),
    )  # fmt: skip


def _said(request: Request) -> str:
    """What was just done, as the address after a move tells it."""
    done, number = (request.query_params.get(name, "") for name in ("done", "number"))
    word = _DONE.get(done) or (MOVES[done].label if done in MOVES else "")
    return f"{word}：{number}。" if word and _NUMBER.fullmatch(number) else ""


def _in_tab(ctx: Context, tab: str) -> tuple[list[Order], Mapping[UUID, Need | None]]:
    """The orders of a tab, oldest first, and whose turn they are where that matters."""
    oldest = (col(Order.received_at), col(Order.number))
    if tab in _ASKED:
        asked = casework.open_orders(ctx.session, _ASKED[tab], limit=_MOST)
        query = orders.visible_to(ctx.person).where(col(Order.id).in_(asked))
        return list(ctx.session.exec(query.order_by(*oldest))), {}
    query = orders.visible_to(ctx.person).where(
        col(Order.state).in_([str(state) for state in TABS[tab][1]]),
        col(Order.historical).is_(False),
    )
    query = query.order_by(*oldest).limit(_MOST)
    if tab not in {"mine", "others"}:
        return list(ctx.session.exec(query)), {}
    found: list[Order] = []
    turns: dict[UUID, Need | None] = {}
    start = 0
    # Whose turn it is stands in no column: read on until a page is full, or nothing is left.
    while True:
        batch = list(ctx.session.exec(query.offset(start)))
        turns |= review.turns(ctx, batch)
        wanted = tab == "mine"
        found += [one for one in batch if _is_mine(ctx.person, turns[one.id]) is wanted]
        start += _MOST
        if len(batch) < _MOST or len(found) >= _MOST:
            return found[:_MOST], turns


def _is_mine(person: Acting, turn: Need | None) -> bool:
    return turn is not None and person.has(turn.role)


def _all_masked(ctx: Context, standing: Standing) -> Mapping[str, str]:
    """The copy with everything masked that is still open; nothing where there is no copy."""
    scanner = rulebook.current(ctx).scanner
    return findings.without_open(scanner, standing.copy, standing.open) if standing.copy else {}


def _compared(
    ctx: Context, order: Order, standing: Standing, machine: str
) -> tuple[list[dict[str, Any]], Report]:
    """The rows of the comparison, with headings, and what was found in them."""
    copy, answer = standing.copy, standing.answer
    if copy is None:
        return [], Report()
    originals = {
        "title": tidy(order.title), "letter": tidy(order.text), "answer": tidy(answer.text)
    }  # fmt: skip
    pairs = comparing.pairs([(part, text, getattr(copy, part)) for part, text in originals.items()])
    report = findings.report(rulebook.current(ctx).scanner, originals, copy, standing.open, pairs)
    heads = {
        "title": ["来信", "来信（公开）"],
        "answer": [
            f"答复第 {answer.version} 稿" + (f"（{machine}）" if machine else ""),
            "答复（公开）",
        ],
    }
    rows: list[dict[str, Any]] = []
    last = ""
    for pair in pairs:
        if pair.part != last and pair.part in heads:
            rows.append({"heading": heads[pair.part]})
        last = pair.part
        left, right = comparing.drawn(pair, report.left, report.right)
        if pair.part == "title":
            left, right = ([views.Piece("标题："), *side] for side in (left, right))
        rows.append({"heading": None, "number": pair.number, "left": left, "right": right})
    return rows, report


def _stages(ctx: Context, standing: Standing) -> list[dict[str, Any]]:
    answer = standing.answer
    stages: list[dict[str, Any]] = [
        {"title": "撰稿提交", "by": _name(answer.author), "when": _short(answer.at),
         "state": "done", "detail": f"第 {answer.version} 稿", "tone": ""}
    ]  # fmt: skip
    signed = {sign.role: sign for sign in standing.signed}
    for need in standing.needs:
        sign = signed.get(str(need.role))
        now = standing.turn is not None and need.role is standing.turn.role
        yours = now and ctx.person.has(need.role)
        stages.append(
            {
                "title": need.role.label,
                "by": _name(sign.person) if sign else f"{ctx.person.name}，待您签" if yours else "",
                "when": _short(sign.at) if sign else "待签" if now else "未到",
                "state": "done" if sign else "now" if now else "wait",
                "detail": f"“{sign.opinion}”" if sign and sign.opinion else need.why,
                "tone": "",
            }
        )
    return stages


def _spared(standing: Standing) -> str:
    """Who need not sign this one, in a sentence."""
    needed = {need.role for need in standing.needs}
    roles = (Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER)
    spared = "、".join(role.label for role in roles if role not in needed)
    return f"{spared}：本件不需要。" if spared else ""


def _then(standing: Standing) -> str:
    """Who has it after the signature that is due now; empty when that is the last one."""
    given = {sign.role for sign in standing.signed}
    waiting = [need.role.label for need in standing.needs if str(need.role) not in given]
    return waiting[1] if len(waiting) > 1 else ""


def _name(label: str) -> str:
    return label.partition("（")[0]


def _short(moment: datetime) -> str:
    at = local(moment)
    return f"{at.month}-{at.day} {at:%H:%M}"


def _count(tab: str) -> Callable[[Context], int]:
    return lambda ctx: len(_in_tab(ctx, tab)[0])


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
        Entry("回访不满意", "/desk/review?tab=poor", "user-check", Group.REVIEW, _OFFICE,
              _count("poor"), waits=True),
        Entry("延期待批", "/desk/review?tab=extensions", "clock", Group.REVIEW,
              frozenset({Role.REVIEWER, Role.LEADER}), _count("extensions"), waits=True),
        Entry("不予受理待决", "/desk/review?tab=declines", "ban", Group.REVIEW, _OFFICE,
              _count("declines"), waits=True),
    ),
)  # fmt: skip
