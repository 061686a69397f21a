"""The review page as its tests use it: the page, its forms, the copy behind it."""

import html
import re

from monitor.storage import answers, orders
from tests.web.casefile import TEXT, as_person

PRIVATE = f"我是陈试样，请打13800000123。\r\n{TEXT}\r\n身份证号110101199003070038。"


def page(signed_in, username, number):
    answer = signed_in(username).get(f"/desk/review/{number}")
    assert answer.status_code == 200, answer.text
    return answer.text


def copy_of(desk, number):
    with desk.reading(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        answer = answers.latest(ctx.session, order.id)
        found = answers.copy_of(ctx.session, answer.id)
        ctx.session.expunge(found)
    return found


def reword(act, desk, number, **changed):
    copy = copy_of(desk, number)
    texts = {"title": copy.title, "letter": copy.letter, "answer": copy.answer}
    return act("qian", number, "copy", **{**texts, "next": f"/desk/review/{number}", **changed})


def forms(text, action):
    """The fields of every form that goes to an address."""
    found = []
    for inside in re.findall(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', text, re.S):
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
        areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', inside, re.S)
        found.append([(name, html.unescape(value)) for name, value in [*fields, *areas]])
    return found


def send(browser, address, pairs, **more):
    data = {}
    for name, value in [*pairs, *more.items()]:
        data.setdefault(name, []).append(value)
    return browser.post(address, data=data)
