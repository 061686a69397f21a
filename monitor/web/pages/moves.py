"""Every POST that changes an order: one move, one step, one transaction.

A form names its fields as the step names its arguments; `form.values()` reads times and choices.
"""

from functools import partial
from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.steps import callback, casework, dispatch, merging, parts, publishing, review, triage
from monitor.web.deps import Number
from monitor.web.guard import desk_router
from monitor.web.navigation import Page
from monitor.web.orders import closing, cowork, doing, given
from monitor.web.orders.doing import act

# Anyone of the desk may ask; whether the act is his, the table of moves says.
router = desk_router(*DESK_ROLES)
PAGE = Page(router, "办理工单")
ORDER = "/desk/orders/{number}"

Act = Annotated[given.Act, Form()]
Reasoned = Annotated[given.Reasoned, Form()]
JudgedPart = Annotated[cowork.PartJudged, Form()]


@router.post(f"{ORDER}/dispatch")
def send(request: Request, number: Number, form: Annotated[given.Dispatched, Form()]) -> Response:
    """分办."""
    return act(request, number, "dispatch", form, dispatch.send)


@router.post(f"{ORDER}/answer_at_once")
def answer_at_once(
    request: Request, number: Number, form: Annotated[given.AnsweredAtOnce, Form()]
) -> Response:
    """直接答复."""
    return act(request, number, "answer_at_once", form, triage.answer_at_once)


@router.post(f"{ORDER}/merge")
def merge(request: Request, number: Number, form: Annotated[given.Merged, Form()]) -> Response:
    """并单."""
    return act(request, number, "merge", form, merging.merge)


@router.post(f"{ORDER}/unmerge")
def unmerge(request: Request, number: Number, form: Reasoned) -> Response:
    """取消并单."""
    return act(request, number, "unmerge", form, merging.unmerge)


@router.post(f"{ORDER}/ask_decline")
def ask_decline(
    request: Request, number: Number, form: Annotated[given.DeclineAsked, Form()]
) -> Response:
    """提请不予受理."""
    return act(request, number, "ask_decline", form, triage.ask_decline)


@router.post(f"{ORDER}/decline")
def decline(request: Request, number: Number, form: Reasoned) -> Response:
    """同意不予受理."""
    return act(request, number, "decline", form, partial(triage.decide_decline, granted=True))


@router.post(f"{ORDER}/refuse_decline")
def refuse_decline(request: Request, number: Number, form: Reasoned) -> Response:
    """不同意不予受理."""
    return act(
        request, number, "refuse_decline", form, partial(triage.decide_decline, granted=False)
    )


@router.post(f"{ORDER}/recall")
def recall(request: Request, number: Number, form: Reasoned) -> Response:
    """撤回分办."""
    return act(request, number, "recall", form, dispatch.recall)


@router.post(f"{ORDER}/sign")
def sign(request: Request, number: Number, form: Act) -> Response:
    """签收."""
    return act(request, number, "sign", form, dispatch.sign)


@router.post(f"{ORDER}/ask_return")
def ask_return(
    request: Request, number: Number, form: Annotated[given.Grounded, Form()]
) -> Response:
    """退单."""
    return act(request, number, "ask_return", form, dispatch.ask_return)


@router.post(f"{ORDER}/redirect")
def redirect(
    request: Request, number: Number, form: Annotated[given.Redirected, Form()]
) -> Response:
    """同意改派."""
    return act(request, number, "redirect", form, partial(dispatch.adjudicate, granted=True))


@router.post(f"{ORDER}/force")
def force(request: Request, number: Number, form: Reasoned) -> Response:
    """驳回退单，强制派发."""
    return act(request, number, "force", form, partial(dispatch.adjudicate, granted=False))


@router.post(f"{ORDER}/assign")
def assign(request: Request, number: Number, form: Annotated[given.Assigned, Form()]) -> Response:
    """交给承办人."""
    return act(request, number, "assign", form, casework.assign)


@router.post(f"{ORDER}/ask_part")
def ask_part(
    request: Request, number: Number, form: Annotated[cowork.PartAsked, Form()]
) -> Response:
    """请科室协办."""
    return act(request, number, "ask_part", form, parts.ask)


@router.post(f"{ORDER}/give_part")
def give_part(
    request: Request, number: Number, form: Annotated[cowork.PartGiven, Form()]
) -> Response:
    """提交协办意见."""
    return act(request, number, "give_part", form, parts.give)


@router.post(f"{ORDER}/return_part")
def return_part(request: Request, number: Number, form: JudgedPart) -> Response:
    """退回协办意见."""
    return act(request, number, "return_part", form, parts.hand_back)


@router.post(f"{ORDER}/urge_part")
def urge_part(
    request: Request, number: Number, form: Annotated[cowork.PartNamed, Form()]
) -> Response:
    """催请协办."""
    return act(request, number, "urge_part", form, parts.urge)


@router.post(f"{ORDER}/excuse_part")
def excuse_part(request: Request, number: Number, form: JudgedPart) -> Response:
    """免去协办."""
    return act(request, number, "excuse_part", form, parts.excuse)


