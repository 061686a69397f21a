"""Send marked texts through every door, then search all that is stored for the words beside.

    python benchmarks/secrecy_traces.py [--only WORD]

Doors: API, letter form, register form with its draft and suggestions, `monitor import` and the
upload page. After each, searched byte for byte (packed files unpacked): the home with database,
write-ahead log and staging, the temporary folder, what the server and the commands printed, and
what was answered. The refusal must be an event. Texts that only resemble a mark must come in. The
name of a requester, taken in by every door, must lie nowhere readable.
"""

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from marked_sheets import HEADER, LOOKALIKES, MARKS, Book, row, sheets, write_xlsx
from served import MONITOR, PATIENCE, found, serving
from trace_search import Probe, traces

_HOTLINE = ("--channel", "hotline")
PASSWORD = "wide-river-bench-lamp"
CALL = {"channel": "phone", "text": "来电咨询补贴申报。", "name": "陈试样", "phone": "13800000123"}
LETTER = CALL | {"request_type": "help", "title": "补贴没有到账", "publish": "no"}
FORM_DOORS = {
    "letter form": ("/letter", LETTER, ("text", "title", "name")),
    "register form": ("/desk/register", CALL, ("text", "title", "name", "place")),
    "register draft": ("/desk/register/draft", CALL, ("text", "title", "name", "place")),
    "register suggest": ("/desk/register/suggest", CALL, ("text", "title")),
}


@dataclass
class Line:
    """What became of one door: how often it was tried, refused, written down; traces by place."""

    door: str
    tried: int = 0
    refused: int = 0
    events: int = 0
    traces: tuple[int, ...] = (0, 0, 0)

    @property
    def good(self) -> bool:
        """Whether all was refused, written down, and nothing left."""
        return self.refused == self.tried <= self.events and not any(self.traces)

    def __str__(self) -> str:
        places = "".join(f"{count:>7}" for count in self.traces)
        verdict = "" if self.good else "   <-- not as wanted"
        return f"{self.door:<28}{self.tried:>6}{self.refused:>8}{self.events:>7}{places}{verdict}"


class Office:
    """A real office that is served; all that it answers and prints is kept in a folder."""

    def __init__(self, base: Path) -> None:
        self.home, self.temporary = base / "home", base / "tmp"
        self.said, self.logs = base / "said", base / "said" / "logs"
        self.logs.mkdir(parents=True)
        self.temporary.mkdir()
        self.env = {"TMPDIR": str(self.temporary)}
        self.key = found(self.home)
        self.answers = (self.said / "answers").open("a", encoding="utf-8")
        out = (self.logs / "server").open("ab")
        self.server = serving(self.home, env=self.env, out=out)
        self.server.start()
        self.staff, self.public = (self.client() for _ in range(2))
        self._sign_in()

    def client(self) -> httpx.Client:
        """A browser of its own."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.server.port}", timeout=PATIENCE)

    def command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command, its output kept."""
        done = subprocess.run(
            [MONITOR, "--home", self.home, *words],
            capture_output=True, text=True, check=False, env={**os.environ, **self.env},
        )  # fmt: skip
        self._keep(done.stdout, done.stderr)
        return done

    def kept(self, answer: httpx.Response) -> httpx.Response:
        """The answer, kept as well."""
        self._keep(str(answer.status_code), str(answer.headers), answer.text)
        return answer

    def api(self, **fields: str) -> int:
        """One record by the machine door; the status."""
        body = {"channel": "hotline", "text": "想咨询补贴的申报。", **fields}
        headers = {"authorization": f"Bearer {self.key}"}
        return self.kept(self.public.post("/api/v1/orders", json=body, headers=headers)).status_code

    def form(self, path: str, given: dict[str, str], shown_on: str = "") -> int:
        """Fill in and send the form of a page; the status."""
        public = path == "/letter"
        page = path if public else shown_on or "/desk/register"
        # A new browser each time: what was sent before is not sent again.
        client = self.client() if public else self.staff
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', client.get(page).text)
        ours = {name: value for name, value in hidden if name in {"csrf", "csrf_token", "token"}}
        return self.kept(client.post(path, data={**ours, **given})).status_code

    def upload(self, sheet: Path) -> bool:
        """A sheet by the import page, confirmed if it may be; whether all of it went in."""
        page = self.staff.get("/desk/import").text
        token = re.search(r'name="csrf(?:_token)?" value="([^"]+)"', page)
        assert token is not None
        answer = self.kept(
            self.staff.post(
                "/desk/import",
                data={"csrf_token": token[1], "channel": "hotline"},
                files={"file": (sheet.name, sheet.read_bytes())},
            )
        )
        if answer.status_code != 303:
            return False
        where = answer.headers["location"].split("?")[0]
        state, rejected = self._settled(where, {"checking"})
        if state == "ready":
            self.form(f"{where}/confirm", {}, shown_on=where)
            state, rejected = self._settled(where, {"queued", "running", "ready"})
        return state == "done" and not rejected

    def events(self) -> int:
        """How many refusals were written down."""
        query = "SELECT count(*) FROM event WHERE what = 'secrecy_refused'"
        return int(self._ask(query)[0][0])

    def _settled(self, where: str, moving: set[str]) -> tuple[str, int]:
        run = where.rsplit("/", 1)[1].replace("-", "")
        until = time.monotonic() + PATIENCE
        state, told, rejected = "", "", 0
        while time.monotonic() < until:
            query = "SELECT state, rehearsal, rejected FROM importrun WHERE id = ?"
            [(state, told, rejected)] = self._ask(query, run)
            if state not in moving:
                break
            time.sleep(0.05)
        self.kept(self.staff.get(where))
        rehearsed = json.loads(told or "{}") or {}
        return state, rejected or rehearsed.get("rejected", 0)

    def _ask(self, query: str, *given: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home / "desk.sqlite", timeout=30)) as database:
            return database.execute(query, given).fetchall()

    def _sign_in(self) -> None:
        done = self.command("person", "add", "lin", "--role", "duty", "--json")
        invite = json.loads(done.stdout)["invite"]
        self.form(invite, {"password": PASSWORD, "password_again": PASSWORD}, shown_on=invite)

    def _keep(self, *texts: str) -> None:
        self.answers.write("\n".join(texts) + "\n")
        self.answers.flush()

    def look(self, probe: Probe) -> tuple[int, ...]:
        """Files with a trace: in the home, in the temporary folder, in what was said."""
        places = (self.home, self.temporary, self.said)
        return tuple(traces(place, probe) for place in places)


