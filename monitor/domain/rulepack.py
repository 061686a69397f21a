"""Deadline rules as data: what is promised, from when, how long, and when it is late."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.domain.errors import Incomplete, NotFound
from monitor.domain.vocabulary import Arithmetic, Channel, Promise, RequestType, Urgency, Word
from monitor.domain.workdays import local, midnight

DAY_KINDS = frozenset({Arithmetic.WORKING_DAYS, Arithmetic.CALENDAR_DAYS})


class Start(Word):
    """The event from which a clock runs."""

    RECEIPT = "receipt", "收件"
    DISPATCH = "dispatch", "分办"
    ACCEPTANCE = "acceptance", "受理"
    DELIVERY = "delivery", "送达"
    ANSWER = "answer", "答复"
    ANSWER_DUE = "answer_due", "答复到期"


class Closes(Word):
    """Where the last day of a day clock ends."""

    MIDNIGHT = "midnight", "24:00"
    CLOSING = "closing", "下班"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much, and counted how; hours for hours clocks, else days."""

    arithmetic: Arithmetic
    amount: int
    closes: Closes = Closes.MIDNIGHT

    @property
    def in_days(self) -> bool:
        """Whether dates decide, not timestamps."""
        return self.arithmetic in DAY_KINDS


@dataclass(frozen=True, slots=True)
class Warn:
    """A warning point: so many "days" or "minutes" left, or "percent" used."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Days from first to last, both included, on which a law lets the clock stand."""

    first: date
    last: date
    cause: str = "停表"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Incomplete("停表的止日早于起日", fields={"pause": "止日不得早于起日"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock: promise, limit, start, pauses, extension and legal basis, in one version.

    `extension_limit` counts in the unit of the limit (working days for hours clocks);
    `extension_notice` is how many working days before expiry an extension must be asked for.
    A rule chosen by hand is never picked by channel, type and urgency. `again` is how many
    percent of the limit a later round of handling gets.
    """

    code: str
    promise: Promise
    name: str
    normal: Limit
    start: Start
    basis: str
    version: int
    valid_from: date
    valid_to: date | None = None
    pack: str = "national"
    warn: tuple[Warn, ...] = ()
    max_extensions: int = 0
    extension_limit: int = 0
    extension_approver: str = ""
    extension_notice: int = 1
    pause_events: tuple[str, ...] = ()
    by_urgency: Mapping[Urgency, Limit] = field(default_factory=dict, hash=False)
    channels: frozenset[Channel] = frozenset()
    request_types: frozenset[RequestType] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    by_hand: bool = False
    again: int = 100

    @property
    def arithmetic(self) -> Arithmetic:
        """How the clock counts when nothing is urgent."""
        return self.normal.arithmetic

    @property
    def short(self) -> str:
        """The code as people say it: an answer clock goes by its bare code."""
        return self.code.removesuffix(".answer")

    def limit(self, urgency: Urgency | None = None) -> Limit:
        """The limit for an urgency; the normal one where the rule makes no difference."""
        if urgency is None:
            return self.normal
        return self.by_urgency.get(urgency, self.normal)

    def in_force(self, day: date) -> bool:
        """Whether the rule governs what starts on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def fits(
        self, channel: Channel, request_type: RequestType | None, urgency: Urgency | None
    ) -> bool:
        """Whether the selectors take the record in; an empty selector takes all."""
        return (
            not self.by_hand
            and (not self.channels or channel in self.channels)
            and (not self.request_types or request_type in self.request_types)
            and (not self.urgencies or (urgency or Urgency.NORMAL) in self.urgencies)
        )


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of rules that an office switches on or off as one."""

    code: str
    name: str
    basis: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class PauseEvent:
    """A lawful ground on which a clock may stand.

    `within` is the rule that gives the other party its time, after which the clock runs on;
    `tell_by` the rule whose limit the notice must keep. `once` allows it a single time an
    order; `waits` is the rule of the clock that runs until the day named; `restarts` has the
    limit begin anew at what was waited for.
    """

    label: str
    basis: str
    within: str = ""
    waits: str = ""
    tell_by: str = ""
    once: bool = False
    restarts: bool = False


@dataclass(frozen=True)
class RulePack:
    """The rules in force: those of the packs switched on, a later pack over an earlier one.

    `known` are those of every pack: what was promised under one is kept when it is switched off.
    """

    rules: tuple[Rule, ...]
    packs: tuple[Pack, ...]
    pauses: Mapping[str, PauseEvent]
    known: tuple[Rule, ...] = ()

    def find(self, code: str, on: date | None = None) -> Rule:
        """The rule of a code; a bare code is its answer clock, else its first one."""
        dated = list(self._dated(on))
        for wanted in (code, f"{code}.answer"):
            for rule in dated:
                if rule.code == wanted:
                    return rule
        for rule in dated:
            if rule.code.startswith(f"{code}."):
                return rule
        raise NotFound(f"没有时限规则 {code[:40]}", remedy="规则编号见依据库，如 LX-1、HL-2、FOI-2")

    def version(self, code: str, version: int, pack: str = "") -> Rule:
        """The very version that a clock was reckoned by; the newest where it is not kept.

        A clock from before packs were written down has none: the packs in force decide.
        """
        among = [rule for rule in self.known if rule.pack == pack] if pack else self.rules
        kept = (rule for rule in among if (rule.code, rule.version) == (code, version))
        return next(kept, None) or self.find(code)

    def select(
        self,
        promise: Promise,
        channel: Channel,
        request_type: RequestType | None = None,
        urgency: Urgency | None = None,
        on: date | None = None,
    ) -> Rule | None:
        """The first rule of that promise whose selectors fit; None where nothing is promised."""
        for rule in self._dated(on):
            if rule.promise is promise and rule.fits(channel, request_type, urgency):
                return rule
        return None

    def answer_rule(
        self,
        channel: Channel,
        request_type: RequestType | None = None,
        urgency: Urgency | None = None,
        on: date | None = None,
    ) -> Rule:
        """The rule that governs the answer to a record."""
        found = self.select(Promise.ANSWER, channel, request_type, urgency, on)
        if found is None:
            raise NotFound(f"{channel.label}没有答复时限规则", remedy="请在依据库补上")
        return found

    def inner(self, promise: Promise, on: date | None = None) -> Rule:
        """The inner clock of every channel: `IN.triage`, `IN.sign` and so on."""
        return self.find(f"IN.{promise.value}", on)

    def _dated(self, on: date | None) -> Iterator[Rule]:
        return (rule for rule in self.rules if on is None or rule.in_force(on))


def late_from(arithmetic: Arithmetic, due: datetime, closes: Closes = Closes.MIDNIGHT) -> datetime:
    """The first late moment: right after it for hours, the next day for day clocks (民法典 203)."""
    if arithmetic in DAY_KINDS and closes is Closes.MIDNIGHT:
        return midnight(local(due).date() + timedelta(days=1))
    return local(due) + timedelta(microseconds=1)


def is_late(
    arithmetic: Arithmetic, due: datetime, at: datetime, closes: Closes = Closes.MIDNIGHT
) -> bool:
    """Whether `at` (the end, or now) is late: hours compare timestamps, days compare dates."""
    return local(at) >= late_from(arithmetic, due, closes)
