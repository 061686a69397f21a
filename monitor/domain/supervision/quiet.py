"""When messages may go out: quiet hours, which only what is urgent breaks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.supervision.cards import Receiver
from monitor.domain.workdays import SHANGHAI, local

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """Quiet hours, when a digest is sent in place of single messages, who hears of which move."""

    quiet_from: time = time(21)
    quiet_until: time = time(7, 30)
    digest_over: int = 5
    announced: Mapping[str, tuple[Receiver, ...]] = field(default_factory=dict)

    def earliest(self, now: datetime, *, urgent: bool) -> datetime:
        """The first moment from now on at which a message may go out, in UTC."""
        here = local(now)
        at, start, end = here.time(), self.quiet_from, self.quiet_until
        over_midnight = start > end
        quiet = at >= start or at < end if over_midnight else start <= at < end
        if urgent or start == end or not quiet:
            return now.astimezone(UTC)
        tomorrow = over_midnight and at >= start
        day = here.date() + _ONE if tomorrow else here.date()
        return datetime.combine(day, end, SHANGHAI).astimezone(UTC)


def parse(
    notices: Sequence[Mapping[str, Any]], announced: Collection[Mapping[str, Any]]
) -> NoticeRules:
    """The rules of `data/rulebook/notices.toml`."""
    told = {body["code"]: tuple(map(Receiver, body["tells"])) for body in announced}
    if not notices:
        return NoticeRules(announced=told)
    body = notices[-1]
    try:
        return NoticeRules(
            time.fromisoformat(body["quiet_from"]),
            time.fromisoformat(body["quiet_until"]),
            int(body["digest_over"]),
            told,
        )
    except (KeyError, ValueError) as error:
        raise Incomplete(f"提醒规则有误：{error}") from error
