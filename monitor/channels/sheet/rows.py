"""One row of cells to one Incoming, or to the reason why not; runs for every row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.channels.sheet import cells
from monitor.channels.sheet.columns import Columns
from monitor.channels.sheet.header import MOST_COLUMNS, Header, nameless
from monitor.channels.sheet.refusals import Unfit
from monitor.channels.sheet.times import Moments
from monitor.domain.letters import Incoming, Requester, RowError
from monitor.domain.vocabulary import Channel, Via

MARKED_COLUMN = "密级标志"
MARKED = "这一行带有国家秘密标志，没有接收，也没有保存。"
MARKED_REMEDY = "请从这份表格中移出这一行，改走涉密渠道办理。"
LONGEST_TEXT = 20_000
LONGEST_TITLE = 1_000
LONGEST_NUMBER = 64
LONGEST_PERSONAL = 500
LOST = "的长数字被表格软件按数值保存，末几位已经丢失，不能猜测。"
LOST_REMEDY = "请从原系统重新导出，并在导出前把这一列设为“文本”格式。"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the office knows when it reads: the channel, the moment, the secrecy test."""

    channel: Channel
    now: datetime
    marked: Callable[[str], bool]


class Rows:
    """The plan for one header, made once: which column goes where."""

    def __init__(self, header: Header, columns: Columns, ask: Ask, shift: int = 0) -> None:
        self.ask = ask
        self.names = list(header.names)
        self.width = len(self.names)
        self.header = header
        self.places: dict[str, int] = {}
        self.joined: dict[str, list[int]] = {}
        self.joints: dict[str, str] = {}
        self.upstream: list[tuple[str, int, bool]] = []
        for index in sorted(header.fields):
            field = columns.fields[header.fields[index]]
            if field.join is not None:
                self.joined.setdefault(field.code, []).append(index)
                self.joints[field.code] = field.join
                continue
            self.places[field.code] = index
            if field.part == "upstream":
                self.upstream.append((field.code, index, field.kind == "time"))
        self.labels = columns.labels
        self.moments = Moments(self.places, self.name, header.days(columns), ask.now, shift)
        self.nameless = [
            i for i in range(self.width) if i not in header.fields and not header.given[i]
        ]
        self.strays: set[int] = set()
        self.secrecy_columns = [i for i, name in enumerate(self.names) if "密级" in name]

    def read(self, row: int, raw: Sequence[Any]) -> Incoming | RowError | None:
        """None for a blank row or a repeated header."""
        values = [c if c == "" else cells.written(c) for c in raw]
        if not any(values) or self._repeats_header(values):
            return None
        try:
            self._refuse_mark(values)
            return self._build(row, raw, values)
        except Unfit as unfit:
            return RowError(row, unfit.column, unfit.message, unfit.remedy)

    def name(self, code: str) -> str:
        """The header under which this table has the field."""
        return self.names[self.places[code]] if code in self.places else self.labels[code]

    def _repeats_header(self, values: list[str]) -> bool:
        number, text = self.places["number"], self.places["text"]
        return (
            len(values) > max(number, text)
            and values[number] == self.names[number]
            and values[text] == self.names[text]
        )

    def _refuse_mark(self, values: list[str]) -> None:
        text = "\n".join([value for value in values if value])
        for index in self.secrecy_columns:
            if index < len(values) and values[index]:
                text += f"\n密级：{values[index]}"
        if self.ask.marked(text):
            raise Unfit(MARKED_COLUMN, MARKED, MARKED_REMEDY)

    def _build(self, row: int, raw: Sequence[Any], values: list[str]) -> Incoming:
        if len(values) < self.width:
            values += [""] * (self.width - len(values))
            raw = [*raw, *[""] * (self.width - len(raw))]
        self._refuse_giants(raw, values)
        places = self.places
        given = {code: v for code, i in places.items() if (v := values[i]) and v != cells.ERROR}
        number = self._number(raw)
        received, date_only = self.moments.received(raw)
        text = self._required("text", values)
        title = " ".join(given["title"].split()) if "title" in given else ""
        if len(title) > LONGEST_TITLE:
            raise Unfit(self.name("title"), f"标题超过 {LONGEST_TITLE} 字。", "请检查列是否错位。")
        upstream = self._upstream(raw, values)
        answer, answered_at = self.moments.answer(raw, given, received, date_only=date_only)
        for code in ("request_type", "urgency", "due") + (
            () if answer else ("answer", "answered_at")
        ):
            if code in given:
                upstream[code] = given[code]
        return Incoming(
            channel=self.ask.channel,
            via=Via.SHEET,
            text=text,
            received_at=received,
            title=title,
            date_only=date_only,
            upstream_no=number,
            place=self._joined("place", values),
            requester=self._requester(raw, given),
            consent=self._consent(given, upstream),
            request_type=cells.request_type(given.get("request_type", "")),
            urgency=cells.urgency(given.get("urgency", "")),
            upstream=upstream,
            upstream_due=self.moments.due(raw),
            answer=answer,
            answered_at=answered_at,
            source=self._source(values),
            row=row,
        )

    def _refuse_giants(self, raw: Sequence[Any], values: list[str]) -> None:
        if len(values) > MOST_COLUMNS and any(values[MOST_COLUMNS:]):
            message = f"这一行的内容超过 {MOST_COLUMNS} 列。"
            raise Unfit(nameless(MOST_COLUMNS), message, "请检查列是否错位。")
        for index, value in enumerate(values):
            cell = raw[index]
            if len(value) > LONGEST_TEXT or (cell.__class__ is list and cell[0] == "l"):
                raise Unfit(
                    self._title(index),
                    f"这个单元格超过 {LONGEST_TEXT:,} 字。",
                    "请检查是否粘连了多条内容；确需保留的，请缩短后再导入。",
                )

    def _title(self, index: int) -> str:
        return self.names[index] if index < self.width else nameless(index)

    def _number(self, raw: Sequence[Any]) -> str:
        cell = raw[self.places["number"]]
        name = self.name("number")
        if cell.__class__ is list and cell[0] in "dt":
            raise Unfit(name, "编号被表格软件改成了日期。", LOST_REMEDY)
        try:
            number = "" if cell.__class__ in (list, bool) else cells.digits(cell)
        except cells.LostDigitsError as lost:
            raise Unfit(name, f"“{name}”{LOST}", LOST_REMEDY) from lost
        if not number or cells.written(cell) == cells.ERROR:
            raise Unfit(name, f"“{name}”为空或是公式错误值。", "请补上编号后再导入。")
        if len(number) > LONGEST_NUMBER:
            raise Unfit(name, f"编号超过 {LONGEST_NUMBER} 个字符。", "请检查列是否错位。")
        return number

    def _required(self, code: str, values: list[str]) -> str:
        value = values[self.places[code]]
        if not value or value == cells.ERROR:
            name = self.name(code)
            raise Unfit(name, f"“{name}”为空或是公式错误值。", "请补上内容后再导入。")
        return value

    def _requester(self, raw: Sequence[Any], given: Mapping[str, str]) -> Requester:
        name = given.get("name", "")
        try:
            phone = self._digits("phone", raw, given)
            id_number = self._digits("id_number", raw, given)
        except cells.LostDigitsError as lost:
            code = str(lost)
            raise Unfit(self.name(code), f"“{self.name(code)}”{LOST}", LOST_REMEDY) from lost
        person = Requester(
            name="" if name in cells.NOBODY else name,
            phone=phone,
            id_number=id_number.upper(),
            address=given.get("address", ""),
            email=given.get("email", ""),
        )
        for code in ("name", "phone", "id_number", "address", "email"):
            if len(getattr(person, code)) > LONGEST_PERSONAL:
                message = f"“{self.name(code)}”超过 {LONGEST_PERSONAL} 字。"
                raise Unfit(self.name(code), message, "请检查列是否错位。")
        return person

    def _digits(self, code: str, raw: Sequence[Any], given: Mapping[str, str]) -> str:
        if code not in given:
            return ""
        try:
            value = cells.digits(raw[self.places[code]])
        except cells.LostDigitsError as lost:
            raise cells.LostDigitsError(code) from lost
        return "" if value in cells.NOBODY else value

    def _consent(self, given: Mapping[str, str], upstream: Mapping[str, str]) -> bool | None:
        """What the table says; who asked for secrecy has not consented."""
        said = cells.yes(given["consent"]) if "consent" in given else None
        if said is None and cells.yes(upstream.get("confidential", "")):
            return False
        return said

    def _joined(self, code: str, values: list[str]) -> str:
        parts = [v for i in self.joined.get(code, ()) if (v := values[i]) and v != cells.ERROR]
        return self.joints[code].join(parts) if parts else ""

    def _upstream(self, raw: Sequence[Any], values: list[str]) -> dict[str, str]:
        kept = {}
        for code, index, is_time in self.upstream:
            value = values[index]
            if not value or value == cells.ERROR:
                continue
            if is_time and (found := self.moments.at(raw[index])):
                when, day_only = found
                value = f"{when:%Y-%m-%d}" if day_only else f"{when:%Y-%m-%d %H:%M:%S}"
            kept[code] = value
        for code in self.joined:
            if code != "place" and (value := self._joined(code, values)):
                kept[code] = value
        return kept

    def _source(self, values: list[str]) -> dict[str, str]:
        far: dict[str, str] = {}
        if len(values) > self.width:
            far = {self._title(i): v for i, v in enumerate(values) if v and i >= self.width}
            self.strays.update(i for i, v in enumerate(values) if v and i >= self.width)
        for index in self.nameless:
            if values[index]:
                self.strays.add(index)
        return {n: v for n, v in zip(self.names, values, strict=False) if v} | far
