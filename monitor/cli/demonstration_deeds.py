"""The demonstration's deeds: each of the real steps, with the words that our people gave."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from monitor.cli.demonstration_cases import Case
from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import AnswerWay, Ask, Channel, Solved, State
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.services.handling import closing
from monitor.steps import callback, casework, dispatch, merging, parts, publishing, review, triage
from monitor.storage.casework import open_request
from monitor.storage.handling import parts as asked
from monitor.storage.orders import Order

Deed = Callable[[Context, Order], object]

_CONTACTS = (
    "电话联系上，核对了企业名称和诉求，告知办理科室和答复期限。",
    "回电说明已受理，请对方补一份证明材料，约定三日内再联系。",
    "两次拨打后接通，诉求人补充了时间和地点，表示愿意配合核实。",
    "电话沟通二十分钟，解释了办理程序，对方希望书面答复。",
    "已联系，对方在外地，约定明日上午再通话。",
    "与诉求人通话，确认诉求是一件事两个部分，一并办理。",
)
_NOTES = (
    "已调取当时的申报材料，待业务科室会签。",
    "与协办科室碰过头，口径一致，正在起草答复。",
    "现场看过，情况属实，等园区书面说明。",
    "同类问题上月答复过一件，可参照。",
)
_ELSEWHERE = {
    "a-040": ("other_organ", "口岸海关归类部门，12360 热线", "商品归类由海关依法定职权认定。"),
    "b-074": ("other_organ", "住房和城乡建设部门物业管理科室", "电梯维修属住宅物业管理事项。"),
    "b-076": ("other_organ", "住房公积金管理中心窗口", "公积金异地转移由公积金中心办理。"),
    "b-083": ("unclear", "请本人再次拨打 12345 补充内容", "内容不明，回拨三次无人接听。"),
}
_WAYS: Mapping[Channel, AnswerWay] = {
    Channel.HOTLINE: AnswerWay.FED_BACK,
    Channel.PHONE: AnswerWay.TOLD,
    Channel.VISIT: AnswerWay.TOLD,
    Channel.MAILBOX: AnswerWay.SHOWN,
    Channel.WEB: AnswerWay.SHOWN,
}
_ASKS = {
    "finance": ("核对应付金额和拨付进度。", "经核对，金额与申报材料一致，已列入本批拨付计划。"),
    "policy": ("明确所引条款的适用口径。", "条款适用于备案在先的项目，追溯期为两年，口径已统一。"),
    "project": ("说明项目备案和开工的时间。", "项目已备案，开工手续齐全，进度与承诺一致。"),
    "factor": ("核对用地、厂房和水电的情况。", "现场看过，厂房水电已接通，租金按合同执行。"),
    "office": ("核对登记和此前答复的情况。", "查过登记，此前未收到同类来件。"),
}
_ELSE = ("就涉及本科室的部分提出意见。", "涉及本科室的部分属实，同意主办科室的办理意见。")
_CITED = re.compile(r"《[^》]+》(?:第[一二三四五六七八九十百]+条)?")


def send(case: Case) -> Deed:
    """Dispatched by the catalogue."""

    def do(ctx: Context, order: Order) -> None:
        dispatch.send(ctx, order, _decision(case), seen=order.version)

    return do


def answer_at_once(case: Case) -> Deed:
    """Answered by duty from what is known."""
    cited = _CITED.search(case.answer)
    basis = cited[0] if cited else "本局网站公布的办事指南"

    def do(ctx: Context, order: Order) -> None:
        triage.answer_at_once(
            ctx, order, _decision(case), answer=case.answer, basis=basis, seen=order.version
        )

    return do


def draft(case: Case) -> Deed:
    """An answer begun and not handed in."""
    fields = {"answer": case.answer, "basis": "", "note": case.note}
    return lambda ctx, order: casework.save_draft(ctx, order, fields)


def ask_decline(case: Case) -> Deed:
    """Proposed to be handled elsewhere."""
    code, told, reason = _ELSEWHERE[case.key]
    return lambda ctx, order: triage.ask_decline(
        ctx, order, code=code, told=told, reason=reason, seen=order.version
    )


def decline(ctx: Context, order: Order) -> None:
    """The head of the office agrees."""
    reason = "同意，告知诉求人办理渠道。"
    triage.decide_decline(ctx, order, granted=True, reason=reason, seen=order.version)


def merge(numbers: Mapping[str, str], case: Case) -> Deed:
    """Joined to the earlier matter."""
    return lambda ctx, order: merging.merge(
        ctx, order, master_number=numbers[case.followup], seen=order.version
    )


def sign(ctx: Context, order: Order) -> None:
    """Signed for."""
    dispatch.sign(ctx, order, seen=order.version)


def assign(handler: str) -> Deed:
    """Handed to one of the section."""
    return lambda ctx, order: casework.assign(ctx, order, handler=handler, seen=order.version)


def contact(case: Case) -> Deed:
    """Called, or met."""
    way = "当面" if case.channel is Channel.VISIT else "电话"
    outcome = case.contact_note or _one_of(_CONTACTS, case)
    return lambda ctx, order: casework.contact(
        ctx, order, way=way, outcome=outcome, at=None, seen=order.version
    )


def note(case: Case) -> Deed:
    """An internal note."""
    words = case.note or _one_of(_NOTES, case)
    return lambda ctx, order: casework.note(ctx, order, text=words, seen=order.version)


def ask_return(ground: str) -> Deed:
    """Sent back to the office with its ground."""
    return lambda ctx, order: dispatch.ask_return(ctx, order, ground=ground, seen=order.version)


def adjudicate(section: str) -> Deed:
    """Given to another section, or forced on the one that had it."""
    granted = bool(section)
    reason = "三定职责如此，同意改派。" if granted else "仍由原科室牵头，会同有关部门核实。"

    def do(ctx: Context, order: Order) -> None:
        dispatch.adjudicate(
            ctx, order, granted=granted, reason=reason, section=section, seen=order.version
        )

    return do


def defer(ctx: Context, order: Order) -> None:
    """Put off by the leader with a plan and a day of review."""
    casework.defer(
        ctx,
        order,
        reason="涉及年度建设计划和资金安排，本局近期无法独立解决。",
        plan="列入承诺事项台账，会同园区每月调度一次，进展及时告知诉求人。",
        review_on=local(ctx.now).date() + timedelta(days=30),
        seen=order.version,
    )


def submit(case: Case) -> Deed:
    """The section's answer."""
    share = case.share("solved")
    solved = Solved.SOLVED if share < 0.83 else Solved.PARTLY if share < 0.95 else Solved.UNSOLVED
    without = "协办科室电话里已表示无异议，书面意见随后补。"
    return lambda ctx, order: casework.submit(
        ctx,
        order,
        answer=case.answer,
        solved=str(solved),
        note=case.note,
        without=without,
        seen=order.version,
    )


