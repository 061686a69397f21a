"""Heavy work in a process of its own: neither its memory nor its turns are the service's."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context, parent_process
from typing import TypeVar

from monitor.services.desk import Desk
from monitor.settings import Settings

Result = TypeVar("Result")
_RARELY = (20_000, 20, 20)
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


def run(work: Callable[[Desk], Result], desk: Desk) -> Result:
    """What the work returns or raises, done at a desk of its own at this very moment."""
    with another_process() as pool:
        return pool.submit(_at_own_desk, work, desk.settings, desk.clock()).result()


def _at_own_desk(work: Callable[[Desk], Result], settings: Settings, now: datetime) -> Result:
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
