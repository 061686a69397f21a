"""Whatever is typed: one Chinese sentence that says what to do, never a traceback."""

import json

import pytest

from tests.cli.conftest import Command

OFFICE = (
    ("init",),
    ("migrate",),
    ("serve",),
    ("work",),
    ("demo", "--port", "8997"),
    ("import", "x.csv", "--channel", "hotline", "--json"),
    ("classify", "补贴", "--json"),
    ("train", "--json"),
    ("due", "--rule", "LX-1", "--from", "2026-09-28", "--json"),
    ("rates", "--from", "2026-10-01", "--to", "2026-10-31", "--json"),
    ("show", "R001", "--json"),
    ("person", "add", "lin"),
    ("person", "reset", "lin"),
    ("key", "add", "平台"),
    ("key", "revoke", "平台"),
    ("audit", "verify", "--json"),
)


def refused(done):
    """One sentence with what to do, on stderr alone; what it says."""
    assert (done.code, done.out) == (1, ""), done
    assert "Traceback" not in done.err
    assert "意外" not in done.err
    assert any("\u4e00" <= sign <= "\u9fff" for sign in done.err)
    return done.err


@pytest.mark.parametrize("words", OFFICE, ids=" ".join)
def test_a_home_that_is_a_file_is_said_to_be_one(tmp_path, words):
    home = tmp_path / "home.txt"
    home.write_text("一份文件")

    assert "是一个文件，不是文件夹。 请用 --home" in refused(Command(home)(*words))
    assert home.read_text() == "一份文件"


def test_a_home_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")

    assert "不是文件夹" in refused(Command(tmp_path / "file" / "home")("init"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MONITOR_DATABASE_URL", "mysql://x/y", "只支持 sqlite"),
        ("MONITOR_DATABASE_URL", "sqlite:///", "写得不完整"),
        ("MONITOR_DATABASE_URL", "postgresql://host:port/x", "写得不完整"),
        ("MONITOR_DATABASE_URL", "postgresql://[host/x", "写得不完整"),
        ("MONITOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", "数据库不可用"),
        ("MONITOR_DATA_DIR", "nowhere", "MONITOR_DATA_DIR"),
        ("MONITOR_DEMO", "maybe", "应为 true 或 false"),
        ("MONITOR_MAX_BODY_BYTES", "many", "应为整数"),
    ],
)
def test_a_wrong_setting_is_named(monitor, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    told = refused(monitor("show", "R001", "--json"))

    assert words in told
    assert "Value error" not in told


def test_a_folder_is_no_sheet(monitor, tmp_path):
    told = refused(monitor("import", tmp_path, "--channel", "hotline", "--json"))

    assert "是一个文件夹，不是表格文件。 请指定" in told


@pytest.mark.parametrize("name", ["missing.xlsx", ".", "labels.xlsx", "labels.csv"])
def test_labels_that_cannot_be_read_are_refused(monitor, tmp_path, name):
    (tmp_path / "labels.xlsx").write_bytes(b"\xff\xfe no book")
    (tmp_path / "labels.csv").write_bytes(b"text,topic\n\xff\xff,a\n")

    refused(monitor("train", "--labels", tmp_path / name, "--json"))


@pytest.mark.parametrize(
    "words",
    [
        ("due", "--rule", "XF-2", "--from", "9999-12-31T23:00"),
        ("due", "--rule", "IN.triage", "--from", "9999-12-31T23:00", "--urgency", "urgent"),
        ("due", "--rule", "LX-1", "--from", "0001-01-01"),
        ("due", "--rule", "LX-1", "--from", "2026-09-28", "--pause", "0001-01-01/9999-12-31"),
        ("rates", "--from", "0001-01-01", "--to", "9999-12-31"),
        ("rates", "--from", "2026-10-01", "--to", "9999-12-31"),
        ("rates", "--from", "2026-10-01", "--to", "2026-10-31", "--as-of", "0001-01-01"),
    ],
    ids=" ".join,
)
def test_a_day_beyond_the_calendar_is_refused(monitor, words):
    assert "日期超出工作日历" in refused(monitor(*words, "--json"))


@pytest.mark.parametrize("word", ["", " \u3000\n"])
def test_nothing_is_not_classified(monitor, word):
    assert "没有可读的文字" in refused(monitor("classify", word, "--json"))
    assert "没有可读的文字" in refused(monitor("classify", "--file", "-", "--json", stdin=word))


def test_an_office_needs_a_name(nowhere):
    assert "单位名称" in refused(nowhere("init", "--name", " "))
    assert not nowhere.home.exists()


def test_a_broken_sign_is_read_as_one_sign(nowhere):
    told = nowhere("scan", "甲\udcff 13800000123", "--json").json()

    assert told["redacted"].startswith("甲\ufffd ")
    assert told["findings"][0]["start"] == 3


@pytest.mark.parametrize(
    "words", [("show",), ("person", "reset"), ("key", "add"), ("key", "revoke")], ids=" ".join
)
def test_a_name_with_a_broken_sign_is_refused(monitor, words):
    assert "编码" in refused(monitor(*words, "甲\udcff", "--json"))


def test_what_the_law_does_not_allow_is_reckoned_with_a_warning(nowhere):
    words = ("due", "--from", "2026-09-28", "--json", "--rule")
    assert nowhere(*words, "LX-1").json()["warnings"] == []

    done = nowhere(*words, "LX-1", "--extend", 9, "--pause", "2026-10-08/2026-10-09")
    told = done.json()
    assert ["最多延期 5" in told["warnings"][0], "没有法定停表事由" in told["warnings"][1]] == [
        True
    ] * 2
    assert all(f"提醒：{warning}" in done.err for warning in told["warnings"])
    lawful = nowhere(*words, "FOI-2", "--extend", 20, "--pause", "2026-10-08/2026-10-09")
    assert json.loads(lawful.out)["warnings"] == []
