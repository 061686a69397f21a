"""What must not leave is found where it stands, and is gone after redaction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.identifiers import is_bank_card, is_id_card, is_uscc
from classifiers.sensitive import KINDS, redact, scan


def kinds(text):
    return [(hit.kind, hit.text) for hit in scan(text)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("请打13800000123找我", "phone", "13800000123"),
        ("电话138 0000 0123", "phone", "138 0000 0123"),
        ("电话138-0000-0123。", "phone", "138-0000-0123"),
        ("＋８６１３８００００１２３４", "phone", "＋８６１３８００００１２３４"),
        ("138\u200b0000\u200b0123", "phone", "138\u200b0000\u200b0123"),
        ("打一三八零零零零零一二三", "phone", "一三八零零零零零一二三"),
        ("打幺三八〇〇〇〇零幺二三", "phone", "幺三八〇〇〇〇零幺二三"),
        ("①③⑧00000123", "phone", "①③⑧00000123"),
        ("房间2 13800000123", "phone", "13800000123"),
        ("座机0791-8800 0000", "landline", "0791-8800 0000"),
        ("（010）88000000", "landline", "（010）88000000"),
        ("固话：6800 0000", "landline", "6800 0000"),
        ("请打010 68000000-805", "landline", "010 68000000-805"),
        ("座机0791-8800000 分机 21", "landline", "0791-8800000 分机 21"),
        ("传真 86-791-88000000", "landline", "86-791-88000000"),
        ("证件号110101900307001", "id_card", "110101900307001"),
        ("通行证H0000000000", "passport", "H0000000000"),
        ("台胞证号00000000", "passport", "00000000"),
        ("微·信：abc_12345", "wechat", "abc_12345"),
        ("q q 10000001", "qq", "10000001"),
        ("扣扣一零零零零零零一", "qq", "一零零零零零零一"),
        ("邮箱test#example.com", "email", "test#example.com"),
        ("邮箱 test at example dot com", "email", "test at example dot com"),
        ("邮箱test @ example . com", "email", "test @ example . com"),
        ("本人李四，系园区职工", "name", "李四"),
        ("上周找李总谈过两次", "name", "李总"),
        ("方便李经理回个电话", "name", "李经理"),
        ("住示范路7弄3号202", "address", "示范路7弄3号202"),
        ("身份证110101199003070011", "id_card", "110101199003070011"),
        ("身份证11010119900307001X。", "id_card", "11010119900307001X"),
        ("110101 19900307 001ｘ", "id_card", "110101 19900307 001ｘ"),
        ("身份证号110101900307001", "id_card", "110101900307001"),
        ("护照E00000000", "passport", "E00000000"),
        ("卡号6222 0000 0000 0000 000", "bank_card", "6222 0000 0000 0000 000"),
        ("对公账户 10000000000012", "bank_card", "10000000000012"),
        ("打到4111111111111111", "bank_card", "4111111111111111"),
        ("车牌赣Ａ·12345", "plate", "赣Ａ·12345"),
        ("赣AD12345是新能源车", "plate", "赣AD12345"),
        ("写信到 test.user@example.com 即可", "email", "test.user@example.com"),
        ("ｔｅｓｔ＠example.com", "email", "ｔｅｓｔ＠example.com"),
        ("微信：abc_12345", "wechat", "abc_12345"),
        ("加V abcdef12", "wechat", "abcdef12"),
        ("QQ：10000001", "qq", "10000001"),
        ("代码91350100M000100Y43", "uscc", "91350100M000100Y43"),
        ("统一社会信用代码：91360000MA00000000", "uscc", "91360000MA00000000"),
        ("联系人张三", "name", "张三"),
        ("联系人：张三电话见附件", "name", "张三"),
        ("我叫李四，来自外地", "name", "李四"),
        ("经办人李某多次刁难", "name", "李某"),
        ("请找陈先生", "name", "陈先生"),
        ("和欧阳小明女士谈过", "name", "欧阳小明女士"),
        ("姓名：阿依古丽·买买提", "name", "阿依古丽·买买提"),
        ("投诉\n请尽快处理\n张三\n2026年1月1日", "name", "张三"),
        ("住在示范路12号锦绣花园3栋302", "address", "示范路12号锦绣花园3栋302"),
        ("送到示范路12号栋302", "address", "示范路12号栋302"),
        ("我家阳光小区3栋2单元302", "address", "家阳光小区3栋2单元302"),
        ("家庭住址：示范市示范区创业大道８８号", "address", "示范市示范区创业大道８８号"),
        ("机 密 ★ 5年", "secrecy", "机 密 ★ 5年"),
        ("我们的客户名单被泄露", "trade_secret", "客户名单"),
    ],
)
def test_each_kind_is_found_where_it_stands(text, kind, found):
    assert (kind, found) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345或者110",
        "合计138000001.23元",
        "高经理人才计划",
        "方案由局长审定",
        "请项目经理到场",
        "方案经主任办公会研究",
        "公司高总是不上班",
        "投资13800万元，分3年到位",
        "工单20190915123000123456已办结",
        "记录编号202610091230000012",
        "文件〔2026〕12号，地铁2号线，3号厂房",
        "申请人应当提交材料，负责人员签字",
        "我是高新区企业，我是江西人",
        "希望尽快解决\n谢谢\n谢谢",
        "单位代表和代理公司参加",
        "办事地址还是三年前的旧楼，不是新址",
        "这件事我问过曾\n局长信箱也写过",
        "请保密，不要泄露",
        "GDP增长8.8%，2025-2026年度",
        "",
    ],
)
def test_plain_matters_are_left_alone(text):
    assert kinds(text) == []


def test_a_name_once_known_is_found_wherever_it_stands():
    text = "我叫李四。前台说李四没有登记。"

    assert [hit.text for hit in scan(text)] == ["李四", "李四"]
    assert "李四" not in redact(text, scan(text))


def test_redaction_reads_naturally():
    text = "联系人王女士，电话138 0000 0123，陈科长推诿，张三作证，住址：示范路12号。我叫张三"

    assert redact(text, scan(text)) == (
        "联系人某女士，电话【电话】，某科长推诿，某某作证，住址：【地址】。我叫某某"
    )


def test_a_reviewer_may_choose_the_words():
    text = "请打13800000123找张先生"

    assert redact(text, scan(text), {"phone": "（略）", "name": "来信人"}) == "请打（略）找来信人"


def test_redacting_nothing_changes_nothing():
    assert redact("一封普通的信", []) == "一封普通的信"


GAPS = st.sampled_from(["", " ", "-", "\u200b", "　", ".", " - "])
DIGITS = [
    "0０零〇",
    "1１一幺",
    "2２二",
    "3３三",
    "4４四",
    "5５五",
    "6６六",
    "7７七",
    "8８八",
    "9９九",
]


@st.composite
def phones(draw):
    """A demonstration number in any writing."""
    number = "1380000" + draw(st.text("0123456789", min_size=4, max_size=4))
    gap = draw(GAPS)
    written = [draw(st.sampled_from(DIGITS[int(digit)])) for digit in number]
    return gap.join(["".join(written[:3]), "".join(written[3:7]), "".join(written[7:])])


PROSE = st.text("咨询补贴，。 \n电话ab我是张先生路号", max_size=30)


@given(PROSE, phones(), PROSE)
def test_no_writing_of_a_phone_survives_redaction(before, phone, after):
    text = before + phone + after
    hits = scan(text)

    assert phone in "".join(hit.text for hit in hits)
    assert phone not in redact(text, hits)
    assert not [hit for hit in scan(redact(text, hits)) if hit.kind == "phone"]


@given(st.text(st.characters() | st.sampled_from("0123456789一三八张王密★路号@微信"), max_size=80))
def test_any_text_is_scanned_in_order_with_exact_positions(text):
    hits = scan(text)

    assert all(text[hit.start : hit.end] == hit.text and hit.kind in KINDS for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    redacted = redact(text, hits)
    assert all(
        hit.text not in redacted for hit in hits if hit.kind in ("phone", "id_card", "email")
    )


def test_check_digits_are_those_of_the_standards():
    assert is_id_card("11010519491231002X")
    assert not is_id_card("110105194912310021")
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
    assert is_uscc("91350100M000100Y43")
    assert not is_uscc("91350100M000100Y44")
