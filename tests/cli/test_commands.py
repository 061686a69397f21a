"""Every command of the contract once: what it prints, and how it ends."""

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest
from openpyxl import Workbook

ROWS = (
    "R001,2026-10-08 09:12:00,技改补贴没有到账,技改补贴公示后一直没有拨款。,陈试样,13800000123",
    "R002,2026-10-08 10:00:00,厂房用地手续,想了解工业用地的办理手续。,林试样,13800000124",
    "R003,2026-10-08,反映窗口态度,办事窗口工作人员态度很差。,王试样,13800000125",
)
KEYS = {
    "read",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "errors",
    "unknown_columns",
    "ignored_sheets",
    "seconds",
}
TEXT = "我公司的技改补贴公示后一直没有拨款，请问何时兑现？电话13800000123。"


def imported(monitor, file, *words):
    return monitor("import", file, "--channel", "hotline", "--json", *words).json()


def figures(told):
    return [told[name] for name in ("read", "created", "updated", "unchanged", "rejected")]


def test_init_makes_an_office_once(founded_once, monitor):
    home, done = founded_once

    assert "/invite/" in done.out
    assert stat.S_IMODE((home / "keys" / "desk.keys").stat().st_mode) == 0o600
    # All of it is in the file that is named as the database.
    assert not (home / "desk.sqlite-wal").exists()
    again = monitor("init")
    assert (again.code, again.out) == (1, "")
    assert "已经建局" in again.err


def test_an_import_into_no_office_and_one_of_no_file_say_which(monitor, sheet, tmp_path):
    missing = monitor("import", tmp_path / "nothing.xlsx", "--channel", "hotline")
    monitor.home = tmp_path / "nowhere"
    homeless = monitor("import", sheet(ROWS[0]), "--channel", "hotline")

    assert (missing.code, homeless.code) == (1, 1)
    assert "nothing.xlsx" in missing.err
    assert "还没有建局" in homeless.err


def test_migrate_is_done_twice_without_harm(monitor):
    assert [monitor("migrate").code for _ in range(2)] == [0, 0]


def test_an_import_is_the_same_once_and_twice(monitor, sheet):
    file = sheet(*ROWS)

    first = imported(monitor, file)
    assert set(first) == KEYS
    assert figures(first) == [3, 3, 0, 0, 0]
    assert figures(imported(monitor, file)) == [3, 0, 0, 3, 0]
    changed = sheet(ROWS[0].replace("一直", "至今"), *ROWS[1:])
    assert figures(imported(monitor, changed)) == [3, 0, 1, 2, 0]


def test_a_bad_row_is_named_and_the_good_ones_go_in(monitor, sheet):
    told = imported(monitor, sheet(ROWS[0], "R009,后天,坏的,没有时间,陈试样,13800000123"))

    assert figures(told) == [2, 1, 0, 0, 1]
    [error] = told["errors"]
    assert (error["row"], error["column"]) == (3, "受理时间")
    assert error["message"]


def test_a_dry_run_writes_nothing(monitor, sheet):
    file = sheet(*ROWS)

    assert figures(imported(monitor, file, "--dry-run")) == [3, 3, 0, 0, 0]
    assert monitor("show", "R001").code == 1
    assert figures(imported(monitor, file)) == [3, 3, 0, 0, 0]


