"""Every write of intake, of each move, of a round and of a delivery fails in every way, in turn.

python benchmarks/fault_sweep.py [sqlite|postgresql]

What the tests do for each kind of write, here for all of them: the lives that make every move of
the table, each deed tried until none of its writes fails; after each failure every row of every
table is as it was. On PostgreSQL a lost connection is a backend that was really ended.
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from bases import bases

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from monitor.domain.lifecycle import MOVES  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.storage.db import Database  # noqa: E402
from tests.steps.conftest import founded  # noqa: E402
from tests.steps.failing import failing  # noqa: E402
from tests.steps.lives import LIVES  # noqa: E402
from tests.steps.sweeper import Sweeper  # noqa: E402


def main() -> int:
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    logging.disable()
    os.environ["MONITOR_MAIL_HOST"] = "127.0.0.1"
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, bases(kind) as base:
        settings = Settings(home=Path(name) / "home", database_url=base("sweep"))
        fresh = Database(settings.url)
        fresh.migrate()
        fresh.dispose()
        with failing(settings.url) as (database, trap):
            sweeper = Sweeper(founded(settings, database), trap, thorough=True)
            for life in LIVES:
                sweeper.live(life)
            rounds, sent = sweeper.watch_rounds(), sweeper.deliveries()
            missed = set(MOVES) - sweeper.made()
    print(f"{kind}: {sweeper.faults} failed writes, each deed whole or not at all (0 halves); "
          f"{len(MOVES) - len(missed)} of {len(MOVES)} moves, {rounds} writes of a round, "
          f"{sent} of a delivery; {time.perf_counter() - begun:.0f} s")  # fmt: skip
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
