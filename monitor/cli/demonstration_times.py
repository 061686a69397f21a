"""The demonstration's calendar: when each matter came, by the age that its fate asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.cli.demonstration_cases import Case, Fate
from monitor.domain.vocabulary import Channel, Via
from monitor.domain.workdays import Calendar, local, midnight

DAY = 27_000  # office seconds of a working day: seven and a half hours
_TRIAGE_EXTRAS, _DISPATCHED_EXTRAS = 17, 5
_DAYS_IN_HAND = (0,) * 10 + (1,) * 15 + (2,) * 13 + (3,) * 8 + (4,) * 4 + (5,) * 2
_ANSWERED, _LATE_CALLBACKS, _TO_ARCHIVE = 34, 4, 22


class Days:
    """Office time as one line: seconds of office hours since a morning some 25 weeks ago."""

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar, self.now = calendar, local(now)
        today = self.now.date()
        working = calendar.classify(today).counts
        self.base = today if working else calendar.next_workday(today)
        self._origin = calendar.opening(calendar.add_workdays(self.base, -120))
        self.end = self.position(self.now)
        self.start = self.position(calendar.opening(self.base))

    def position(self, moment: datetime) -> int:
        """How much office time had passed at a moment."""
        return self.calendar.working_seconds(self._origin, moment)

    def moment(self, position: float) -> datetime:
        """The first moment at which so much office time had passed."""
        return self.calendar.add_working_seconds(self._origin, int(position)).astimezone(UTC)

    def ago(self, workdays: int, part: float) -> int:
        """A position so many working days before today's, at a part of that day."""
        spent = self.end - self.start
        if workdays == 0 and spent >= 9000:
            return self.start + int(part * (spent - 7000))
        return self.start - max(1, workdays) * DAY + int(part * DAY)

    def end_of_today(self) -> datetime:
        """The last second of today, or of the next working day."""
        return (midnight(self.base + timedelta(days=1)) - timedelta(seconds=1)).astimezone(UTC)


def all_placed(written: Sequence[Case], short: Sequence[Case], days: Days) -> list[Case]:
    """Every matter with the moment at which it came, by the age that its fate asks for."""
    open_ones = [case for case in written if not case.fate.closed]
    calm = iter(short)
    fates = (
        [Fate.TRIAGE] * _TRIAGE_EXTRAS
        + [Fate.DISPATCHED] * _DISPATCHED_EXTRAS
        + [Fate.IN_HAND] * len(_DAYS_IN_HAND)
    )
    open_ones += [replace(next(calm), fate=fate) for fate in fates]
    found = _closed([case for case in written if case.fate.closed], days)
    found += _waiting([case for case in open_ones if case.fate in _AT_THE_DOOR], days)
    counts: dict[Fate, int] = {}
    for case in open_ones:
        if case.fate in _AT_THE_DOOR:
            continue
        place = counts[case.fate] = counts.get(case.fate, -1) + 1
        position = _AGES[case.fate](place, days, case.share("hour"))
        came = _came(case, position, days)
        if case.fate is Fate.DISPATCHED and position < days.start + 300 < days.end - 1500:
            night = replace(case, channel=Channel.HOTLINE)
            came = _overnight(_came(night, position, days), days.base, days)
        found.append(came)
    return found


_AT_THE_DOOR = frozenset({Fate.LATE, Fate.SOON, Fate.TRIAGE, Fate.DIRECT, Fate.DECLINE_ASKED})
# The position at which the n-th matter of a fate came; the third value is a part of a day.
_AGES: Mapping[Fate, Callable[[int, Days, float], int]] = {
    Fate.RETURN_ASKED: lambda _n, days, part: days.ago(1, 0.6 * part),
    Fate.DISPATCHED: lambda n, days, _part: days.end - 4800 - 700 * n,
    Fate.IN_HAND: lambda n, days, part: days.ago((3, 3, 2, 3, *_DAYS_IN_HAND)[n], 0.7 * part),
    Fate.OVERDUE: lambda n, days, part: days.ago((6, 7, 9)[n], 0.6 * part),
    Fate.DUE_IN_AN_HOUR: lambda n, days, part: days.ago(2 + n, 0.6 * part),
    Fate.HANDED_BACK: lambda _n, days, part: days.ago(4, 0.5 * part),
    Fate.TWICE_RETURNED: lambda _n, days, _part: days.ago(2, 0.05),
    Fate.REWORKED: lambda _n, days, _part: days.ago(18, 0.3),
    Fate.DEFERRED: lambda _n, days, part: days.ago(4, 0.6 * part),
    Fate.MERGED: lambda n, days, _part: days.end - 9000 - 3000 * n,
    Fate.IN_REVIEW: lambda n, days, part: days.ago(3 + n % 2, 0.5 * part),
    Fate.TO_RELEASE: lambda n, days, part: days.ago(3 + n % 2, 0.5 * part),
    Fate.DECLINED: lambda n, days, _part: days.ago(8 + 5 * n, 0.3),
}


