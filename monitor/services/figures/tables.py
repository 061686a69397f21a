"""What was counted, as tables: a rate or a latency a row, each number with its address."""

from dataclasses import dataclass, field

from monitor.domain import figures
from monitor.domain.figures import MEDIAN_AND_P90, PROMISES, Book, Rate, Tally
from monitor.domain.vocabulary import Promise
from monitor.services.figures.address import FigureQuery

ALL = "all"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One group's rate with the addresses of its numbers; `small` = too few to tell a percent."""

    key: str
    label: str
    numerator: int
    denominator: int
    rate: float | None
    small: bool
    met: FigureQuery
    due: FigureQuery
    late: FigureQuery


@dataclass(frozen=True, slots=True)
class RateTable:
    """One rate: its definition, a row a group, the total; `open` is not due yet and left out."""

    rate: Rate
    rows: tuple[RateRow, ...]
    total: RateRow
    open: int
    open_query: FigureQuery


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """How long one group took: median and ninth decile in seconds of wall and working time."""

    key: str
    label: str
    n: int
    median_wall_seconds: int | None
    p90_wall_seconds: int | None
    median_work_seconds: int | None
    p90_work_seconds: int | None
    query: FigureQuery


@dataclass(frozen=True, slots=True)
class LatencyTable:
    """The time used for one promise: a row a group and all together."""

    promise: Promise
    rows: tuple[LatencyRow, ...]
    total: LatencyRow


@dataclass(frozen=True)
class Measured:
    """The clocks of a period, counted."""

    query: FigureQuery
    book: Book
    by: str | None
    groups: tuple[tuple[str, str], ...]
    tallies: dict[tuple[Promise, str], Tally]
    open: dict[Promise, int] = field(default_factory=dict)

    def tally(self, promise: Promise, key: str = ALL) -> Tally:
        """What was counted for a promise in a group; everything without a group."""
        if key != ALL:
            return self.tallies.get((promise, key), Tally())
        whole = Tally()
        for (of, _), tally in self.tallies.items():
            if of is promise:
                whole.join(tally)
        return whole

    def rates(self) -> list[RateTable]:
        """Every rate in the order of an order's life."""
        return [
            RateTable(
                rate,
                tuple(self.rate_row(rate, key, label) for key, label in self.groups),
                self.rate_row(rate, ALL, "合计"),
                self.open.get(rate.promise, 0),
                self._of(rate.promise, "open", ALL),
            )
            for rate in self.book.rates
        ]

    def rate_row(self, rate: Rate, key: str, label: str) -> RateRow:
        """One rate of one group."""
        tally = self.tally(rate.promise, key)
        return RateRow(
            key,
            label,
            tally.met,
            tally.due,
            figures.share(tally.met, tally.due),
            tally.due < rate.smallest,
            self._of(rate.promise, "met", key),
            self._of(rate.promise, "due", key),
            self._of(rate.promise, "late", key),
        )

    def latencies(self) -> list[LatencyTable]:
        """The time used, for every promise that has a rate."""
        return [
            LatencyTable(
                promise,
                tuple(self.latency_row(promise, key, label) for key, label in self.groups),
                self.latency_row(promise, ALL, "合计"),
            )
            for promise in PROMISES
        ]

    def latency_row(self, promise: Promise, key: str, label: str) -> LatencyRow:
        """The time used for one promise in one group."""
        tally = self.tally(promise, key)
        wall = figures.nearest_ranks(tally.wall, MEDIAN_AND_P90)
        work = figures.nearest_ranks(tally.work, MEDIAN_AND_P90)
        return LatencyRow(
            key,
            label,
            len(tally.wall),
            wall[0],
            wall[1],
            work[0],
            work[1],
            self._of(promise, "ended", key),
        )

    def _of(self, promise: Promise, part: str, key: str) -> FigureQuery:
        figure = f"rate.{promise}.{part}"
        if key == ALL or self.by is None:
            return self.query.of(figure)
        return self.query.of(figure, **{self.by: key})