def test_a_mapping_is_remembered_for_its_header(monitor, sheet, tmp_path):
    file = sheet("M1,2026-10-08,有一件事情想咨询。", header="编码甲,日子乙,话语丙")
    mapping = tmp_path / "mapping.json"
    names = {"编码甲": "number", "日子乙": "received_at", "话语丙": "text"}
    mapping.write_text(json.dumps(names), encoding="utf-8")

    refused = monitor("import", file, "--channel", "phone", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert figures(imported(monitor, file, "--mapping", mapping)) == [1, 1, 0, 0, 0]
    assert figures(imported(monitor, file)) == [1, 0, 0, 1, 0]


def test_due_tells_the_day_and_how_it_came_about(nowhere):
    words = ("due", "--rule", "LX-1", "--from", "2026-09-28T09:12", "--json")
    told = nowhere(*words).json()

    assert told["due"] == "2026-10-10T23:59:59+08:00"
    assert told["provisional"] is False
    assert told["basis"]
    days = {cell["day"]: cell for cell in told["trace"]}
    assert (days["2026-10-01"]["counts"], days["2026-10-01"]["why"]) == (False, "国庆节")
    assert days["2026-10-10"]["counts"] is True
    later = nowhere(*words[:-1], "--pause", "2026-10-08/2026-10-09", "--extend", 2, "--json").json()
    assert later["due"] > told["due"]


def test_scan_finds_and_redacts(nowhere):
    told = nowhere("scan", TEXT, "--json").json()

    [phone] = [found for found in told["findings"] if found["kind"] == "phone"]
    assert TEXT[phone["start"] : phone["end"]] == phone["text"] == "13800000123"
    assert "13800000123" not in told["redacted"]


def test_show_and_rates_tell_of_an_order(monitor, sheet):
    imported(monitor, sheet(*ROWS))
    told = monitor("show", "R001", "--json").json()

    assert (told["upstream_no"], told["number"][:2]) == ("R001", "HY")
    assert {"answer", "triage"} <= {clock["promise"] for clock in told["clocks"]}
    assert [event["what"] for event in told["events"]] == ["register"]
    assert "陈试样" not in json.dumps(told, ensure_ascii=False)
    assert monitor("show", told["number"], "--json").json()["upstream_no"] == "R001"
    rates = monitor(
        "rates", "--from", "2026-10-01", "--to", "2026-10-31", "--by", "section", "--json"
    )
    assert rates.json()["rates"]


def test_person_and_key_are_the_emergency_doors(monitor):
    added = monitor("person", "add", "lin", "--name", "林", "--role", "duty", "--json").json()
    reset = monitor("person", "reset", "lin", "--json").json()
    assert added["username"] == reset["username"] == "lin"
    assert added["invite"].startswith("/invite/")
    assert added["invite"] != reset["invite"]
    assert monitor("key", "add", "热线平台", "--json").json()["key"].startswith("mk_")
    assert monitor("key", "add", "热线平台").code == 1
    assert monitor("key", "revoke", "热线平台", "--json").json()["revoked"] is True
    assert monitor("audit", "verify", "--json").json()["ok"] is True


@pytest.fixture
def chain(monitor, sheet):
    """An order with two events, and a hand in the database."""
    imported(monitor, sheet(*ROWS))
    imported(monitor, sheet(ROWS[0].replace("一直", "至今")))

    def tamper(statement: str) -> tuple[str, str]:
        with closing(sqlite3.connect(monitor.home / "desk.sqlite")) as database, database:
            query = "SELECT id, number FROM \"order\" WHERE upstream_no = 'R001'"
            [[order, number]] = database.execute(query)
            assert database.execute(statement, [order]).rowcount == 1
        return order, number

    return tamper


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE event SET details = '{}' WHERE sequence = 2 AND chain = ?", "第 2 条事件"),
        ("UPDATE event SET actor = '别人' WHERE sequence = 1 AND chain = ?", "第 1 条事件"),
        ("DELETE FROM event WHERE sequence = 1 AND chain = ?", "第 1 条事件缺失"),
        ("DELETE FROM event WHERE sequence = 2 AND chain = ?", "末尾被截"),
        ('UPDATE "order" SET event_count = 1 WHERE id = ?', "链头"),
        ('DELETE FROM "order" WHERE id = ?', "事件还在"),
    ],
)
def test_verify_names_the_changed_order(monitor, chain, statement, words):
    order, number = chain(statement)
    done = monitor("audit", "verify", "--json")

    told = json.loads(done.out)
    assert (done.code, told["ok"]) == (1, False)
    # Where the order itself is gone, only the name of its chain is left.
    name = order if statement.startswith('DELETE FROM "order"') else number
    assert name in told["broken"]
    assert words in told["broken"]
    assert words in monitor("audit", "verify").out


def test_help_is_quick_and_loads_nothing_heavy():
    heavy = "{'dbos', 'sqlalchemy', 'fastapi', 'sklearn', 'scipy', 'jieba', 'monitor.web'}"
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, monitor.cli; print({heavy} & set(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("import",),
        ("import", "x.csv"),
        ("import", "x.csv", "--channel", "hotline", "--odd"),
        ("serve", "--port", "99999"),
        ("due", "--rule", "LX-1"),
        ("train", "--folds", "1"),
        ("person",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(nowhere, words):
    done = nowhere(*words)

    assert done.code == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("import", "missing.csv", "--channel", "hotline"),
        ("import", "missing.csv", "--channel", "nowhere"),
        ("import", ".", "--channel", "hotline"),
        ("classify",),
        ("classify", "机密★ 不得外传"),
        ("classify", "a", "--file", "b"),
        ("due", "--rule", "NO-9", "--from", "2026-09-28"),
        ("due", "--rule", "LX-1", "--from", "昨天"),
        ("due", "--rule", "LX-1", "--from", "2026-09-28", "--pause", "2026-10-08"),
        ("due", "--rule", "LX-1", "--from", "2026-09-28", "--urgency", "odd"),
        ("rates", "--from", "2026-10-01", "--to", "2026-10-31", "--by", "moon"),
        ("show", "HY20261009-999"),
        ("person", "add", "lin", "--role", "king"),
        ("person", "add", "lin"),
        ("person", "reset", "nobody"),
        ("key", "revoke", "无此密钥"),
        ("train", "--labels", "missing.csv"),
        ("evaluate", "--labels", "missing.csv"),
        ("evaluate", "--labels", "missing.csv", "--model", "../key"),
    ],
    ids=" ".join,
)
def test_a_refusal_is_one_sentence(monitor, words):
    done = monitor(*words)

    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert any("\u4e00" <= sign <= "\u9fff" for sign in done.err)
    assert "不得外传" not in done.err


@pytest.mark.parametrize(
    "words", [("serve",), ("work",), ("show", "R001"), ("audit", "verify"), ("migrate",)]
)
def test_without_an_office_it_says_what_to_do(nowhere, words):
    done = nowhere(*words)

    assert (done.code, done.out) == (1, "")
    assert "monitor init" in done.err
    assert not nowhere.home.exists()


def test_an_import_names_the_sheets_it_did_not_read(monitor, tmp_path):
    book = Workbook()
    for title in ("十月", "九月"):
        sheet = book.create_sheet(title)
        sheet.append(["工单编号", "受理时间", "主要内容"])
        sheet.append([f"S{title}", "2026-10-08 09:00", "路灯不亮"])
    del book["Sheet"]
    book.save(tmp_path / "two.xlsx")

    document = monitor("import", tmp_path / "two.xlsx", "--channel", "hotline", "--json").json()

    assert document["created"] == 1
    assert document["ignored_sheets"] == ["九月"]
