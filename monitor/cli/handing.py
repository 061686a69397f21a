"""feedback, config: what is handed to others: the platform's table, the whole configuration."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.clocks import moment_of
from monitor.cli.speaking import AsJson, Home, opened, out, say

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


COMMANDS: dict[str, Callable[..., None]] = {"feedback": feedback}
