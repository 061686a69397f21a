"""monitor feedback: the table of a platform, and its way back in."""

import pytest


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "letters.csv"
    lines = ["工单编号,受理时间,主要内容,答复意见,答复时间"]
    lines += [
        f"F{n:03d},2026-10-0{1 + n % 5} 09:00,第{n}条路灯不亮,=已于当日修复{n},2026-10-08 16:00"
        for n in range(12)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_table_is_recognised_row_by_row_when_it_comes_back(monitor, letters, tmp_path):
    monitor("import", letters, "--channel", "hotline", "--json").json()
    table = tmp_path / "back.xlsx"

    made = monitor("feedback", "--since", "2026-01-01", "--out", table, "--json").json()
    again = monitor("import", table, "--channel", "hotline", "--json").json()

    assert made["rows"] == 12
    assert (again["read"], again["created"], again["rejected"]) == (12, 0, 0)
    assert again["unknown_columns"] == []
    assert monitor("audit", "verify").code == 0


def test_nothing_is_written_when_nothing_waits(monitor, letters, tmp_path):
    monitor("import", letters, "--channel", "hotline", "--json").json()
    table = tmp_path / "back.xlsx"

    assert monitor("feedback", "--since", "2026-01-01", "--own", "--out", table).code == 1
    assert monitor("feedback", "--since", "2026-01-01", "--out", table).code == 0
    table.unlink()
    done = monitor("feedback", "--since", "2026-01-01", "--out", table)

    assert done.code == 1
    assert "没有等待回填的答复" in done.err
    assert list(tmp_path.glob("back*")) == []


@pytest.mark.parametrize(
    ("since", "out"), [("昨天", "a.xlsx"), ("2026-01-01", "a.csv"), ("2026-01-01", "no/where.xlsx")]
)
def test_nonsense_is_a_sentence_and_marks_nothing(monitor, letters, tmp_path, since, out):
    monitor("import", letters, "--channel", "hotline", "--json").json()

    done = monitor("feedback", "--since", since, "--out", tmp_path / out)

    assert done.code == 1
    assert "Traceback" not in done.err
    table = tmp_path / "later.xlsx"
    assert (
        monitor("feedback", "--since", "2026-01-01", "--out", table, "--json").json()["rows"] == 12
    )
