"""API keys: made, limited, noted as used, revoked."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.domain.access import Acting
from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.domain.vocabulary import Channel
from monitor.services.context import Context
from monitor.storage import doors
from monitor.storage.crypto import Keyring
from monitor.storage.db import Database
from monitor.storage.doors import ApiKey, KeyInForce

_NOTED_EVERY = timedelta(minutes=10)


def add_key(
    ctx: Context, name: str, *, channels: Sequence[str] = (), expires_at: datetime | None = None
) -> str:
    """A new API key, told once: mk_…; for these channels only, until then."""
    name = name.strip()
    if not name or len(name) > 60:
        raise Incomplete("密钥须有名称，最多 60 个字。", fields={"name": "没有填写或太长"})
    if doors.key_named(ctx.session, name) is not None:
        raise Refused(f"已有名为“{name}”的密钥。", remedy="请换一个名称；吊销的名称也不再使用。")
    if unknown := [code for code in channels if code not in set(Channel)]:
        raise Incomplete(f"没有渠道 {unknown[0][:20]}。", fields={"channels": "请从列表中选择渠道"})
    if expires_at is not None and expires_at <= ctx.now:
        raise Incomplete("到期日须在今天之后。", fields={"expires": "请另选日期"})
    token = "mk_" + secrets.token_urlsafe(32)
    ctx.session.add(
        ApiKey(
            name=name, mac=ctx.keys.blind("api-key", token), created_at=ctx.now,
            created_by=ctx.person.label, channels=sorted(set(channels)), expires_at=expires_at,
        )
    )  # fmt: skip
    ctx.record_system("key_added", name=name, channels=sorted(set(channels)), expires=expires_at)
    return token


def revoke_key(ctx: Context, name: str) -> None:
    """End a key at once."""
    key = doors.key_named(ctx.session, name.strip())
    if key is None:
        raise NotFound(f"没有名为“{name.strip()}”的密钥。")
    if key.revoked_at is None:
        key.revoked_at = ctx.now
        ctx.session.add(key)
        ctx.record_system("key_revoked", name=key.name)


def key_in_force(
    database: Database, keys: Keyring, token: str, now: datetime | None = None
) -> KeyInForce | None:
    """The key that this token is, unless revoked or, as of `now`, run out; no transaction."""
    found = doors.key_by_mac(database, keys.blind("api-key", token))
    return None if found is None or (now is not None and not found.holds(now)) else found


def worth_noting(key: KeyInForce, now: datetime) -> bool:
    """Whether it is time to write down again that the key is used."""
    return key.used_at is None or now - key.used_at >= _NOTED_EVERY


def note_used(ctx: Context, key: KeyInForce) -> None:
    """Write down that a key is used."""
    stored = ctx.session.get(ApiKey, key.id)
    if stored is not None:
        stored.used_at = ctx.now
        ctx.session.add(stored)


def as_machine(key: KeyInForce) -> Acting:
    """The caller as it stands in events."""
    return Acting(f"接口 {key.name}")
