"""The table of moves: from, to, by whom, what must be given, which clocks, legal basis."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotAllowed, Refused
from monitor.domain.vocabulary import FIELD_LABELS, Promise, Role, State


class By(StrEnum):
    """Whose act a move is."""

    DUTY = "值班员"
    SECTION = "主办科室"
    SECTION_HEAD = "主办科室负责人"
    CO_SECTION = "协办科室"
    LEAD_OR_OFFICE = "主办科室或办公室"
    DUTY_OR_OFFICE = "值班员或办公室"
    OFFICE = "办公室"
    OFFICE_HEAD = "办公室负责人"
    REVIEWERS = "审核人"
    RELEASER = "办公室审核"
    LEADER = "分管领导"
    DOOR = "系统"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table; `target` None leaves the state as it is."""

    name: str
    label: str
    sources: frozenset[State | None]
    target: State | None
    by: By
    given: tuple[str, ...] = ()
    starts: tuple[Promise, ...] = ()
    ends: tuple[Promise, ...] = ()
    cancels: tuple[Promise, ...] = ()
    basis: str = ""
    effect: str = ""


EVENT_LABELS: Mapping[str, str] = {
    "due_moved": "时限调整",
    "upstream_changed": "上级平台更改",
    "copy_edited": "修改公开稿",
    "child_joined": "并入一件",
    "child_left": "不再并入一件",
    "revealed": "查看个人信息",
    "consent_taken_back": "诉求人改为不公开",
    "handed_over": "列入回填表",
    "handed_on": "移交承办人",
    "handover_undone": "回填表作废",
    "file_added": "添加附件",
    "file_removed": "移除附件",
    "file_restored": "恢复附件",
    "file_opened": "查看附件",
    "file_downloaded": "下载附件",
    "file_chosen": "选择附件是否公开",
    "files_published": "公开附件",
}

_OPEN = frozenset(state for state in State if not state.closed)
_ALL_CLOCKS = tuple(Promise)
_DECIDED = (Promise.TRIAGE, Promise.ACK)
_INNER = (Promise.SIGN, Promise.CONTACT, Promise.SUBMIT)
# What co-sections owe lapses with the hand-in that it was for.
_SENT = (*_INNER, Promise.CO)
# Who was never rung up hears from the office with the answer: nothing can be logged after it.
_TOLD = (Promise.ANSWER, Promise.CONTACT)
_AFTER = (Promise.PUBLISH, Promise.CALLBACK)
_CO_WORKS = frozenset(
    {State.AWAITING_SIGN, State.RETURN_PENDING, State.IN_HAND, State.DEFERRED, State.IN_REVIEW}
)
_RELEASED = frozenset({State.ANSWERED, State.TO_ARCHIVE, State.ARCHIVED})


def _move(
    name: str,
    label: str,
    sources: "State | frozenset[State] | None",
    target: State | None,
    by: By,
    *given: str,
    starts: tuple[Promise, ...] = (),
    ends: tuple[Promise, ...] = (),
    cancels: tuple[Promise, ...] = (),
    basis: str = "",
    effect: str = "",
) -> Move:
    one: frozenset[State | None] = (
        frozenset(sources) if isinstance(sources, frozenset) else frozenset({sources})
    )
    return Move(name, label, one, target, by, given, starts, ends, cancels, basis, effect)


