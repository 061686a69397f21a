"""Two people on one order, the back button, an impatient finger: nothing lost, nothing doubled."""

from playwright.sync_api import expect

from monitor.domain.vocabulary import State
from monitor.storage import orders
from tests.journeys import walking
from tests.web import casefile


def test_the_second_of_two_sees_who_changed_what_and_keeps_his_words(office, as_person):
    number = casefile.in_hand(office.desk)
    li, zhou = as_person(office, "li"), as_person(office, "zhou")
    li.goto(f"/desk/orders/{number}?do=note")
    zhou.goto(f"/desk/orders/{number}")
    zhou.locator("#submit-answer").fill(casefile.ANSWER)
    zhou.get_by_label("已解决", exact=True).check()
    zhou.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(zhou, "待审核")

    deed = li.locator("#do-note")
    deed.get_by_label("内容").fill("内部说明：已与财政核对过批次。")
    with li.expect_response(lambda answer: answer.request.method == "POST") as sent:
        deed.get_by_role("button", name="内部说明").click()

    assert sent.value.status == 409
    box = li.get_by_role("alert")
    expect(box).to_contain_text("周")
    expect(box).to_contain_text("待审核")
    expect(li.get_by_text("内部说明：已与财政核对过批次。").first).to_be_visible()
    assert casefile.look(office.desk, number).state == State.IN_REVIEW


def test_two_duty_officers_on_one_record(office, as_person):
    number = casefile.letter(office.desk)
    lin, ren = as_person(office, "lin"), as_person(office, "ren")
    for page in (lin, ren):
        page.goto(f"/desk/inbox?order={number}")
    lin.keyboard.press("a")
    expect(lin.locator(".inbox-done")).to_contain_text("已分办")

    with ren.expect_response(lambda answer: answer.request.method == "POST") as sent:
        ren.keyboard.press("a")

    assert sent.value.status == 409
    expect(ren.get_by_role("alert")).to_contain_text("林")
    assert [what for what, _ in casefile.events(office.desk, number)].count("dispatch") == 1


def test_a_double_click_does_one_thing(office, as_person):
    number = casefile.letter(office.desk)
    lin = as_person(office, "lin")
    lin.goto(f"/desk/inbox?order={number}")

    lin.get_by_role("button", name="采纳并分办").dblclick()

    expect(lin.locator(".inbox-done")).to_contain_text("已分办")
    assert [what for what, _ in casefile.events(office.desk, number)].count("dispatch") == 1


def test_a_letter_sent_twice_is_one_letter(office, visit):
    writer = visit(office.address)
    walking.fill_letter(writer)
    writer.get_by_role("button", name="提交来信").dblclick()
    expect(writer.locator(".code-board")).to_contain_text("请抄下查询码")
    writer.go_back()
    writer.go_forward()

    with office.desk.reading(casefile.as_person(office.desk, "lin")) as ctx:
        assert len(list(ctx.session.exec(orders.visible_to(ctx.person)))) == 1


def test_back_after_a_deed_shows_the_order_as_it_is_now(office, as_person):
    number = casefile.sent(office.desk)
    zhou = as_person(office, "zhou")
    zhou.goto("/desk/section?tab=sign")
    zhou.goto(f"/desk/orders/{number}")
    zhou.keyboard.press("a")
    walking.expect_done(zhou, "办理中")
    zhou.go_back()

    expect(zhou.locator(".order-facts")).to_contain_text("办理中")
    expect(zhou.locator("[data-row]").get_by_role("button", name="签收")).to_have_count(0)
    zhou.go_back()
    expect(zhou.locator("#queue")).to_contain_text("没有待签收的工单")
    assert casefile.look(office.desk, number).state == State.IN_HAND


def test_an_old_page_that_is_sent_again_changes_nothing(office, as_person):
    number = casefile.sent(office.desk)
    zhou = as_person(office, "zhou")
    zhou.goto(f"/desk/orders/{number}")
    old = zhou.context.new_page()
    old.goto(f"/desk/orders/{number}")
    zhou.keyboard.press("a")
    walking.expect_done(zhou, "办理中")
    office.clock.wait(seconds=30)

    with old.expect_response(lambda answer: answer.request.method == "POST") as sent:
        old.keyboard.press("a")

    assert sent.value.status == 409
    expect(old.get_by_role("alert")).to_be_visible()
    assert [what for what, _ in casefile.events(office.desk, number)].count("sign") == 1