def _closed(found: Sequence[Case], days: Days) -> list[Case]:
    """Answered matters over 90 days, a repeat always after what it repeats; Mondays are fuller."""
    line = sorted(found, key=lambda case: case.share("age"))
    where = {case.key: place for place, case in enumerate(line)}
    for case in found:
        mine, first = where[case.key], where.get(case.followup)
        if first is not None and first > mine:
            line[mine], line[first] = line[first], line[mine]
            where[line[mine].key], where[line[first].key] = mine, first
    old, late, fresh = (
        line[: -_ANSWERED - _LATE_CALLBACKS],
        line[-_ANSWERED - _LATE_CALLBACKS : -_ANSWERED],
        line[-_ANSWERED:],
    )
    dates = _full_mondays(days)
    placed: list[Case] = []
    for n, case in enumerate(old):
        day = dates[n * len(dates) // len(old)]
        start = days.position(days.calendar.opening(day))
        fate = Fate.TO_ARCHIVE if n >= len(old) - _TO_ARCHIVE else Fate.ARCHIVED
        part = 0.1 if case.channel is Channel.OPINION else 0.3 if case.hot else 0.65
        came = _came(case, start + int(part * case.share("hour") * DAY) + 60, days)
        if case.channel is Channel.HOTLINE and not case.hot and case.share("evening") < 0.3:
            came = _overnight(came, day, days)
        length = 6.4 * DAY if n % 13 == 5 and not _soon(case) else _length(case)
        placed.append(replace(came, fate=fate, answered=days.position(came.received) + int(length)))
    for n, case in enumerate([*reversed(late), *fresh]):
        back = DAY * (4.1 + 0.2 * n) if n < len(late) else 1200 + (n - 4) * 2.8 * DAY / _ANSWERED
        answered = days.end - int(back)
        if _soon(case):
            first = answered // DAY * DAY
            first -= DAY if first + int(0.6 * DAY) > days.end else 0
            answered = first + int(0.08 * DAY + _length(case))
        received = answered - int(_length(case))
        if received % DAY > 0.78 * DAY:
            # What comes late in the afternoon waits for the morning: let it come earlier.
            received -= int(0.25 * DAY)
        came = _came(case, received, days)
        placed.append(replace(came, fate=Fate.ANSWERED, answered=answered))
    return placed


def _soon(case: Case) -> bool:
    """Whether the answer is promised within hours."""
    return case.hot or case.channel is Channel.OPINION


def _length(case: Case) -> float:
    """Office seconds from receipt to answer, within the promise."""
    share = case.share("length")
    return (0.25 + 0.2 * share if _soon(case) else 1.2 + 3.2 * share) * DAY


def _full_mondays(days: Days) -> list[date]:
    first, last = days.now.date() - timedelta(days=90), days.calendar.add_workdays(days.base, -12)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    work = [day for day in span if days.calendar.classify(day).counts]
    return [day for day in work for _ in range(5 if day.weekday() == 0 else 2)]


def _overnight(case: Case, day: date, days: Days) -> Case:
    """Received the evening before, imported when the office opened."""
    opening = days.calendar.opening(day)
    received = opening - timedelta(hours=11, minutes=int(180 * case.share("minute")))
    registered = opening + timedelta(minutes=6)
    return replace(
        case,
        received=received.astimezone(UTC),
        registered=registered.astimezone(UTC),
        via=Via.SHEET,
    )


def _waiting(found: Sequence[Case], days: Days) -> list[Case]:
    """What lies before the duty officer: from the last working day's midnight until now."""
    placed: list[Case] = []
    rest: list[Case] = []
    for case in found:
        if case.fate in {Fate.LATE, Fate.SOON}:
            minutes = (-26, -8, 14, 31, 47)[len(placed)]
            placed.append(_came(case, days.end - 3600 + 60 * minutes, days))
        else:
            rest.append(case)
    since = midnight(days.calendar.previous_workday(days.base) + timedelta(days=1))
    begin = since - timedelta(hours=8 if days.now - since < timedelta(hours=12) else 0)
    step = timedelta(minutes=10)
    span = [begin + n * step for n in range(1, int((days.now - begin) / step))]
    slots = [
        moment
        for moment in span
        for _ in range(4 if _in_hours(moment, days) else int(7 <= moment.hour <= 22))
    ]
    # Letters are confirmed within a day, so they are the latest.
    rest.sort(key=lambda case: (case.channel is Channel.MAILBOX, case.share("slot")))
    for n, case in enumerate(rest):
        slot = slots[n * len(slots) // len(rest)] + timedelta(seconds=int(540 * case.share("s")))
        if case.channel is Channel.PHONE and not (_in_hours(slot, days) and slot > since):
            case = replace(case, channel=Channel.HOTLINE)
        came = _came(case, days.end, days, received=slot)
        if came.registered < since:
            imported = min(since + timedelta(minutes=6), days.now).astimezone(UTC)
            came = replace(came, registered=imported, via=Via.SHEET)
        placed.append(came)
    return placed


def _in_hours(moment: datetime, days: Days) -> bool:
    return days.position(moment + timedelta(seconds=1)) > days.position(moment)


def _came(case: Case, position: float, days: Days, *, received: datetime | None = None) -> Case:
    """The matter with its receipt and registration, as its channel has them."""
    at = (received or days.moment(position)).astimezone(UTC)
    via, minutes = {
        Channel.HOTLINE: (Via.API, 2),
        Channel.MAILBOX: (Via.LETTER_FORM, 0),
        Channel.WEB: (Via.LETTER_FORM, 0),
        Channel.WECHAT: (Via.API, 0),
    }.get(case.channel, (Via.BY_HAND, 6))
    platform = case.channel in {Channel.HOTLINE, Channel.OPINION}
    due = None
    if case.fate is Fate.DUE_IN_AN_HOUR:
        minutes_left = 38 if case.share("left") < 0.5 else 52
        due = (days.now + timedelta(minutes=minutes_left)).astimezone(UTC)
    elif platform and case.hot and not case.fate.closed:
        due = days.end_of_today()
    return replace(
        case,
        received=at,
        registered=min(at + timedelta(minutes=minutes), days.now.astimezone(UTC)),
        via=via,
        stated=case.urgency if platform and case.fate is not Fate.MERGED else None,
        upstream_due=due,
    )
