"""import, show and hotspots: take a sheet in, show one order, what many write about."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.speaking import AsJson, Home, founded, now_utc, opened, out, say, settings, tell


def import_file(
    file: Annotated[Path, typer.Argument(help="xls、xlsx、ods 或 csv")],
    channel: Annotated[str, typer.Option("--channel", help="hotline、phone、mailbox …")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="列名对应表：JSON，列名→字段")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试，不写入")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Import a sheet of the city's platform; a second import of the same file changes nothing."""
    from monitor.channels import sheet
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import Channel

    if channel not in set(Channel):
        known = "、".join(word.value for word in Channel)
        raise Incomplete(f"渠道 {channel[:20]} 不认识，可用：{known}。")
    if file.is_dir():
        remedy = "请指定文件夹里的一份表格，如 monitor import 工单.xlsx --channel hotline。"
        raise Incomplete(f"{file} 是一个文件夹，不是表格文件。", remedy=remedy)
    began = time.monotonic()
    founded(home)  # what is wrong with the office is said before the file is touched
    with sheet.launch(file) as launched:
        # What follows takes as long to load as the child to find its way in the file.
        from monitor.tasks import sheets

        with opened(home) as desk:
            tally, columns = sheets.take_file(
                desk,
                file,
                Channel(channel),
                mapping=_mapping(mapping),
                dry_run=dry_run,
                say=tell,
                launched=launched,
            )
    document: dict[str, Any] = {
        "read": tally.read,
        "created": tally.created,
        "updated": tally.updated,
        "unchanged": tally.unchanged,
        "rejected": tally.rejected,
        "errors": tally.errors,
        "unknown_columns": columns["unknown"],
        "ignored_sheets": columns.get("ignored_sheets", []),
        "seconds": round(time.monotonic() - began, 3),
    }
    if as_json:
        out(document)
        return
    verb = "试读" if dry_run else "读入"
    say(
        f"{verb} {tally.read} 行：新增 {tally.created}，更新 {tally.updated}，"
        f"不变 {tally.unchanged}，拒绝 {tally.rejected}。"
    )
    if columns["unknown"]:
        say("未识别的列（随原件保存，不参与办理）：" + "、".join(columns["unknown"]))
    if columns.get("ignored_sheets"):
        say("没有读的工作表（一次只读一张）：" + "、".join(columns["ignored_sheets"]))
    for error in tally.errors[:20]:
        column = f"“{error['column']}”列，" if error["column"] else ""
        say(f"  第 {error['row']} 行，{column}{error['message']}{error['remedy']}")
    if len(tally.errors) > 20:
        say(f"  另有 {len(tally.errors) - 20} 行，用 --json 看全部。")


def show(
    number: Annotated[str, typer.Argument(help="本系统编号或上级平台编号")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """One order by its own or its upstream number: state, fields, clocks, events."""
    import orjson

    from monitor.domain.access import Acting
    from monitor.domain.errors import NotFound
    from monitor.domain.vocabulary import Role, State
    from monitor.domain.workdays import local
    from monitor.storage import deadlines, history, orders
    from monitor.storage.handling import pledges

    with opened(home) as desk, desk.reading(Acting("命令行", frozenset({Role.LEADER}))) as ctx:
        found = orders.by_any_number(ctx.session, ctx.person, number)
        if not found:
            raise NotFound(f"没有编号为 {number[:40]} 的工单。")
        order = found[0]
        clocks = deadlines.of_order(ctx.session, order.id)
        events = history.of_order(ctx.session, order.id)
        promised = pledges.of_order(ctx.session, order.id)
    hidden = {"lookup_mac", "event_head", "event_mac", "id"}
    fields = {
        key: local(value).isoformat() if isinstance(value, datetime) else value
        for key, value in order.model_dump().items()
        if key not in hidden
    }
    document: dict[str, Any] = {
        "number": order.number,
        "upstream_no": order.upstream_no,
        "state": order.state,
        "fields": fields,
        "clocks": [
            {
                "promise": clock.promise,
                "chosen": clock.chosen,
                "aside": clock.aside,
                "rule": clock.rule,
                "version": clock.rule_version,
                "round": clock.round,
                "started_at": local(clock.started_at).isoformat(),
                "due": local(clock.due_at).isoformat(),
                "provisional": clock.provisional,
                "ended_at": local(clock.ended_at).isoformat() if clock.ended_at else None,
                "cancelled": clock.cancelled_at is not None,
                "late": clock.late,
                "wall_seconds": clock.wall_seconds,
                "work_seconds": clock.work_seconds,
            }
            for clock in clocks
        ],
        "pledges": [
            {
                "quote": one.quote,
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "fate": one.fate,
                "decided_by": one.decided_by,
                "kept_at": local(one.kept_at).isoformat() if one.kept_at else None,
                "proof": one.proof,
            }
            for one in promised
        ],
        "events": [
            {
                "sequence": event.sequence,
                "what": event.what,
                "actor": event.actor,
                "at": local(event.at).isoformat(),
                "details": orjson.loads(event.details),
            }
            for event in events
        ],
    }
    if as_json:
        out(document)
        return
    say(f"{order.number}  {State(order.state).label}  {order.title}")
    for clock in document["clocks"]:
        end = clock["ended_at"] or ("已取消" if clock["cancelled"] else "在计时")
        say(f"  {clock['promise']:<8} {clock['rule']:<12} 限 {clock['due']}  {end}")
    for one in document["pledges"]:
        say(f"  承诺 {one['due_on'] or '日期不明'}  {one['fate']}  {one['quote']}")
    for event in document["events"]:
        say(f"  {event['at']}  {event['actor']}  {event['what']}")


def hotspots(
    file: Annotated[
        Path | None,
        typer.Option("--file", help="来信表（xlsx、xls、ods 或 csv）；不给时看本局工单"),
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Hot issues: one place and one matter that many write about; of a sheet, or of all orders."""
    from monitor.domain.errors import Incomplete
    from monitor.services import rulebook
    from monitor.tasks import hotspots as searching

    if file is None:
        with opened(home) as desk:
            found = searching.of_office(desk)
    else:
        if file.is_dir():
            remedy = "请指定一份来信表，如 monitor hotspots --file 来信.xlsx。"
            raise Incomplete(f"{file} 是一个文件夹，不是表格文件。", remedy=remedy)
        data_dir = settings(home).data_dir
        book = rulebook.from_files(data_dir)
        found, refused = searching.of_sheet(book, data_dir, file, now_utc())
        if refused:
            tell(f"有 {refused} 行缺编号、时间或内容，没有参加比对。")
    if as_json:
        out({"clusters": [issue.as_json() for issue in found]})
        return
    if not found:
        say("没有发现热点：没有足够多的来信说同一个地方的同一件事。")
    for issue in found:
        days = f"{issue.first:%Y-%m-%d} 至 {issue.last:%Y-%m-%d}"
        say(f"{issue.name}：{len(issue.members)} 件，{days}，热度 {issue.heat:.1f}")


def _mapping(path: Path | None) -> dict[str, str] | None:
    import orjson

    from monitor.domain.errors import Incomplete

    if path is None:
        return None
    try:
        given = orjson.loads(path.read_bytes())
    except ValueError as error:
        raise Incomplete("列名对应表不是有效的 JSON。") from error
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise Incomplete('列名对应表应为 {"表里的列名": "字段名"}。')
    return given


COMMANDS: dict[str, Callable[..., None]] = {
    "import": import_file, "show": show, "hotspots": hotspots,
}  # fmt: skip