def give_part(ctx: Context, order: Order) -> None:
    """What a co-section has to say, where it is still asked."""
    section = ctx.person.section or ""
    if section in asked.live(ctx.session, order.id):
        parts.give(ctx, order, text=_ASKS.get(section, _ELSE)[1], seen=order.version)


def urge_part(section: str) -> Deed:
    """A co-section is reminded."""
    return lambda ctx, order: parts.urge(ctx, order, co_section=section, seen=order.version)


def check(opinion: str, *, ask_legal: bool) -> Deed:
    """The reviewer clears the public copy of what the scan found, then signs."""

    def do(ctx: Context, order: Order) -> None:
        now = review.standing(ctx, order)
        if now.copy is not None and now.open:
            parts = {name: getattr(now.copy, name) for name in ("title", "letter", "answer")}
            kept = []
            for found in now.open:
                if found.keepable:
                    reason = "是条文用语，不是本件的具体内容。"
                    row = {"part": found.part, "kind": found.hit.kind, "text": found.hit.text}
                    kept.append({**row, "reason": reason})
                else:
                    parts[found.part] = parts[found.part].replace(found.hit.text, "【略】")
            review.edit_copy(ctx, order, **parts, kept=kept, seen=order.version)
        review.sign_off(ctx, order, opinion=opinion, ask_legal=ask_legal, seen=order.version)

    return do


def sign_off(opinion: str) -> Deed:
    """A signature of one's own."""
    return lambda ctx, order: review.sign_off(ctx, order, opinion=opinion, seen=order.version)


def hand_back(findings: str) -> Deed:
    """Sent back to be mended."""
    return lambda ctx, order: review.hand_back(ctx, order, findings=findings, seen=order.version)


def record_answer(case: Case) -> Deed:
    """Fed back, sent or told."""
    way = str(_WAYS.get(case.channel, AnswerWay.SENT))
    return lambda ctx, order: publishing.record_answer(
        ctx, order, way=way, at=None, seen=order.version
    )


def release(ctx: Context, order: Order) -> None:
    """Published."""
    publishing.release(ctx, order, seen=order.version)


def withhold(reason: str) -> Deed:
    """Kept from publication in spite of consent."""
    return lambda ctx, order: publishing.withhold(ctx, order, reason=reason, seen=order.version)


def withdraw(ctx: Context, order: Order) -> None:
    """Taken down again."""
    reason = "政策口径本月调整，原答复已不准确，修订后另行公布。"
    publishing.withdraw(ctx, order, reason=reason, seen=order.version)


def call_back(case: Case, *, pleased: bool | None = None) -> Deed:
    """What the requester said afterwards."""
    share = case.share("pleased")
    said = "满意" if share < 0.66 else "基本满意" if share < 0.88 else "未评价"
    if pleased is False or 0.88 < share < 0.95:
        said = "不满意"
    solved = "" if said == "未评价" else "unsolved" if said == "不满意" else "solved"
    reason = "认为办理时间偏长，书面答复与电话里说的不完全一致。" if said == "不满意" else ""

    def do(ctx: Context, order: Order) -> None:
        if order.state != State.ANSWERED:
            return
        callback.call_back(
            ctx,
            order,
            contacted=True,
            satisfied=said,
            solved=solved,
            reason=reason,
            seen=order.version,
        )

    return do


def rework(reason: str) -> Deed:
    """Sent back for another round."""
    return lambda ctx, order: callback.rework(ctx, order, reason=reason, seen=order.version)


def archive(ctx: Context, order: Order) -> None:
    """Laid to rest as the rules propose; a poor call-back is decided on first."""
    if open_request(ctx.session, order.id, Ask.REWORK):
        reason = "已当面解释，诉求人的意见是对政策本身的，答复无误。"
        callback.keep_closed(ctx, order, reason=reason, seen=order.version)
    retention = closing.proposed(ctx, order).retention
    callback.archive(ctx, order, retention=retention, seen=order.version)


def _decision(case: Case) -> Decision:
    return Decision(
        topic=case.topic,
        request_type=case.request_type,
        urgency=str(case.urgency),
        section=case.section,
        co_sections=case.co_sections,
        catalogue_row=case.catalogue_row,
        asks=tuple((code, _ASKS.get(code, _ELSE)[0]) for code in case.co_sections),
    )


def _one_of(words: tuple[str, ...], case: Case) -> str:
    return words[int(case.share("words") * len(words))]
