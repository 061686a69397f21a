"""Keys with ids: encrypt personal columns, blind them for exact look-up, seal heads."""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class KeyMissing(RuntimeError):
    """The key file is absent, damaged, or lacks the key that a row was written with."""


class Keyring:
    """Encryption keys by id, and one secret a purpose derived from the index key."""

    def __init__(self, keys: dict[int, bytes], index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = max(keys)
        self._index_key = index_key
        self._purposes: dict[str, bytes] = {}

    def encrypt(self, text: str, bound_to: bytes) -> bytes | None:
        """The ciphertext of a text, bound to its row so that it cannot be moved; None if empty."""
        return self.seal(text.encode(), bound_to) if text else None

    def seal(self, body: bytes, bound_to: bytes) -> bytes:
        """Bytes encrypted and authenticated under the current key."""
        nonce = os.urandom(12)
        sealed = self._ciphers[self._current].encrypt(nonce, body, bound_to)
        return self._current.to_bytes(2, "big") + nonce + sealed

    def decrypt(self, blob: bytes | None, bound_to: bytes) -> str:
        """The text again; raises KeyMissing when the key is not here or the bytes were changed."""
        return self.unseal(blob, bound_to).decode() if blob else ""

    def unseal(self, blob: bytes, bound_to: bytes) -> bytes:
        """The bytes again; raises KeyMissing like `decrypt`."""
        cipher = self._ciphers.get(int.from_bytes(blob[:2], "big"))
        if cipher is None:
            message = "密钥文件里没有写入这条记录时所用的密钥"
            raise KeyMissing(message)
        try:
            return cipher.decrypt(blob[2:14], blob[14:], bound_to)
        except InvalidTag as error:
            message = "密文与密钥不符，或已被改动"
            raise KeyMissing(message) from error

    def purpose(self, name: str) -> bytes:
        """A 32-byte secret for one purpose, the same after every start."""
        if name not in self._purposes:
            self._purposes[name] = hmac.digest(self._index_key, name.encode(), "sha256")
        return self._purposes[name]

    def blind(self, purpose: str, value: str) -> str:
        """An HMAC by which a value can be found again but not read."""
        return hmac.digest(self.purpose(purpose), value.encode(), "sha256").hex()


def open_keys(path: Path, *, create: bool = False) -> Keyring:
    """The keyring of a key file; made with mode 0600 when asked for and absent."""
    if not path.exists():
        if not create:
            message = f"找不到密钥文件 {path.name}：请从备份恢复，或设置 MONITOR_KEY_FILE"
            raise KeyMissing(message)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = {"keys": {"1": _fresh()}, "index": _fresh()}
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(body, file)
            file.flush()
            os.fsync(file.fileno())
    try:
        body = json.loads(path.read_text())
        keys = {int(key_id): b64decode(key) for key_id, key in body["keys"].items()}
        return Keyring(keys, b64decode(body["index"]))
    except (ValueError, KeyError, TypeError) as error:
        message = f"密钥文件 {path.name} 已损坏"
        raise KeyMissing(message) from error


def _fresh() -> str:
    return b64encode(secrets.token_bytes(32)).decode()
