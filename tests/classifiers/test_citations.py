"""What an answer cites: rules by name or number, days, sums, places; held against what is known."""

import pytest

from classifiers import quality
from classifiers.quality.wording import plain

CHECKER = quality.Checker(
    quality.shipped().book,
    [
        {"name": "关于惠企资金直达的通知", "aliases": ["国办发〔2023〕15号"]},
        {"name": "产业扶持办法", "aliases": ["市投促发〔2019〕7号"], "repealed": True},
        {"name": "市招商引资若干政策（2022年8号文）"},
        {"name": "市级贴息办法", "aliases": ["市政发〔2021〕9号"], "repealed": True},
        {"name": "用地办法", "aliases": ["国办发〔2021〕9号"]},
    ],
)


def judged(answer):
    """The faults in what an answer cites, and what it rightly cites."""
    result = CHECKER.check("", "请问怎么办理？", answer)
    wrong = [one for one in result.faults if one.kind in {"citation", "repealed", "basis"}]
    return [(one.kind, answer[one.start : one.end]) for one in wrong], result.fine.get("basis", ())


@pytest.mark.parametrize(
    ("answer", "faults", "right"),
    [
        ("根据国办发〔2023〕15号，资金直达企业。", [], ("关于惠企资金直达的通知",)),
        ("按照国办发[2023]15号文件办理。", [], ("关于惠企资金直达的通知",)),
        ("按2023年15号文办理。", [], ("关于惠企资金直达的通知",)),
        ("按2022年第8号文办理。", [], ("市招商引资若干政策(2022年8号文)",)),
        # Another year, another number, another issuer.
        ("按2024年15号文办理。", [("citation", "2024年15号文")], ()),
        ("按国办发〔2023〕16号执行。", [("citation", "按国办发〔2023〕16号")], ()),
        ("市政发〔2023〕15号规定了条件。", [("citation", "市政发〔2023〕15号")], ()),
        ("按市投促发〔2019〕7号执行。", [("repealed", "按市投促发〔2019〕7号")], ()),
        # Two of one year and number: who issued it tells them apart; without, one that holds.
        ("根据国办发〔2021〕9号办理。", [], ("用地办法",)),
        ("根据市政发〔2021〕9号办理。", [("repealed", "根据市政发〔2021〕9号")], ()),
        ("根据2021年9号文办理。", [], ("用地办法",)),
        # Inside a title, and numbers of files that are no rules.
        (
            "根据《产业促进办法（市投发〔2022〕88号）》。",
            [("citation", "《产业促进办法（市投发〔2022〕88号）》")],
            (),
        ),
        (
            "您的信访件〔2024〕123号、登记通知书（2024）第33号已收到，根据国办发〔2023〕15号。",
            [],
            ("关于惠企资金直达的通知",),
        ),
        # A number beside its title goes with the title; a house number is none.
        ("见《关于惠企资金直达的通知》（市发〔2023〕99号）。", [], ("关于惠企资金直达的通知",)),
        ("您于2023年到3号楼办理，根据国办发〔2023〕15号。", [], ("关于惠企资金直达的通知",)),
    ],
)
def test_a_number_is_held_against_the_list(answer, faults, right):
    found, cited = judged(answer)

    assert found == faults
    assert [plain(name) for name in cited] == list(right)


def shipped(cited):
    """What the shipped rules say of an answer that cites this."""
    answer = f"您好！根据{cited}，款项将于10月30日前到账。"
    result = quality.shipped().check("", "请问何时到账？", answer)
    wrong = [one for one in result.faults if one.kind in {"citation", "repealed", "basis"}]
    return [(one.kind, answer[one.start : one.end]) for one in wrong], result.fine["basis"]


@pytest.mark.parametrize(
    ("cited", "kind"),
    [("《惠企资金共享条例》", "citation"), ("《营商环境法典》", "citation"),
     ("《信访条例》", "repealed"), ("《中华人民共和国合同法》", "repealed"),
     ("有关规定", "basis")],
)  # fmt: skip
def test_a_name_is_held_against_the_list(cited, kind):
    faults, _ = shipped(cited)

    assert faults == [(kind, "" if kind == "basis" else cited)]


