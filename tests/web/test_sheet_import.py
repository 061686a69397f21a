"""A sheet on its way in: rehearsed, confirmed once, reported; refused without a trace."""

import csv
import io
import re

import pytest
from sqlmodel import select

from monitor.domain.vocabulary import Channel
from monitor.storage.imports import ImportRun
from monitor.storage.orders import Order
from monitor.tasks import durable, staging
from tests.web.casefile import PHONE, as_person

HEADER = ("工单编号", "来电人", "联系电话", "来电时间", "主要内容")
ROW = ("RB-1", "陈试样", PHONE, "2026-10-08 09:12", "设备补贴公示半年了，什么时候到账？")


@pytest.fixture
def lin(signed_in):
    return signed_in("lin")


@pytest.fixture(autouse=True)
def stored_at_once(monkeypatch):
    """What is confirmed is stored here and now; that it survives is asked of the tasks."""
    monkeypatch.setattr(durable, "enqueue_import", staging.store)


def table(*rows, header=HEADER):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def upload(lin, body, name="日报.csv", **more):
    data = {"csrf": lin.token("/desk/import"), "channel": "hotline", **more}
    files = {"file": (name, body, "text/csv")} if body is not None else None
    return lin.post("/desk/import", data=data, files=files)


def taken(lin, body, **more):
    """The page of the import of a file, after its rehearsal."""
    answer = upload(lin, body, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def confirm(lin, run):
    return lin.fill(f"{run}/confirm", run)


def numbers(desk):
    with desk.reading() as ctx:
        return sorted(ctx.session.exec(select(Order.upstream_no)).all())


def test_a_rehearsal_writes_nothing(desk, lin):
    run = taken(lin, table(ROW, (*ROW[:4], "")))

    text = lin.get(run).text
    assert "将新增 <b>1</b>" in text
    assert "拒绝 <b>1</b>" in text
    assert numbers(desk) == []


def test_what_is_confirmed_is_stored_once(desk, lin):
    run = taken(lin, table(ROW))
    for _ in range(2):
        assert lin.fill(f"{run}/confirm", "/desk/import").status_code == 303

    assert numbers(desk) == ["RB-1"]
    assert "读入 1 行：新增 1，更新 0，不变 0，拒绝 0。" in lin.get(run).text
    assert not list(desk.settings.staging_dir.glob("*"))


def test_the_same_file_again_changes_nothing(desk, lin):
    confirm(lin, taken(lin, table(ROW)))

    text = lin.get(taken(lin, table(ROW))).text

    assert "不变 1" in text
    assert "确认导入" not in text
    assert "没有要写入的行" in text


def test_the_report_is_a_table_of_what_was_not_taken(lin):
    run = taken(lin, table(ROW, (*ROW[:3], "2099-01-01", "=1+1")))

    answer = lin.get(f"{run}/report.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    [head, line] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert head == ["行号", "列", "原因", "怎么办"]
    assert line[:2] == ["3", "来电时间"]
    assert PHONE not in answer.text


def test_an_unknown_column_is_named(lin):
    body = table((*ROW, "无"), header=(*HEADER, "备注甲"))

    assert "备注甲" in lin.get(taken(lin, body)).text


def test_a_header_that_was_not_understood_is_mapped_and_remembered(desk, lin):
    header = ("流水甲", *HEADER[1:])
    run = taken(lin, table(ROW, header=header))
    text = lin.get(run).text
    assert "告诉系统哪一列是什么" in text
    assert 'name="header" value="流水甲"' in text

    mapped = {"header": list(header), "field": ["upstream_no", "", "", "", ""]}
    code = re.search(r'<option value="(\w+)">[^<]*编号', text)[1]
    mapped["field"][0] = code
    run = taken(lin, table(ROW, header=header), **mapped)
    assert "将新增 <b>1</b>" in lin.get(run).text
    run = taken(lin, table(("RB-2", *ROW[1:]), header=header))
    assert "将新增 <b>1</b>" in lin.get(run).text


def test_a_marked_row_is_refused_and_leaves_no_trace(desk, lin):
    run = taken(lin, table(ROW, ("RB-2", *ROW[1:4], "机密★5年 某某项目批复")))
    confirm(lin, run)

    assert "这一行带有国家秘密标志" in lin.get(run).text
    assert "某某项目" not in lin.get(run).text
    assert numbers(desk) == ["RB-1"]
    for path in desk.settings.home.rglob("*"):
        if path.is_file():
            assert "某某项目".encode() not in path.read_bytes()


def test_a_marked_header_refuses_the_file(desk, lin):
    body = table(ROW, header=HEADER)
    run = taken(lin, "机密★10年\r\n".encode() + body)

    text = lin.get(run).text
    assert "这份表格没有导入" in text
    assert numbers(desk) == []
    with desk.reading() as ctx:
        assert ctx.session.exec(select(ImportRun)).one().name == ""


def test_a_marked_file_name_is_refused(desk, lin):
    assert upload(lin, table(ROW), name="绝密★某批复.csv").status_code == 422
    with desk.reading() as ctx:
        assert ctx.session.exec(select(ImportRun)).all() == []


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"PK\x03\x04 broken"])
def test_what_is_no_table_is_refused_in_a_sentence(lin, body):
    answer = upload(lin, body, name="x.xlsx")

    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert "这份表格没有导入" in lin.get(answer.headers["location"]).text


