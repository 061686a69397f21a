"""How much each handler of a section has in hand, due today and late; the conditions behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Promise, State
from monitor.storage import deadlines
from monitor.storage.deadlines import Clock
from monitor.storage.orders import Order, visible_to

OPEN = tuple(state for state in State if not state.closed and state is not State.TRIAGE)


@dataclass(frozen=True, slots=True)
class Load:
    """What one handler, or nobody, has: orders in hand, due today, late."""

    in_hand: int = 0
    due_today: int = 0
    late: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """The least loaded first: by what is in hand, then by what presses."""
        return self.in_hand, self.late, self.due_today


def due_between(section: str | None, first: datetime, last: datetime) -> Any:
    """An answer or a hand-in of this section is due from first, and before last."""
    return _owing(
        section, (Promise.ANSWER, Promise.SUBMIT), col(Clock.due_at) >= first,
        col(Clock.due_at) < last,
    )  # fmt: skip


def late(section: str | None, now: datetime) -> Any:
    """An answer of this section is past due."""
    return _owing(section, (Promise.ANSWER,), col(Clock.due_at) < now)


def _owing(section: str | None, promises: Sequence[str], *when: Any) -> Any:
    owed = select(col(Clock.order_id)).where(
        col(Clock.promise).in_(promises),
        *when,
        col(Clock.section) == section,
        deadlines.runs(),
    )
    return col(Order.id).in_(owed)


def of_section(
    session: Session, who: Acting, section: str, now: datetime, today: tuple[datetime, datetime]
) -> Mapping[UUID | None, Load]:
    """The load of a section by handler; None for what nobody was given yet."""
    asked = {
        "in_hand": (col(Order.state) == State.IN_HAND,),
        "due_today": (col(Order.state).in_(OPEN), due_between(section, *today)),
        "late": (col(Order.state).in_(OPEN), late(section, now)),
    }
    found: dict[UUID | None, dict[str, int]] = {}
    for name, conditions in asked.items():
        rows = session.execute(
            visible_to(who)
            .with_only_columns(col(Order.handler_id), func.count())
            .where(col(Order.section) == section, *conditions)
            .group_by(col(Order.handler_id))
        )
        for handler, count in rows:
            found.setdefault(handler, {})[name] = count
    return {handler: Load(**counts) for handler, counts in found.items()}
