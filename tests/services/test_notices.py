"""Notices: written once a person, delivered once, in order, though receivers fail or die."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

import pytest

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Notifier
from monitor.domain.supervision.escalation import Told
from monitor.domain.supervision.quiet import NoticeRules
from monitor.domain.workdays import SHANGHAI
from monitor.services.notices import delivering, outbox
from monitor.steps import dispatch
from monitor.storage import people as stored
from monitor.storage.supervision import notices
from tests.steps.conftest import MORNING, founded
from tests.steps.letters import letter
from tests.steps.test_clocks import HELP, HOUR, taken

MINUTE = timedelta(minutes=1)


@dataclass
class Wire:
    """A way out that takes, refuses or loses messages as the test says."""

    taken: list = field(default_factory=list)
    tries: int = 0
    refuse: object = lambda tries: False
    permanent: bool = False

    def send(self, message):
        self.tries += 1
        if self.refuse(self.tries):
            raise DeliveryFailed("SMTPServerDisconnected", permanent=self.permanent)
        self.taken.append(message)

    @property
    def notifier(self):
        return Notifier("mail", "邮件", lambda: True, self.send, to_address=True)


@pytest.fixture
def office(database, tmp_path):
    from monitor.settings import Settings

    made = founded(Settings(home=tmp_path / "home"), database)

    def addresses(ctx):
        for person in stored.everyone(ctx.session):
            person.settings = {"mail": f"{person.username}@bureau.example"}
            ctx.session.add(person)

    made.at(MORNING, "system", addresses)
    return made


@pytest.fixture
def mail(monkeypatch):
    wire = Wire()
    monkeypatch.setattr(outbox, "NOTIFIERS", (wire.notifier,))
    return wire


def person(office, username):
    with office.desk.reading() as ctx:
        return stored.by_username(ctx.session, username).id


def tell(office, username, key, now=MORNING, **more):
    one = person(office, username)
    return office.at(
        now, "system", lambda ctx: outbox.tell(ctx, [Told(one)], kind="chase", key=key, **more)
    )


def deliver(office, wire, now):
    return delivering.deliver(replace(office.desk, clock=lambda: now), (wire.notifier,))


def test_the_same_key_tells_a_person_once(office):
    assert tell(office, "zhou", "card:1", about="黄牌") == 1
    assert tell(office, "zhou", "card:1", about="黄牌") == 0
    assert tell(office, "li", "card:1", about="黄牌") == 1


def test_a_dispatch_is_announced_to_the_head_of_the_section_without_a_word_of_the_letter(office):
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)

    with office.desk.reading() as ctx:
        [notice] = notices.of_person(ctx.session, person(office, "zhou"))
    assert (notice.number, notice.about) == (number, "分办")
    assert "技改" not in notice.about + notice.key


def test_a_message_names_number_and_link_and_nothing_else(office, mail):
    number = taken(office, letter(MORNING))
    office.on(number, MORNING + HOUR, "lin", dispatch.send, decision=HELP)

    deliver(office, mail, MORNING + HOUR)

    [message] = mail.taken
    words = message.subject + "".join(message.lines)
    assert message.to == "zhou@bureau.example"
    assert number in words
    assert not any(secret in words for secret in ("陈", "13800000123", "补贴"))


def test_everything_goes_out_once_and_in_order_though_every_third_is_refused(office, mail):
    mail.refuse = lambda tries: tries % 3 == 0
    for number in range(12):
        tell(office, "zhou", f"k{number}", about=f"第{number}条", now=MORNING + number * MINUTE)
        deliver(office, mail, MORNING + number * MINUTE)
    for number in range(60):
        deliver(office, mail, MORNING + HOUR + number * MINUTE)

    said = [one["about"] for message in mail.taken for one in message.items]
    assert said == [f"第{number}条" for number in range(12)]
    assert deliver(office, mail, MORNING + 9 * HOUR).sent == 0


def test_a_receiver_that_was_down_for_a_day_gets_one_digest_afterwards(office, mail):
    mail.refuse = lambda tries: True
    for number in range(40):
        tell(office, "zhou", f"k{number}", about=f"第{number}条")
    for hours in range(24):
        deliver(office, mail, MORNING + hours * HOUR)
    mail.refuse = lambda tries: False

    deliver(office, mail, MORNING + 25 * HOUR)

    said = [one["about"] for message in mail.taken for one in message.items]
    assert said == [f"第{number}条" for number in range(40)]
    assert len(mail.taken) <= 2


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_message_id(office, mail):
    tell(office, "zhou", "k", about="黄牌")

    class Killed(BaseException):
        pass

    def dies(message):
        mail.taken.append(message)
        raise Killed

    dying = Notifier("mail", "邮件", lambda: True, dies, to_address=True)
    with pytest.raises(Killed):
        delivering.deliver(replace(office.desk, clock=lambda: MORNING), (dying,))
    assert deliver(office, mail, MORNING + MINUTE).sent == 0
    deliver(office, mail, MORNING + 6 * MINUTE)

    assert len(mail.taken) == 2
    assert len({message.message_id for message in mail.taken}) == 1


def test_a_retry_does_not_wait_for_a_clock_that_was_a_day_ahead(office, mail):
    tell(office, "zhou", "k", about="黄牌")
    mail.refuse = lambda tries: tries == 1
    deliver(office, mail, MORNING + timedelta(days=1))

    deliver(office, mail, MORNING + MINUTE)

    assert [message.subject for message in mail.taken] == ["黄牌"]


def test_what_is_refused_for_good_is_given_up_and_the_next_goes_on(office, mail):
    tell(office, "zhou", "k1", about="一")
    tell(office, "zhou", "k2", about="二")
    mail.permanent, mail.refuse = True, lambda tries: tries == 1

    done = deliver(office, mail, MORNING)

    assert (done.failed, done.sent) == (1, 1)


def test_a_person_without_an_address_reads_it_on_the_page_alone(office, mail):
    def without(ctx):
        one = stored.by_username(ctx.session, "zhou")
        one.settings = {}
        ctx.session.add(one)

    office.at(MORNING, "system", without)
    tell(office, "zhou", "k", about="黄牌")

    assert deliver(office, mail, MORNING).sent == 0
    with office.desk.reading() as ctx:
        assert notices.unread(ctx.session, person(office, "zhou")) == 1


def test_at_night_only_what_is_urgent_goes_out(office, mail):
    night = datetime(2026, 9, 21, 22, tzinfo=SHANGHAI)
    tell(office, "zhou", "calm", about="预警", now=night)
    tell(office, "zhou", "urgent", about="红牌", now=night, urgent=True)

    deliver(office, mail, night)
    assert [message.subject for message in mail.taken] == ["红牌"]
    deliver(office, mail, datetime(2026, 9, 22, 7, 30, tzinfo=SHANGHAI))

    assert [message.subject for message in mail.taken] == ["红牌", "预警"]


@pytest.mark.parametrize(
    ("now", "earliest"),
    [("12:00", "21 12:00"), ("21:00", "22 07:30"), ("23:59", "22 07:30"), ("07:29", "21 07:30"),
     ("07:30", "21 07:30")],
)  # fmt: skip
def test_quiet_hours_span_midnight(now, earliest):
    at = datetime.combine(MORNING.date(), time.fromisoformat(now), SHANGHAI)

    found = NoticeRules().earliest(at, urgent=False).astimezone(SHANGHAI)

    assert f"{found:%d %H:%M}" == earliest
