"""Import a sheet: read rows ahead in a second process, store them some chunks at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Protocol

from monitor.channels.sheet import MARKED_COLUMN
from monitor.domain.access import Acting
from monitor.domain.letters import Incoming, RowError
from monitor.services import preparing, rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.preparing import Whole
from monitor.services.rulebook import Guide
from monitor.settings import Settings
from monitor.steps import intake
from monitor.tasks.apart import another_process, rarely_collecting, wake_reader

CHUNK = 500
# So many chunks are one transaction: the index of words is written for all of them at once.
_TOGETHER = 2
# Below this a second process costs more than it gives.
_WORTH_A_PROCESS = 400
_AHEAD = 3
_MOST_ERRORS = 10_000

Read = Incoming | RowError
Reads = Future[list[Whole]]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows that are read together, and the cells of each record as they will be kept."""

    rows: list[Read]
    letters: list[Incoming]
    cells: list[bytes | None]

    @classmethod
    def of(cls, rows: list[Read]) -> "_Chunk":
        """Rows looked into as far as that takes no database."""
        letters = [row for row in rows if not isinstance(row, RowError)]
        return cls(rows, letters, intake.written(letters))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Titles and texts to be read."""
        return [(letter.title, letter.text) for letter in self.letters]


class Prepare(Protocol):
    """Reads titles and texts; what is not `indexed` leaves that to the storing process."""

    def __call__(self, messages: Sequence[tuple[str, str]], *, indexed: bool = True) -> Reads:
        """What is read, now or soon."""
        ...


@dataclass
class Tally:
    """What became of the rows so far: read = created + updated + unchanged + rejected."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def count(self, outcome: str, error: RowError | None) -> None:
        """Add one row."""
        self.read += 1
        setattr(self, outcome, getattr(self, outcome) + 1)
        if error is not None and len(self.errors) < _MOST_ERRORS:
            self.errors.append(
                {
                    "row": error.row,
                    "column": error.column,
                    "message": error.message,
                    "remedy": error.remedy,
                }
            )


@contextmanager
def readers(settings: Settings, guide: Guide, *, ahead: bool) -> Iterator[Prepare]:
    """How texts are read: ahead in a process of its own, or here and now."""
    if not ahead:

        def now(messages: Sequence[tuple[str, str]], *, indexed: bool = True) -> Reads:
            return _done(preparing.prepare_whole(settings, guide, messages, indexed=indexed))

        yield now
        return
    with another_process() as pool:
        pool.submit(wake_reader, settings, guide.words)

        def soon(messages: Sequence[tuple[str, str]], *, indexed: bool = True) -> Reads:
            return pool.submit(preparing.prepare_whole, settings, guide, messages, indexed=indexed)

        yield soon


@contextmanager
def reader(desk: Desk, *, ahead: bool) -> Iterator[Prepare]:
    """How texts are read by the rules in force; one ahead loads its models at once."""
    with desk.reading() as ctx:
        guide = rulebook.current(ctx).guide
    with readers(desk.settings, guide, ahead=ahead) as prepare:
        yield prepare


def store(
    desk: Desk,
    person: Acting,
    rows: Iterable[Read],
    *,
    prepare: Prepare | None = None,
    progress: Callable[[Tally], None] = lambda _: None,
    after: Callable[[Context, Tally], None] = lambda _ctx, _tally: None,
) -> Tally:
    """Take rows in, one transaction a chunk; `after` runs inside each of them.

    Without `prepare`, the number of rows decides where they are read.
    """
    return store_chunks(
        desk, person, chunked(rows), Tally(), prepare=prepare, progress=progress, after=after
    )


def store_chunks(
    desk: Desk,
    person: Acting,
    chunks: Iterator[list[Read]],
    tally: Tally,
    *,
    prepare: Prepare | None = None,
    progress: Callable[[Tally], None] = lambda _: None,
    after: Callable[[Context, Tally], None] = lambda _ctx, _tally: None,
    seen: intake.Seen | None = None,
) -> Tally:
    """Take chunks in, counting on from a tally that an earlier run had reached."""
    seen = {} if seen is None else seen
    with ExitStack() as opened:
        opened.enter_context(rarely_collecting())
        fetched = _Fetched(chunks, opened.enter_context(ThreadPoolExecutor(1, "rows")))
        first = next(fetched, None)
        if first is None:
            return tally
        if prepare is None:
            ahead = len(first.rows) >= _WORTH_A_PROCESS
            prepare = opened.enter_context(reader(desk, ahead=ahead))
        works = _read_ahead(chain([first], fetched), prepare)
        while together := list(islice(works, _TOGETHER)):
            _store_chunks(desk, person, together, tally, after, seen, fetched.begin)
            progress(tally)
    return tally


