"""The clocks of an order for machines: due times with the day-by-day story that the page tells."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from monitor.domain.vocabulary import Promise
from monitor.domain.workdays import local
from monitor.services import reckoning
from monitor.services.context import Context
from monitor.storage import deadlines
from monitor.storage.orders import Order


class DayOut(BaseModel):
    """One day of the story; `number` counts the days that count."""

    day: date
    counts: bool
    why: str
    number: int | None


class PauseOut(BaseModel):
    """Days on which the clock stands, both included."""

    first: date
    last: date
    cause: str


class ClockOut(BaseModel):
    """One promise: from when, until when, by which rule and calendar, and why.

    `aside` is not empty for an earlier reckoning that another one took the place of.
    """

    promise: str
    label: str
    round: int
    section: str | None
    started_at: datetime
    due: datetime
    given: bool
    provisional: bool
    ended_at: datetime | None
    cancelled_at: datetime | None
    late: bool | None
    chosen: bool
    aside: str
    rule: str
    version: int
    pack: str
    basis: str
    calendar: str
    extension: int
    pauses: list[PauseOut]
    sentence: str
    trace: list[DayOut]


class Clocks(BaseModel):
    """Every clock of an order, oldest first."""

    number: str
    clocks: list[ClockOut]


def clocks(ctx: Context, order: Order) -> Clocks:
    """The stored clocks with their stories."""
    found = []
    for clock in deadlines.of_order(ctx.session, order.id):
        story: dict[str, Any] = reckoning.told(reckoning.story(ctx, clock))
        # What was put down is what binds: a merge or the upstream may have set another moment.
        story |= {"due": local(clock.due_at), "provisional": clock.provisional}
        found.append(
            ClockOut(
                promise=clock.promise,
                label=Promise(clock.promise).label,
                round=clock.round,
                section=clock.section,
                started_at=local(clock.started_at),
                given=clock.given_due,
                ended_at=local(clock.ended_at) if clock.ended_at else None,
                cancelled_at=local(clock.cancelled_at) if clock.cancelled_at else None,
                late=clock.late,
                chosen=clock.chosen,
                aside=clock.aside,
                pack=clock.rule_pack,
                extension=clock.extension,
                pauses=[PauseOut(**pause) for pause in clock.pauses],
                **story,
            )
        )
    return Clocks(number=order.number, clocks=found)
