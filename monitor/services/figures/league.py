"""The league of sections: ranked by answers on time, the small ones listed only, the total ties."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.domain.vocabulary import Promise
from monitor.services.context import Context
from monitor.services.figures.address import NO_SECTION
from monitor.services.figures.standing import Count, Standing
from monitor.services.figures.tables import ALL, LatencyRow, Measured, RateRow
from monitor.storage import people


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its place (None = not ranked), answers, signatures, time used, what it holds."""

    key: str
    label: str
    place: int | None
    answer: RateRow
    sign: RateRow
    used: LatencyRow
    in_hand: Count | None
    late: Count | None


@dataclass(frozen=True, slots=True)
class League:
    """Lines that are ranked, lines with too few due for a percent, and all together."""

    lines: tuple[Line, ...]
    small: tuple[Line, ...]
    total: Line


def league(ctx: Context, measured: Measured, standing: Standing) -> League:
    """One line a group of what was measured; only sections are ranked and hold orders."""
    names = list(measured.groups)
    if measured.by == "section":
        names = _sections(ctx, {key for key, _ in names} | {*standing.in_hand, *standing.late})
    lines = [_line(measured, standing, key, label) for key, label in names]
    ample = [line for line in lines if not line.answer.small]
    if measured.by == "section":
        ample.sort(key=lambda line: (-(line.answer.rate or 0), -line.answer.denominator))
        # A section that sees itself alone has no place among others.
        ample = _placed(ample) if ctx.person.sees_all else ample
    small = tuple(line for line in lines if line.answer.small)
    return League(tuple(ample), small, _line(measured, standing, ALL, "合计"))


def _sections(ctx: Context, keys: set[str]) -> list[tuple[str, str]]:
    labels = {code: one.label for code, one in people.sections(ctx.session).items()}
    known = {**labels, NO_SECTION: "未分科室"}
    return [(key, label) for key, label in known.items() if key in keys]


def _line(measured: Measured, standing: Standing, key: str, label: str) -> Line:
    rates = {rate.promise: rate for rate in measured.book.rates}
    in_hand, late = standing.in_hand.get(key), standing.late.get(key)
    if key == ALL:
        in_hand = next((t.count for t in standing.tiles if t.count.code == "hand"), None)
        late = next((t.count for t in standing.tiles if t.count.code == "late"), None)
    return Line(
        key,
        label,
        None,
        measured.rate_row(rates[Promise.ANSWER], key, label),
        measured.rate_row(rates[Promise.SIGN], key, label),
        measured.latency_row(Promise.ANSWER, key, label),
        in_hand,
        late,
    )


def _placed(lines: Sequence[Line]) -> list[Line]:
    """Equal rates share a place."""
    placed: list[Line] = []
    for position, line in enumerate(lines, start=1):
        before = placed[-1] if placed else None
        same = before is not None and before.answer.rate == line.answer.rate
        place = before.place if before is not None and same else position
        placed.append(replace(line, place=place))
    return placed