class _Fetched(Iterator[_Chunk]):
    """The chunks, one by one; the next may be looked into while the database commits.

    Only then: wherever else it writes it asks for the interpreter at every row, and would wait.
    """

    def __init__(self, chunks: Iterator[list[Read]], hand: Executor) -> None:
        self._chunks, self._hand = chunks, hand
        self._coming: deque[Future[_Chunk | None]] = deque()

    def begin(self) -> None:
        """Look into the next chunks beside whatever is done now."""
        while len(self._coming) < _TOGETHER:
            self._coming.append(self._hand.submit(self._fetch))

    def __next__(self) -> _Chunk:
        if not self._coming:
            self._coming.append(self._hand.submit(self._fetch))
        chunk = self._coming.popleft().result()
        if chunk is None:
            raise StopIteration
        return chunk

    def _fetch(self) -> _Chunk | None:
        rows = next(self._chunks, None)
        return None if rows is None else _Chunk.of(rows)


def _read_ahead(chunks: Iterable[_Chunk], prepare: Prepare) -> Iterator[tuple[_Chunk, Reads]]:
    """Chunks whose texts are being read; some wait, so that neither process waits for the other.

    A reader that is ahead does more of the work, one that is behind less.
    """
    waiting: deque[tuple[_Chunk, Reads]] = deque()
    for chunk in chunks:
        ahead = not waiting or waiting[0][1].done()
        waiting.append((chunk, prepare(chunk.messages, indexed=ahead)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting


def rehearse(
    desk: Desk,
    person: Acting,
    rows: Iterable[Read],
    *,
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """What an import would do, without writing anything."""
    tally = Tally()
    seen: intake.Seen = {}
    for chunk in chunked(rows):
        with desk.reading(person) as ctx:
            letters = [row for row in chunk if not isinstance(row, RowError)]
            receipts = iter(intake.rehearse(ctx, letters, seen))
        for row in chunk:
            if isinstance(row, RowError):
                tally.count("rejected", row)
            else:
                receipt = next(receipts)
                tally.count(receipt.outcome, receipt.error)
        progress(tally)
    return tally


def _store_chunks(
    desk: Desk,
    person: Acting,
    works: list[tuple[_Chunk, Reads]],
    tally: Tally,
    after: Callable[[Context, Tally], None],
    seen: intake.Seen,
    meanwhile: Callable[[], None],
) -> None:
    read = [(chunk, future.result()) for chunk, future in works]
    counted = Tally(tally.read, tally.created, tally.updated, tally.unchanged, tally.rejected)
    counted.errors = list(tally.errors)
    with desk.writing(person) as ctx:
        for chunk, prepared in read:
            receipts = iter(_receive(ctx, chunk, prepared, seen))
            for row in chunk.rows:
                if isinstance(row, RowError):
                    counted.count("rejected", row)
                else:
                    receipt = next(receipts)
                    counted.count(receipt.outcome, receipt.error)
            after(ctx, counted)
        meanwhile()
    tally.__dict__.update(counted.__dict__)


def _receive(
    ctx: Context, chunk: _Chunk, prepared: Sequence[preparing.Read], seen: intake.Seen
) -> list[intake.Receipt]:
    if not chunk.letters:
        return []
    return intake.receive(ctx, chunk.letters, cells=chunk.cells, prepared=prepared, seen=seen)


def marked_rows(tally: Tally) -> int:
    """How many rows were refused for a mark of secrecy, among the errors that are kept."""
    return sum(error["column"] == MARKED_COLUMN for error in tally.errors)


def chunked(rows: Iterable[Read]) -> Iterator[list[Read]]:
    """Rows in portions that are read together."""
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _done(prepared: list[Whole]) -> Future[list[Whole]]:
    future: Future[list[Whole]] = Future()
    future.set_result(prepared)
    return future