@pytest.mark.parametrize(
    "name",
    ["民法典", "中华人民共和国民法典", "中华人民共和国外商投资法", "外商投资法（试行）",
     "市场准入负面清单", "外商投资准入特别管理措施"],
)  # fmt: skip
def test_what_stands_in_the_list_is_a_basis_whatever_its_ending_and_the_name_of_the_state(name):
    faults, right = shipped(f"《{name}》")

    assert faults == []
    assert len(right) == 1
    assert plain(name).removeprefix("中华人民共和国").removesuffix("(试行)") in right[0]


def test_a_book_or_a_column_is_no_basis():
    assert [kind for kind, _ in shipped("《问政栏目》")[0]] == ["basis"]


TITLE = "技改设备补贴公示通过后一直未拨款"
LETTER = "我公司第二批技改设备补贴86万元，今年4月2日公示通过，至今没有拨款。请问何时到账？"
ANSWER = (
    "您好！经核，贵公司第二批技改设备补贴86万元已于4月2日公示通过。"
    "根据《保障中小企业款项支付条例》，用款环节现为财政复核，将于10月30日前到账。"
)


def found(kind, answer, text=LETTER, title=TITLE):
    faults = quality.shipped().check(title, text, answer).faults
    return [one for one in faults if one.kind == kind]


@pytest.mark.parametrize(
    "day",
    ["2026年13月45日", "2025年2月30日", "13月45日", "2月30日", "4月31号", "2025年2月29日",
     "2026年13月", "2026-02-30", "2026.13.1", "２０２６年２月３０日", "二月三十日",
     "二〇二六年十三月", "4月25日至31日"],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_shown(day):
    answer = f"{ANSWER}另一笔已于{day}支付。"

    (fault,) = found("calendar", answer)

    assert answer[fault.start : fault.end] == fault.text == day


@pytest.mark.parametrize(
    "day",
    ["2月29日", "2024年2月29日", "十二月三十一日", "4月25日至5月3日", "2026-10-30", "2026.10.30",
     "农历二月三十日", "10月35号楼交付前", "编号2026-45-12的合同", "历时13月"],
)  # fmt: skip
def test_a_day_that_some_calendar_has_or_no_day_at_all_is_not(day):
    assert not found("calendar", f"{ANSWER}另一笔已于{day}支付。")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [("补贴86万元", "补贴68万元", "68万元"), ("4月2日公示", "5月2日公示", "5月2日")],
)  # fmt: skip
def test_a_date_or_sum_told_otherwise_is_shown_with_both(right, wrong, said):
    answer = ANSWER.replace(right, wrong)

    (fault,) = found("contradiction", answer)

    assert fault.other in right
    assert answer[fault.start : fault.end] == said


@pytest.mark.parametrize(
    ("told", "other"),
    [("10.27万元", ["10.72 万"]), ("10.27 万", ["10.72 万"]), ("286万元", ["268 万"]),
     ("1234576元", ["1234567元"]), ("53.6万元", []), ("10.72万元", []), ("286万户", []),
     ("286人", [])],
)  # fmt: skip
def test_a_sum_with_its_digits_in_another_order_is_shown_whatever_stands_around_it(told, other):
    text = "投入268 万，应补1234567元，只收到10.72 万，请核实。"

    faults = found("contradiction", f"您好！现查明为{told}。", text, "研发补助")

    assert [one.other for one in faults] == other


def test_another_place_than_the_title_names_is_shown():
    text = "青山镇兴业路的厂房漏水，请问何时维修？"
    answer = "您好！您反映的清河镇兴业路厂房漏水问题，经查已于3月2日修好。"

    (fault,) = found("contradiction", answer, text, "反映青山镇兴业路厂房漏水")

    assert (fault.text, fault.other) == ("清河镇", "青山镇")


@pytest.mark.parametrize(
    "more", ["另一笔12万元已退回。", "2026年5月6日另有会议。", "请到平安路办理。"]
)
def test_other_matters_may_have_other_values(more):
    assert not found("contradiction", ANSWER + more)
