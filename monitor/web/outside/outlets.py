"""Published answers for machines: the Atom feed and the table to download."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from monitor.domain.workdays import local
from monitor.reports.tables import as_csv
from monitor.web import render
from monitor.web.outside.items import Item

_HEADER = (
    "编号",
    "标题",
    "主题",
    "类型",
    "来信日期",
    "答复日期",
    "公开日期",
    "用时",
    "来信",
    "答复",
)
# What XML 1.0 cannot say at all.
_UNSAYABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(items: Sequence[Item], *, bureau: str, site: str, now: datetime) -> bytes:
    """An Atom document (RFC 4287); an entry keeps its id whatever the site is called."""
    text = render.render(
        "public_feed.xml",
        items=[(item, _urn(f"{bureau}/answers/{item.number}")) for item in items],
        bureau=bureau,
        feed_id=_urn(f"{bureau}/feed"),
        site=site.rstrip("/"),
        changed=max((item.released_at for item in items), default=now),
    )
    return _UNSAYABLE.sub("", text).encode()


def table(items: Sequence[Item]) -> bytes:
    """The same answers as a spreadsheet reads them."""
    return as_csv(
        _HEADER,
        (
            (
                item.number,
                item.title,
                item.topic_label,
                item.kind,
                local(item.received_at).date().isoformat(),
                local(item.answered_at).date().isoformat(),
                local(item.released_at).date().isoformat(),
                item.used,
                item.letter,
                item.answer,
            )
            for item in items
        ),
    )


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"
