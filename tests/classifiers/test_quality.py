"""What an answer lacks: each kind of finding with good, bad, hard and empty texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import quality
from classifiers.quality import ANSWER, LETTER

TITLE = "技改设备补贴公示通过后一直未拨款"
LETTER_TEXT = (
    "我公司2025年申报的第二批技改设备补贴86万元，今年4月2日公示通过，至今没有拨款。"
    "请问：卡在哪个环节；什么时候能到账；第三批是否需要重新报送材料。"
)
GOOD = (
    "您好！来信收悉，现答复如下。经核，贵公司第二批技改设备补贴86万元已于4月2日公示通过。"
    "根据《保障中小企业款项支付条例》，用款环节现为财政复核，将于2026年10月30日前到账。"
    "第三批不需要重新报送材料。感谢您的监督。咨询电话：138 0000 0000。"
)
CHECKER = quality.shipped()


def kinds(answer, text=LETTER_TEXT, title=TITLE):
    return {fault.kind for fault in CHECKER.check(title, text, answer).faults}


def found(kind, answer, text=LETTER_TEXT, title=TITLE):
    return [one for one in CHECKER.check(title, text, answer).faults if one.kind == kind]


def test_a_good_answer_has_full_marks_and_says_what_is_fine():
    result = CHECKER.check(TITLE, LETTER_TEXT, GOOD)

    assert result.faults == ()
    assert (result.score, result.parts) == (100, ())
    assert result.fine["basis"] == ("保障中小企业款项支付条例",)
    assert len(result.points) == 3


@pytest.mark.parametrize("answer", ["", " \n\u3000"])
def test_nothing_is_said_of_an_empty_answer(answer):
    assert CHECKER.check(TITLE, LETTER_TEXT, answer).faults == ()
    assert CHECKER.check("", "", answer).points == ()


def test_a_point_that_is_not_touched_is_shown_in_the_letter():
    answer = GOOD.replace("第三批不需要重新报送材料。", "")

    (fault,) = found("point", answer)

    assert fault.where == LETTER
    assert LETTER_TEXT[fault.start : fault.end] == "第三批是否需要重新报送材料。"


@pytest.mark.parametrize("other", ["第三批不必再交资料。", "第三批所需证明沿用原来的。"])
def test_other_words_for_the_same_touch_a_point(other):
    assert not found("point", GOOD.replace("第三批不需要重新报送材料。", other))


def test_an_answer_to_another_letter_touches_no_point_however_short():
    street = "您好！经查，和平路照明线路老化，已于3月2日更换灯具，现场恢复正常，维修人员定期巡查。"

    assert found("point", street, "请问奖励什么时候发？", "咨询奖励金")
    assert not found("point", "您好！奖励下月发。" + street, "请问奖励什么时候发？", "咨询")
    assert not found("point", street, "请问怎么办？", "")


def asked(text):
    return [text[start:end] for start, end in CHECKER.points(text)]


@pytest.mark.parametrize(
    "text",
    ["请问补贴什么时候拨付？另外，路灯坏了一个月，晚上很危险，请尽快修好。",
     "请问补贴什么时候拨付？另外，路灯坏了一个月。请尽快修好。",
     "请问补贴什么时候拨付，另外路灯坏了请尽快修好。",
     "厂区门口的路灯坏了，请修一下路灯。请问补贴什么时候拨付？"],
)  # fmt: skip
def test_a_demand_beside_a_question_is_a_point_of_its_own(text):
    (fault,) = found("point", "您好！补贴将于10月30日前拨付。", text, "补贴")
    shown = text[fault.start : fault.end]

    assert len(asked(text)) == 2
    assert [word in shown for word in ("路灯", "拨付")] == [True, False]


NUMBERED = (
    "一、请尽快拨付第二批技改补贴。\n二、厂区门口路灯坏了，请修好。\n"
    "三、第三批是否需要重新报送材料？\n四、减免上半年的厂房租金。\n请领导重视，望回复。"
)


@pytest.mark.parametrize(
    ("text", "firsts"),
    [(NUMBERED, "一二三四"), ("诉求如下：" + NUMBERED.replace("\n", "；"), "一二三四"),
     ("一、拨付技改补贴，二、修复厂区路灯，三、何时发放资金，四、取消年检。", "一二三四"),
     ("1.厂区用电不足，请增容。2.什么时候通公交车？3.厂房租金过高。", "123"),
     ("①拨付技改补贴；②修复厂区路灯；③何时发放稳岗资金？", "①②③")],
)  # fmt: skip
def test_every_one_of_numbered_requests_is_a_point(text, firsts):
    assert "".join(one[0] for one in asked(text)) == firsts


def test_a_numbered_request_that_the_answer_ignores_is_shown():
    answer = "您好！技改补贴将于10月30日前拨付，第三批材料不需要重新报送。厂区路灯已修好。"

    (fault,) = found("point", answer, NUMBERED)
    assert NUMBERED[fault.start : fault.end] == "四、减免上半年的厂房租金。"


@pytest.mark.parametrize(
    "courtesy",
    ["请领导重视", "望回复", "盼复", "谢谢", "请各位领导关注此事。",
     "恳请领导在百忙之中予以关注，盼复。", "望领导高度重视并尽快回复，谢谢！",
     "请贵局予以答复。", "请求领导给老百姓做主！", "请您谅解。"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "请问第三批是否需要重新报送材料？"])
def test_courtesy_is_no_point(courtesy, before):
    assert asked("公司去年申报了设备补贴。" + before + courtesy) == ([before] if before else [])


@pytest.mark.parametrize(
    "text",
    ["请问技改补贴何时拨付？恳请尽快拨付技改补贴。", "请问技改补贴能否尽快拨付，请尽快拨付到位。"],
)  # fmt: skip
def test_what_a_question_asks_is_not_counted_again_as_a_demand(text):
    assert len(asked(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["银行要求我们提供担保。", "公司去年申请了技改补贴。",
     "一、去年三月厂房漏水。二、物业来看过两次。三、租金照收不误。"],
)  # fmt: skip
def test_a_tale_of_what_happened_demands_nothing(text):
    assert asked(text) == []


@pytest.mark.parametrize(
    "answer",
    ["您好！您的留言已收悉。",
     "您好！您反映的问题已转市住建局调查处理，感谢您的留言。2026年3月2日",
     "您的建议很好，我局将认真研究，在今后的工作中予以考虑。",
     "请向当地民政部门咨询，电话：138 0000 0000。", "网友：2026年7月9日"],
)  # fmt: skip
def test_an_answer_of_phrases_alone_is_evasive(answer):
    (fault,) = found("evasion", answer)

    assert fault.where == ANSWER
    assert not kinds(answer) & {"passing", "vague", "promise"}


@pytest.mark.parametrize(
    "answer",
    [GOOD, "您好！您反映的问题已转市住建局。经查，该处违建已于3月2日拆除。",
     "可以申请，准备身份证和营业执照到窗口办理即可，当天办结。", "目前没有这项补贴。",
     "因您没有留下联系方式，无法核实具体地点，请补充后再反映。",
     "该工地已立案查处，罚款两万元。"],
)  # fmt: skip
def test_an_answer_with_a_fact_or_a_deed_is_not(answer):
    assert not found("evasion", answer)


@pytest.mark.parametrize(
    "sentence",
    ["具体情况请与财政部门联系。", "此事与我局无关。", "这不属于我局职责范围。",
     "请您自行与企业协商解决。"],
)  # fmt: skip
def test_a_sentence_that_passes_on_is_shown(sentence):
    answer = GOOD.replace("感谢", sentence + "感谢")

    (fault,) = found("passing", answer)

    assert fault.text in sentence


def test_asking_to_ring_the_own_office_is_no_passing_on():
    assert not found("passing", GOOD + "如有疑问，请直接与我局投资科联系。")


@pytest.mark.parametrize(
    ("sentence", "is_found"),
    [("我局将尽快拨付到位。", True), ("下一步，我们将争取早日开工建设。", True),
     ("我局将尽快在10月30日前拨付到位。", False), ("我局将尽快于年底前拨付到位。", False),
     ("款项已经拨付到位。", False), ("贵司2023年的设备补贴，我们会尽快拨付。", True),
     *((f"我们会尽快于2027年{more}拨付。", not more)
       for more in ("", "3月", "底", "内", "前", "上半年", "下半年", "第二季度"))],
)  # fmt: skip
def test_a_promise_wants_a_day(sentence, is_found):
    answer = GOOD.replace("将于2026年10月30日前到账", "款项可以到账") + sentence

    assert bool(found("promise", answer)) is is_found


def said(kinds, sentence):
    """What a good answer with one more sentence is told, by these kinds."""
    faults = CHECKER.check(TITLE, LETTER_TEXT, GOOD.replace("感谢", sentence + "感谢")).faults
    return [one.text for one in faults if one.kind in kinds.split()]


@pytest.mark.parametrize(
    "sentence",
    ["你自己不会看通知吗？", "少来烦我们。", "有完没完！", "这关我们什么事。", "不服就去告。",
     "催也没用。", "简直是无理取闹。", "再闹就取消你们资格。", "别怪我们不客气。",
     "信不信我们停了补贴？", "再举报，补贴就没了。"],
)  # fmt: skip
def test_rude_and_threatening_words_are_shown(sentence):
    (text,) = said("rude threat", sentence)

    assert text in quality.plain(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["您反映窗口人员骂您没事找事，已对其批评教育。", "反映的“少来烦我们”一话属实。",
     "您不会操作的，我们帮办。", "严禁说有完没完一类的话。", "如再次扰民，请拨打12345投诉。",
     "逾期的，依照《奖补办法》第八条取消资格。"],
)  # fmt: skip
def test_words_that_are_only_repeated_and_lawful_ends_are_not(sentence):
    assert not said("rude threat", sentence)


@pytest.mark.parametrize(("why", "is_found"), [("", True), ("因征地手续尚未批复，", False)])
@pytest.mark.parametrize(
    "sentence",
    ["以有关规定为准。", "时间难以确定，请谅解。", "视情况而定。", "无法确定具体时间。",
     "到时候再说。"],
)  # fmt: skip
def test_saying_nothing_sure_is_shown_unless_with_a_reason(sentence, why, is_found):
    assert bool(said("unsure", why + sentence)) is is_found


def test_the_form_of_politeness_is_looked_at():
    bare = "经核，第二批86万元4月2日公示，现在财政复核环节，10月30日到账；第三批不用重报材料。"

    assert {"greeting", "closing", "contact"} <= kinds(bare)
    assert not {"greeting", "closing", "contact"} & kinds(GOOD)


def test_the_score_is_the_sum_of_its_parts_and_never_below_nothing():
    result = CHECKER.check(TITLE, LETTER_TEXT, "已收悉。")

    assert result.score == max(0, 100 - sum(part.lost for part in result.parts))
    assert all(part.lost <= CHECKER.kinds[part.kind].most for part in result.parts)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_read_and_every_place_lies_in_them(letter, answer):
    result = CHECKER.check("", letter, answer)

    for fault in result.faults:
        text = letter if fault.where == LETTER else answer
        assert 0 <= fault.start <= fault.end <= len(text)
    assert 0 <= result.score <= 100


def test_long_texts_are_read_in_time_that_grows_with_them():
    CHECKER.check(TITLE, LETTER_TEXT, GOOD)
    began = time.perf_counter()
    for _ in range(20):
        CHECKER.check(TITLE, LETTER_TEXT, GOOD)
    one = (time.perf_counter() - began) / 20
    began = time.perf_counter()
    CHECKER.check(TITLE, LETTER_TEXT * 20, GOOD * 20)

    assert time.perf_counter() - began < 200 * one


def test_an_office_goes_by_its_own_list_and_weights():
    patterns = {name: words for name, words in CHECKER.book["patterns"].items() if name != "rude"}
    office = quality.Checker(
        {
            "version": 7,
            "kind": [{"code": "basis", "label": "依据", "level": "must", "weight": 30, "most": 30,
                      "says": "请写明依据"}, {**CHECKER.book["kind"][0], "code": "rude"}],
            "limits": CHECKER.book["limits"], "patterns": patterns,
        },
        [{"name": "本市奖补办法"}],
    )  # fmt: skip

    answer = GOOD.replace("《保障中小企业款项支付条例》", "")
    assert office.check(TITLE, LETTER_TEXT, answer).score == 70
    assert office.version == "quality-7"
    # A list that its book does not have yet stands as shipped.
    assert [one.kind for one in office.check("", "", GOOD + "少来烦我们。").faults] == ["rude"]
