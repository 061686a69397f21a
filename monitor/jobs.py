"""The timetable: all that happens without a person, on one page."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.attachments import tidying
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.notices import delivering
from monitor.services.supervision import escalating, sweeping
from monitor.storage import doors, history

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

log = logging.getLogger("monitor.jobs")


@dataclass(frozen=True)
class Job:
    """One line of the timetable: what, when, its Chinese name; runs lie at least `apart`."""

    name: str
    label: str
    trigger: dict[str, Any]
    deed: Callable[[Desk], object]
    apart: timedelta


def seal(desk: Desk) -> None:
    """Seal every finished day, and walk all chains."""
    with desk.writing() as ctx:
        upkeep.seal_days(ctx)
    with desk.reading() as ctx:
        verdict = upkeep.verify(ctx.session, ctx.keys)
    if not verdict.holds:
        log.error("audit chain broken in %d places: %s", len(verdict.faults), verdict.broken)


def watch(desk: Desk) -> None:
    """Look at every clock whose moment has come: warnings, cards, chases."""
    swept = sweeping.sweep(desk)
    if swept.failed:
        message = f"{len(swept.failed)} orders could not be judged"
        raise RuntimeError(message)


def escalate(desk: Desk) -> None:
    """Tell one step up what nobody has looked at in time."""
    passed = escalating.escalate(desk)
    if passed.failed:
        message = f"{len(passed.failed)} orders could not be passed up"
        raise RuntimeError(message)


def deliver(desk: Desk) -> None:
    """Send what waits to go out; what was refused for good is told here once."""
    done = delivering.deliver(desk)
    if done.failed:
        message = f"{done.failed} messages were refused for good"
        raise RuntimeError(message)


def sweep(desk: Desk) -> None:
    """Forget failed tries that no rule counts any more."""
    with desk.writing() as ctx:
        doors.drop_old_attempts(ctx.session, ctx.now - timedelta(days=1))


def beat(desk: Desk) -> None:
    """Say that the watch is kept: the run itself, as its row tells, is the sign of life."""
    del desk


def tidy(desk: Desk) -> None:
    """Forget files that nobody wants; say when one that is wanted is gone or was changed."""
    found = tidying.tidy(desk)
    if found.missing or found.changed:
        log.error("attachments: %s missing, %s changed", len(found.missing), len(found.changed))


def learn(desk: Desk) -> None:
    """Learn from the day's decisions; what came of it is proposed."""
    from monitor.tasks import apart, teaching

    apart.run(teaching.propose, desk)


def dispatch_alone(desk: Desk) -> None:
    """Send on what is surely suggested, where the office lets it go alone."""
    from monitor.tasks import alone

    alone.go(desk)


def hot(desk: Desk) -> None:
    """Find what many write about now."""
    from monitor.tasks import apart, hotspots

    apart.run(hotspots.watch, desk)


_SECONDS, _MINUTES, _HOURS = timedelta(seconds=50), timedelta(minutes=50), timedelta(hours=20)
_SETTLED = timedelta(seconds=20)
_LOOK, _JUMP = 3.0, 30.0
SEAL = Job("seal", "核对事件链并日封", {"trigger": "cron", "hour": 0, "minute": 30}, seal, _MINUTES)
TIMETABLE = (
    Job("beat", "值守心跳", {"trigger": "interval", "minutes": 1}, beat, _SECONDS),
    Job("watch", "巡检时限、亮牌", {"trigger": "interval", "minutes": 1}, watch, _SECONDS),
    Job("escalate", "没人看的报上一级", {"trigger": "interval", "minutes": 1}, escalate, _SECONDS),
    Job("alone", "自动分办", {"trigger": "interval", "minutes": 1}, dispatch_alone, _SECONDS),
    Job("deliver", "发出提醒", {"trigger": "interval", "minutes": 1}, deliver, _SECONDS),
    Job("sweep", "清理登录失败记录", {"trigger": "interval", "hours": 1}, sweep, _MINUTES),
    Job("hot", "发现热点和苗头", {"trigger": "interval", "hours": 1}, hot, _MINUTES),
    SEAL,
    Job("tidy", "清理无主附件", {"trigger": "cron", "hour": 1, "minute": 30}, tidy, _HOURS),
    Job("learn", "从决定中学习", {"trigger": "cron", "hour": 2, "minute": 0}, learn, _HOURS),
)


