"""An upload: checked and kept encrypted, confirmed, stored; killed anywhere and taken up again."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from monitor.domain.errors import NotFound, Refused
from monitor.services import upkeep
from monitor.services.context import Context
from monitor.storage import history
from monitor.storage.orders import Order
from monitor.tasks import importing, staging
from tests.tasks.conftest import LIN, NAME, NOW, TEXT, Killed, row

SECRET = "某项目的部署情况不得外传"


def orders(desk) -> list[str]:
    with desk.reading() as ctx:
        return sorted(ctx.session.exec(select(Order.upstream_no)))


def figures(run) -> tuple[int, ...]:
    return run.read, run.created, run.updated, run.unchanged, run.rejected


def sound(desk) -> bool:
    with desk.reading() as ctx:
        return upkeep.verify(ctx.session, ctx.keys).holds


def happened(desk, what: str) -> list[str]:
    with desk.reading() as ctx:
        return [event.details for event in history.latest(ctx.session) if event.what == what]


def test_a_checked_upload_waits_encrypted(desk, upload):
    run = upload.check(*map(row, range(5)), row(5, day="后天"))

    found = upload.run(run)
    assert (found.state, found.chunks, found.name) == ("ready", 3, "转办.csv")
    assert found.rehearsal["created"] == 5
    assert found.rehearsal["rejected"] == 1
    assert [error["row"] for error in found.errors] == [7]
    assert orders(desk) == []
    assert len(upload.staged()) == 3
    kept = b"".join(path.read_bytes() for path in upload.staged())
    assert NAME.encode() not in kept
    assert TEXT.encode() not in kept


def test_a_confirmed_upload_is_stored_once(desk, upload):
    run = upload.confirmed(*map(row, range(5)), row(5, day="后天"))
    staging.store(desk, run)
    staging.store(desk, run)

    found = upload.run(run)
    assert (found.state, found.chunks_done, figures(found)) == ("done", 3, (6, 5, 0, 0, 1))
    assert [error["row"] for error in found.errors] == [7]
    assert orders(desk) == [f"T{n:03d}" for n in range(5)]
    assert upload.staged() == []
    assert happened(desk, "imported") == ['{"channel":"hotline","created":5,"updated":0}']
    with desk.reading() as ctx:
        actors = set(ctx.session.exec(select(Order.registered_by)))
    assert actors == {"林（lin）"}
    assert sound(desk)


def test_the_same_file_again_changes_nothing(desk, upload):
    staging.store(desk, upload.confirmed(*map(row, range(5))))
    events = count_events(desk)
    run = upload.confirmed(*map(row, range(5)))
    staging.store(desk, run)

    assert figures(upload.run(run)) == (5, 0, 0, 5, 0)
    assert count_events(desk) == events


def count_events(desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(history.Event)).one()


@pytest.mark.parametrize("after_commit", [False, True], ids=["before commit", "after commit"])
@pytest.mark.parametrize("nth", [1, 2, 4])
def test_killed_anywhere_it_is_finished_and_nothing_twice(desk, upload, dies, nth, after_commit):
    run = upload.confirmed(*map(row, range(6)), row(6, day="后天"), row(0))
    dies(nth, after_commit=after_commit)
    with pytest.raises(Killed):
        staging.store(desk, run)

    left = upload.run(run)
    done = nth if after_commit else nth - 1
    assert (left.state, left.chunks_done, left.read) == ("running", done, 2 * done)
    assert len(orders(desk)) == min(2 * done, 6)
    assert sound(desk)

    staging.store(desk, run)
    found = upload.run(run)
    assert (found.state, figures(found)) == ("done", (8, 6, 0, 1, 1))
    assert [error["row"] for error in found.errors] == [8]
    assert orders(desk) == [f"T{n:03d}" for n in range(6)]
    assert len(happened(desk, "imported")) == 1
    assert upload.staged() == []
    assert sound(desk)


def test_of_chunks_stored_together_all_count_as_done_or_none(desk, upload, dies, monkeypatch):
    monkeypatch.setattr(importing, "_TOGETHER", 2)
    run = upload.confirmed(*map(row, range(9)))
    dies(2)
    with pytest.raises(Killed):
        staging.store(desk, run)
    assert (upload.run(run).chunks_done, len(orders(desk))) == (2, 4)

    staging.store(desk, run)

    assert (upload.run(run).state, figures(upload.run(run))) == ("done", (9, 9, 0, 0, 0))
    assert orders(desk) == [f"T{n:03d}" for n in range(9)]
    assert sound(desk)


def test_two_processes_do_not_store_the_same_chunk(desk, upload, monkeypatch):
    run = upload.confirmed(*map(row, range(5)))
    keep_count = staging.sheets.keep_count

    def other_was_first(ctx: Context, run_id, tally) -> None:
        keep_count(ctx, run_id, tally)
        staging.run_of(ctx, run_id).chunks_done += 1

    monkeypatch.setattr(staging.sheets, "keep_count", other_was_first)
    with pytest.raises(Refused):
        staging.store(desk, run)

    assert orders(desk) == ["T000", "T001"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("绝密★三十年,,,,,\n工单编号,受理时间,标题,主要内容,来电人,联系电话", [row(1)]),
        ("工单编号,受理时间,标题,主要内容,来电人,联系电话,备注秘密★", [row(1) + ",无"]),
    ],
    ids=["title line", "header"],
)
def test_a_marked_file_leaves_nothing(desk, upload, header, rows):
    run = upload.check(*rows, row(2, text=SECRET), header=header)

    found = upload.run(run)
    assert (found.state, found.name, found.rehearsal) == ("refused", "", {})
    assert found.failure
    assert upload.staged() == []
    assert happened(desk, "secrecy_refused") == ['{"channel":"hotline","via":"sheet"}']
    with desk.writing(LIN) as ctx, pytest.raises(Refused):
        staging.confirm(ctx, run)


def test_a_marked_row_is_not_even_staged(desk, upload):
    run = upload.confirmed(row(1), row(2, text=f"机密★ {SECRET}"), row(3))
    assert upload.run(run).rehearsal["rejected"] == 1
    with desk.reading() as ctx:
        for path in upload.staged():
            number = int(path.stem).to_bytes(4, "big")
            body = ctx.keys.unseal(path.read_bytes(), run.bytes + number + b"staged")
            assert SECRET.encode() not in body
    staging.store(desk, run)

    assert orders(desk) == ["T001", "T003"]
    assert SECRET not in str(upload.run(run).model_dump())


def test_an_upload_can_be_thrown_away_until_it_is_confirmed(desk, upload):
    run = upload.check(row(1))
    with desk.writing(LIN) as ctx:
        staging.discard(ctx, desk, run)
    assert (upload.run(run).state, upload.staged()) == ("discarded", [])

    kept = upload.confirmed(row(1))
    with desk.writing(LIN) as ctx:
        with pytest.raises(Refused):
            staging.discard(ctx, desk, kept)
        assert staging.confirm(ctx, kept).state == "queued"


def test_a_check_that_stands_still_died(desk, upload):
    with desk.writing(LIN) as ctx:
        run = staging.run_of(ctx, staging.open_run(ctx, "hotline", "转办.csv"))
        assert not staging.stalled(ctx, run)
        run.touched_at = NOW - timedelta(minutes=4)
        assert staging.stalled(ctx, run)


def test_an_unknown_import_is_not_found(desk):
    from uuid import uuid4

    with pytest.raises(NotFound):
        staging.store(desk, uuid4())
