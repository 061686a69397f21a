"""feedback, config, backup, restore: what leaves the office as one file, and comes back."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.clocks import moment_of
from monitor.cli.speaking import AsJson, Home, now_utc, opened, out, say, settings, tell

config = typer.Typer(help="整套配置：导出、导入。", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="配置文件（zip）")]


def feedback(
    since: Annotated[str, typer.Option("--since", help="从何时起的答复，如 2026-10-01")],
    to: Annotated[Path, typer.Option("--out", help="写到哪个 xlsx 文件")],
    template: Annotated[str, typer.Option("--template", help="回填表模板代码")] = "city",
    own: Annotated[
        bool, typer.Option("--own", help="只要本局办理的，不含导入时已带答复的")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Write the feedback table of all answers since a moment that no table has carried yet."""
    from monitor.domain.access import Acting
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import Role
    from monitor.reports import feedback as drawn
    from monitor.steps import feedback as step

    begin, _ = moment_of(since)
    if to.suffix.lower() != ".xlsx":
        raise Incomplete(f"{to.name} 不是 xlsx 文件名。", remedy="请写成 --out 回填.xlsx。")
    person = Acting("命令行", frozenset({Role.REVIEWER}))
    part = to.with_name(to.name + ".part")
    with opened(home) as desk:
        try:
            with desk.writing(person) as ctx:
                batch = step.hand_over(ctx, template, since=begin, imported=not own)
                part.write_bytes(drawn.as_xlsx(ctx, batch))
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        # Only what is marked may lie there under its name.
        part.replace(to)
    document = {"rows": batch.count, "table": str(batch.id), "out": str(to)}
    if as_json:
        out(document)
    else:
        say(f"{to}：{batch.count} 件答复，已标记为已回填。作废或重新下载：/desk/feedback")


@config.command("export")
def export(file: File, home: Home = None) -> None:
    """Write rules, sections and trained models into one file."""
    from monitor.services.rulebook import carrying

    with opened(home) as desk, desk.reading() as ctx:
        content = carrying.pack(ctx)
    part = file.with_name(file.name + ".part")
    part.write_bytes(content)
    part.replace(file)
    say(f"{file}：已导出。里面没有人员、密码、密钥和工单。")


@config.command("import")
def take_in(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会改什么，不写入")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Check a configuration as a whole, say what changes, and publish it."""
    from monitor.domain.access import Acting
    from monitor.services.rulebook import carrying, packed

    with file.open("rb") as given:
        content = given.read(packed.LARGEST_FILE + 1)
    with opened(home) as desk:
        with desk.writing(Acting("命令行")) as ctx:
            plan = carrying.plan(ctx, content)
            if not dry_run:
                carrying.carry_out(ctx, plan)
        if not dry_run:
            with desk.reading() as ctx:
                carrying.place_models(ctx, plan)
    told = plan.told
    if as_json:
        out({"dry_run": dry_run, **told})
        return
    say(
        f"{'将改' if dry_run else '已改'}：规则 {len(told['rules'])} 条，"
        f"科室 {len(told['sections'])} 个，模型 {len(told['models'])} 个。"
    )


def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="写到哪个文件，默认在 HOME/backups/")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Copy the whole office to one file while it works; no key is in it."""
    from monitor.tasks import backing

    with opened(home) as desk:
        kept = backing.backup(desk, to, tell)
    if as_json:
        out({"file": str(kept.path), "tables": kept.tables, "files": kept.files, "keys": False})
        return
    say(
        f"已备份到 {kept.path}：{kept.tables.get('order', 0)} 件工单，"
        f"{kept.tables.get('event', 0)} 个事件，{kept.files} 个文件。",
        "备份里没有密钥：没有密钥文件，个人信息读不出来。请把密钥另存在保险柜里，不与备份放在一起。",
    )


def restore(
    source: Annotated[Path, typer.Argument(help="monitor backup 写的文件")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Make an office from a backup, in an empty home; exit code 1 when its history is broken."""
    from monitor.tasks import backing

    found = settings(home)
    kept = backing.restore(found, source, now_utc, tell)
    verdict = kept.verdict
    if as_json:
        out(
            {
                "tables": kept.tables,
                "files": kept.files,
                "verified": verdict.holds if verdict else None,
            }
        )
    else:
        say(
            f"已恢复：{kept.tables.get('order', 0)} 件工单，{kept.tables.get('event', 0)} 个事件，"
            f"{kept.files} 个文件，件数与备份时相同。"
        )
        if verdict is None:
            say("这里还没有密钥文件：放好以后运行 monitor audit verify，再启动。")
        elif verdict.holds:
            say(f"事件链完好：{verdict.chains} 条链。请运行 monitor migrate 后启动。")
        else:
            for fault in verdict.faults:
                say(f"事件链断裂：{fault}")
    if verdict is not None and not verdict.holds:
        raise typer.Exit(1)


COMMANDS: dict[str, Callable[..., None]] = {
    "feedback": feedback,
    "backup": backup,
    "restore": restore,
}
