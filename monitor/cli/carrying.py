"""config: the whole configuration of an office as one file, out and in."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.speaking import AsJson, Home, opened, out, say

config = typer.Typer(help="整套配置：导出、导入。", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="配置文件（zip）")]


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
