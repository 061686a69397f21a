"""Mail through a real server and signed messages to a real listener."""

import socket
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest
from aiosmtpd.controller import Controller

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Outgoing
from monitor.domain.workdays import SHANGHAI
from monitor.notifiers import mail, webhook

MESSAGE = Outgoing(
    message_id="0123abcd", to="zhou@bureau.example", subject="红牌：答复时限 HY20261009-016",
    lines=("红牌 HY20261009-016", "http://desk.bureau/desk/orders/HY20261009-016"),
    items=({"kind": "red", "about": "红牌", "number": "HY20261009-016", "link": "x"},),
    at=datetime(2026, 10, 9, 10, tzinfo=SHANGHAI),
)  # fmt: skip


class Box:
    """A mail server that keeps what it takes and answers as told."""

    def __init__(self):
        self.taken, self.answer, self.farewell = [], "250 OK", "221 Bye"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer

    async def handle_QUIT(self, server, session, envelope):
        if not self.farewell:
            server.transport.abort()
        return self.farewell or "221 Bye"


@pytest.fixture
def box(monkeypatch):
    handler = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("MONITOR_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("MONITOR_MAIL_PORT", str(port))
    monkeypatch.setenv("MONITOR_MAIL_SENDER", "desk@bureau.example")
    yield handler
    server.stop()
    server.loop.close()


@pytest.mark.parametrize("farewell", ["421 4.3.2 Shutting down", ""])
def test_a_mail_that_was_taken_is_not_sent_again_for_a_bad_farewell(box, farewell):
    box.farewell = farewell

    mail.send(MESSAGE)

    assert len(box.taken) == 1


def test_a_mail_arrives_with_its_message_id_and_its_chinese(box):
    mail.send(MESSAGE)

    [envelope] = box.taken
    text = envelope.content.decode()
    assert envelope.rcpt_tos == ["zhou@bureau.example"]
    assert "Message-ID: <0123abcd@bureau.example>" in text
    assert "Auto-Submitted: auto-generated" in text


@pytest.mark.parametrize(("answer", "permanent"), [("451 later", False), ("550 never", True)])
def test_a_refusal_says_whether_it_is_for_good(box, answer, permanent):
    box.answer = answer

    with pytest.raises(DeliveryFailed) as refusal:
        mail.send(MESSAGE)

    assert refusal.value.permanent is permanent


def test_a_server_that_is_down_is_tried_again(box, monkeypatch):
    monkeypatch.setenv("MONITOR_MAIL_PORT", "1")

    with pytest.raises(DeliveryFailed) as refusal:
        mail.send(MESSAGE)

    assert not refusal.value.permanent


def test_without_a_server_mail_is_not_a_way_out(monkeypatch):
    monkeypatch.delenv("MONITOR_MAIL_HOST", raising=False)

    assert not mail.ready()
    assert not webhook.ready()


@pytest.fixture
def listener(monkeypatch):
    got = []

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((dict(self.headers), body))
            self.send_response(Handler.status)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("MONITOR_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("MONITOR_WEBHOOK_SECRET", "s3cret")
    yield got, Handler
    server.shutdown()
    server.server_close()


def test_a_posted_message_is_signed_over_its_time_and_body(listener):
    webhook.send(MESSAGE)

    [(headers, body)] = listener[0]
    expected = webhook.signature("s3cret", headers["x-desk-time"], body)
    assert headers["x-desk-signature"] == expected
    assert orjson.loads(body)["items"][0]["number"] == "HY20261009-016"
    assert headers["x-desk-id"] == "0123abcd"


@pytest.mark.parametrize(("status", "permanent"), [(503, False), (410, True), (302, False)])
def test_a_listener_that_refuses_says_whether_for_good(listener, status, permanent):
    listener[1].status = status

    with pytest.raises(DeliveryFailed) as refusal:
        webhook.send(MESSAGE)

    assert refusal.value.permanent is permanent
