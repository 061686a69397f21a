"""The outermost layer: hosts, sizes, time limits, headers, and a page for the unexpected."""

import asyncio
from collections.abc import Mapping

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.domain.errors import DeskError, NotFound
from monitor.services.desk import Desk
from monitor.web import cookies, errors
from monitor.web.failures import Malformed, TooLarge, TooSlow, WrongHost

BODY_SECONDS = 30
SHEET_SECONDS = 600
SHEETS = "/desk/import"
_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Door:
    """Refuses what no endpoint needs to see; every answer leaves through it."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self.hosts = desk.settings.allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headed = scope["method"] == "HEAD"
        # Pages need not know HEAD: it is GET without the body.
        scope = {**scope, "method": "GET"} if headed else {**scope}
        scope.setdefault("state", {})
        started = False

        async def out(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(scope, MutableHeaders(scope=message))
            elif headed and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            limit, seconds = self._bounds(scope)
            self._check(scope, limit)
            await self.app(scope, _Bounded(receive, limit, seconds), out)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                errors.note(error)
            else:
                response = await run_in_threadpool(errors.answer, Request(scope), error)
                await response(scope, receive, out)
            if self.desk.candid and not isinstance(error, DeskError):
                raise

    def _bounds(self, scope: Scope) -> tuple[int, float]:
        settings = self.desk.settings
        path = scope["path"]
        if path == SHEETS or path.startswith(SHEETS + "/"):
            return settings.max_sheet_bytes, SHEET_SECONDS
        return settings.max_body_bytes, BODY_SECONDS

    def _check(self, scope: Scope, limit: int) -> None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.hosts:
            raise WrongHost("这台服务器不以这个名字提供服务。")
        if "\x00" in scope["path"]:
            raise NotFound("没有这个页面。")
        if b"%00" in scope.get("query_string", b"") or b"\x00" in scope.get("query_string", b""):
            raise Malformed("地址里有无法识别的字符。")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 18:
            raise Malformed("Content-Length 不是有效的长度。")
        if int(length) > limit:
            raise TooLarge(f"最多 {limit // 1024 // 1024} MB。", remedy="请拆分后提交。")

    def _dress(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if "cache-control" not in headers:
            headers["cache-control"] = "no-store"
        cookies.add_visitor(scope, headers, self.desk.keys, self.desk.settings)
        cookies.forget_said(scope, headers, self.desk.settings)


def host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    name, _, port = host.partition(":")
    return name if not port or port.isdecimal() else host


class _Bounded:
    """What arrives of a body, not more than `limit` bytes and not longer than `seconds`."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._seen = 0
        self._until: float | None = None
        self._over = False

    async def __call__(self) -> Message:
        if self._over:
            # The body is here: what comes now is the end of the connection, however late.
            return await self._receive()
        if self._until is None:
            self._until = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self._over = True
            late = "内容没有在规定时间内传完。"
            raise TooSlow(late, remedy="请检查网络后重试。") from None
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            self._over = not message.get("more_body", False)
            if self._seen > self._limit:
                self._over = True
                size = self._limit // 1024 // 1024
                raise TooLarge(f"最多 {size} MB。", remedy="请拆分后提交。")
        else:
            self._over = True
        return message