def test_without_a_file_or_channel_it_is_said(lin):
    assert upload(lin, None).status_code == 422
    assert upload(lin, table(ROW), channel="drums").status_code == 422


def test_a_rehearsed_file_is_thrown_away(desk, lin):
    run = taken(lin, table(ROW))

    lin.fill(f"{run}/discard", run)

    assert "已放弃" in lin.get(run).text
    assert not list(desk.settings.staging_dir.glob("*"))
    assert confirm_again(lin, run).status_code == 409


def confirm_again(lin, run):
    return lin.fill(f"{run}/confirm", "/desk/import")


def test_a_check_that_died_says_so(desk, lin, clock):
    with desk.writing(as_person(desk, "lin")) as ctx:
        run = staging.open_run(ctx, Channel.HOTLINE, "日报.csv")
    assert "正在试读" in lin.get(f"/desk/import/{run}").text

    clock.wait(minutes=4)

    text = lin.get(f"/desk/import/{run}").text
    assert "试读中断了" in text
    assert "data-refresh-url" not in text


def test_progress_is_a_fragment_that_says_when_it_is_done(desk, lin):
    with desk.writing(as_person(desk, "lin")) as ctx:
        run = staging.open_run(ctx, Channel.HOTLINE, "日报.csv")
    moving = lin.get(f"/desk/import/{run}", headers={"x-fragment": "progress"})
    assert "<html" not in moving.text
    assert "x-done" not in moving.headers

    done = lin.get(taken(lin, table(ROW)), headers={"x-fragment": "progress"})
    assert done.headers["x-done"] == "1"


@pytest.mark.parametrize("username", ["zhou", "qian", "sun", "xiang"])
def test_only_duty_imports(lin, signed_in, username):
    run = taken(lin, table(ROW))

    for path in ("/desk/import", run, f"{run}/report.csv"):
        assert signed_in(username).get(path).status_code in {403, 404}


def test_an_import_that_never_was_is_not_found(lin):
    assert lin.get("/desk/import/00000000-0000-4000-8000-000000000000").status_code == 404
    assert lin.get("/desk/import/x").status_code in {404, 422}


def test_a_sheet_of_very_many_columns_can_be_mapped(desk, lin):
    header = ("编码", "姓名栏", "号码栏", "来电时间", "说了什么", *(f"附加{n}" for n in range(400)))
    body = table((*ROW, *("无" for _ in range(400))), header=header)
    assert "说了什么" in lin.get(taken(lin, body)).text

    codes = ["number", "name", "phone", "received_at", "text", *("" for _ in range(400))]
    run = taken(lin, body, header=list(header), field=codes)

    assert "将新增 <b>1</b>" in lin.get(run).text


def test_a_sheet_of_too_many_columns_is_told_so_at_once(lin):
    header = (*HEADER[:-1], "说了什么", *(f"附加{n}" for n in range(600)))

    text = lin.get(taken(lin, table((*ROW, *("无" for _ in range(600))), header=header))).text

    assert "605 列" in text
    assert "告诉系统哪一列是什么" not in text


def test_only_the_form_of_sheets_may_have_that_many_fields(lin):
    many = {f"附加{n}": "无" for n in range(2_100)}
    few = dict(list(many.items())[:300])

    assert upload(lin, table(ROW), **few).status_code == 303
    assert upload(lin, table(ROW), **many).status_code == 400
    data = {"csrf": lin.token("/desk/import"), "next": "/desk", **few}
    files = {"file": ("日报.csv", b"x", "text/csv")}
    assert lin.post("/desk/register", data=data, files=files).status_code == 400
