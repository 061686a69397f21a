"""The timetable: all that happens without a person, on one page."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.domain.workdays import SHANGHAI
from monitor.services import upkeep
from monitor.services.attachments import tidying
from monitor.services.desk import Desk
from monitor.services.supervision import sweeping
from monitor.storage import doors
from monitor.storage.history import JobRun

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
        log.error("audit chain broken: %s", verdict.broken)


def watch(desk: Desk) -> None:
    """Look at every clock whose moment has come: warnings, cards, chases."""
    swept = sweeping.sweep(desk)
    if swept.failed:
        message = f"{len(swept.failed)} orders could not be judged"
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
    """Learn from the day's decisions."""
    from monitor.tasks import training

    training.retrain(desk)


_SECONDS, _MINUTES, _HOURS = timedelta(seconds=50), timedelta(minutes=50), timedelta(hours=20)
_SETTLED = timedelta(seconds=20)
SEAL = Job("seal", "核对事件链并日封", {"trigger": "cron", "hour": 0, "minute": 30}, seal, _MINUTES)
TIMETABLE = (
    Job("beat", "值守心跳", {"trigger": "interval", "minutes": 1}, beat, _SECONDS),
    Job("watch", "巡检时限、亮牌", {"trigger": "interval", "minutes": 1}, watch, _SECONDS),
    Job("sweep", "清理登录失败记录", {"trigger": "interval", "hours": 1}, sweep, _MINUTES),
    SEAL,
    Job("tidy", "清理无主附件", {"trigger": "cron", "hour": 1, "minute": 30}, tidy, _HOURS),
    Job("learn", "从决定中学习", {"trigger": "cron", "hour": 2, "minute": 0}, learn, _HOURS),
)


def once(desk: Desk, job: Job) -> None:
    """Run a job now and keep how it went; a failure is kept and logged, never lost."""
    with desk.writing() as ctx:
        last = ctx.session.get(JobRun, job.name, with_for_update=True)
        if last is not None and ctx.now - last.started_at < job.apart:
            # Another process keeps the same watch and was first.
            return
        ctx.session.merge(JobRun(name=job.name, label=job.label, started_at=ctx.now))
    error = ""
    try:
        job.deed(desk)
    except Exception as failure:  # the timetable goes on; the page shows what failed
        error = type(failure).__name__
        log.exception("job %s failed", job.name)
    with desk.writing() as ctx:
        run = ctx.session.get(JobRun, job.name)
        if run is not None:
            run.finished_at, run.error = datetime.now(UTC), error
            ctx.session.add(run)


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
    scheduler.start()
    starter.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        starter.join(timeout=10)
        durable.stop()
