"""Model files sealed with a key: nothing of a foreign or damaged file is ever interpreted."""

import hashlib
import hmac
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_MAGIC = b"response-desk model 1\n"
_SHORTEST_KEY = 16
_MOST_ARRAYS = 20
_LARGEST = 512 * 2**20
_PARTS = ("characters", "pairs", "idf", "weights", "intercept")
_FACTS = frozenset({"name", "labels", "engine", "version", "data_hash", "scores", "words"})
_SEAL = hashlib.sha256().digest_size

Arrays = Mapping[str, npt.NDArray[Any]]


class ModelRefused(Exception):
    """A model file that is missing, damaged, foreign or learnt with another engine."""


def write(path: Path, key: bytes, about: dict[str, Any], arrays: Arrays) -> None:
    """Plain values and arrays as one sealed file, replaced in one move."""
    packed = io.BytesIO()
    described = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    np.savez_compressed(packed, about=described, **arrays)  # type: ignore[arg-type]
    put(path, key, packed.getvalue())


def read(path: Path, key: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """What was written, after its seal has been verified; ModelRefused with a sentence if not."""
    with np.load(io.BytesIO(_verified(path, key)), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return json.loads(arrays.pop("about").tobytes()), arrays


def about(path: Path, key: bytes) -> dict[str, Any]:
    """The plain values alone, as `read` tells them: a page needs no weights."""
    with np.load(io.BytesIO(_verified(path, key)), allow_pickle=False) as stored:
        told: dict[str, Any] = json.loads(stored["about"].tobytes())
    return told


def _verified(path: Path, key: bytes) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"读不到模型文件 {path.name}，请运行 monitor train 训练。") from error
    if len(key) < _SHORTEST_KEY:
        raise ModelRefused(f"没有密钥，核对不了模型文件 {path.name} 的签名，未加载。")
    head = len(_MAGIC) + _SEAL
    body = content[head:]
    stands = content.startswith(_MAGIC) and hmac.compare_digest(
        content[len(_MAGIC) : head], _sealed(key, body)
    )
    if not stands:
        raise ModelRefused(
            f"模型文件 {path.name} 已损坏或不是本系统签名的，"
            "未加载；请运行 monitor train 重新训练。"
        )
    return body


def opened(content: bytes, key: bytes, name: str) -> bytes:
    """What a sealed file holds, after its seal has been verified."""
    head = len(_MAGIC) + _SEAL
    body = content[head:]
    if not (
        content.startswith(_MAGIC)
        and len(key) >= _SHORTEST_KEY
        and hmac.compare_digest(content[len(_MAGIC) : head], _sealed(key, body))
    ):
        raise ModelRefused(
            f"模型文件 {name} 已损坏或不是本系统签名的，未加载；请运行 monitor train 重新训练。"
        )
    return body


def unpacked(body: bytes, name: str) -> None:
    """Refuse what is no model: of a foreign body only sizes, names and plain arrays are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            sizes = [one.file_size for one in file.infolist()]
            if len(sizes) > _MOST_ARRAYS or sum(sizes) > _LARGEST:
                raise ModelRefused(f"模型 {name} 展开后太大，未加载。")
        with np.load(io.BytesIO(body), allow_pickle=False) as stored:
            about = json.loads(stored["about"].tobytes())
            shapes = [stored[part].ndim for part in _PARTS]
        fits = set(about) >= _FACTS and shapes == [1, 1, 1, 2, 1]
    except (
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
        AttributeError,
    ) as error:
        raise ModelRefused(f"模型 {name} 不合格式，未加载。") from error  # fmt: skip
    if not fits:
        raise ModelRefused(f"模型 {name} 不合格式，未加载。")


def put(path: Path, key: bytes, body: bytes) -> None:
    """Write an unsealed body as a file of this key, in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        file.write(_MAGIC + _sealed(key, body) + body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _sealed(key: bytes, body: bytes) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"A model key has at least {_SHORTEST_KEY} bytes.")
    return hmac.new(key, _MAGIC + body, hashlib.sha256).digest()