@router.post(f"{ORDER}/part_draft")
def part_draft(
    request: Request, number: Number, form: Annotated[cowork.PartGiven, Form()]
) -> Response:
    """保存协办意见的草稿."""
    return doing.part_draft(request, number, form)


@router.post(f"{ORDER}/contact")
def contact(request: Request, number: Number, form: Annotated[given.Contacted, Form()]) -> Response:
    """记录联系."""
    return act(request, number, "contact", form, casework.contact)


@router.post(f"{ORDER}/note")
def note(request: Request, number: Number, form: Annotated[given.Noted, Form()]) -> Response:
    """内部说明."""
    return act(request, number, "note", form, casework.note)


@router.post(f"{ORDER}/defer")
def defer(request: Request, number: Number, form: Annotated[given.Deferred, Form()]) -> Response:
    """挂账."""
    return act(request, number, "defer", form, casework.defer)


@router.post(f"{ORDER}/defer_on")
def defer_on(request: Request, number: Number, form: Annotated[given.Deferred, Form()]) -> Response:
    """复查，继续挂账."""
    return act(request, number, "defer_on", form, casework.defer_on)


@router.post(f"{ORDER}/resume")
def resume(request: Request, number: Number, form: Reasoned) -> Response:
    """恢复办理."""
    return act(request, number, "resume", form, casework.resume)


@router.post(f"{ORDER}/submit")
def submit(request: Request, number: Number, form: Annotated[given.Submitted, Form()]) -> Response:
    """提交答复."""
    return act(request, number, "submit", form, casework.submit)


@router.post(f"{ORDER}/sign_off")
def sign_off(request: Request, number: Number, form: Annotated[given.Signed, Form()]) -> Response:
    """审核通过."""
    return act(request, number, "sign_off", form, review.sign_off)


@router.post(f"{ORDER}/hand_back")
def hand_back(
    request: Request, number: Number, form: Annotated[given.HandedBack, Form()]
) -> Response:
    """退回修改."""
    return act(request, number, "hand_back", form, review.hand_back)


@router.post(f"{ORDER}/copy")
def copy(request: Request, number: Number, form: Annotated[given.Reworded, Form()]) -> Response:
    """修改公开稿."""
    return act(request, number, "copy", form, review.edit_copy)


@router.post(f"{ORDER}/record_answer")
def record_answer(
    request: Request, number: Number, form: Annotated[given.Answered, Form()]
) -> Response:
    """登记答复."""
    return act(request, number, "record_answer", form, publishing.record_answer)


@router.post(f"{ORDER}/release")
def release(request: Request, number: Number, form: Act) -> Response:
    """公开发布."""
    return act(request, number, "release", form, publishing.release)


@router.post(f"{ORDER}/withhold")
def withhold(request: Request, number: Number, form: Reasoned) -> Response:
    """决定不公开."""
    return act(request, number, "withhold", form, publishing.withhold)


@router.post(f"{ORDER}/withdraw")
def withdraw(request: Request, number: Number, form: Reasoned) -> Response:
    """撤回公开."""
    return act(request, number, "withdraw", form, publishing.withdraw)


@router.post(f"{ORDER}/rework")
def rework(request: Request, number: Number, form: Reasoned) -> Response:
    """发回重办."""
    return act(request, number, "rework", form, callback.rework)


@router.post(f"{ORDER}/call_back")
def call_back(
    request: Request, number: Number, form: Annotated[given.CalledBack, Form()]
) -> Response:
    """回访."""
    return act(request, number, "call_back", form, callback.call_back)


@router.post(f"{ORDER}/close_unreached")
def close_unreached(request: Request, number: Number, form: Act) -> Response:
    """联系不上，结束回访."""
    return act(request, number, "close_unreached", form, callback.close_unreached)


@router.post(f"{ORDER}/correct_call_back")
def correct_call_back(
    request: Request, number: Number, form: Annotated[closing.Corrected, Form()]
) -> Response:
    """更正回访."""
    return act(request, number, "correct_call_back", form, callback.correct)


@router.post(f"{ORDER}/keep_closed")
def keep_closed(request: Request, number: Number, form: Reasoned) -> Response:
    """不发回."""
    return act(request, number, "keep_closed", form, callback.keep_closed)


@router.post(f"{ORDER}/reopen")
def reopen(request: Request, number: Number, form: Reasoned) -> Response:
    """重新打开."""
    return act(request, number, "reopen", form, callback.reopen)


@router.post(f"{ORDER}/archive")
def archive(request: Request, number: Number, form: Annotated[given.Archived, Form()]) -> Response:
    """归档."""
    return act(request, number, "archive", form, callback.archive)


@router.post(f"{ORDER}/reveal")
def reveal(request: Request, number: Number, form: Annotated[given.Asked, Form()]) -> Response:
    """显示诉求人的个人信息，须写理由."""
    return doing.reveal(request, number, form)


@router.post(f"{ORDER}/draft")
def draft(request: Request, number: Number, form: Annotated[given.Drafted, Form()]) -> Response:
    """保存草稿；脚本在每次停顿时也来保存."""
    return doing.draft(request, number, form)
