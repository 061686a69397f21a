"""Reckon open clocks again after a change of the calendar: chunk by chunk, each in full or not."""

from dataclasses import replace
from uuid import UUID

from monitor.domain.access import Acting
from monitor.services.clockwork import calendars
from monitor.services.desk import Desk
from monitor.storage.supervision.reckoning import ReckonRun


def go_on(desk: Desk, run_id: UUID) -> None:
    """Do what is left of a run; may be asked twice and killed at any moment."""
    while _next(desk, run_id):
        pass


def _next(desk: Desk, run_id: UUID) -> bool:
    with desk.writing() as ctx:
        run = ctx.session.get(ReckonRun, run_id, with_for_update=True)
        if run is None or run.finished_at is not None:
            return False
        return calendars.go_on(replace(ctx, person=Acting(run.by)), run)
