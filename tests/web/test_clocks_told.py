"""A due time has one story: the page, the machine door and the command tell the same."""

import io
import re
import sys
from contextlib import redirect_stdout, suppress
from datetime import datetime

import orjson
import pytest

from monitor import cli
from monitor.domain.vocabulary import Channel
from monitor.domain.workdays import SHANGHAI, local
from monitor.services.office import machines
from monitor.storage import deadlines
from tests.web import casefile


@pytest.fixture
def asked(desk, visitor):
    with desk.writing() as ctx:
        token = machines.add_key(ctx, "热线平台")
    machine = visitor()

    def ask(number):
        return machine.get(
            f"/api/v1/orders/{number}/clocks", headers={"authorization": f"Bearer {token}"}
        )

    return ask


@pytest.fixture
def monitor_due(monkeypatch, tmp_path):
    def ask(rule, started):
        out = io.StringIO()
        words = ["due", "--rule", rule, "--from", started, "--json"]
        monkeypatch.setattr(sys, "argv", ["monitor", "--home", str(tmp_path), *words])
        with redirect_stdout(out), suppress(SystemExit):
            cli.main()
        return orjson.loads(out.getvalue())

    return ask


def by_promise(answer):
    return {clock["promise"]: clock for clock in answer.json()["clocks"]}


def test_page_machine_and_command_tell_the_same_story(desk, asked, signed_in, monitor_due):
    number = casefile.in_hand(desk)
    order = casefile.look(desk, number)
    with desk.reading() as ctx:
        [stored] = [
            one for one in deadlines.of_order(ctx.session, order.id) if one.promise == "answer"
        ]

    machine = by_promise(asked(number))["answer"]
    started = local(stored.started_at).replace(tzinfo=None).isoformat()
    said = monitor_due(stored.rule, started)
    page = signed_in("zhou").get(f"/desk/orders/{number}?trace=answer").text

    for name in ("due", "rule", "version", "basis", "calendar", "sentence", "trace"):
        assert machine[name] == said[name], name
    assert datetime.fromisoformat(machine["due"]) == stored.due_at
    assert re.sub(r"<[^>]+>", "", machine["sentence"]) in re.sub(r"<[^>]+>", "", page)


def test_what_the_upstream_named_is_told_as_given(desk, asked):
    due = datetime(2026, 10, 30, 12, tzinfo=SHANGHAI)
    number = casefile.in_hand(desk, channel=Channel.HOTLINE, upstream_no="A1", upstream_due=due)

    told = by_promise(asked(number))["answer"]

    assert told["given"]
    assert datetime.fromisoformat(told["due"]) == due


def test_strangers_and_unknown_numbers_are_told_nothing(desk, asked, visitor):
    number = casefile.in_hand(desk)

    assert visitor().get(f"/api/v1/orders/{number}/clocks").status_code == 401
    assert asked("HY20000101-001").status_code == 404
