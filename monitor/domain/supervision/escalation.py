"""Who is told in place of somebody who is away, and who next when nobody looks: one step up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from monitor.domain.supervision.cards import Receiver
from monitor.domain.workdays import Calendar

LADDER = (Receiver.HANDLER, Receiver.SECTION_HEAD, Receiver.OFFICE_HEAD, Receiver.LEADER)
# Whoever works for the office itself stands below its head.
_OF_THE_OFFICE = frozenset({Receiver.DUTY, Receiver.REVIEWER})
_HOUR = 3600
Holders = Callable[[Receiver], Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Told:
    """One person who is told: in which place of the ladder, and why he, where he is not named."""

    person: UUID
    step: Receiver | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Absences:
    """Who is away just now, in words such as 李请假, and who stands in for whom."""

    away: Mapping[UUID, str] = field(default_factory=dict)
    stand_ins: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)

    def present(self, people: Sequence[UUID]) -> list[UUID]:
        """Those of them who are here."""
        return [one for one in people if one not in self.away]

    def standing_for(self, person: UUID) -> list[UUID]:
        """Those who stand in for him and are here themselves."""
        return self.present(self.stand_ins.get(person, ()))


def above(step: Receiver) -> Receiver | None:
    """The next place up; None above the leaders."""
    if step in _OF_THE_OFFICE:
        return Receiver.OFFICE_HEAD
    place = LADDER.index(step)
    return LADDER[place + 1] if place + 1 < len(LADDER) else None


def reach(tells: Sequence[Receiver], holders: Holders, absences: Absences) -> list[Told]:
    """Everybody whom these places come to, each once.

    Somebody away is replaced by his stand-in. A place where nobody is left is told one step up,
    and the note says so; where there is nothing above, those who are away find it afterwards.
    """
    found: dict[UUID, _Found] = {}
    for receiver in tells:
        _at(receiver, (), found, holders, absences)
    return [Told(person, one.step, one.note) for person, one in found.items()]


def rise(
    step: Receiver, unseen: Sequence[UUID], holders: Holders, absences: Absences
) -> list[Told]:
    """Who is told one step up of what these people have not looked at; nobody above the leaders.

    Who holds two places is not told twice of what he did not read.
    """
    up = above(step)
    while up is not None:
        told = [one for one in reach((up,), holders, absences) if one.person not in unseen]
        if told:
            return told
        up = above(up)
    return []


def look_after(calendar: Calendar, now: datetime, hours: int) -> datetime | None:
    """When a notice must have been seen: so many office hours later; None where no rule asks."""
    return calendar.add_working_seconds(now, hours * _HOUR) if hours > 0 else None


@dataclass
class _Found:
    """How one person came to be told: the highest of his places, and in whose stead."""

    step: Receiver
    gone: dict[str, None] = field(default_factory=dict)
    covered: dict[str, None] = field(default_factory=dict)

    @property
    def note(self) -> str:
        passed_on = f"{'、'.join(self.gone)}，转告{self.step.label}" if self.gone else ""
        covers = f"{'、'.join(self.covered)}，由您代班" if self.covered else ""
        return "；".join(filter(None, (passed_on, covers)))


def _at(
    step: Receiver, gone: Sequence[str], found: dict[UUID, _Found], holders: Holders,
    absences: Absences,
) -> None:  # fmt: skip
    here = holders(step)
    lost: list[UUID] = []
    manned = False
    for person in here:
        others = absences.standing_for(person)
        if person not in absences.away:
            manned = True
            # A deputy of somebody who is here hears of it beside him.
            for one in (person, *others):
                _add(found, one, step, gone)
        elif others:
            manned = True
            for one in others:
                _add(found, one, step, gone, absences.away[person])
        else:
            lost.append(person)
    if manned or not (here or gone):
        return
    words = dict.fromkeys((*gone, *(absences.away[person] for person in lost)))
    up = above(step)
    if up is not None:
        _at(up, tuple(words), found, holders, absences)
        return
    for person in lost:
        _add(found, person, step, gone)


def _add(
    found: dict[UUID, _Found], person: UUID, step: Receiver, gone: Sequence[str], covers: str = ""
) -> None:
    one = found.setdefault(person, _Found(step))
    if step in LADDER and (one.step not in LADDER or LADDER.index(step) > LADDER.index(one.step)):
        one.step = step
    one.gone |= dict.fromkeys(gone)
    if covers:
        one.covered[covers] = None
