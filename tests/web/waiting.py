"""Orders that wait at a desk, read as the test says, and the forms that a page shows of them."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

from classifiers.finding import Evidence, Finding
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Channel, Via
from monitor.services.desk import Desk
from monitor.services.preparing import Prepared, index_words
from monitor.steps import intake

TEXT = "我公司的设备投资补贴公示通过后至今没有到账，供应商已发来律师函，请局长过问。"


def read_as(
    title: str,
    text: str,
    *,
    topic: str,
    sure: float,
    urgency: str,
    kind: str,
    learnt: float | None = None,
) -> Prepared:
    """What the readers would have said of a text, with the first words of it as evidence.

    With `learnt` a model, not a rule, spoke of the urgency, as surely as that.
    """
    start = len(title) + 1
    told = {
        "topic": Finding(
            "topic",
            topic,
            sure,
            (Evidence(start, start + 3, text[:3]),),
            (("factor", 0.05), ("environment", 0.03)),
        ),
        "request_type": Finding("request_type", kind, 0.76, (), (("complaint", 0.19),)),
        "urgency": Finding("urgency", urgency, None, (), (), "JJ-03")
        if urgency != "normal" and learnt is None
        else Finding("urgency", urgency, learnt or 0.9),
    }
    return Prepared(
        {code: finding.as_json() for code, finding in told.items()},
        index_words(title, text),
    )


def waiting(
    desk: Desk,
    title: str = "设备补贴公示半年未到账",
    text: str = TEXT,
    *,
    topic: str = "funds",
    sure: float = 0.91,
    urgency: str = "normal",
    kind: str = "help",
    learnt: float | None = None,
    channel: Channel = Channel.MAILBOX,
    ago: float = 40,
    phone: str = "13800000123",
    **more: object,
) -> str:
    """A new order in 待研判, received `ago` minutes before now; its number."""
    with desk.writing() as ctx:
        letter = Incoming(
            channel, Via.LETTER_FORM, text, ctx.now - timedelta(minutes=ago), title=title,
            requester=Requester(name="陈试样", phone=phone), consent=True, **more,
        )  # fmt: skip
        read = read_as(
            title, text, topic=topic, sure=sure, urgency=urgency, kind=kind, learnt=learnt
        )
        return intake.receive_one(ctx, letter, prepared=[read]).number


def numbers(page: str) -> list[str]:
    """The orders of a queue, from top to bottom."""
    return re.findall(r'<tr data-row id="row-(HY[\d-]+)"', page)


def selected(page: str) -> str:
    """The order in hand."""
    found = re.search(r'id="row-(HY[\d-]+)" class="is-selected"', page)
    return found[1] if found else ""


def form(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form that is sent to an address."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found, f"no form to {action}"
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', found[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name
        assert value
        fields.setdefault(unescape(name[1]), []).append(unescape(value[1]))
    return fields


def links(page: str, holding: str) -> list[str]:
    """The addresses on a page that hold a word."""
    return [
        unescape(one) for one in re.findall(r'href="([^"]*)"', page) if holding in unescape(one)
    ]


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
