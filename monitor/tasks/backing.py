"""One file that holds a whole office but its keys, and an office made from such a file."""

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from monitor.domain.errors import Incomplete, Refused
from monitor.domain.workdays import local
from monitor.services import upkeep
from monitor.services.desk import Desk
from monitor.services.office.ground import settle
from monitor.settings import Settings
from monitor.storage.attachments import disk
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.storage.keeping import copies

MANIFEST = "manifest.json"
_FORMAT = 1
_NAMES = {True: "desk.sqlite", False: "desk.dump"}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds, or what was put back: rows by table, files, bytes."""

    path: Path
    tables: dict[str, int]
    files: int
    size: int
    revision: str
    verdict: upkeep.Verdict | None = None


def backup(desk: Desk, target: Path | None, say: Say) -> Kept:
    """Write the office as it stands to one file, while it goes on working."""
    made_at = desk.clock()
    path = target or desk.settings.home / "backups" / f"desk-{local(made_at):%Y%m%d-%H%M%S}.tar"
    if path.exists():
        raise Refused(f"{path.name} 已经存在。", remedy="请换一个文件名，备份不覆盖旧的。")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        database = Path(folder) / _NAMES[desk.database.embedded]
        say("正在复制数据库……")
        tables = copies.take(desk.database, database)
        parts = [(database.name, database), *_files(desk.settings)]
        say(f"正在写入 {len(parts)} 个文件……")
        manifest = {
            "format": _FORMAT,
            "made_at": made_at.isoformat(),
            "revision": copies.revision(desk.database),
            "database": database.name,
            "tables": tables,
            "keys": False,
            "parts": {name: disk.digest(file) for name, file in parts},
        }
        _pack(path, manifest, parts)
    with desk.writing() as ctx:
        ctx.record_system(
            "backup_made", file=path.name, events=tables.get("event", 0), files=len(parts) - 1
        )
    return Kept(path, tables, len(parts) - 1, path.stat().st_size, str(manifest["revision"]))


def restore(settings: Settings, source: Path, clock: Callable[[], datetime], say: Say) -> Kept:
    """Make an office from a backup in an empty home; every part is checked before it is placed."""
    database = Database(settings.url)
    try:
        kept = _put_back(settings, database, source, say)
        if not settings.key_path.exists():
            return kept
        say("正在核对事件链……")
        desk = Desk(settings, database, open_keys(settings.key_path), clock)
        with desk.reading() as ctx:
            return replace(kept, verdict=upkeep.verify(ctx.session, ctx.keys))
    finally:
        database.dispose()


def _put_back(settings: Settings, database: Database, source: Path, say: Say) -> Kept:
    if not copies.empty(database):
        raise Refused(
            "这里已经有一个局，恢复不覆盖任何数据。",
            remedy="请用 --home 指一个空目录，PostgreSQL 请用一个空的数据库。",
        )
    with _opened(source) as tar:
        manifest = _manifest(tar)
        if manifest["database"] != _NAMES[database.embedded]:
            raise Refused(
                "备份与这里的数据库不是同一种。",
                remedy="desk.sqlite 的备份恢复到 SQLite，desk.dump 的恢复到 PostgreSQL。",
            )
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
            say("正在核对备份的每一部分……")
            parts = dict(_unpacked(tar, manifest["parts"], Path(folder)))
            copy = parts.pop(manifest["database"])
            say("正在放回附件和模型……")
            for name, file in parts.items():
                place = settings.home / name
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                file.replace(place)
            say("正在放回数据库……")
            tables = copies.put_back(database, copy)
    settle(settings.home)
    if wrong := [name for name, count in manifest["tables"].items() if tables.get(name) != count]:
        raise Refused(f"恢复后件数不符：{'、'.join(wrong)}。", remedy="请换一份备份再试。")
    size = source.stat().st_size
    return Kept(source, tables, len(parts), size, manifest["revision"])


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Attached files and models, by their place in the home; nothing that is still arriving."""
    for folder in (disk.folder(settings), settings.models_dir):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = file.relative_to(settings.home)
            if file.is_file() and "arriving" not in inside.parts:
                yield inside.as_posix(), file


def _pack(path: Path, manifest: dict[str, Any], parts: list[tuple[str, Path]]) -> None:
    draft = path.with_name(f".{path.name}.part")
    handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            body = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(body), 0o600
            tar.addfile(head, io.BytesIO(body))
            for name, part in parts:
                member = tarfile.TarInfo(name)
                member.size, member.mode = part.stat().st_size, 0o600
                with part.open("rb") as content:
                    tar.addfile(member, content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    settle(path.parent)


def _opened(source: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(source, mode="r:")
    except FileNotFoundError as error:
        raise Incomplete(f"没有文件 {source.name}。") from error
    except (tarfile.TarError, OSError) as error:
        raise Incomplete(f"{source.name} 不是 monitor backup 写的备份，或没有写完。") from error


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    file = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    try:
        manifest: dict[str, Any] = orjson.loads(file.read() if file else b"")
        known = manifest["format"] == _FORMAT
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Incomplete("备份里没有清单，不能恢复。") from error
    if not known:
        raise Refused("备份是另一个版本的格式。", remedy="请用写这份备份的版本恢复，再升级。")
    return manifest


def _unpacked(
    tar: tarfile.TarFile, parts: dict[str, str], folder: Path
) -> Iterator[tuple[str, Path]]:
    """Each part that the manifest names, checked; anything else, or a part amiss, is refused."""
    left = dict(parts)
    number = 0
    try:
        for number, member in enumerate(tar, start=1):
            if member.name == MANIFEST:
                continue
            expected = left.pop(member.name, None)
            inside = Path(member.name)
            if (
                expected is None
                or not member.isreg()
                or inside.is_absolute()
                or ".." in inside.parts
            ):
                raise Incomplete(f"备份里有清单之外的内容：第 {number} 项。")
            content = tar.extractfile(member)
            place = folder / str(number)
            digest = hashlib.sha256()
            with place.open("wb") as file:
                while content and (piece := content.read(1 << 20)):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != expected:
                raise Incomplete(f"备份已损坏：{member.name} 与清单不符。")
            yield member.name, place
    except tarfile.TarError as error:
        raise Incomplete(f"备份已损坏：第 {number + 1} 项读不出来。") from error
    if left:
        raise Incomplete(f"备份不完整：缺 {len(left)} 项。")
