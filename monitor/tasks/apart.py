"""Heavy work in a process of its own: neither its memory nor its turns are the service's."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, TypeVar

from classifiers import Words
from monitor.services import preparing
from monitor.settings import Settings

if TYPE_CHECKING:
    from monitor.services.desk import Desk

Result = TypeVar("Result")
_RARELY = (100_000, 20, 20)
# Several may pass at once, and end in another order: the last one restores what was before.
_turn = threading.Lock()
_deep, _before = 0, gc.get_threshold()


@contextmanager
def another_process() -> Iterator[ProcessPoolExecutor]:
    """One more process, that ends with this one, killed ones included."""
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def run(work: "Callable[[Desk], Result]", desk: "Desk") -> Result:
    """What the work returns or raises, done at a desk of its own at this very moment."""
    with another_process() as pool:
        return pool.submit(_at_own_desk, work, desk.settings, desk.clock()).result()


def wake_reader(settings: Settings, words: Words) -> None:
    """Fetch what reading needs in this process; other work still finds its way in a file."""
    preparing.prepare(settings, words, [("", "预备")])
    # The models stay: going through them in search of garbage costs a tenth of the reading.
    gc.collect()
    gc.freeze()


def _at_own_desk(work: "Callable[[Desk], Result]", settings: Settings, now: datetime) -> Result:
    # A process that only reads has no use for a database, and half a second to save.
    from monitor.services.desk import Desk

    desk = Desk.open(settings, lambda: now)
    try:
        return work(desk)
    finally:
        desk.database.dispose()


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """While rows pass by in their thousands, look for garbage rarely: it is a seventh of the work.

    What a row leaves behind goes by itself; only rings of objects wait.
    """
    global _deep, _before
    with _turn:
        if not _deep:
            _before = gc.get_threshold()
            gc.set_threshold(*_RARELY)
        _deep += 1
    try:
        yield
    finally:
        with _turn:
            _deep -= 1
            if not _deep:
                gc.set_threshold(*_before)


def _begin() -> None:
    gc.set_threshold(*_RARELY)
    parent = parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, name="parent", daemon=True).start()
