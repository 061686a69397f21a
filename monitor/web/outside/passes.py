"""The pass to one's own letter: an encrypted, short-lived cookie; no address holds a code."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from monitor.domain.numbers import normalise_code
from monitor.services.context import Context
from monitor.settings import Settings
from monitor.storage.crypto import KeyMissing

COOKIE = "letter"
PATH = "/status"
SECONDS = 30 * 60
_BOUND = b"letter-pass"
_LONGEST = 1000
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Pass:
    """Whose letter may be looked at, until when; `fresh` = just sent, the code is to be noted."""

    order_id: UUID
    until: int
    code: str = ""
    fresh: bool = False


def issue(ctx: Context, order_id: UUID, code: str, *, fresh: bool = False) -> Pass:
    """A new pass, running from now."""
    until = int(ctx.now.timestamp()) + SECONDS
    return Pass(order_id, until, spelt(code), fresh)


def spelt(code: str) -> str:
    """A code in its groups of four."""
    plain = normalise_code(code)
    return " ".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def hand_out(response: Response, ctx: Context, given: Pass) -> None:
    """Give the browser its pass; no script and no other page can read it."""
    body = json.dumps([given.order_id.hex, given.until, given.code, given.fresh]).encode()
    sealed = urlsafe_b64encode(ctx.keys.seal(body, _BOUND)).decode()
    left = given.until - int(ctx.now.timestamp())
    _set(response, ctx.settings, sealed, max(left, 0))


def take_back(response: Response, settings: Settings) -> None:
    """End the pass in this browser."""
    _set(response, settings, "", 0)


def held(request: Request, ctx: Context) -> Pass | None:
    """The pass this browser came with; None when it is absent, forged or over."""
    sealed = request.cookies.get(COOKIE, "")
    if not sealed or len(sealed) > _LONGEST:
        return None
    try:
        body = ctx.keys.unseal(urlsafe_b64decode(sealed.encode()), _BOUND)
    except (ValueError, KeyMissing):
        return None
    order_id, until, code, fresh = json.loads(body)
    if until <= ctx.now.timestamp():
        return None
    return Pass(UUID(order_id), until, code, fresh)


def _set(response: Response, settings: Settings, value: str, seconds: int) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=seconds,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
