"""The leaf's door: an open file to cleaned rows, or to the reason why not."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from monitor.channels.sheet import header as headers
from monitor.channels.sheet.cells import written
from monitor.channels.sheet.columns import Columns
from monitor.channels.sheet.guard import SECONDS_PER_ROWS, Guard, open_sheet
from monitor.channels.sheet.header import Header, Recall
from monitor.channels.sheet.refusals import SheetRefused
from monitor.channels.sheet.rows import Ask, Rows
from monitor.domain.errors import SecrecyMarked
from monitor.domain.letters import Incoming, RowError
from monitor.domain.vocabulary import Channel

LARGEST_MB = 100
DAYS_OF_1904 = 1_462
MARK_RULE = "保守国家秘密法"
MARK_REMEDY = "涉密件不得在本系统登记或保存；请改走涉密渠道办理。"

Head = list[tuple[int, list[str]]]


@dataclass
class Sheet:
    """What was recognised, and the rows as they come; `count` grows while they are read."""

    name: str
    header_row: int
    mapped: Mapping[str, str]
    fingerprint: str
    ignored_sheets: tuple[str, ...]
    rows: Iterator[Incoming | RowError]
    _plan: Rows = field(repr=False)
    _guard: Guard = field(repr=False)
    count: int = 0

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that are no field of ours, nameless ones too once a row held something there."""
        strays = (headers.nameless(index) for index in sorted(self._plan.strays))
        return (*self._plan.header.unknown, *strays)

    @property
    def child_pid(self) -> int:
        """The reading process, for measurements."""
        return self._guard.pid


@dataclass
class _Choice:
    """The sheet to import, as the parent recognised it."""

    name: str
    header: Header
    shift: int


@contextmanager
def read(
    fd: int,
    name: str,
    *,
    channel: Channel,
    now: datetime,
    columns: Columns,
    marked: Callable[[str], bool],
    mapping: Mapping[str, str] | None = None,
    recall: Recall | None = None,
    seconds: float = SECONDS_PER_ROWS,
    guard: Guard | None = None,
) -> Iterator[Sheet]:
    """Open a table behind a descriptor; the rows stream while the block is open.

    `mapping` is header to field (code or label, empty to leave a column out); `recall` finds a
    remembered mapping by the header's fingerprint; `guard` keeps a child that began before, under
    an allowance of its own. A secrecy mark in the file's name, in title lines, other sheets or
    properties raises SecrecyMarked before any row is given; a marked row becomes a RowError.
    Anything that is no readable table raises SheetRefused.
    """
    size = os.fstat(fd).st_size
    if size == 0:
        raise SheetRefused("empty")
    if size > LARGEST_MB << 20:
        raise SheetRefused("too_large", {"limit": LARGEST_MB})
    _refuse_mark(marked, PurePath(name).stem, "文件名")
    with nullcontext(guard) if guard else open_sheet(fd, seconds) as guard:
        opening = _Opening(guard, columns, marked, mapping, recall)
        choice, first = opening.choose()
        plan = Rows(choice.header, columns, Ask(channel, now, marked), choice.shift)
        sheet = Sheet(
            name=choice.name,
            header_row=choice.header.last_row,
            mapped=choice.header.mapped,
            fingerprint=choice.header.fingerprint,
            ignored_sheets=tuple(opening.ignored),
            rows=iter(()),
            _plan=plan,
            _guard=guard,
        )
        sheet.rows = _rows(sheet, first, opening.frames)
        yield sheet


def _rows(
    sheet: Sheet, first: dict[str, Any] | None, frames: Iterator[dict[str, Any]]
) -> Iterator[Incoming | RowError]:
    after, plan = sheet.header_row, sheet._plan
    frame = first
    while frame is not None:
        for number, cells in frame.get("rows", ()):
            if number > after and (found := plan.read(number, cells)) is not None:
                sheet.count += 1
                yield found
        frame = next(frames, None)


def _refuse_mark(marked: Callable[[str], bool], text: str, where: str) -> None:
    if text and marked(text):
        raise SecrecyMarked(
            f"{where}带有国家秘密标志，整份文件没有接收，也没有保存。",
            remedy=MARK_REMEDY,
            rule=MARK_RULE,
        )


class _Opening:
    """The talk with the child up to the first row: everything beside the rows is seen here."""

    def __init__(
        self,
        guard: Guard,
        columns: Columns,
        marked: Callable[[str], bool],
        mapping: Mapping[str, str] | None,
        recall: Recall | None,
    ) -> None:
        self.guard = guard
        self.columns = columns
        self.marked = marked
        self.mapping = mapping
        self.recall = recall
        self.frames = guard.frames()
        self.ignored: list[str] = []
        self.heads: list[Head] = []
        self.hidden_fit = False

    def choose(self) -> tuple[_Choice, dict[str, Any] | None]:
        """The first visible sheet with a header, and the first frame of its rows if any."""
        choice: _Choice | None = None
        for frame in self.frames:
            if "aside" in frame:
                for text in frame["texts"]:
                    _refuse_mark(self.marked, text, "文件中（表外的文字或其他工作表）")
            elif "sheet" in frame:
                found = self._look(frame, taken=choice is not None)
                self.guard.answer("take" if found else "aside")
                choice = choice or found
            else:
                assert choice is not None
                return choice, frame
        if choice is None:
            raise self._nothing()
        return choice, None

    def _look(self, frame: dict[str, Any], *, taken: bool) -> _Choice | None:
        name = str(frame["sheet"])
        _refuse_mark(self.marked, name, "工作表名")
        head: Head = [(number, [written(cell) for cell in row]) for number, row in frame["head"]]
        if not head:
            return None
        found = None
        if not taken:
            found = headers.find(head, self.columns, self.mapping, self.recall)
            self.heads.append(head)
        if found is None or frame["hidden"]:
            self.hidden_fit = self.hidden_fit or found is not None
            self.ignored.append(name)
            return None
        for number, row in head:
            if number <= found.last_row:
                for joint in ("\n", ""):
                    _refuse_mark(self.marked, joint.join(row), "表头或标题行")
        return _Choice(name, found, DAYS_OF_1904 if frame.get("epoch1904") else 0)

    def _nothing(self) -> SheetRefused:
        if self.hidden_fit:
            return SheetRefused("hidden")
        if not self.heads:
            return SheetRefused("no_cells")
        return headers.missing(self.heads, self.columns)
