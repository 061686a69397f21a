"""How commands speak: JSON on stdout, sentences on stderr, exit codes; and which home."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from monitor.services.desk import Desk
    from monitor.settings import Settings

Home = Annotated[
    Path | None, typer.Option("--home", help="数据所在文件夹（默认 ./var，或 MONITOR_HOME）")
]
AsJson = Annotated[bool, typer.Option("--json", help="在标准输出给出一个 JSON")]

chosen: dict[str, Path] = {}


def now_utc() -> datetime:
    """The real moment, as commands are a door."""
    return datetime.now(UTC)


def settings(home: Path | None) -> "Settings":
    """The settings of this call: the option wins over the environment."""
    from monitor.settings import Settings

    named = home or chosen.get("home")
    return Settings(home=named) if named else Settings()


@contextmanager
def opened(home: Path | None) -> Iterator["Desk"]:
    """The desk of an office that exists and is up to date; else a sentence that says what to do."""
    from monitor.domain.errors import Refused
    from monitor.services.desk import Desk

    found = settings(home)
    if not found.key_path.exists():
        message = f"{found.home} 里还没有建局。"
        raise Refused(message, remedy="请先运行 monitor init（演示用 monitor demo）。")
    desk = Desk.open(found, now_utc)
    try:
        desk.database.migrate()
        yield desk
    finally:
        desk.database.dispose()


def out(document: object) -> None:
    """One JSON document on stdout."""
    import orjson

    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=str)
    sys.stdout.write(text.decode() + "\n")


def say(*lines: str) -> None:
    """Sentences for people, on stdout."""
    for line in lines:
        sys.stdout.write(line + "\n")


def tell(line: str) -> None:
    """Progress and remarks, on stderr."""
    sys.stderr.write(line + "\n")


def complain(error: Exception) -> int:
    """The sentence for a failure, and the exit code 1; details go to the log without any text."""
    from monitor.domain.errors import DeskError, Incomplete
    from monitor.storage.crypto import KeyMissing

    if isinstance(error, DeskError):
        tell(error.message + (f" {error.remedy}" if error.remedy else ""))
        if isinstance(error, Incomplete):
            for name, words in error.fields.items():
                tell(f"  {name}：{words}")
        return 1
    if isinstance(error, (KeyMissing, OSError)):
        tell(str(error) if isinstance(error, KeyMissing) else _of_system(error))
        return 1
    kind = type(error)
    if kind.__module__.startswith("pydantic"):
        tell("环境变量设置有误：" + "；".join(_settings_faults(error)))
        return 1
    if kind.__module__.startswith(("sqlalchemy", "psycopg")):
        tell(f"数据库不可用（{kind.__name__}）：请检查 MONITOR_DATABASE_URL、磁盘空间和文件权限。")
        return 1
    logging.getLogger("monitor").error("unexpected %s", kind.__qualname__)
    tell(f"出现意外错误（{kind.__name__}），没有完成。请把这一行告诉维护人员。")
    return 1


def _of_system(error: OSError) -> str:
    reasons = {
        2: "找不到文件",
        13: "没有权限读写",
        21: "这是一个文件夹，不是文件",
        28: "磁盘已满",
    }
    name = Path(str(error.filename)).name if error.filename else ""
    return f"{reasons.get(error.errno or 0, '读写失败')}：{name}"


def _settings_faults(error: Exception) -> list[str]:
    faults: list[dict[str, Any]] = getattr(error, "errors", list)()
    return [
        f"MONITOR_{'_'.join(map(str, fault['loc'])).upper()}（{fault['msg']}）" for fault in faults
    ]
