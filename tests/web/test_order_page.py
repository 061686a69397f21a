"""The page of one order: what each role sees and may do, what is masked, what is escaped."""

import html
import re
from datetime import timedelta

import pytest

from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.steps import intake
from tests.web import casefile
from tests.web.casefile import NAME, PHONE, seen

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def see(signed_in):
    """The page as one of the cast sees it: `see("zhou", number, "?trace=answer")`."""
    browsers = {}

    def get(username: str, number: str, query: str = "") -> str:
        if username not in browsers:
            browsers[username] = signed_in(username)
        answer = browsers[username].get(f"/desk/orders/{number}{query}")
        assert answer.status_code == 200, answer.text
        return answer.text

    return get


def offered(text: str) -> tuple[set[str], set[str]]:
    """The moves that may be made, and those that stand there grey with their reason."""
    items = re.findall(r'<li id="do-(\w+)">(.*?)</li>', text, re.S)
    grey = {name for name, inside in items if "不可用：" in inside}
    return {name for name, _ in items} - grey, grey


def blue(text: str) -> str:
    """The words on the blue button at the foot, if there is one."""
    found = re.search(r'<div class="action-bar".*?btn-primary.*?<span>(.*?)</span>', text, re.S)
    return found[1] if found else ""


AT_TRIAGE = {*("dispatch", "answer_at_once", "merge", "ask_decline"), *("note", "split", "retract")}
AT_TRIAGE |= {"choose_rule"}
OFFICE = {"hand_back", "retract", "choose_rule"}


@pytest.mark.parametrize(
    ("state", "username", "may", "main"),
    [
        ("letter", "lin", AT_TRIAGE, "填写分办"),
        ("letter", "qian", {"retract"}, ""),
        ("sent", "lin", {"recall", "note", "retract"}, ""),
        ("sent", "li", {"sign", "ask_return", "note", "ask_part"}, "签收，由本科室办理"),
        (
            "in_hand",
            "zhou",
            {"submit", "contact", "assign", "note", "ask_return", "ask_part", "ask_extension"},
            "提交答复，送办公室审核",
        ),
        ("in_hand", "li", {"contact", "note", "ask_return", "ask_part"}, ""),
        ("in_hand", "sun", {"defer"}, ""),
        ("in_review", "qian", OFFICE | {"sign_off"}, "对照公开稿，去审核"),
        ("in_review", "wu", {"hand_back"}, ""),
        ("in_review", "zheng", set(), ""),
        ("to_release", "qian", OFFICE | {"release", "record_answer", "withhold"}, "去发布"),
    ],
)
def test_each_role_is_offered_what_is_its_own(desk, see, state, username, may, main):
    number = getattr(casefile, state)(desk)

    text = see(username, number)

    allowed, grey = offered(text)
    assert allowed == may | casefile.WATCHES.get(username, set())
    assert blue(text) == main
    assert not allowed & grey


def test_an_open_form_is_the_only_way_to_send_its_move(desk, see):
    number = casefile.letter(desk)

    assert blue(see("lin", number)) == "填写分办"
    assert blue(see("lin", number, "?do=dispatch")) == ""


def test_a_move_not_allowed_says_why(desk, see):
    number = casefile.in_review(desk)

    assert "不可用：现在轮到办公室审核签" in see("wu", number)
    assert "不可用：您不在这件的审核人之列" in see("zheng", number)


def test_pages_of_others_are_not_found_and_strangers_sign_in(desk, signed_in, visitor):
    number = casefile.in_hand(desk)

    assert signed_in("zhao").get(f"/desk/orders/{number}").status_code == 404
    assert signed_in("zhao").get(f"/desk/orders/{number}/clocks").status_code == 404
    assert signed_in("xiang").get(f"/desk/orders/{number}").status_code == 403
    assert visitor().get(f"/desk/orders/{number}").status_code == 303
    assert signed_in("lin").get("/desk/orders/HY20990101-001").status_code == 404


@pytest.mark.parametrize("username", ["lin", "li", "zhou", "qian", "sun", "wu", "zheng"])
def test_nothing_personal_stands_on_the_page_or_in_its_links(desk, see, username):
    text = see(username, casefile.in_review(desk), "?trace=answer&story=all")

    assert NAME not in text
    assert PHONE not in text
    assert "陈** 138****0123" in text


def test_what_people_wrote_is_never_markup(desk, see, signed_in):
    number = casefile.in_hand(desk, title=HOSTILE, text=f"请答复。{HOSTILE}", place=HOSTILE,
                              upstream={"status": HOSTILE})  # fmt: skip
    act = casefile.sender(desk, signed_in)
    act("zhou", number, "note", text=HOSTILE)
    act("zhou", number, "contact", way=HOSTILE, at="2026-10-09T10:20", outcome=HOSTILE)
    act("zhou", number, "draft", answer=HOSTILE, note=HOSTILE)
    refused = act("zhou", number, "submit", answer=HOSTILE, solved="", seen=1)

    for text in (see("zhou", number, "?story=all"), see("lin", number), refused.text):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert html.escape('alert("x")', quote=True).replace("&quot;", "&#34;") in text


def test_the_page_holds_no_inline_script_or_style(desk, see):
    text = see("zhou", casefile.in_hand(desk), "?trace=answer&do=contact")

    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []


def test_every_id_is_given_once(desk, see):
    for state in ("letter", "in_hand", "in_review"):
        text = see("lin", getattr(casefile, state)(desk), "?do=reveal&trace=answer")
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_one_promise_tells_its_story_day_by_day(desk, see):
    number = casefile.in_hand(desk)

    closed, told = see("zhou", number), see("zhou", number, "?trace=answer")

    assert 'id="trace"' not in closed
    assert "答复时限怎么算的" in told
    assert "周六补班" in told
    assert told.count('class="disc"') >= 6
    assert "收起算法" in told


def test_the_clocks_can_be_renewed_alone(desk, signed_in):
    number = casefile.in_hand(desk)

    answer = signed_in("zhou").get(f"/desk/orders/{number}/clocks?trace=answer")

    assert "答复时限怎么算的" in answer.text
    assert "<html" not in answer.text


def test_an_upstream_change_shows_both_wordings(desk, see, clock):
    number = casefile.letter(
        desk, channel=Channel.HOTLINE, upstream_no="H1", upstream={"status": "待办"}
    )
    with desk.writing() as ctx:
        changed = Incoming(
            Channel.HOTLINE, Via.SHEET, casefile.TEXT.replace("拨款", "付款"),
            ctx.now - timedelta(minutes=40), title="技改设备补贴公示通过后一直未拨款",
            upstream_no="H1", upstream={"status": "催办"},
        )  # fmt: skip
        intake.receive(ctx, [changed])

    text = see("lin", number)

    assert '<s class="m-struck">我公司的技改设备补贴公示通过后一直没有拨款，</s>' in text
    assert '<mark class="m-open">我公司的技改设备补贴公示通过后一直没有付款，</mark>' in text
    assert "第 1 版与第 2 版对照" in text
    assert "上级编号 H1" in text
    assert "<dd>催办</dd>" in text
    assert "上级平台更新" not in see("lin", number)
    assert "上级平台更新" in see("lin", number, "?story=all")


def test_checks_are_drawn_on_the_page_and_while_writing(desk, signed_in, see):
    number = casefile.in_hand(desk)
    browser = signed_in("zhou")
    data = {"csrf_token": browser.token("/desk/me"), "answer": f"请打{PHONE}找【待填：谁】。"}

    live = browser.post(f"/desk/orders/{number}/checks", data=data).text
    browser.post(f"/desk/orders/{number}/draft", data=data)

    for text in (live, see("zhou", number)):
        assert "含手机号" in text
        assert "还有空没填" in text
        assert "2 项必改，" in text
        assert "请打【电话】找【待填：谁】。" in text
    assert "<b>2 项必改</b> 未处理" in see("zhou", number)


def test_a_dispatch_can_be_taken_back_at_once(desk, see):
    number = casefile.sent(desk)

    text = see("lin", number, f"?done=dispatch&number={number}")

    assert "已分办至funds科" in text
    assert re.search(rf'action="/desk/orders/{number}/recall".*?data-key="z"', text, re.S)
    assert 'data-key="z"' not in see("zhou", number, f"?done=dispatch&number={number}")


def test_the_story_is_told_in_sentences_newest_first(desk, see, signed_in):
    number = casefile.in_review(desk)
    casefile.sender(desk, signed_in)("lin", number, "reveal", reason="核实身份")

    acts, everything = see("zhou", number), see("zhou", number, "?story=all")

    told = re.findall(r"<div><b>([^<]+)</b>([^<]*)</div>", acts.partition('id="story"')[2])
    assert told == [
        ("提交答复", "第 1 稿，送办公室审核"),
        ("签收", "：funds科"),
        ("分办", "：主办funds科"),
        ("来信登记", "：领导信箱"),
    ]
    assert "全部 5 条" in acts
    assert "理由：核实身份" in everything
    assert "姓名、电话" in everything


def test_merged_repeats_stand_beside_their_master(desk, see, signed_in):
    master = casefile.in_hand(desk)
    repeat = casefile.letter(desk)
    act = casefile.sender(desk, signed_in)

    assert "疑似重复 1 件" in see("lin", repeat)
    act("lin", repeat, "merge", master=master)

    assert f"已并入 {master}" in see("lin", repeat)
    assert f'<a href="/desk/orders/{repeat}">{repeat}</a>' in see("zhou", master)


def test_a_published_answer_shows_its_signatures_and_its_record(desk, see, signed_in):
    number = casefile.to_release(desk)
    casefile.sender(desk, signed_in)("qian", number, "release")

    text = see("zhou", number)

    assert "办公室审核" in text
    assert "保密审查员" in text
    assert f'href="/answers/{number}"' in text
    assert "查询页答复" in text


def test_the_number_of_queries_does_not_grow_with_the_papers(desk, signed_in, count_queries):
    number = casefile.in_hand(desk)
    browser = signed_in("zhou")

    def queries() -> int:
        with count_queries() as asked:
            assert browser.get(f"/desk/orders/{number}?trace=answer").status_code == 200
        return len(asked)

    bare = queries()
    act = casefile.sender(desk, signed_in)
    for _ in range(3):
        act("zhou", number, "note", text="一条说明")
        act("zhou", number, "contact", way="电话", at="2026-10-09T10:20", outcome="通话")
        repeat = casefile.letter(desk)
        act("lin", repeat, "merge", master=number)

    assert seen(desk, number) > 6
    assert queries() == bare
