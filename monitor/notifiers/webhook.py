"""A signed message to one address of the bureau's own, which passes it on as it likes."""

import hmac

import orjson
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Notifier, Outgoing

_SECONDS = 15
_GONE = frozenset({400, 401, 403, 404, 405, 410, 413, 422})


class Settings(BaseSettings):
    """Where to, and the secret that signs; without both nothing goes out."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_WEBHOOK_", extra="ignore")

    url: str = ""
    secret: SecretStr = SecretStr("")


def ready() -> bool:
    """Whether an address and a secret are given."""
    settings = Settings()
    return bool(settings.url and settings.secret.get_secret_value())


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, in hex: what a receiver compares."""
    return hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()


def send(message: Outgoing) -> None:
    """Post one message; a receiver tells repeats by its id. Raises DeliveryFailed."""
    settings = Settings()
    body = orjson.dumps(
        {
            "id": message.message_id,
            "to": message.to,
            "at": message.at,
            "items": [dict(item) for item in message.items],
        }
    )
    import httpx  # a tenth of a second, which a process that sends nothing saves

    stamp = str(int(message.at.timestamp()))
    headers = {
        "content-type": "application/json",
        "x-desk-id": message.message_id,
        "x-desk-time": stamp,
        "x-desk-signature": signature(settings.secret.get_secret_value(), stamp, body),
    }
    try:
        answer = httpx.post(
            settings.url, content=body, headers=headers, timeout=_SECONDS, follow_redirects=False
        )
    except httpx.HTTPError as trouble:
        raise DeliveryFailed(type(trouble).__name__, permanent=False) from trouble
    if not answer.is_success:
        raise DeliveryFailed(f"HTTP {answer.status_code}", permanent=answer.status_code in _GONE)


NOTIFIER = Notifier("webhook", "外部消息", ready, send)
