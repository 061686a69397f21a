"""Cookies and form tokens: the session, the signed visitor, the sentence said once."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Scope

from monitor.settings import Settings
from monitor.storage.crypto import Keyring

SESSION = "session"
VISITOR = "visitor"
SAID = "said"
# Two names, because the parts draw the short one; one token.
TOKEN_FIELDS = ("csrf_token", "csrf")
HEADER_FOR_FORMS = "x-csrf-token"
_LONGEST_SAID = 2000


def same(one: str, other: str) -> bool:
    """Whether two strings are equal, in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def csrf_token(request: Request) -> str:
    """The token for the forms of this page; a visitor without a cookie is given one."""
    keys: Keyring = request.app.state.desk.keys
    secret = getattr(request.state, "secret", None)
    if secret is not None:
        return keys.blind("csrf", f"session:{secret}")
    visitor = _visitor(request, keys)
    if visitor is None:
        visitor = getattr(request.state, "new_visitor", None) or secrets.token_urlsafe(24)
        request.state.new_visitor = visitor
    return keys.blind("csrf", f"visitor:{visitor}")


def csrf_holds(request: Request, given: str) -> bool:
    """Whether a form came from a page that we drew for this very browser."""
    keys: Keyring = request.app.state.desk.keys
    secret = getattr(request.state, "secret", None)
    visitor = _visitor(request, keys)
    if secret is None and visitor is None:
        return False
    holder = f"session:{secret}" if secret is not None else f"visitor:{visitor}"
    return same(keys.blind("csrf", holder), given)


def _visitor(request: Request, keys: Keyring) -> str | None:
    value, _, mac = request.cookies.get(VISITOR, "").partition(".")
    if not value or not same(keys.blind("visitor", value), mac):
        return None
    return value


def add_visitor(scope: Scope, headers: MutableHeaders, keys: Keyring, settings: Settings) -> None:
    """Send the visitor cookie with the first page that drew a form."""
    visitor = scope.get("state", {}).get("new_visitor")
    if visitor:
        value = f"{visitor}.{keys.blind('visitor', visitor)}"
        headers.append("set-cookie", _line(VISITOR, value, settings))


def start_session(response: Response, secret: str, settings: Settings) -> None:
    """Hand the session's secret to the browser."""
    response.headers.append("set-cookie", _line(SESSION, secret, settings))


def end_session(response: Response, settings: Settings) -> None:
    """Take the session's secret back."""
    response.headers.append("set-cookie", _line(SESSION, "", settings, "Max-Age=0"))


def say(response: Response, keys: Keyring, settings: Settings, text: str, tone: str) -> None:
    """Leave a sentence that the next page says once."""
    body = urlsafe_b64encode(json.dumps([text[:300], tone]).encode()).decode()
    value = f"{body}.{keys.blind('said', body)}"
    response.headers.append("set-cookie", _line(SAID, value, settings, "Max-Age=60"))


def said(request: Request) -> list[dict[str, str]]:
    """The sentence left by the last answer, and forgotten with this one."""
    keys: Keyring = request.app.state.desk.keys
    body, _, mac = request.cookies.get(SAID, "")[:_LONGEST_SAID].partition(".")
    if not body or not same(keys.blind("said", body), mac):
        return []
    request.state.heard = True
    text, tone = json.loads(urlsafe_b64decode(body))
    return [{"text": text, "tone": tone}]


def forget_said(scope: Scope, headers: MutableHeaders, settings: Settings) -> None:
    """Take the sentence back once a page has drawn it."""
    if scope.get("state", {}).get("heard"):
        headers.append("set-cookie", _line(SAID, "", settings, "Max-Age=0"))


def _line(name: str, value: str, settings: Settings, *more: str) -> str:
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Lax", *more]
    if settings.secure_cookies:
        parts.append("Secure")
    return "; ".join(parts)
