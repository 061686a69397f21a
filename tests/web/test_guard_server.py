"""Over a real socket: heads, slow senders, unread bodies, ports, a good end."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time

import httpx
import pytest
import uvicorn

from monitor.domain.errors import Refused
from monitor.web import door, server


@pytest.fixture
def port(desk, monkeypatch):
    """A server of this desk on a free port, less patient than the product."""
    monkeypatch.setattr(door, "BODY_SECONDS", 0.6)
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.6)
    monkeypatch.setattr(server, "DRAIN_SECONDS", 0.6)
    listening = server._listening("127.0.0.1", 0)
    running = uvicorn.Server(server.config(desk))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    running.should_exit = True
    thread.join(10)
    listening.close()


def talk(port: int, *pieces: bytes, pause: float = 0.0, until: float = 5.0) -> tuple[bytes, float]:
    """Send pieces with pauses, then read until the other side closes: what came, and how long."""
    start, came = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(until)
        try:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
            while got := line.recv(65536):
                came += got
        except (ConnectionError, BrokenPipeError):
            pass
    return came, time.monotonic() - start


KIND = b"Content-Type: application/x-www-form-urlencoded\r\n"
HEAD = b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + KIND


def test_a_plain_request_is_answered(port):
    answer = httpx.get(f"http://127.0.0.1:{port}/login")

    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert "uvicorn" not in str(answer.headers)


def test_a_forged_proxy_header_changes_neither_scheme_nor_address(port, desk):
    forged = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "forwarded": "for=1"}

    answer = httpx.get(f"http://127.0.0.1:{port}/desk", headers=forged | {"accept": "text/html"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/desk")


def test_a_head_of_200_kb_is_refused(port):
    came, _ = talk(
        port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200 * 1024 + b"\r\n\r\n"
    )

    assert came.startswith(b"HTTP/1.1 400")
    assert b"nosniff" in came


def test_what_is_not_http_is_refused_with_our_headers(port):
    came, _ = talk(port, b"\x16\x03\x01 hello\r\n\r\n")

    assert came.startswith(b"HTTP/1.1 400")
    assert b"content-security-policy" in came
    assert b"nosniff" in came


def test_a_head_that_drips_in_is_not_waited_for(port):
    came, took = talk(port, *[b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 30], pause=0.1)

    assert took < 4
    assert came == b""


def test_a_silent_caller_is_not_waited_for(port):
    _, took = talk(port, b"")

    assert took < 4


def test_a_body_that_drips_in_ends_in_time(port):
    came, took = talk(port, HEAD + b"Content-Length: 1000\r\n\r\n", *[b"a"] * 30, pause=0.1)

    assert took < 4
    assert came == b"" or came.startswith(b"HTTP/1.1 408")


def test_a_body_that_never_comes_is_answered_408(port):
    came, took = talk(port, HEAD + b"Content-Length: 1000\r\n\r\na=1")

    assert came.startswith(b"HTTP/1.1 408")
    assert b"nosniff" in came
    assert took < 4


def test_a_stranger_is_refused_before_the_body_comes(port):
    head = HEAD.replace(b"/login", b"/desk/password") + b"Content-Length: 1000\r\n\r\n"

    came, took = talk(port, head, b"a=1")

    assert came.startswith(b"HTTP/1.1 401")
    assert took < 4


def test_a_refused_body_may_be_sent_to_its_end(port):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        refused = client.post("/api/v1/orders", content=b"a" * 4_000_000)
        large = client.post("/login", content=b"a" * 12_000_000)

    assert (refused.status_code, large.status_code) == (401, 413)


def test_a_used_port_is_one_sentence():
    taken = server._listening("127.0.0.1", 0)
    number = taken.getsockname()[1]

    with pytest.raises(Refused) as refusal:
        server.refuse_used_port("127.0.0.1", number)
    taken.close()
    server.refuse_used_port("127.0.0.1", number)

    assert str(number) in refusal.value.message
    with pytest.raises(Refused):
        server.refuse_used_port("no.such.host.invalid", 8000)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_service_well(desk, how):
    free = server._listening("127.0.0.1", 0)
    number = free.getsockname()[1]
    free.close()
    script = f"""
        from datetime import UTC, datetime
        from pathlib import Path
        from monitor.services.desk import Desk
        from monitor.settings import Settings
        from monitor.web import server

        settings = Settings(home=Path({str(desk.settings.home)!r}))
        desk = Desk.open(settings, lambda: datetime.now(UTC))
        server.serve(desk, "127.0.0.1", {number})
        print("ended well")
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{number}/healthz")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    child.send_signal(how)
    out, err = child.communicate(timeout=30)

    assert (child.returncode, out.decode().strip()) == (0, "ended well")
    assert b"Traceback" not in err
