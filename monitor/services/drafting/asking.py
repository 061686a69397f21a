"""Ask an OpenAI-compatible program on the bureau's own network for a draft; nowhere else."""

import ipaddress
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.domain.errors import Refused

_LONGEST = 4_000
_TOLD = (
    "你为市投资促进局拟答复初稿。只依据给出的来信、标准文本和以往答复，不编造文件、数字、日期；"
    "不知道的写成“〔待填：……〕”。先称呼，逐项回应来信提出的问题，写明依据和办理时间，最后留联系方式。"
    "只输出答复正文。"
)


class Settings(BaseSettings):
    """Where the program listens; without an address there is none, and nothing leaves."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_DRAFT_", extra="ignore")

    url: str = ""
    model: str = ""
    key: SecretStr = SecretStr("")
    seconds: float = 60

    @field_validator("url")
    @classmethod
    def of_this_house(cls, url: str) -> str:
        """Only an address of this machine or of a private network, written as a number."""
        if not url:
            return url
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not _near(parts.hostname or ""):
            message = "MONITOR_DRAFT_URL 只能是本机或内网地址，如 http://127.0.0.1:8080/v1"
            raise ValueError(message)
        return url.rstrip("/")

    @property
    def ready(self) -> bool:
        """Whether there is a program to ask."""
        return bool(self.url and self.model)


def ask(settings: Settings, letter: str, known: str) -> str:
    """A draft for a letter whose personal details were replaced; Refused says why there is none."""
    import httpx  # read only where somebody asks

    headers = {}
    if settings.key.get_secret_value():
        headers["authorization"] = f"Bearer {settings.key.get_secret_value()}"
    body = {
        "model": settings.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": _TOLD},
            {"role": "user", "content": f"来信：\n{letter}\n\n可用的材料：\n{known or '无'}"},
        ],
    }
    try:
        answer = httpx.post(
            f"{settings.url}/chat/completions", json=body, headers=headers,
            timeout=settings.seconds, follow_redirects=False, trust_env=False,
        )  # fmt: skip
        answer.raise_for_status()
        text = answer.json()["choices"][0]["message"]["content"]
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as trouble:
        raise Refused(
            f"起草程序没有给出初稿（{type(trouble).__name__}）。",
            remedy="请照常自己写；一直这样的，请系统管理员看起草程序是否在运行。",
        ) from trouble
    if not isinstance(text, str) or not text.strip():
        raise Refused("起草程序给出的是空稿。", remedy="请照常自己写。")
    return text.strip()[:_LONGEST]


def _near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (address.is_private and not address.is_unspecified)
