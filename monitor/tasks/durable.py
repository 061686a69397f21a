"""Tasks that survive kill -9: enqueued once under a fixed id, finished by whoever lives (dbos)."""

import fcntl
import logging
import socket
import threading
from itertools import count
from typing import IO, TYPE_CHECKING
from uuid import UUID

from monitor.services.desk import Desk
from monitor.storage import imports
from monitor.storage.lists import bulk as bulk_runs
from monitor.storage.supervision import reckoning as reckonings
from monitor.tasks import bulk, reckoning, staging

if TYPE_CHECKING:
    from dbos import DBOSClient

log = logging.getLogger("monitor.tasks")

_APP = "response-desk"
_QUEUE = "imports"
_IMPORT = "store_import"
# A queue of its own: a hundred signatures do not wait for an import of a hundred thousand rows.
_MANY = "many"
_BULK = "go_on_with_many"
_RECKON = "reckon_again"
# One version for all: a task waits for no particular build, since each of its steps may run twice.
_VERSION = "1"

_lock = threading.Lock()
_desk: Desk | None = None
_held: IO[str] | None = None
_clients: dict[str, "DBOSClient"] = {}


def start(desk: Desk, slot: str) -> None:
    """Begin to run tasks in this process, and take up what a killed one left."""
    from dbos import DBOS

    global _desk, _held
    with _lock:
        if _desk is not None:
            return
        _desk = desk
        slot, _held = _free(desk, slot)
        DBOS(
            config={
                "name": _APP,
                "system_database_url": _address(desk),
                "executor_id": f"{socket.gethostname()}-{slot}",
                "application_version": _VERSION,
                "run_migrations": True,
                "log_level": "WARNING",
            }
        )
        DBOS.workflow(name=_IMPORT)(_store_import)
        DBOS.workflow(name=_BULK)(_go_on)
        DBOS.workflow(name=_RECKON)(_reckon)
        DBOS.launch()
        DBOS.register_queue(_QUEUE, global_concurrency=1, polling_interval_sec=0.5)
        DBOS.register_queue(_MANY, global_concurrency=2, polling_interval_sec=0.5)
    with desk.reading() as ctx:
        waiting = [run.id for run in imports.unfinished(ctx.session)]
        begun = [run.id for run in bulk_runs.unfinished(ctx.session)]
        reckoned = [run.id for run in reckonings.unfinished(ctx.session)]
    for run_id in reckoned:
        enqueue_reckoning(desk, run_id, again=True)
    for run_id in begun:
        enqueue_bulk(desk, run_id, again=True)
    for run_id in waiting:
        enqueue_import(desk, run_id, again=True)


def stop() -> None:
    """Stop taking up tasks; what runs is taken up at the next start."""
    global _desk, _held
    with _lock:
        if _desk is None:
            return
        from dbos import DBOS

        DBOS.destroy(workflow_completion_timeout_sec=0)
        _desk = None
        if _held is not None:
            _held.close()
            _held = None


def _free(desk: Desk, kind: str) -> tuple[str, IO[str]]:
    """A name that no living process of this home has, and the lock that keeps it.

    Under a shared name each start would take up what another process has in hand; under a new one
    nobody would take up what a killed process left.
    """
    folder = desk.settings.home / "slots"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in count(1):
        name = kind if number == 1 else f"{kind}-{number}"
        lock = (folder / f"{name}.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return name, lock
    raise AssertionError


def running_here() -> bool:
    """Whether this process takes up tasks."""
    return _desk is not None


def enqueue_import(desk: Desk, run_id: UUID, *, again: bool = False) -> None:
    """Have a confirmed import stored; asked twice, it still runs once."""
    _enqueue(desk, _QUEUE, _IMPORT, f"import-{run_id.hex}", run_id, again=again)


def enqueue_bulk(desk: Desk, run_id: UUID, *, again: bool = False) -> None:
    """Have a deed for many orders gone on with; asked twice, each order is still done once."""
    _enqueue(desk, _MANY, _BULK, f"many-{run_id.hex}", run_id, again=again)


def enqueue_reckoning(desk: Desk, run_id: UUID, *, again: bool = False) -> None:
    """Have open clocks reckoned again; asked twice, each is still moved once."""
    _enqueue(desk, _MANY, _RECKON, f"reckon-{run_id.hex}", run_id, again=again)


def _enqueue(desk: Desk, queue: str, task: str, name: str, run_id: UUID, *, again: bool) -> None:
    suffix = f"-{desk.clock():%Y%m%d%H%M%S}" if again else ""
    _client(desk).enqueue(
        {
            "queue_name": queue,
            "workflow_name": task,
            "workflow_id": f"{name}{suffix}",
            "app_version": _VERSION,
        },
        run_id.hex,
    )


def _store_import(run_hex: str) -> None:
    staging.store(_here(), UUID(run_hex))


def _go_on(run_hex: str) -> None:
    bulk.go_on(_here(), UUID(run_hex))


def _reckon(run_hex: str) -> None:
    reckoning.go_on(_here(), UUID(run_hex))


def _here() -> Desk:
    if _desk is None:
        message = "tasks are not running here"
        raise RuntimeError(message)
    return _desk


def _client(desk: Desk) -> "DBOSClient":
    from dbos import DBOSClient

    address = _address(desk)
    with _lock:
        if address not in _clients:
            _clients[address] = DBOSClient(system_database_url=address)
        return _clients[address]


def _address(desk: Desk) -> str:
    if desk.database.embedded:
        return f"sqlite:///{desk.settings.home.resolve() / 'tasks.sqlite'}"
    return desk.settings.url.replace("postgresql+psycopg://", "postgresql://", 1)
