"""How commands speak: JSON on stdout, sentences on stderr, exit codes; and which home."""

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

if TYPE_CHECKING:
    from monitor.services.desk import Desk
    from monitor.settings import Settings

Home = Annotated[
    Path | None, typer.Option("--home", help="数据所在文件夹（默认 ./var，或 MONITOR_HOME）")
]
AsJson = Annotated[bool, typer.Option("--json", help="在标准输出给出一个 JSON")]

chosen: dict[str, Path] = {}

_REASONS = {
    errno.ENOENT: ("找不到文件", "请检查文件名和所在文件夹。"),
    errno.EACCES: ("没有权限读写", "请检查文件的所有者和权限。"),
    errno.EPERM: ("没有权限读写", "请检查文件的所有者和权限。"),
    errno.EROFS: ("磁盘是只读的", "请换一个可以写入的文件夹。"),
    errno.EEXIST: ("已有同名的文件，它不是文件夹", "请换一个名字或文件夹。"),
    errno.ENOTDIR: ("路径里有一段是文件，不是文件夹", "请检查路径。"),
    errno.EISDIR: ("这是一个文件夹，不是文件", "请指定文件夹里的文件。"),
    errno.ENAMETOOLONG: ("文件名太长", "请改短后再试。"),
    errno.ENOSPC: ("磁盘已满", "请腾出空间后再试。"),
}


def now_utc() -> datetime:
    """The real moment, as commands are a door."""
    return datetime.now(UTC)


def settings(home: Path | None) -> "Settings":
    """The settings of this call: the option wins over the environment."""
    from monitor.settings import Settings

    named = home or chosen.get("home")
    found = Settings(home=named) if named else Settings()
    _check(found)
    return found


def _check(found: "Settings") -> None:
    """Refuse what no command can use, before anything is made."""
    from monitor.domain.errors import Incomplete

    if found.home.exists() and not found.home.is_dir():
        remedy = "请用 --home 指定一个文件夹（可以还不存在）。"
        raise Incomplete(f"{found.home} 是一个文件，不是文件夹。", remedy=remedy)
    if not found.data_dir.is_dir():
        message = f"MONITOR_DATA_DIR 指的文件夹不存在：{found.data_dir}。"
        raise Incomplete(message, remedy="请改正，或去掉这个变量，用随程序附带的。")
    if found.database_url and not _usable(found.database_url):
        message = "MONITOR_DATABASE_URL 写得不完整。"
        remedy = "请写成 sqlite:////文件夹/文件 或 postgresql://用户@主机:端口/库名。"
        raise Incomplete(message, remedy=remedy)


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Reading the port is what finds one that is no number.
        return (parts.path.strip("/") != "" or parts.scheme != "sqlite") and parts.port != 0
    except ValueError:
        return False


def founded(home: Path | None) -> "Settings":
    """The settings of an office that exists; Refused says what to do where there is none."""
    from monitor.domain.errors import Refused

    found = settings(home)
    if not found.key_path.exists():
        message = f"{found.home} 里还没有建局。"
        raise Refused(message, remedy="请先运行 monitor init（演示用 monitor demo）。")
    return found


@contextmanager
def opened(home: Path | None) -> Iterator["Desk"]:
    """The desk of an office that exists and is up to date; else a sentence that says what to do."""
    from monitor.services import rulebook
    from monitor.services.desk import Desk

    found = founded(home)
    desk = Desk.open(found, now_utc)
    try:
        desk.database.migrate()
        with desk.writing() as ctx:
            rulebook.ship(ctx)
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
    if isinstance(error, KeyMissing):
        remedy = "" if "备份" in str(error) else " 请从备份恢复密钥文件，或改正 MONITOR_KEY_FILE。"
        tell(f"{error}。{remedy}")
        return 1
    if isinstance(error, OSError):
        tell(_of_system(error))
        return 1
    if isinstance(error, UnicodeError):
        tell("文字的编码不对，有读不出或存不下的字符。 请改用 UTF-8 后再试。")
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
    reason, remedy = _REASONS.get(error.errno or 0, ("读写失败", "请检查路径、权限和磁盘空间。"))
    name = str(error.filename) if error.filename else ""
    shown = Path(name).name or name
    return f"{reason}：{shown[:80]}。 {remedy}" if shown else f"{reason}。 {remedy}"


def _settings_faults(error: Exception) -> list[str]:
    faults: list[dict[str, Any]] = getattr(error, "errors", list)()
    return [
        f"MONITOR_{'_'.join(map(str, fault['loc'])).upper()}（{_fault_words(fault)}）"
        for fault in faults
    ]


def _fault_words(fault: dict[str, Any]) -> str:
    kind = str(fault["type"])
    told = {"bool": "应为 true 或 false", "int": "应为整数", "path": "应为路径"}
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    return told.get(kind.split("_", 1)[0], str(fault["msg"]))
