"""`monitor work` by the clock of a file: moved by days or hours, and so many times faster.

    python benchmarks/hurried.py HOME CLOCK

A minute of the timetable passes in as many seconds as the pace says, so that leases, retries and
rounds that take an office an afternoon are seen in minutes. Nothing else is changed.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

PACE = 20


class OfficeClock:
    """The office's time: read from a file each time, so that whoever writes it moves the clock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        """What a clock on the wall would say."""
        told = json.loads(self.path.read_text())
        passed = (time.time() - told["real"]) * PACE
        return datetime.fromisoformat(told["office"]) + timedelta(seconds=passed)

    def set(self, office: datetime) -> None:
        """From now on it is this moment."""
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps({"real": time.time(), "office": office.isoformat()}))
        draft.replace(self.path)


def main() -> None:
    from monitor import cli, jobs
    from monitor.cli import speaking

    home, clock = sys.argv[1:3]
    speaking.now_utc = OfficeClock(Path(clock))
    jobs.TIMETABLE = tuple(
        replace(job, trigger={"trigger": "interval", "minutes": job.trigger["minutes"] / PACE})
        for job in jobs.TIMETABLE
        if "minutes" in job.trigger
    )
    sys.argv = ["monitor", "--home", home, "work"]
    cli.main()


if __name__ == "__main__":
    main()
