"""Send files as our script does, and look behind the pages at what became of them."""

import hashlib

from monitor.steps import casework
from monitor.storage.attachments import disk, rows
from tests.web import casefile

JSON = {"accept": "application/json"}


class Sender:
    """A browser that sends a file as our script does."""

    def __init__(self, browser, begin: str, pieces: str, csrf: str, **fields):
        self.browser, self.begin_at, self.pieces = browser, begin, pieces
        self.fields = {"csrf": csrf, **fields}

    def begin(self, name: str, size: int):
        data = {**self.fields, "name": name, "size": size}
        return self.browser.post(self.begin_at, data=data, headers=JSON)

    def piece(self, upload: str, offset: int, body: bytes):
        data = {"csrf": self.fields["csrf"], "offset": offset}
        files = {"piece": ("piece", body)}
        return self.browser.patch(f"{self.pieces}/{upload}", data=data, files=files, headers=JSON)

    def done(self, upload: str, sha256: str = ""):
        data = {"csrf": self.fields["csrf"], "sha256": sha256}
        return self.browser.post(f"{self.pieces}/{upload}/done", data=data, headers=JSON)

    def send(self, name: str, body: bytes):
        upload = self.begin(name, len(body)).json()["upload"]
        for offset in range(0, len(body), 1 << 20):
            assert self.piece(upload, offset, body[offset : offset + (1 << 20)]).status_code == 200
        return self.done(upload, hashlib.sha256(body).hexdigest())


def files_of(desk, number: str, part: str = ""):
    order = casefile.look(desk, number)
    with desk.reading() as ctx:
        found = rows.of_order(ctx.session, order.id, part=part)
        return [(one.id, one.part, rows.name_of(ctx.keys, one), one.sha256) for one in found]


def on_disk(desk) -> list[str]:
    return [sha256 for sha256, _ in disk.stored(desk.settings)]


def submit(desk, number: str) -> None:
    def hand_in(ctx, order) -> None:
        casework.submit(ctx, order, answer=casefile.ANSWER, solved="partly", seen=order.version)

    casefile._do(desk, "zhou", number, hand_in)
