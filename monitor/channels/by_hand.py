"""Registered by duty staff: phone inquiries and visits, and requests for disclosure on paper."""

from collections.abc import Mapping
from datetime import datetime

from monitor.domain.errors import Incomplete
from monitor.domain.letters import EARLIEST_YEAR, Incoming, Requester
from monitor.domain.vocabulary import Arrival, Channel, RequestType, Urgency, Via
from monitor.domain.workdays import local

VIA = Via.BY_HAND
CHANNELS = (
    Channel.PHONE, Channel.VISIT, Channel.HOTLINE, Channel.WECHAT, Channel.WEB, Channel.DISCLOSURE,
)  # fmt: skip
FIELDS = (
    "channel", "name", "phone", "text", "title", "place", "request_type", "urgency", "publish",
    "received_at", "arrival",
)  # fmt: skip
_LONGEST = {"name": 60, "phone": 40, "title": 200, "place": 200, "text": 20_000}


def read(given: Mapping[str, str], now: datetime) -> Incoming:
    """The record that a form describes; Incomplete names every field that is wrong."""
    words = {name: given.get(name, "").strip() for name in FIELDS}
    wrong: dict[str, str] = {}
    if words["channel"] not in CHANNELS:
        wrong["channel"] = "请选择来件渠道"
    if not words["text"]:
        wrong["text"] = "请写明诉求内容"
    for name, most in _LONGEST.items():
        if len(words[name]) > most:
            wrong[name] = f"最多 {most} 字"
    if words["request_type"] and words["request_type"] not in set(RequestType):
        wrong["request_type"] = "请从列表中选择"
    if words["urgency"] and words["urgency"] not in set(Urgency):
        wrong["urgency"] = "请从列表中选择"
    if words["publish"] not in {"", "yes", "no"}:
        wrong["publish"] = "请选择是或否"
    disclosure = words["channel"] == Channel.DISCLOSURE
    if disclosure and words["arrival"] not in set(Arrival):
        wrong["arrival"] = "依申请公开的，请选择申请怎么送来的：时限从哪天起算由它定"
    received_at = _moment(words["received_at"], now, wrong)
    if wrong:
        raise Incomplete("登记内容还要改正：" + "，".join(wrong.values()) + "。", fields=wrong)
    return Incoming(
        channel=Channel(words["channel"]),
        via=VIA,
        text=words["text"],
        title=words["title"],
        place=words["place"],
        received_at=received_at,
        requester=Requester(name=words["name"], phone=words["phone"]),
        consent={"yes": True, "no": False}.get(words["publish"]),
        request_type=RequestType(words["request_type"]) if words["request_type"] else None,
        urgency=Urgency(words["urgency"]) if words["urgency"] else None,
        arrival=Arrival(words["arrival"]) if disclosure else None,
        source={name: value for name, value in words.items() if value},
    )


def _moment(text: str, now: datetime, wrong: dict[str, str]) -> datetime:
    if not text:
        return now
    try:
        at = local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        wrong["received_at"] = "时间写成 2026-10-09T10:24"
        return now
    if at > now:
        wrong["received_at"] = "来件时间不能晚于现在"
    elif at.year < EARLIEST_YEAR:
        wrong["received_at"] = f"来件时间不能早于 {EARLIEST_YEAR} 年"
    return at
