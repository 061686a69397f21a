"""The same numbers by many doors in the same instant: one order each, and nobody is turned away."""

import threading

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import func, select

from monitor.domain.access import Acting
from monitor.services import upkeep
from monitor.steps import intake
from monitor.storage.orders import Order
from monitor.tasks import importing
from tests.steps.conftest import MORNING
from tests.steps.letters import row

ROWS = 40


def test_imports_and_single_callers_of_the_same_numbers_make_one_order_each(office):
    rows = [row(MORNING, f"R{place}") for place in range(ROWS)]
    start = threading.Barrier(6)
    tallies, failures = [], []

    def work(place):
        start.wait()
        try:
            if place % 2:
                tallies.append(importing.store(office.desk, Acting("导入"), rows))
                return
            for one in rows[::4]:
                with office.desk.writing() as ctx:
                    intake.receive_one(ctx, one)
        except SQLAlchemyError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with office.desk.reading() as ctx:
        stored = ctx.session.exec(select(func.count()).select_from(Order)).one()
        verdict = upkeep.verify(ctx.session, office.desk.keys)
    assert failures == []
    assert stored == ROWS
    assert [(tally.read, tally.rejected) for tally in tallies] == [(ROWS, 0)] * 3
    assert sum(tally.created for tally in tallies) <= ROWS
    assert verdict.holds
