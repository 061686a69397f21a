"""Decisions teach: a new model is proposed, judged by time, chosen by a person, taken back."""

import csv
import shutil
from datetime import timedelta
from uuid import uuid4

import pytest

import classifiers
from monitor.domain.dispatch import Decision
from monitor.domain.errors import Refused
from monitor.services import preparing, rulebook, upkeep
from monitor.services.learning import choosing, examples
from monitor.settings import Settings
from monitor.steps import casework, dispatch, intake
from monitor.storage import history
from monitor.storage.db import Database
from monitor.storage.learning import versions
from monitor.storage.rulebook import RuleVersion
from monitor.tasks import alone, teaching, training
from tests.steps.conftest import MORNING, Office, founded
from tests.steps.letters import letter

FUNDS = "我公司申报的补贴已经公示，第{}笔奖励资金到现在没有拨付到账，请问卡在哪里。"
POWER = "园区第{}号厂房变压器容量不够，经常跳闸停电，请协调供电增容。"
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
TAUGHT = [("funds", "help", FUNDS), ("factor", "complaint", POWER)]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """What we ship, with few lessons: a model is learnt in a moment."""
    shipped = Settings().data_dir
    folder = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(shipped, folder)
    with (shipped / "training" / "messages.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["topic"] in {"funds", "factor"}][:90]
    with (folder / "training" / "messages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture
def database(request):
    """SQLite; both databases for the tests that ask for it. A lesson takes seconds."""
    url = "postgres_url" if getattr(request, "param", "") == "postgresql" else "sqlite_url"
    database = Database(request.getfixturevalue(url), synchronous="OFF")
    yield database
    database.dispose()


@pytest.fixture
def office(database, tmp_path, data) -> Office:
    """An office with its first models, where nobody has decided anything yet."""
    found = founded(Settings(home=tmp_path / "home", data_dir=data), database)
    training.first_models(found.desk.settings)
    return found


def decide(office, count, *, first=0):
    """So many matters taken in and dispatched, turn by turn of each kind, a minute apart."""
    for place in range(first, first + count):
        topic, kind, text = TAUGHT[place % len(TAUGHT)]
        now = MORNING - timedelta(days=2) + timedelta(minutes=place)
        told = letter(now, title="", text=text.format(place) + "盼复。" * (place % 3))
        number = office.at(
            now, "system", lambda ctx, told=told: intake.receive_one(ctx, told)
        ).number
        office.on(
            number, now, "lin", dispatch.send, decision=Decision(topic, kind, "normal", topic)
        )


def asked(office, **wanted):
    """Change the rules of learning, as the page of rules does."""

    def do(ctx):
        held = rulebook.current(ctx).bodies["learning"][0]
        body = {**held, **wanted, "version": held["version"] + 1}
        row = RuleVersion(
            kind="learning", code="learning", version=body["version"], valid_from=MORNING.date(),
            body=body, published_at=ctx.now, published_by="向",
        )  # fmt: skip
        ctx.session.add(row)

    office.at(MORNING, "system", do)


def rows(office, reader="topic"):
    return office.at(MORNING, "system", lambda ctx: versions.of_reader(ctx.session, reader))


def read_by(office):
    """Which version reads the topic now."""
    with office.desk.reading() as ctx:
        model = choosing.in_force(ctx, "topic")
        return model.version if model else None


def test_a_lesson_proposes_and_changes_nothing_by_itself(office):
    before = read_by(office)
    decide(office, 62)

    teaching.propose(office.desk)

    [row] = rows(office)
    assert (row.status, row.own, read_by(office)) == ("proposed", 62, before)
    assert row.compared["n"] == 30
    assert 0 <= row.compared["old"]["macro_f1"] <= row.compared["new"]["macro_f1"] <= 1
    assert {one["row"][:2] for one in row.compared["new"]["wrong"]} <= {"HY"}


def test_the_same_decisions_are_not_proposed_twice(office):
    decide(office, 10)

    teaching.propose(office.desk)
    teaching.propose(office.desk)

    [row] = rows(office)
    assert (row.status, row.compared["needs"]) == ("proposed", 60)


@BOTH
def test_a_person_puts_a_model_in_force_and_takes_it_back(office):
    before = read_by(office)
    decide(office, 10)
    teaching.propose(office.desk)
    [row] = rows(office)

    office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, row.version, "试用"))
    with office.desk.reading() as ctx:
        read = preparing.bundle(office.desk.settings, rulebook.current(ctx).words)
    assert (read_by(office), read.versions["topic"]) == (row.version, row.version)

    office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, before))
    assert read_by(office) == before
    assert {one.version: one.status for one in rows(office)} == {
        row.version: "former", before: "live",
    }  # fmt: skip
    with office.desk.reading() as ctx:
        assert upkeep.verify(ctx.session, ctx.keys).holds


