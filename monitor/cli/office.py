"""demo, init, serve, work, migrate: an office comes to be and runs."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from monitor.cli.speaking import Home, chosen, now_utc, opened, say, settings, tell

if TYPE_CHECKING:
    from monitor.services.desk import Desk
    from monitor.settings import Settings

_READY = "demo.ready"

Host = Annotated[str, typer.Option("--host", help="监听地址")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="监听端口")]


def where(home: Home = None) -> None:
    """回应台：诉求登记、研判、分办、答复、公开与时限监测。"""
    if home is not None:
        chosen["home"] = home


def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    fresh: Annotated[bool, typer.Option("--fresh", help="丢掉原有演示数据，重新开始")] = False,
    home: Home = None,
) -> None:
    """The demonstration bureau: made if absent, then served."""
    from monitor.cli import demonstration
    from monitor.services import rulebook
    from monitor.services.office import ground
    from monitor.tasks import ground as resetting
    from monitor.web import server

    found = settings(home).model_copy(update={"demo": True})
    server.refuse_used_port(host, port)
    if fresh:
        _forget(found)
    if resetting.finish(found, _founded):
        say("演示数据已重置。")
        _begin_anew()
    if not (found.home / _READY).exists():
        # A build that was killed half-way is begun anew, never served.
        _forget(found)
        found.home.mkdir(parents=True, exist_ok=True)
        (found.home / ground.MARK).write_text("")
        _founded(found)
        _begin_anew()
    with _desk(found) as desk:
        desk.database.migrate()
        with desk.writing() as ctx:
            rulebook.ship(ctx)
            ground.mark(ctx)
        for line in demonstration.welcome(desk, f"http://{host}:{port}"):
            say(line)
        _run(desk, host, port, until=lambda: bool(ground.asked(found)))
    if ground.asked(found):
        _begin_anew()


@contextmanager
def _desk(found: "Settings", *, create: bool = False) -> Iterator["Desk"]:
    """The desk of these settings; its database is closed in order when the block is left."""
    from monitor.services.desk import Desk

    desk = Desk.open(found, now_utc, create=create)
    try:
        yield desk
    finally:
        desk.database.dispose()


def _begin_anew() -> NoReturn:
    """The same command in a new process: nothing of a bureau that was built or left stays in it."""
    sys.stdout.flush()
    words = [word for word in sys.orig_argv[1:] if word != "--fresh"]
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 -- ourselves


def init(
    name: Annotated[str, typer.Option("--name", help="单位名称")] = "投资促进局",
    home: Home = None,
) -> None:
    """An empty office with the shipped rules, sections and models, and its first administrator."""
    from monitor.cli import founding
    from monitor.domain.errors import Incomplete, Refused

    if not name.strip():
        raise Incomplete("单位名称是空的。", remedy="请用 --name 写明单位名称。")
    found = settings(home)
    if found.key_path.exists():
        raise Refused(
            f"{found.home} 里已经建局。", remedy="要另建一个，请用 --home 指定别的文件夹。"
        )
    with _desk(found, create=True) as desk:
        token = founding.found(desk, name, tell)
    say(
        f"{name}已建好，数据在 {found.home}。",
        "请备份密钥文件（不在数据库里，丢失则个人信息无法恢复）。",
        f"系统管理员 admin 请打开一次性地址设置密码：/invite/{token}",
        "启动服务：monitor serve",
    )


def serve(host: Host = "127.0.0.1", port: Port = 8000, home: Home = None) -> None:
    """Serve pages and API; imports and the timetable run beside it."""
    from monitor.web import server

    with opened(home) as desk:
        server.refuse_used_port(host, port)
        say(f"回应台 http://{host}:{port}/desk")
        _run(desk, host, port)


def work(home: Home = None) -> None:
    """Run the timetable and the long tasks, without pages; for installations of many processes."""
    from monitor import jobs

    with opened(home) as desk:
        say("时间表与长任务已开始，Ctrl-C 结束。")
        jobs.run(desk)


def migrate(home: Home = None) -> None:
    """Bring the tables up to this version; run once before an upgrade goes live."""
    with opened(home):
        say("数据表已是最新。")


def _founded(found: "Settings") -> None:
    """Build the demonstration bureau in an empty home."""
    from monitor.cli import demonstration
    from monitor.services.office import ground

    say("正在建立演示局：科室、人员、约 250 件工单……")
    began = time.monotonic()
    with _desk(found, create=True) as desk:
        demonstration.build(desk, found.data_dir, now_utc(), tell)
        with desk.writing() as ctx:
            ground.mark(ctx, took=round(time.monotonic() - began))
    (found.home / _READY).write_text("")


def _run(desk: "Desk", host: str, port: int, *, until: Callable[[], bool] | None = None) -> None:
    from monitor import jobs
    from monitor.services import preparing, rulebook
    from monitor.web import server

    # The models are read beside the start, so that the first record need not wait for them.
    with desk.reading() as ctx:
        words = rulebook.current(ctx).words
    first = threading.Thread(
        target=preparing.prepare, args=(desk.settings, words, [("", "预备")]), daemon=True
    )
    first.start()
    with jobs.beside(desk, slot="serve"):
        server.serve(desk, host, port, until=until)


def _forget(found: "Settings") -> None:
    """Remove a demonstration; anything that is not marked as one is left alone."""
    from monitor.domain.errors import Refused
    from monitor.services.office import ground

    if not found.home.exists() or not any(found.home.iterdir()):
        return
    if found.database_url or not ground.marked(found):
        raise Refused(
            f"{found.home} 里不是演示局，没有动它。",
            remedy="演示请用 --home 指定一个空文件夹，如 monitor --home demo demo。",
        )
    shutil.rmtree(found.home)


COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "init": init,
    "serve": serve,
    "work": work,
    "migrate": migrate,
}
