"""due and rates: when something is due and why; how timely the office was."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from monitor.cli.speaking import AsJson, Home, opened, out, say, settings, tell


def due(
    rule: Annotated[str, typer.Option("--rule", help="规则编号，如 LX-1、HL-2、FOI-2、IN.sign")],
    start: Annotated[str, typer.Option("--from", help="起算时间，如 2026-09-28T09:12")],
    pause: Annotated[
        list[str] | None, typer.Option("--pause", help="停表 起日/止日，可多次")
    ] = None,
    extend: Annotated[int, typer.Option("--extend", help="延期天数")] = 0,
    urgency: Annotated[
        str | None, typer.Option("--urgency", help="critical、urgent 或 normal")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """When a clock is due, day by day."""
    from monitor.domain import deadlines
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import Urgency
    from monitor.domain.workdays import local
    from monitor.services import reckoning

    rules = _rules(home)
    at, date_only = moment_of(start)
    found = rules.deadlines.find(rule)
    if urgency is not None and urgency not in set(Urgency):
        raise Incomplete("紧急程度只能是 critical、urgent 或 normal。")
    told = deadlines.due(
        found,
        at,
        rules.calendar,
        urgency=Urgency(urgency) if urgency else None,
        date_only=date_only,
        pauses=[_pause(text) for text in pause or ()],
        extension_days=extend,
    )
    warnings = []
    if extend > found.extension_limit:
        warnings.append(f"{found.short} 最多延期 {found.extension_limit}，这里按 {extend} 试算。")
    if pause and not found.pause_events:
        warnings.append(f"{found.short} 没有法定停表事由，这里只是试算。")
    for warning in warnings:
        tell(f"提醒：{warning}")
    if as_json:
        out({**reckoning.told(told), "warnings": warnings})
        return
    say(
        f"{local(told.at):%Y-%m-%d %H:%M:%S}{'（暂定）' if told.provisional else ''}", told.sentence
    )
    for cell in told.trace:
        mark = str(cell.number) if cell.counts and cell.number is not None else "·"
        say(f"  {cell.day}  {mark:>3}  {cell.why}")


def rates(
    first: Annotated[str, typer.Option("--from", help="统计期首日")],
    last: Annotated[str, typer.Option("--to", help="统计期末日")],
    by: Annotated[str | None, typer.Option("--by", help="section、channel、topic 或 month")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="回看到某一时刻")] = None,
    historical: Annotated[bool, typer.Option("--historical", help="含历史件")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Timeliness rates and latencies, by the same function as the dashboard."""
    from monitor.domain.access import Acting
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import Role
    from monitor.services import figures

    if by not in (None, "section", "channel", "topic", "month"):
        raise Incomplete("--by 只能是 section、channel、topic 或 month。")
    moment = None
    if as_of:
        moment, date_only = moment_of(as_of)
        # A day is looked back at as it ended, like on the page.
        moment = moment.replace(hour=23, minute=59, second=59) if date_only else moment
    with opened(home) as desk, desk.reading(Acting("命令行", frozenset({Role.LEADER}))) as ctx:
        report = figures.rates_report(
            ctx, _day(first), _day(last), by=by, as_of=moment, historical=historical
        )
    if as_json:
        out(report)
        return
    for rate in report["rates"]:
        say(f"{rate['label']}：{rate['definition']}")
        for row in rate["rows"]:
            share = "样本不足" if row["rate"] is None else f"{row['rate']:.1%}"
            say(f"  {row['label']}  {row['numerator']} / {row['denominator']}  {share}")


def _rules(home: Any) -> Any:
    from monitor.services import rulebook

    found = settings(home)
    if not found.key_path.exists():
        return rulebook.from_files(found.data_dir)
    with opened(home) as desk, desk.reading() as ctx:
        return rulebook.current(ctx)


def moment_of(text: str) -> tuple[datetime, bool]:
    """A moment in Shanghai's time as given to a command, and whether only its day was."""
    from monitor.domain.errors import Incomplete
    from monitor.domain.workdays import FIRST_YEAR, LAST_YEAR, local

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Incomplete("时间应写成 2026-09-28T09:12 或 2026-09-28。") from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Incomplete(f"日期超出工作日历（{FIRST_YEAR} 年至 {LAST_YEAR} 年）。")
    return local(moment), len(text.strip()) == 10


def _day(text: str) -> date:
    return moment_of(text)[0].date()


def _pause(text: str) -> Any:
    from monitor.domain.errors import Incomplete
    from monitor.domain.rulepack import Pause

    first, _, last = text.partition("/")
    if not last:
        raise Incomplete("停表应写成 起日/止日，如 2026-10-08/2026-10-12。")
    return Pause(_day(first), _day(last), "停表")


COMMANDS: dict[str, Callable[..., None]] = {"due": due, "rates": rates}
