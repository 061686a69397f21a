"""How often a door may be tried in vain: counted by blinded subject, whoever it is."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.domain.errors import DeskError
from monitor.services.context import Context
from monitor.storage import doors
from monitor.storage.doors import Attempt

WINDOW = timedelta(minutes=15)


class TooMany(DeskError):
    """Tried too often; the same words for everybody and every reason."""

    status = 429
    title = "尝试次数过多"
    retry_after = int(WINDOW.total_seconds())


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` failed tries of one kind of subject at a door within the window."""

    door: str
    kind: str
    most: int


LOGIN_ACCOUNT = Limit("login", "account", 10)
LOGIN_ADDRESS = Limit("login", "address", 40)
LOOKUP_ADDRESS = Limit("lookup", "address", 20)


def spend(ctx: Context, *tries: tuple[Limit, str]) -> list[int]:
    """Count a try before its outcome is known; raises TooMany at the first full count.

    Counting first leaves no gap for many at once. Give the ids to `give_back` after a success.
    """
    since = ctx.now - WINDOW
    for limit, subject in tries:
        if doors.attempts(ctx.session, blinded(ctx, limit, subject), since) >= limit.most:
            raise TooMany("短时间内失败次数过多，暂时不能再试。", remedy="请 15 分钟后再试。")
    rows = [
        Attempt(door=limit.door, subject=blinded(ctx, limit, subject), at=ctx.now)
        for limit, subject in tries
    ]
    ctx.session.add_all(rows)
    ctx.session.flush()
    return [row.id for row in rows if row.id is not None]


def give_back(ctx: Context, spent: list[int]) -> None:
    """Take back tries that turned out well."""
    for row_id in spent:
        row = ctx.session.get(Attempt, row_id)
        if row is not None:
            ctx.session.delete(row)


def forget(ctx: Context, limit: Limit, subject: str) -> None:
    """Begin anew for one subject of one kind; old tries of everybody leave as well."""
    doors.forget_attempts(ctx.session, blinded(ctx, limit, subject))
    doors.drop_old_attempts(ctx.session, ctx.now - WINDOW)


def blinded(ctx: Context, limit: Limit, subject: str) -> str:
    """The subject as it is stored: it can be counted, not read."""
    return ctx.keys.blind("attempt", f"{limit.door}:{limit.kind}:{subject}")