def once(desk: Desk, job: Job, *, asked: bool = False) -> None:
    """Run a job now and keep how it went; a failure is kept and logged, never lost.

    Of several processes that fire together one runs it; `asked` runs it though it just ran.
    """
    with desk.writing() as ctx:
        _put_down(ctx, job)
        last = history.job_run(ctx.session, job.name, hold=True)
        if last is None or (asked and last.asked_at is None):
            return
        since = ctx.now - last.started_at if last.started_at else job.apart
        # Where the clock was put back, the last run lies ahead: that is no reason to wait for it.
        if not asked and timedelta(0) <= since < job.apart:
            return
        last.started_at, last.finished_at, last.asked_at = ctx.now, None, None
        ctx.session.add(last)
    begun, error, words = time.monotonic(), "", ""
    try:
        job.deed(desk)
    except Exception as failure:  # the timetable goes on; the page shows what failed
        error = words = type(failure).__name__
        if isinstance(failure, RuntimeError):
            words = str(failure)
        log.exception("job %s failed", job.name)
    with desk.writing() as ctx:
        run = history.job_run(ctx.session, job.name, hold=True)
        if run is not None:
            run.finished_at, run.error = ctx.now, error
            run.took = time.monotonic() - begun
            if error:
                run.failed_at, run.failure = ctx.now, words
            ctx.session.add(run)


def _put_down(ctx: Context, job: Job) -> None:
    place = [one.name for one in TIMETABLE].index(job.name) if job in TIMETABLE else 0
    row = {"name": job.name, "label": job.label, "position": place, "plan": plan(job)}
    history.put_down(ctx.session, row)


def plan(job: Job) -> str:
    """How often a job runs, in words."""
    told = job.trigger
    if told["trigger"] == "cron":
        return f"每日 {told['hour']:02d}:{told['minute']:02d}"
    return f"每 {told['hours']} 小时" if "hours" in told else f"每 {told['minutes']} 分钟"


def run(desk: Desk) -> None:
    """Keep the watch until Ctrl-C."""
    stop = threading.Event()
    with beside(desk, slot="work"):
        try:
            stop.wait()
        except KeyboardInterrupt:
            log.info("the watch ends")


@contextmanager
def beside(desk: Desk, *, slot: str) -> Iterator[None]:
    """Keep the watch in threads of this process while the block runs."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from monitor.tasks import durable

    scheduler: BaseScheduler = BackgroundScheduler(timezone=SHANGHAI)
    for job in TIMETABLE:
        scheduler.add_job(
            once, args=(desk, job), id=job.name, coalesce=True, max_instances=1,
            misfire_grace_time=3600, **job.trigger,
        )  # fmt: skip
    # A machine that is off at night would never seal: what is due is made good after the start.
    scheduler.add_job(
        once, args=(desk, SEAL), trigger="date", id="seal-late",
        run_date=datetime.now(SHANGHAI) + _SETTLED, misfire_grace_time=None,
    )  # fmt: skip
    starter = threading.Thread(target=durable.start, args=(desk, slot), name="tasks", daemon=True)
    over = threading.Event()
    tending = threading.Thread(target=_tend, args=(desk, scheduler, over), daemon=True)
    scheduler.start()
    starter.start()
    tending.start()
    try:
        yield
    finally:
        over.set()
        scheduler.shutdown(wait=False)
        starter.join(timeout=10)
        tending.join(timeout=10)
        durable.stop()


def _tend(desk: Desk, scheduler: "BaseScheduler", over: threading.Event) -> None:
    """Run what people ask for; say when each runs next; set jobs anew when the clock jumps."""
    jobs = {job.name: job for job in TIMETABLE}
    ahead = _ahead()
    with desk.writing() as ctx:
        for job in TIMETABLE:
            _put_down(ctx, job)
    once(desk, TIMETABLE[0])
    while not over.wait(_LOOK):
        try:
            if abs(_ahead() - ahead) > _JUMP:
                ahead = _ahead()
                _set_anew(scheduler)
            for name in _asked(desk, {one.id: one.next_run_time for one in scheduler.get_jobs()}):
                if name in jobs:
                    once(desk, jobs[name], asked=True)
        except Exception:  # the watch goes on; the next round tries again
            log.exception("the timetable could not be tended")


def _asked(desk: Desk, planned: dict[str, datetime]) -> list[str]:
    """The jobs of which a run is asked for; says by the way when each runs next."""
    with desk.reading() as ctx:
        asked = history.asked_jobs(ctx.session)
        known = history.job_runs(ctx.session)
    moved = [name for name, run in known.items() if run.next_at != planned.get(name)]
    if moved:
        with desk.writing() as ctx:
            for name in moved:
                run = history.job_run(ctx.session, name, hold=True)
                if run is not None:
                    run.next_at = planned.get(name)
                    ctx.session.add(run)
    return asked


def _ahead() -> float:
    """How far the wall clock is ahead of the clock that nobody can set, in seconds."""
    return datetime.now(UTC).timestamp() - time.monotonic()


def _set_anew(scheduler: "BaseScheduler") -> None:
    """A job waits for a moment of the wall clock: after a jump that is another one."""
    now = datetime.now(SHANGHAI)
    for job in scheduler.get_jobs():
        if job.id in {one.name for one in TIMETABLE}:
            job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
    log.warning("the clock of this machine jumped: the timetable was set anew")
