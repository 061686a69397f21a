"""person, key, audit: accounts, machine callers, and the proof that history is whole."""

from datetime import datetime
from typing import Annotated

import typer

from monitor.cli.speaking import AsJson, Home, opened, out, say

person = typer.Typer(help="人员：增加、重置密码。", no_args_is_help=True)
key = typer.Typer(help="接口密钥：增加、作废。", no_args_is_help=True)
audit = typer.Typer(help="审计：核对事件链。", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="登录用户名")]


@person.command("add")
def add_person(
    username: Username,
    name: Annotated[str, typer.Option("--name", help="姓名")] = "",
    role: Annotated[
        list[str] | None, typer.Option("--role", help="岗位，可多次，如 duty、section_head")
    ] = None,
    section: Annotated[str | None, typer.Option("--section", help="科室代码")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Add an account; prints the one-time address where the person sets a password."""
    from monitor.domain.errors import Incomplete
    from monitor.domain.vocabulary import Role
    from monitor.services import people
    from monitor.services.desk import SYSTEM

    roles = role or []
    unknown = [word for word in roles if word not in set(Role)]
    if unknown:
        known = "、".join(f"{word.value}（{word.label}）" for word in Role)
        raise Incomplete(f"没有岗位 {'、'.join(unknown)}，可用：{known}。")
    with opened(home) as desk, desk.writing(SYSTEM) as ctx:
        stored = people.create(ctx, username, name, [Role(word) for word in roles], section=section)
        token = people.invite(ctx, stored)
    _invitation(username, token, as_json=as_json)


@person.command("reset")
def reset_person(username: Username, as_json: AsJson = False, home: Home = None) -> None:
    """End a person's password and sessions; prints a new one-time address."""
    from monitor.services import people
    from monitor.services.desk import SYSTEM

    with opened(home) as desk, desk.writing(SYSTEM) as ctx:
        token = people.reset(ctx, username)
    _invitation(username, token, as_json=as_json)


@key.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="密钥的名字，写明谁在用")],
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="只能送这个渠道的来件，可多次")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="到期日，当日 24 时失效"),
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """A new API key, shown once; for these channels only, until that day."""
    from monitor.domain.figures import next_day
    from monitor.domain.workdays import midnight
    from monitor.services.desk import SYSTEM
    from monitor.services.office import machines

    expires_at = midnight(next_day(until.date())) if until else None
    with opened(home) as desk, desk.writing(SYSTEM) as ctx:
        token = machines.add_key(ctx, name, channels=channel or (), expires_at=expires_at)
    if as_json:
        out({"key": token, "name": name, "channels": channel or [], "expires_at": expires_at})
    else:
        say(token, "只显示这一次，请妥善保存。")


@key.command("revoke")
def revoke_key(
    name: Annotated[str, typer.Argument(help="密钥的名字")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """End an API key at once."""
    from monitor.services.desk import SYSTEM
    from monitor.services.office import machines

    with opened(home) as desk, desk.writing(SYSTEM) as ctx:
        machines.revoke_key(ctx, name)
    if as_json:
        out({"name": name, "revoked": True})
    else:
        say(f"{name} 已作废。")


@audit.command("verify")
def verify(as_json: AsJson = False, home: Home = None) -> None:
    """Walk every event chain, head and daily seal; names each broken link, exit code 1."""
    from monitor.services import upkeep

    with opened(home) as desk, desk.reading() as ctx:
        verdict = upkeep.verify(ctx.session, ctx.keys)
    if as_json:
        out(
            {
                "ok": verdict.holds,
                "chains": verdict.chains,
                "events": verdict.events,
                "seals": verdict.seals,
                "broken": verdict.broken or None,
                "faults": verdict.faults,
            }
        )
    elif verdict.holds:
        say(f"完好：{verdict.chains} 条链，{verdict.events} 个事件，{verdict.seals} 个日封。")
    else:
        for fault in verdict.faults:
            say(f"断裂：{fault}")
    if not verdict.holds:
        raise typer.Exit(1)


def _invitation(username: str, token: str, *, as_json: bool) -> None:
    address = f"/invite/{token}"
    if as_json:
        out({"username": username, "invite": address})
    else:
        say(f"请 {username} 打开一次性地址设置密码：{address}")
