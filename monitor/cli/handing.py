"""feedback: the table of answers that goes back to the city's platform."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.clocks import moment_of
from monitor.cli.speaking import AsJson, Home, opened, out, say


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


COMMANDS: dict[str, Callable[..., None]] = {"feedback": feedback}
