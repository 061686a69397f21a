"""时间表: each job with its last run; a run can be asked for; without a watch the board says so."""

from datetime import timedelta

import pytest

from monitor import jobs
from monitor.storage import history

PAGE = "/admin/timetable"
BEAT = jobs.TIMETABLE[0]


def job(desk, name):
    with desk.reading() as ctx:
        return history.job_run(ctx.session, name)


def test_without_a_watch_the_board_and_the_supervision_desk_say_so(signed_in):
    for page in ("/desk/dashboard", "/desk/supervision"):
        assert "没有进程在值守" in signed_in("qian").get(page).text


def test_a_kept_watch_is_silent_and_one_that_stopped_is_told(desk, signed_in):
    jobs.once(desk, BEAT)
    assert "没有进程在值守" not in signed_in("qian").get("/desk/dashboard").text

    desk.clock.now += timedelta(minutes=6)
    assert "最后一次值守是" in signed_in("qian").get("/desk/dashboard").text


def test_the_page_tells_how_each_job_went(desk, signed_in):
    def fails(_):
        raise RuntimeError("2 messages were refused for good")

    jobs.once(desk, BEAT)
    jobs.once(desk, jobs.Job("deliver", "发出提醒", BEAT.trigger, fails, BEAT.apart))
    page = signed_in("xiang").get(PAGE).text

    assert "值守心跳" in page
    assert "每 1 分钟" in page
    assert "2 messages were refused for good" in page


def test_a_run_that_is_asked_for_is_run_once_though_it_just_ran(desk, signed_in):
    ran = []
    beat = jobs.Job("beat", "值守心跳", BEAT.trigger, ran.append, BEAT.apart)
    jobs.once(desk, beat)
    jobs.once(desk, beat)
    assert len(ran) == 1

    assert signed_in("xiang").fill(f"{PAGE}/beat/run", PAGE).status_code == 303
    assert "已请求运行" in signed_in("xiang").get(PAGE).text
    jobs.once(desk, beat, asked=True)
    jobs.once(desk, beat, asked=True)

    assert len(ran) == 2
    assert job(desk, "beat").asked_at is None


@pytest.mark.parametrize("hours", [-1, 1, -24, 24])
def test_a_clock_that_jumps_stops_no_job_and_doubles_none(desk, hours):
    ran = []
    beat = jobs.Job("beat", "值守心跳", BEAT.trigger, ran.append, BEAT.apart)
    jobs.once(desk, beat)
    desk.clock.now += timedelta(hours=hours)
    jobs.once(desk, beat)
    jobs.once(desk, beat)

    assert len(ran) == 2


def test_nobody_else_looks_at_the_timetable(signed_in):
    assert signed_in("qian").get(PAGE).status_code == 403
    assert signed_in("xiang").fill(f"{PAGE}/nothing/run", "/admin/office").status_code == 404
