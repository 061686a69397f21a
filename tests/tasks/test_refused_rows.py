"""Rows with a mark of secrecy: refused alone, and the refusal, not the text, is an event."""

import json

import pytest

from monitor.domain.vocabulary import Channel
from monitor.services import upkeep
from monitor.storage import history
from monitor.tasks import sheets, staging
from tests.tasks.conftest import HEADER, LIN, row

SECRET = "某项目的部署情况不得外传"


def refusals(desk):
    with desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds
        found = [event for event in history.latest(ctx.session) if event.what == "secrecy_refused"]
    assert all(SECRET not in event.details for event in found)
    return [json.loads(event.details) for event in found]


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_command_that_refuses_rows_is_an_event(desk, tmp_path, dry_run):
    path = tmp_path / "转办.csv"
    marked = row(1, text=f"机密★ {SECRET}"), row(2, day=f"秘密★1年 {SECRET}")
    path.write_text("\n".join([HEADER, row(0), *marked]), encoding="utf-8")

    tally, _ = sheets.take_file(desk, path, Channel.HOTLINE, person=LIN, dry_run=dry_run)
    assert (tally.created, tally.rejected) == (1, 2)
    assert refusals(desk) == [{"via": "sheet", "channel": "hotline", "rows": 2}]


def test_an_upload_that_refuses_rows_is_one_event_though_it_is_confirmed(desk, upload):
    run = upload.confirmed(row(0), row(1, text=f"机密★ {SECRET}"))
    assert refusals(desk) == [{"via": "sheet", "channel": "hotline", "rows": 1}]

    staging.store(desk, run)
    assert (upload.run(run).created, upload.run(run).rejected) == (1, 1)
    assert len(refusals(desk)) == 1


def test_a_file_without_marks_refuses_nothing(desk, tmp_path):
    path = tmp_path / "转办.csv"
    path.write_text(
        "\n".join([HEADER, row(0), row(1, text="请保密，涉及商业秘密")]), encoding="utf-8"
    )

    tally, _ = sheets.take_file(desk, path, Channel.HOTLINE, person=LIN)
    assert (tally.created, refusals(desk)) == (2, [])