_TABLE = (
    _move("register", "登记", None, State.TRIAGE, By.DOOR,
          starts=(Promise.TRIAGE, Promise.ACK, Promise.ANSWER),
          effect="开始计算分办与答复时限"),
    _move("import_answered", "导入已答复", None, State.ANSWERED, By.DOOR, "answer", "at",
          starts=(Promise.ANSWER,), ends=(Promise.ANSWER,), effect="按来件与答复时间计算用时"),
    _move("dispatch", "分办", State.TRIAGE, State.AWAITING_SIGN, By.DUTY,
          "topic", "request_type", "urgency", "section",
          starts=_INNER, ends=_DECIDED, basis="派单目录",
          effect="转主办科室签收，签收、首次联系、内部提交时限开始"),
    _move("answer_at_once", "直接答复", State.TRIAGE, State.IN_REVIEW, By.DUTY, "answer", "basis",
          ends=_DECIDED, effect="送办公室审核，不再分办"),
    _move("merge", "并单", State.TRIAGE, State.MERGED, By.DUTY, "master",
          cancels=_ALL_CLOCKS, basis="国办函〔2025〕66号：重复诉求原则上并单",
          effect="并入主单，时限按最早一件计算"),
    _move("unmerge", "取消并单", State.MERGED, State.TRIAGE, By.DUTY, "reason",
          effect="恢复为待研判，时限接原收件时间"),
    _move("ask_decline", "提请不予受理", State.TRIAGE, None, By.DUTY, "code", "told", "reason",
          effect="由办公室负责人决定，状态暂不变"),
    _move("decline", "同意不予受理", State.TRIAGE, State.NOTIFIED, By.OFFICE_HEAD, "reason",
          ends=(*_DECIDED, Promise.ANSWER), cancels=_SENT, basis="信访工作条例第22条：15日内告知",
          effect="告知诉求人法定渠道，工单结束"),
    _move("refuse_decline", "不同意不予受理", State.TRIAGE, None, By.OFFICE_HEAD, "reason",
          effect="退给值班员继续分办"),
    _move("recall", "撤回分办", State.AWAITING_SIGN, State.TRIAGE, By.DUTY, "reason",
          starts=(Promise.TRIAGE,), cancels=_SENT, effect="科室签收前可撤回，答复时限不变"),
    _move("sign", "签收", State.AWAITING_SIGN, State.IN_HAND, By.SECTION,
          ends=(Promise.SIGN,), effect="由本科室办理"),
    _move("ask_return", "退单", frozenset({State.AWAITING_SIGN, State.IN_HAND}),
          State.RETURN_PENDING, By.SECTION, "ground",
          basis="信访工作条例第23条、派单异议制度", effect="由办公室裁定，总时限不停"),
    _move("redirect", "同意改派", State.RETURN_PENDING, State.AWAITING_SIGN, By.OFFICE,
          "section", "reason", starts=(Promise.SIGN,), cancels=(Promise.SIGN,),
          effect="改派其他科室签收，总时限不变"),
    _move("force", "驳回退单，强制派发", State.RETURN_PENDING, State.AWAITING_SIGN, By.OFFICE,
          "reason", starts=(Promise.SIGN,), cancels=(Promise.SIGN,),
          effect="原科室必须签收，不得再退"),
    _move("assign", "交给承办人", State.IN_HAND, None, By.SECTION_HEAD, "handler",
          effect="指定本科室承办人"),
    _move("ask_part", "请科室协办", frozenset({State.AWAITING_SIGN, State.IN_HAND}), None,
          By.LEAD_OR_OFFICE, "co_section", "text",
          effect="协办科室另有协办时限，本件各时限不变"),
    _move("give_part", "提交协办意见", _CO_WORKS, None, By.CO_SECTION, "text",
          effect="交主办科室采用，停本科室的协办时限"),
    _move("return_part", "退回协办意见", State.IN_HAND, None, By.SECTION, "co_section", "reason",
          effect="协办科室重新提交，协办时限从退回时重新起算"),
    _move("urge_part", "催请协办", State.IN_HAND, None, By.SECTION, "co_section",
          effect="写入经过，协办科室的协办栏里可见"),
    _move("excuse_part", "免去协办",
          frozenset({State.AWAITING_SIGN, State.IN_HAND, State.RETURN_PENDING}), None,
          By.LEAD_OR_OFFICE, "co_section", "reason",
          effect="该科室不再协办，也不再看到本件"),
    _move("contact", "记录联系", frozenset({State.IN_HAND, State.IN_REVIEW, State.DEFERRED}),
          None, By.SECTION, "way", "outcome", ends=(Promise.CONTACT,),
          effect="状态不变，写入联系记录，计入响应率"),
    _move("note", "内部说明", _OPEN, None, By.SECTION, "text", effect="不公开，只在经过中显示"),
    _move("defer", "挂账", State.IN_HAND, State.DEFERRED, By.LEADER,
          "reason", "plan", "review_on", effect="不算办结，到复查日期提醒"),
    _move("resume", "恢复办理", State.DEFERRED, State.IN_HAND, By.SECTION, "reason",
          effect="回到办理中"),
    _move("submit", "提交答复", State.IN_HAND, State.IN_REVIEW, By.SECTION_HEAD,
          "answer", "solved", ends=(Promise.SUBMIT,),
          effect="送办公室审核，停“内部提交”时限"),
    _move("sign_off", "审核通过", State.IN_REVIEW, None, By.REVIEWERS,
          effect="只签本人一道，不发布"),
    _move("approve", "审核完毕", State.IN_REVIEW, State.TO_RELEASE, By.REVIEWERS,
          effect="必签各道已齐，转待发布"),
    _move("hand_back", "退回修改", frozenset({State.IN_REVIEW, State.TO_RELEASE}), State.IN_HAND,
          By.REVIEWERS, "findings", effect="退主办科室修改，已签各道作废"),
    _move("hand_back_to_duty", "退回值班员", frozenset({State.IN_REVIEW, State.TO_RELEASE}),
          State.TRIAGE, By.REVIEWERS, "findings", starts=(Promise.TRIAGE,),
          effect="直接答复的退回值班员"),
    _move("record_answer", "登记答复", State.TO_RELEASE, State.ANSWERED, By.RELEASER, "way", "at",
          starts=(Promise.PUBLISH, Promise.CALLBACK), ends=_TOLD, cancels=(Promise.CO,),
          effect="记录答复的方式、时间和人，停答复时限"),
    _move("release", "公开发布", frozenset({State.TO_RELEASE}), State.ANSWERED, By.RELEASER,
          starts=(Promise.PUBLISH, Promise.CALLBACK), ends=(*_TOLD, Promise.PUBLISH),
          cancels=(Promise.CO,), effect="发布到网站，同时在查询页答复诉求人"),
    _move("release_later", "公开发布", frozenset({State.ANSWERED, State.TO_ARCHIVE}), None,
          By.RELEASER,
          ends=(Promise.PUBLISH,), effect="发布到网站"),
    _move("withhold", "决定不公开",
          frozenset({State.TO_RELEASE, State.ANSWERED, State.TO_ARCHIVE}), None, By.RELEASER,
          "reason", ends=(Promise.PUBLISH,), effect="停公布时限，不在网站公开"),
    _move("withdraw", "撤回公开", _RELEASED, None, By.RELEASER, "reason",
          basis="政府信息公开条例第14至17条", effect="公开页、订阅和检索立即撤下"),
    _move("rework", "发回重办", frozenset({State.ANSWERED, State.TO_ARCHIVE}), State.AWAITING_SIGN,
          By.OFFICE, "reason", starts=(Promise.ANSWER, *_INNER), cancels=_AFTER,
          effect="开始新一轮办理，原时限与答复保留"),
    _move("rework_by_duty", "发回值班员重办", frozenset({State.ANSWERED, State.TO_ARCHIVE}),
          State.TRIAGE, By.OFFICE, "reason", starts=(Promise.ANSWER, Promise.TRIAGE),
          cancels=_AFTER, effect="直接答复的工单没有主办科室，由值班员重新研判"),
    _move("call_back", "回访", State.ANSWERED, State.TO_ARCHIVE, By.DUTY,
          "contacted", "satisfied", ends=(Promise.CALLBACK,), effect="转待归档"),
    _move("try_call_back", "回访未联系上", State.ANSWERED, None, By.DUTY,
          effect="记一次未接通，仍在待回访"),
    _move("close_unreached", "联系不上，结束回访", State.ANSWERED, State.TO_ARCHIVE, By.DUTY,
          ends=(Promise.CALLBACK,), effect="按抽样规则打满次数后转待归档"),
    _move("spare_call_back", "免回访", State.ANSWERED, State.TO_ARCHIVE, By.DOOR, "reason",
          cancels=(Promise.CALLBACK,), effect="按抽样规则未抽中，转待归档"),
    _move("correct_call_back", "更正回访", State.TO_ARCHIVE, None, By.DUTY_OR_OFFICE, "satisfied",
          effect="登记人当天可更正，原记录保留"),
    _move("keep_closed", "不发回", State.TO_ARCHIVE, None, By.OFFICE, "reason",
          effect="回访结果不好的仍按已答复归档"),
    _move("reopen", "重新打开", State.ARCHIVED, State.TO_ARCHIVE, By.OFFICE, "reason",
          effect="取消归档，之后可以发回重办"),
    _move("archive", "归档", State.TO_ARCHIVE, State.ARCHIVED, By.RELEASER, "retention",
          effect="离开所有队列，仍可检索"),
)  # fmt: skip

