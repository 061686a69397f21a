"""The readers of an office: loaded once, and anew when a model file or a word changes."""

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import classifiers
from classifiers import READERS, Words
from monitor.settings import Settings
from monitor.storage import crypto


def bundle(settings: Settings, office: Words) -> classifiers.Bundle:
    """The readers with the models in force; loaded anew when a model file or a word changes."""
    places = _places(settings.models_dir, settings.key_path)
    stamps = tuple(map(_stamp, places.watched))
    with _one_by_one:
        return _load(places, office, stamps)


# Whoever asks while they are being loaded waits: two who load at once would hold all models twice.
_one_by_one = threading.Lock()


@dataclass(frozen=True, eq=False)
class _Places:
    """Where the readers come from; `watched` as text, for it is looked at with every record."""

    models: Path
    key: Path
    watched: tuple[str, ...]


@lru_cache(maxsize=4)
def _places(models: Path, key: Path) -> _Places:
    files = [classifiers.model_path(models, entry.code) for entry in READERS]
    return _Places(models, key, tuple(map(str, (key, *files))))


@lru_cache(maxsize=4)
def _load(
    places: _Places, office: Words, _stamps: tuple[tuple[int, int], ...]
) -> classifiers.Bundle:
    key = crypto.open_keys(places.key).purpose("models") if places.key.exists() else b""
    return classifiers.load(places.models, office, key)


def _stamp(path: str) -> tuple[int, int]:
    """Which file lies there; zeros where none does."""
    try:
        found = os.stat(path)  # noqa: PTH116 -- a tenth of what Path.stat costs here
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino
