"""The times of one row: received, answered, due; and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from monitor.channels.sheet import cells
from monitor.channels.sheet.refusals import Unfit
from monitor.channels.sheet.times import Moment, moment
from monitor.domain.workdays import SHANGHAI

EARLIEST_YEAR = 2000
END_OF_DAY = time(23, 59, 59)


class Moments:
    """Reads the time columns of one header; `days` are spare columns that may hold the day."""

    def __init__(
        self,
        places: Mapping[str, int],
        name: Callable[[str], str],
        days: Sequence[int],
        now: datetime,
        shift: int,
    ) -> None:
        self._places = places
        self._name = name
        self._days = days
        self._now = now
        self._shift = shift

    def at(self, cell: Any) -> Moment | None:
        """The moment in a cell, and whether only a day was given."""
        return moment(cells.clean(cell) if cell.__class__ is str else cell, self._shift)

    def received(self, raw: Sequence[Any]) -> Moment:
        """When the matter came in; Unfit when that cannot be known."""
        name = self._name("received_at")
        cell = raw[self._places["received_at"]]
        found = self.at(cell) or self._of_two(raw, cell)
        if found is None:
            if not cells.written(cell) or cells.written(cell) == cells.ERROR:
                raise Unfit(name, f"“{name}”为空或是公式错误值。", "请补上时间后再导入。")
            raise Unfit(
                name, f"“{name}”认不出是什么时间。", "请写成 2026-01-06 12:09:38 或 2026-01-06。"
            )
        if found[0].year < EARLIEST_YEAR:
            raise Unfit(name, f"“{name}”早于 {EARLIEST_YEAR} 年。", "请核对年份。")
        if found[0] > self._now:
            raise Unfit(name, f"“{name}”晚于现在。", "请核对日期；还没有发生的诉求不能登记。")
        return found

    def answer(
        self, raw: Sequence[Any], given: Mapping[str, str], received: datetime, *, date_only: bool
    ) -> tuple[str | None, datetime | None]:
        """Both or neither: half of them is the upstream's news, not history."""
        answer, said = given.get("answer", ""), given.get("answered_at", "")
        if cells.is_nothing(answer) or cells.is_nothing(said):
            return None, None
        name = self._name("answered_at")
        found = self.at(raw[self._places["answered_at"]])
        if found is None:
            raise Unfit(name, f"“{name}”认不出是什么时间。", "请写成 2026-01-06 12:09:38。")
        when, day_only = found
        same_day = when.date() == received.date()
        if (day_only or date_only) and same_day:
            when = max(when, received)
        if when < received:
            both = f"“{name}”早于“{self._name('received_at')}”。"
            raise Unfit(name, both, "请核对这两列的时间，或检查列是否错位。")
        if when > self._now:
            raise Unfit(name, f"“{name}”晚于现在。", "请核对日期。")
        return answer, when

    def due(self, raw: Sequence[Any]) -> datetime | None:
        """The upstream's deadline; a day lasts to its end."""
        if "due" not in self._places:
            return None
        found = self.at(raw[self._places["due"]])
        if found is None:
            return None
        when, day_only = found
        return datetime.combine(when.date(), END_OF_DAY, SHANGHAI) if day_only else when

    def _of_two(self, raw: Sequence[Any], cell: Any) -> Moment | None:
        """Day and time of day in two columns."""
        for index in self._days:
            day = self.at(raw[index]) if index < len(raw) else None
            if day and day[1]:
                return self.at(f"{day[0]:%Y-%m-%d} {cells.written(cell)}")
        return None
