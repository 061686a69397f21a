"""Every environment variable of the trunk, read once; a wrong one is refused loudly."""

from functools import cached_property
from pathlib import Path

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def shipped(beside: str, packed: str) -> Path:
    """A folder that we ship: beside the packages, or inside the wheel under another name."""
    package = Path(__file__).resolve().parent
    folder = package.parent / beside
    return folder if folder.is_dir() else package / packed


class Settings(BaseSettings):
    """What an installation sets by its environment; paths may be relative to where it starts."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_", extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    key_file: Path | None = None
    hosts: str = ""
    metrics_token: SecretStr = SecretStr("")
    data_dir: Path = shipped("data", "shipped")
    # How this service is called in links of messages, like http://desk.bureau.
    address: str = ""
    demo: bool = False
    secure_cookies: bool = False
    max_body_bytes: int = 10 * 1024 * 1024
    max_sheet_bytes: int = 100 * 1024 * 1024
    max_file_bytes: int = 20 * 1024 * 1024
    max_files: int = 10

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        """SQLite and PostgreSQL only; the driver of PostgreSQL is named for the user."""
        if url.startswith(("postgresql://", "postgres://")):
            return "postgresql+psycopg://" + url.split("://", 1)[1]
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            message = "MONITOR_DATABASE_URL 只支持 sqlite:///… 与 postgresql://…"
            raise ValueError(message)
        return url

    @property
    def url(self) -> str:
        """The database in use: the given one, or the embedded file in the home."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'desk.sqlite'}"

    @property
    def keys_dir(self) -> Path:
        """Where the keys live; outside the database, mode 0600."""
        return self.home / "keys"

    # Asked for with every record that is read: made once.
    @cached_property
    def key_path(self) -> Path:
        """The key file in use."""
        return self.key_file or self.keys_dir / "desk.keys"

    @cached_property
    def models_dir(self) -> Path:
        """Where trained models live."""
        return self.home / "models"

    @property
    def staging_dir(self) -> Path:
        """Where accepted rows of an upload wait, encrypted, for their import."""
        return self.home / "staging"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Host names that may be asked for; loopback names always are."""
        named = {host.strip().lower() for host in self.hosts.split(",") if host.strip()}
        return frozenset(named | {"localhost", "127.0.0.1", "[::1]", "::1"})
