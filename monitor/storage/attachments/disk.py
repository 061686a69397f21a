"""The shelf: files by their hash below the home, never changed; and files that are arriving."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from monitor.settings import Settings

PIECE = 1 << 20


def folder(settings: Settings) -> Path:
    """Where attached files lie: outside anything that is served."""
    return settings.home / "attachments"


def path_of(settings: Settings, sha256: str) -> Path:
    """Where the content with this hash lies, whether or not it does."""
    return folder(settings) / sha256[:2] / sha256[2:]


def arriving(settings: Settings, upload: UUID) -> Path:
    """The file that an upload fills."""
    return folder(settings) / "arriving" / f"{upload.hex}.part"


def write_piece(path: Path, offset: int, piece: bytes) -> None:
    """Put a piece at its place; what a broken attempt left behind it is cut off."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        os.ftruncate(handle, offset)
        os.pwrite(handle, piece, offset)
        os.fsync(handle)
    finally:
        os.close(handle)


def length(path: Path) -> int:
    """How much of an arriving file is here."""
    return path.stat().st_size if path.exists() else 0


def digest(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shelve(settings: Settings, path: Path) -> str:
    """Move a file to its place by hash, on the disk before this returns; its hash."""
    sha256 = digest(path)
    place = path_of(settings, sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if place.exists():
        # Stored once: this only says that it was wanted again just now.
        os.utime(place)
        path.unlink()
        return sha256
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(place)
    _settle(place.parent)
    return sha256


def put(settings: Settings, name: UUID, body: bytes) -> str:
    """Store bytes of our own making; their hash."""
    path = arriving(settings, name)
    write_piece(path, 0, body)
    return shelve(settings, path)


def read(settings: Settings, sha256: str) -> bytes:
    """The content with this hash; FileNotFoundError when it is not there."""
    return path_of(settings, sha256).read_bytes()


def drop(path: Path) -> None:
    """Forget an arriving file."""
    path.unlink(missing_ok=True)


def stored(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every stored file with the hash that its place claims."""
    for shelf in sorted(folder(settings).glob("[0-9a-f][0-9a-f]")):
        for path in sorted(shelf.iterdir()):
            yield shelf.name + path.name, path


def left_over(settings: Settings) -> Iterator[Path]:
    """Every arriving file."""
    yield from sorted((folder(settings) / "arriving").glob("*.part"))


def untouched_since(path: Path, moment: datetime) -> bool:
    """Whether nobody wrote or wanted the file after a moment."""
    return path.stat().st_mtime < moment.timestamp()


def _settle(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