def by_hand(office: Office) -> Iterator[tuple[Line, Probe]]:
    """The API and the forms: every mark in every field."""
    fields = ("text", "title", "name", "phone", "upstream_no")
    yield tried(office, "api", [(name, office.api) for name in fields])
    for door, (path, given, names) in FORM_DOORS.items():

        def send(path: str = path, given: dict[str, str] = given, **marked: str) -> int:
            return office.form(path, given | marked)

        yield tried(office, door, [(name, send) for name in names])


def tried(
    office: Office, door: str, sends: list[tuple[str, Callable[..., int]]]
) -> tuple[Line, Probe]:
    """Every mark in every field of a door."""
    line, probe, before = Line(door), Probe(), office.events()
    for name, send in sends:
        for mark in MARKS:
            # A phone or a number has room for few signs.
            words = probe.marked(mark)[:40]
            line.tried += 1
            line.refused += send(**{name: words}) == 422
    line.events = office.events() - before
    return line, probe


def by_sheet(office: Office, folder: Path) -> Iterator[tuple[Line, Probe]]:
    """Each marked sheet by the command and by the page."""
    for kind, place, refused, path, probe in sheets(folder):
        line, before = Line(f"import {kind}: {place}", tried=1), office.events()
        done = office.command("import", path, *_HOTLINE, "--json")
        line.refused = int(done.returncode == 1 if refused == "whole" else _one_out(done.stdout))
        line.events = office.events() - before
        yield line, probe
        line, before = Line(f"upload {kind}: {place}", tried=1), office.events()
        line.refused = int(not office.upload(path))
        line.events = office.events() - before
        yield line, probe


def _one_out(printed: str) -> bool:
    told: dict[str, int] = json.loads(printed or '{"rejected": 0}')
    return told["rejected"] == 1 and told["created"] == told["read"] - 1


def lookalikes(office: Office, folder: Path) -> int:
    """How many texts that only resemble a mark were turned away."""
    wrong = 0
    for words in LOOKALIKES:
        wrong += office.api(text=words) != 201
        for door, (path, given, _) in FORM_DOORS.items():
            status = office.form(path, given | {"text": words})
            wrong += status not in {200, 204, 303} or (door.endswith("form") and status != 303)
    sheet = folder / "harmless.xlsx"
    write_xlsx(sheet, Book([HEADER, *(row(words) for words in LOOKALIKES)]))
    done = office.command("import", sheet, *_HOTLINE, "--json")
    told: dict[str, int] = json.loads(done.stdout or '{"created": 0}')
    wrong += len(LOOKALIKES) - told["created"]
    write_xlsx(sheet, Book([HEADER, *(row(words) for words in LOOKALIKES)]))
    return wrong + (not office.upload(sheet))


def personal(office: Office, folder: Path) -> int:
    """Files with a trace of a name that came in by every door; answers may show it, no log may."""
    probe = Probe()
    name = {"name": f"{probe.rare}{probe.word}"}
    taken = [office.api(**name) == 201]
    for path, given, _ in FORM_DOORS.values():
        taken.append(office.form(path, given | name) in {200, 204, 303})
    for door in (
        office.upload,
        lambda path: not office.command("import", path, *_HOTLINE).returncode,
    ):
        write_xlsx(folder / "named.xlsx", Book([HEADER, row(**name)]))
        taken.append(door(folder / "named.xlsx"))
    left = sum(traces(place, probe) for place in (office.home, office.temporary, office.logs))
    return left + taken.count(False)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="judge only doors with this word")
    only = arguments.parse_args().only
    bad, probes = 0, []
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        (given := base / "given").mkdir()
        office = Office(base)
        print(
            f"{'door':<28}{'tried':>6}{'refused':>8}{'events':>7}{'home':>7}{'tmp':>7}{'said':>7}"
        )
        try:
            for tell in (by_hand(office), by_sheet(office, given)):
                for line, probe in tell:
                    if only not in line.door:
                        continue
                    line.traces = office.look(probe)
                    probes.append(probe)
                    bad += not line.good
                    print(line, flush=True)
            wrong, named = lookalikes(office, given), personal(office, given)
        finally:
            office.server.kill()
        # What the write-ahead log and the staging still hold after a power cut.
        left = sum(sum(office.look(probe)) for probe in probes)
        whole = office.command("audit", "verify").returncode == 0
    print(f"doors not as wanted: {bad} (wanted 0); traces after a kill: {left} (wanted 0)")
    print(f"traces of a name that was taken in: {named} (wanted 0)")
    print(f"look-alikes turned away: {wrong} (wanted 0); chains whole: {whole}")
    return int(bool(bad or left or named or wrong or not whole))


if __name__ == "__main__":
    sys.exit(main())
