"""Serve the desk over HTTP: one process, plain connections, patience with an end."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor.domain.errors import Refused
from monitor.services.desk import Desk
from monitor.web.app import create_app
from monitor.web.door import HEADERS

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 30
DRAIN_SECONDS = 10
_LAST_SECONDS = 5
_LOOK_SECONDS = 0.5


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits for a request's head, and for a body nobody reads, but not for ever."""

    _waiting: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came; a head that only drips in does not win time by it."""
        if not self._refused:
            super().data_received(data)
            self._watch()

    def on_response_complete(self) -> None:
        """Wait for the rest of a body that was answered unread, then for the next head."""
        super().on_response_complete()
        self._rest()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy:
            self._rest()
        elif self._waiting is None and not self.transport.is_closing():
            drains = self.conn.their_state is h11.SEND_BODY
            seconds = DRAIN_SECONDS if drains else HEAD_SECONDS
            self._waiting = self.loop.call_later(seconds, self._give_up)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self.transport.is_closing():
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP with the headers that every answer has."""
        self._rest()
        body = msg.encode("ascii", "replace")
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        headers += [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        # The connection may be too broken to say anything at all.
        with contextlib.suppress(h11.LocalProtocolError):
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        # Closed at once, the rest that is still coming would wipe out the answer.
        self._refused = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._waiting = self.loop.call_later(_LAST_SECONDS, self._give_up)


def refuse_used_port(host: str, port: int) -> None:
    """Refuse in one sentence when nobody could listen there."""
    _listening(host, port).close()


def serve(desk: Desk, host: str, port: int, *, until: Callable[[], bool] | None = None) -> None:
    """Serve until Ctrl-C, SIGTERM or `until`; requests at work are finished, connections closed."""
    listening = _listening(host, port)
    server = uvicorn.Server(config(desk))
    if threading.current_thread() is threading.main_thread():
        # uvicorn repeats the signal after its own good end: let it unwind us, not kill us.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    ended = threading.Event()
    if until is not None:
        threading.Thread(target=_watch, args=(server, until, ended), daemon=True).start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        ended.set()
        listening.close()
        desk.database.dispose()


def _watch(server: uvicorn.Server, until: Callable[[], bool], ended: threading.Event) -> None:
    while not ended.wait(_LOOK_SECONDS):
        if until():
            server.should_exit = True
            return


def config(desk: Desk) -> uvicorn.Config:
    """How uvicorn serves: no header of a proxy is believed, nothing tells what we run."""
    options: dict[str, Any] = {
        "http": PatientProtocol,
        "ws": "none",
        "lifespan": "off",
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
        "h11_max_incomplete_event_size": HEAD_BYTES,
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": _LAST_SECONDS,
    }
    return uvicorn.Config(create_app(desk), **options)


def _listening(host: str, port: int) -> socket.socket:
    try:
        [(family, kind, protocol, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        # With the protocol named, asyncio sends small answers at once: without, 40 ms late.
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Refused(f"无法在 {host} 上提供服务：没有这个地址。") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        message = f"端口 {port} 已被占用，或无权使用。"
        remedy = f"请停掉占用它的程序，或换一个端口：--port {port + 10}。"
        raise Refused(message, remedy=remedy) from error
    return listening
