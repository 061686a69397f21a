"""Published answers as drawn: one, or a page of a search, with days used against the limit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.domain.remaining import limit_words, short_date
from monitor.domain.vocabulary import Arithmetic, Promise, RequestType, Urgency, first_level
from monitor.domain.workdays import local
from monitor.services import reckoning, rulebook
from monitor.services.context import Context
from monitor.services.rulebook import Rules
from monitor.storage import answers, deadlines, search
from monitor.storage.answers import Publication, Wanted
from monitor.storage.attachments import rows
from monitor.storage.attachments.rows import PublicFile
from monitor.storage.deadlines import Clock
from monitor.storage.index import tokens

ON_A_PAGE = 10
_LONGEST_QUERY = 100
_MOST_FOUND = 1000
_EXCERPT = 42
_DIGITS = 9
_GREETING = re.compile(r"^(?:尊敬的)?[^，。：！\n]{0,12}(?:您好|你好)[！，。：\s]*")
NOT_SEARCHABLE = "请输入汉字、字母或数字；只有标点和符号的搜索词无法查找。"


@dataclass(frozen=True, slots=True)
class Item:
    """One published answer in the words of the page; nothing of it is personal."""

    number: str
    title: str
    letter: str
    answer: str
    excerpt: str
    topic: str
    topic_label: str
    kind: str
    received_at: datetime
    answered_at: datetime
    released_at: datetime
    dates: str
    used: str
    files: tuple[PublicFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of published answers, and how many there are of each topic."""

    items: tuple[Item, ...]
    q: str
    topic: str
    total: int
    everything: int
    topics: tuple[tuple[str, str, int], ...]
    page: int
    pages: int
    note: str = ""

    @property
    def first(self) -> int:
        """The place of the first item shown, counted from 1."""
        return (self.page - 1) * ON_A_PAGE + 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks for, made harmless."""

    q: str
    topic: str
    wanted: Wanted
    note: str = ""


def asked(ctx: Context, q: str, topic: str) -> Asked:
    """A search as typed; a topic nobody knows is none, a query without a letter finds nothing."""
    q = " ".join(q.split())[:_LONGEST_QUERY]
    topic = topic if topic in rulebook.current(ctx).topics else ""
    if not q:
        return Asked(q, topic, Wanted(topic))
    if not tokens.searchable(q):
        return Asked(q, topic, Wanted(topic, []), NOT_SEARCHABLE)
    found = search.matching(ctx.session, q, public=True, limit=_MOST_FOUND)
    note = f"找到的太多，只列最近的 {_MOST_FOUND} 件，请把词写得更具体。"
    return Asked(q, topic, Wanted(topic, found), note if len(found) == _MOST_FOUND else "")


def listed(ctx: Context, q: str = "", topic: str = "", page: str = "1") -> Listed:
    """A page of a search, newest first; a page that does not exist is the nearest that does."""
    search_for = asked(ctx, q, topic)
    rules = rulebook.current(ctx)
    counts = answers.released_by_topic(ctx.session, Wanted("", search_for.wanted.order_ids))
    total = counts[search_for.topic] if search_for.topic else counts.total()
    pages = max(1, -(-total // ON_A_PAGE))
    number = min(max(1, _whole(page)), pages)
    rows = answers.released(
        ctx.session, search_for.wanted, first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE
    )
    return Listed(
        items=drawn(ctx, rows, search_for.q),
        q=search_for.q,
        topic=search_for.topic,
        total=total,
        everything=counts.total(),
        topics=tuple((code, _topic(rules, code), held) for code, held in counts.most_common()),
        page=number,
        pages=pages,
        note=search_for.note,
    )


def one(ctx: Context, number: str) -> Item | None:
    """The published answer of a number, if everybody may read it now."""
    found = answers.released_one(ctx.session, number)
    if found is None:
        return None
    files = tuple(rows.public_files(ctx.session, found.id))
    return replace(drawn(ctx, [found])[0], files=files)


def all_of(ctx: Context, q: str = "", topic: str = "", *, most: int | None = None) -> list[Item]:
    """Every published answer of a search, newest first."""
    rows = answers.released(ctx.session, asked(ctx, q, topic).wanted, most=most)
    return list(drawn(ctx, rows))


def drawn(ctx: Context, rows: Sequence[Publication], q: str = "") -> tuple[Item, ...]:
    """Publications with their words; one query for the clocks of all of them."""
    rules = rulebook.current(ctx)
    clocks = deadlines.of_orders(ctx.session, [row.order_id for row in rows])
    return tuple(_item(ctx, rules, row, clocks.get(row.order_id, []), q) for row in rows)


def _item(ctx: Context, rules: Rules, row: Publication, clocks: Sequence[Clock], q: str) -> Item:
    answered_at = row.answered_at or row.released_at
    received, answered = local(row.received_at).date(), local(answered_at).date()
    ended = [
        clock
        for clock in clocks
        if clock.promise == Promise.ANSWER and clock.ended_at and clock.ended_at <= row.released_at
    ]
    return Item(
        number=row.number,
        title=row.title,
        letter=row.letter,
        answer=row.answer,
        excerpt=excerpt(row.answer, q),
        topic=first_level(row.topic),
        topic_label=_topic(rules, row.topic),
        kind=RequestType(row.request_type).label if row.request_type else "",
        received_at=row.received_at,
        answered_at=answered_at,
        released_at=row.released_at,
        dates=f"{short_date(received, ctx.now)}来信，{short_date(answered, ctx.now)}答复",
        used=_used(rules, ended[-1]) if ended else "",
    )


def excerpt(text: str, q: str = "") -> str:
    """The gist of an answer in a line, without its greeting; near the word looked for."""
    line = _GREETING.sub("", " ".join(text.split()), count=1)
    place = min((at for word in q.split() if (at := line.find(word)) >= 0), default=0)
    start = place - 8 if place > _EXCERPT - 8 else 0
    piece = line[start : start + _EXCERPT]
    return ("…" if start else "") + piece + ("…" if start + _EXCERPT < len(line) else "")


def _used(rules: Rules, clock: Clock) -> str:
    """第 3 个工作日（限 5 个）: the time an answer took, beside what it was allowed."""
    if clock.ended_at is None:
        return ""
    started, ended = local(clock.started_at).date(), local(clock.ended_at).date()
    rule = reckoning.rule_of(rules, clock)
    limit = rule.limit(Urgency(clock.urgency) if clock.urgency else None)
    late = "，迟" if clock.late else ""
    in_working_days = limit.arithmetic is Arithmetic.WORKING_DAYS
    if clock.given_due or clock.pauses or not in_working_days:
        until = f"{short_date(clock.due_on)}前" if clock.given_due else limit_words(limit)
        return f"限 {until}{late}"
    used = rules.calendar.workdays_between(started, ended)
    if clock.late:
        late = f"，迟 {max(1, rules.calendar.workdays_between(clock.due_on, ended))} 个"
    if limit.amount == 0:
        return f"限当日{late}"
    more = f"，延期 {clock.extension} 个" if clock.extension else ""
    if used <= 0:
        return f"当日（限 {limit.amount} 个工作日）"
    return f"第 {used} 个工作日（限 {limit.amount} 个{more}{late}）"


def _topic(rules: Rules, code: str) -> str:
    top = first_level(code)
    return rules.topics[top].label if top in rules.topics else "其他"


def _whole(text: str) -> int:
    """The page number of an address; 1 for nonsense."""
    if not (text.isascii() and text.isdigit()):
        return 1
    # No list has a page of more digits, and int() would read them all.
    return int(text[:_DIGITS]) if len(text) <= _DIGITS else 10**_DIGITS
