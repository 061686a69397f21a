"""Columns by the alias table, given and remembered mappings, what is reported."""

import pytest

from monitor.channels.sheet import SheetRefused, header
from monitor.channels.sheet.columns import normal
from tests.channels.conftest import Open
from tests.channels.making import HEADER, row, rows, text, xlsx

# The aliases that the city's platforms really use, by field.
KNOWN = {
    "number": "工单编号 工单号 受理编号 反映编号 record_number 留言编号",
    "received_at": "受理时间 来电时间 反映时间 登记时间 留言时间",
    "origin": "受理渠道 来源 反映渠道 受理方式",
    "receiver": "受理员",
    "receiver_no": "受理员工号",
    "request_type": "工单类型 诉求类型 来电类别 受理类型 反映类型",
    "topic": "问题分类 事项分类 归属类别",
    "urgency": "紧急程度",
    "tags": "标签",
    "title": "标题 反映主题 留言主题",
    "text": "主要内容 诉求内容 反映内容 来电内容 留言详情",
    "name": "来电人 诉求人 姓名 留言用户",
    "phone": "来电人电话/账号 联系方式",
    "gender": "性别",
    "address": "诉求人地址 住址",
    "place": "问题发生地 被反映区 被反映街乡镇 村社区 小区点位",
    "id_number": "身份证号 证件号",
    "company": "企业名称 被反映对象",
    "confidential": "是否保密",
    "reply_wanted": "是否回复 是否要求回复",
    "nature": "工单性质",
    "unit": "办理单位 承办单位 承办部门 转办单位",
    "forwarded_at": "转办时间 派单时间 交办时间",
    "forwarder": "转办人",
    "forwarder_no": "转办人工号",
    "forward_note": "转办意见",
    "due": "办理时限 截止时间 到期时间",
    "signed_at": "签收时间",
    "status": "工单状态",
    "repeat": "初重标识",
    "urged": "催办次数",
    "second": "是否二次交办",
    "efficiency": "是否效能件",
    "extensions": "延期次数",
    "extended_to": "延期至",
    "returns": "退单次数",
    "contact": "联系群众情况",
    "contacted_at": "联系时间",
    "handling": "办理结果 处理情况",
    "answer": "回复内容 公开答复内容 答复意见",
    "answered_at": "答复时间 回复时间",
    "truthful": "诉求属实",
    "solved": "是否解决",
    "unsolved_reason": "未解决原因",
    "satisfied": "是否满意",
    "callback_at": "回访时间",
    "callback": "回访结果",
    "closed_at": "办结时间",
    "note": "备注",
    "attachments": "附件",
}


def test_columns_know_every_alias_of_the_platforms(columns):
    wrong = {
        name: code
        for code, names in KNOWN.items()
        for name in names.split()
        if (columns.rank(normal(name)) or ("",))[0] != code
    }

    assert wrong == {}


def test_columns_have_no_alias_twice(columns):
    names = [normal(n) for f in columns.fields.values() for n in (f.label, *f.aliases)]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_columns_keep_personal_details_out_of_the_upstream_copy(columns):
    personal = {f.code for f in columns.fields.values() if f.part == "personal"}

    assert personal == {"name", "phone", "id_number", "address", "email"}
    assert personal.isdisjoint(columns.upstream)
    assert {f.part for f in columns.fields.values()} == {"own", "personal", "upstream"}


def test_unknown_columns_are_reported(opened: Open):
    table = [[*HEADER, "回执码", ""], [*row(1), "甲", ""], [*row(2), "乙", "无名"]]

    with opened(xlsx(table)) as sheet:
        found = list(sheet.rows)

    assert sheet.unknown == ("回执码", "第8列")
    assert sheet.mapped["主要内容"] == "text"
    assert found[1].source["第8列"] == "无名"


def test_header_row_and_other_sheets_are_reported(opened: Open):
    def then(book, sheets):
        book.add_worksheet("附注").write(0, 0, "甲")

    with opened(xlsx([["台账"], [], *rows()], then=then)) as sheet:
        found = list(sheet.rows)

    assert sheet.header_row == 3
    assert sheet.ignored_sheets == ("附注",)
    assert [one.row for one in found] == [4, 5, 6]


def test_mapping_by_label_or_code_is_honoured(opened: Open):
    table = [["单号", "几点", "说什么", "联系方式"], ["7", "2024-01-06", "企业来信", "甲"]]
    mapping = {"单号": "工单编号", "几点": "received_at", "说什么": "text", "联系方式": ""}

    with opened(text(table), mapping=mapping) as sheet:
        (one,) = sheet.rows

    assert (one.upstream_no, one.text, one.requester.phone) == ("7", "企业来信", "")
    assert sheet.unknown == ("联系方式",)
    assert one.source["联系方式"] == "甲"


def test_mapping_to_an_unknown_field_is_refused(opened: Open):
    with pytest.raises(SheetRefused) as refusal, opened(text(rows()), mapping={"标题": "天气"}):
        pass

    assert refusal.value.code == "mapping"


def test_remembered_mapping_is_found_by_the_fingerprint(opened: Open):
    names = ["单号", "几点", "说什么"]
    remembered = {
        header.fingerprint(names): dict(zip(names, ("number", "received_at", "text"), strict=True))
    }

    with opened(text([names, ["7", "2024-01-06", "企业来信"]]), recall=remembered.get) as sheet:
        (one,) = sheet.rows

    assert one.upstream_no == "7"
    assert sheet.fingerprint in remembered


def test_fingerprint_ignores_ornaments_and_minds_the_order():
    assert header.fingerprint(["工单编号", "标题"]) == header.fingerprint(
        [" *工单\n编号", "标题："]
    )
    assert header.fingerprint(["工单编号", "标题"]) != header.fingerprint(["标题", "工单编号"])


def test_missing_column_names_itself_and_the_nearest(opened: Open):
    table = [["工单编好", *HEADER[1:]], *rows()[1:]]

    with pytest.raises(SheetRefused) as refusal, opened(text(table)):
        pass

    assert "“工单编号”" in refusal.value.message
    assert "“工单编好”" in refusal.value.message
    assert refusal.value.headers == ("工单编好", *HEADER[1:])


def test_missing_column_never_shows_a_number_that_may_be_a_person(opened: Open):
    with pytest.raises(SheetRefused) as refusal, opened(text([["13800000123编号"], ["x"]])):
        pass

    assert "138" not in refusal.value.message


def test_only_the_foremost_alias_takes_the_field(opened: Open):
    table = [["受理编号", *HEADER], ["第二号", *row(1)]]

    with opened(text(table)) as sheet:
        (one,) = sheet.rows

    assert one.upstream_no == row(1)[0]
    assert one.source["受理编号"] == "第二号"
    assert sheet.unknown == ("受理编号",)
