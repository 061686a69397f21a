"""Records for the steps to take in; made up, one for each way in."""

from datetime import datetime
from typing import Any

from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Arrival, Channel, Via

TEXT = (
    "我公司去年申报的技改设备补贴，公示已经半年，至今没有到账，请问卡在哪个环节，什么时候能拨付。"
)


def letter(at: datetime, **given: Any) -> Incoming:
    """A letter to the leadership mailbox; anything can be given another way."""
    facts: dict[str, Any] = {
        "channel": Channel.MAILBOX,
        "via": Via.LETTER_FORM,
        "title": "技改补贴公示半年未到账",
        "text": TEXT,
        "received_at": at,
        "requester": Requester(name="陈某", phone="13800000123"),
        "consent": True,
    }
    if given.get("channel") == Channel.DISCLOSURE:
        facts["arrival"] = Arrival.IN_PERSON
    return Incoming(**(facts | given))


def row(at: datetime, number: str, **given: Any) -> Incoming:
    """A row of the city platform's sheet."""
    return letter(
        at,
        **{
            "channel": Channel.HOTLINE,
            "via": Via.SHEET,
            "upstream_no": number,
            "consent": None,
            "source": {"工单编号": number, "主要内容": TEXT},
            "upstream": {"status": "办理中"},
            "row": 2,
        }
        | given,
    )
