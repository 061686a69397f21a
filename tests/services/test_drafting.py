"""A draft is asked for in the own house only; what fails is a sentence, never an answer."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from monitor.domain.errors import Refused
from monitor.services.drafting import asking


class Program(BaseHTTPRequestHandler):
    """Answers as told, and keeps what it was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, self.headers.get("authorization"), orjson.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.says)

    def log_message(self, *args):
        """Nothing on the screen."""


@pytest.fixture
def program():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Program)
    server.asked, server.status = [], 200
    server.says = orjson.dumps({"choices": [{"message": {"content": " 您好：经核实…… "}}]})
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def settings(program, **more):
    return asking.Settings(url=f"http://127.0.0.1:{program.server_port}/v1/", model="m", **more)


def test_a_draft_comes_back_without_its_blanks(program):
    text = asking.ask(settings(program, key="k"), "补贴何时拨付？", "《办法》第三条")

    [(path, key, body)] = program.asked
    assert (text, path, key) == ("您好：经核实……", "/v1/chat/completions", "Bearer k")
    assert "补贴何时拨付？" in body["messages"][1]["content"]
    assert "《办法》第三条" in body["messages"][1]["content"]


@pytest.mark.parametrize(
    ("status", "says"),
    [(500, b""), (302, b""), (200, b"{}"), (200, b"no json"), (200, b'{"choices":[]}'),
     (200, b'{"choices":[{"message":{"content":" "}}]}')],
)  # fmt: skip
def test_what_is_no_draft_is_refused_in_a_sentence(program, status, says):
    program.status, program.says = status, says

    with pytest.raises(Refused) as refused:
        asking.ask(settings(program), "信", "")

    assert "照常自己写" in refused.value.remedy


def test_a_program_that_is_away_is_a_sentence_too():
    with pytest.raises(Refused):
        asking.ask(asking.Settings(url="http://127.0.0.1:1/v1", model="m"), "信", "")


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8/v1", "https://models.example/v1", "ftp://127.0.0.1/v1", "127.0.0.1:80"]
)
def test_no_address_outside_the_house_is_taken(url):
    with pytest.raises(ValueError, match="本机或内网"):
        asking.Settings(url=url)


def test_without_an_address_there_is_nobody_to_ask():
    assert not asking.Settings().ready
    assert asking.Settings(url="http://10.0.0.5:8000/v1", model="m").ready