def test_a_damaged_model_is_mended_by_a_lesson_and_in_force_no_longer_after_another(office):
    before = read_by(office)
    decide(office, 10)
    teaching.propose(office.desk)
    [row] = rows(office)
    office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, row.version))
    place = classifiers.model_path(office.desk.settings.models_dir, "topic")

    place.write_bytes(b"torn")
    assert teaching.propose(office.desk)["state"] == "live"
    assert read_by(office) == row.version

    place.write_bytes(b"torn")
    office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, before))
    assert {one.version: one.status for one in rows(office)} == {
        row.version: "former", before: "live",
    }  # fmt: skip


def test_a_decided_proposal_cannot_be_decided_again(office):
    decide(office, 10)
    teaching.propose(office.desk)
    [row] = rows(office)
    office.at(MORNING, "qian", lambda ctx: choosing.drop(ctx, row.version, "太少"))

    for again in (choosing.drop, choosing.put_in_force):
        with pytest.raises(Refused):
            office.at(MORNING, "qian", lambda ctx, again=again: again(ctx, row.version, "再来"))


def test_a_foreign_model_file_is_never_put_in_force(office):
    before = read_by(office)
    decide(office, 10)
    teaching.propose(office.desk)
    [row] = rows(office)
    path = choosing.kept_path(office.desk.settings, row.version)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(Refused, match="不是本单位的"):
        office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, row.version))

    assert (read_by(office), rows(office)[0].status) == (before, "proposed")


def test_where_nothing_reads_a_new_model_reads_at_once(office):
    decide(office, 4)
    classifiers.model_path(office.desk.settings.models_dir, "topic").unlink()

    teaching.propose(office.desk)

    [row] = rows(office)
    assert (row.status, read_by(office)) == ("live", row.version)


def test_the_gate_of_the_office_lets_a_better_model_in(office):
    decide(office, 62)
    asked(office, gate=True, gate_margin=0)

    teaching.propose(office.desk)

    row = next(one for one in rows(office) if one.own)
    assert (row.status, row.decided_by, read_by(office)) == ("live", "系统", row.version)


def test_a_model_in_force_is_judged_on_later_decisions_only(office):
    decide(office, 62)
    teaching.propose(office.desk)
    [row] = rows(office)
    office.at(MORNING, "qian", lambda ctx: choosing.put_in_force(ctx, row.version))
    decide(office, 10, first=62)

    teaching.propose(office.desk)

    newest = next(one for one in rows(office) if one.status == "proposed")
    assert (newest.compared["n"], newest.compared["needs"]) == (10, 30)


def lesson_gone_well(office):
    """A lesson in which everything that was the least bit sure was right."""
    tried = [[f"HY20260901-{place:03d}", 0.01, ""] for place in range(400)]

    def do(ctx):
        ctx.session.add(versions.LearnRun(id=uuid4(), at=ctx.now, own=len(tried), tried=tried))

    office.at(MORNING, "system", do)


def waiting(office, text, **given):
    told = letter(MORNING, title="", text=text, **given)
    return office.at(MORNING, "system", lambda ctx: intake.receive_one(ctx, told)).number


def test_nothing_goes_alone_unless_the_office_asked(office):
    number = waiting(office, FUNDS.format("三"))
    lesson_gone_well(office)

    assert alone.go(office.desk) == alone.Round()
    assert office.order(number).state == "triage"


@BOTH
def test_what_goes_alone_says_why_and_teaches_nothing(office):
    asked(office, auto=True)
    number = waiting(office, FUNDS.format("三"))
    lesson_gone_well(office)

    assert alone.go(office.desk).sent == 1

    order = office.order(number)
    assert (order.state, order.section, order.decided_by) == (
        "awaiting_sign", order.suggested_section, examples.ALONE.label,
    )  # fmt: skip
    with office.desk.reading() as ctx:
        events = [one.what for one in history.of_order(ctx.session, order.id)]
        assert "sent_alone" in events
        assert examples.of_office(ctx, 100) == []
    office.on(number, MORNING, "lin", dispatch.recall, reason="应由值班员看")
    assert alone.go(office.desk).sent == 0
    assert office.order(number).state == "triage"


def test_what_somebody_has_begun_to_answer_stays_with_him(office):
    asked(office, auto=True)
    number = waiting(office, FUNDS.format("三"))
    lesson_gone_well(office)
    order = office.order(number)
    office.at(MORNING, "lin", lambda ctx: casework.save_draft(ctx, order, {"answer": "您好"}))

    assert alone.go(office.desk) == alone.Round(0, 1)
    assert office.order(number).state == "triage"


@pytest.mark.parametrize(
    "text", ["厂房起火了，有人被困，快来救命！", "举报某公司骗取补贴，虚开发票套取资金。"]
)
def test_urgent_matters_and_reports_never_go_alone(office, text):
    asked(office, auto=True)
    number = waiting(office, text)
    lesson_gone_well(office)

    alone.go(office.desk)

    assert office.order(number).state == "triage"


def test_a_repeat_of_a_known_matter_waits_for_a_person(office):
    asked(office, auto=True)
    numbers = [waiting(office, FUNDS.format("五")) for _ in range(2)]
    lesson_gone_well(office)

    assert alone.go(office.desk).sent == 0
    assert {office.order(number).state for number in numbers} == {"triage"}