MOVES: Mapping[str, Move] = {move.name: move for move in _TABLE}


def whose(
    move: Move, who: Acting, section: str | None, co_sections: Collection[str] = ()
) -> str | None:
    """None when the act is this person's, else the Chinese reason why not."""
    duty = who.has(Role.DUTY)
    own = section is not None and who.section == section
    works = who.has(Role.HANDLER, Role.SECTION_HEAD)
    handles = own and works
    office = who.has(Role.REVIEWER) or who.office_head
    allowed = {
        By.DOOR: True,
        By.DUTY: duty,
        By.SECTION: handles,
        By.SECTION_HEAD: own and who.has(Role.SECTION_HEAD),
        By.CO_SECTION: works and who.section in co_sections,
        By.LEAD_OR_OFFICE: handles or office,
        By.DUTY_OR_OFFICE: duty or office,
        By.OFFICE: office,
        By.OFFICE_HEAD: who.office_head,
        By.REVIEWERS: who.has(Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER),
        By.RELEASER: who.has(Role.REVIEWER),
        By.LEADER: who.has(Role.LEADER),
    }[move.by]
    if move.name == "note" and duty:
        allowed = True
    return None if allowed else f"“{move.label}”由{move.by.value}办理"


def check(
    name: str,
    state: State | None,
    who: Acting,
    section: str | None,
    given: Mapping[str, object],
    co_sections: Collection[str] = (),
) -> Move:
    """The move, or the reason why not: Refused, NotAllowed or Incomplete."""
    move = MOVES[name]
    if state not in move.sources:
        now = state.label if state else "未登记"
        options = "、".join(s.label for s in State if s in move.sources)
        message = f"工单现在是“{now}”，不能{move.label}。"
        raise Refused(message, remedy=f"“{move.label}”只在{options}时可办。", rule=move.basis)
    if reason := whose(move, who, section, co_sections):
        raise NotAllowed(reason + "。", rule=move.basis)
    missing = [key for key in move.given if _blank(given.get(key))]
    if missing:
        words = "、".join(FIELD_LABELS[key] for key in missing)
        fields = {key: f"请填写{FIELD_LABELS[key]}" for key in missing}
        raise Incomplete(f"{move.label}还缺：{words}。", fields=fields)
    return move


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def offered(
    state: State, who: Acting, section: str | None, co_sections: Collection[str] = ()
) -> list[tuple[Move, str | None]]:
    """Every move of this state with None, or the reason why this person may not make it."""
    return [
        (move, whose(move, who, section, co_sections))
        for move in _TABLE
        if state in move.sources and move.by is not By.DOOR
    ]


def label(what: str) -> str:
    """The Chinese words of an event: a move of the table, or something beside it."""
    return MOVES[what].label if what in MOVES else EVENT_LABELS.get(what, what)
