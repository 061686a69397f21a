"""Every part renders, escapes what people wrote, and keeps to the strict CSP and to 4.5:1."""

import re
from datetime import UTC, date, datetime

import pytest

from monitor.domain.story import DayTrace
from monitor.domain.vocabulary import Channel, RequestType, State, Urgency
from monitor.web import render

HOSTILE = "<script>alert('x')</script>\" onmouseover=\"x"
NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.I
)
PARTS = render.HERE / "parts"
H = HOSTILE
UI = render.environment().globals["ui"]

SEGMENTS = [
    {"text": H},
    *(
        {"text": H, "mark": "1", "kind": kind}
        for kind in ("evidence", "must", "remind", "struck", "replaced", "open")
    ),
]
DAYS = [
    DayTrace(date(2026, 10, 8), counts=False, why=H, number=0, mark="receipt"),
    DayTrace(date(2026, 10, 9), counts=True, why="工作日", number=1),
    DayTrace(date(2026, 10, 10), counts=True, why="补班", number=2, mark="due"),
]
TILE = {"label": H, "text": H, "tone": "near", "detail": H, "href": H, "open": True}
ROW = {
    "href": H,
    "text": H,
    "tone": "late",
    "until": H,
    "urgency": "urgent",
    "channel": "web",
    "title": H,
    "number": H,
    "facts": [H],
    "section": H,
    "share": 0.9,
    "selected": True,
}
ACTIONS = [{"label": H, "href": H}, {"label": H, "name": H, "value": H}]
PAIRS = [(H, H)]
CALLS = {
    "badge": [(H, "near")],
    "badge_state": [(state,) for state in State] + [("triage",)],
    "badge_urgency": [(urgency,) for urgency in Urgency],
    "badge_channel": [(channel,) for channel in Channel],
    "badge_card": [("yellow",), ("red",)],
    "badge_dashed": [(H, "hand")],
    "needs_person": [(H,)],
    "confidence": [(0.914,), (0, True)],
    "kbd": [(H,)],
    "tick": [()],
    "glyph": [("check",), ("search",), ("arrow",), ("down",), ("lock",)],
    "when": [(NOW, style) for style in ("local", "full", "day", "short_day", "clock")] + [(None,)],
    "button": [(H,), (H, H, "primary", "a", "plus")],
    "post_button": [(H, H, H, {H: H})],
    "clock": [(H, tone) for tone in ("normal", "late", "paused", "done", "provisional")],
    "clock_tile": [({"label": H, "text": H},), (TILE,), ({**TILE, "card": "red", "tone": "done"},)],
    "clocks": [([TILE],)],
    "clock_plan": [([{"label": H, "text": H}],)],
    "trace": [(DAYS, date(2026, 10, 9), H, H, H, H, [{"label": H, "href": H}], True)],
    "stages": [([{"title": H, "by": H, "detail": H, "when": H, "state": state}
                 for state in ("done", "now", "wait")], H)],
    "timeline": [([{"verb": H, "text": H, "when": NOW, "who": H, "note": H, "major": True}],)],
    "marked": [(SEGMENTS,)],
    "headed": [(SEGMENTS,)],
    "findings": [([{"mark": H, "level": level, "title": H, "count": H, "text": H,
                    "actions": ACTIONS} for level in ("must", "remind", "ok")],)],
    "diff": [([{"heading": [H, H]}, {"number": 1, "left": SEGMENTS, "right": SEGMENTS}],)],
    "suggestion": [({"number": 1, "label": H, "value": H, "share": 0.9, "reasons": H,
                     "alternatives": [{"label": H, "share": 0.1, "href": H}], "extra": H},),
                   ({"number": 3, "label": H, "value": H, "rule": H, "note": H, "manual": True},)],
    "missing_point": [(H, H, H, {"name": H, "value": H}, {"href": H})],
    "similar": [([{"score": "0.87", "title": H, "href": H, "facts": [H]}],)],
    "complete": [([H], [H], H)],
    "csrf": [(H,), (None,)],
    "seen": [(7,)],
    "form_errors": [({"title": H},), ({},)],
    "field": [("title", H, H, H, H)],
    "textarea": [("text", H, H, H, H, 5, False, 600, True)],
    "select": [("channel", H, PAIRS, H, H, H), ("channel", H, Channel, "web")],
    "radios": [("type", H, PAIRS, H, H, H), ("type", H, RequestType, "help")],
    "checks": [("with", H, PAIRS, [H], H, H)],
    "asks": [(PAIRS, [H], {H: H}, H)],
    "check": [("fine", H, True, H, H)],
    "file": [("paper", H, H, H, ".xlsx", True, False, True)],
    "box": [(H, H, ACTIONS)],
    "refusal": [(H, H, ACTIONS, H)],
    "stale": [(H, NOW, H, ACTIONS), (H, H, H, [], [{"label": H, "text": H}])],
    "undo": [(H, H, H, H, H)],
    "progress": [(H, 3, 10, H, [{"label": H, "href": H}], H, H), (H, 3, None)],
    "reveal": [(H, H, H, PAIRS, H, {H: H}, H)],
    "empty": [(H, H, H, H, "n")],
    "fresh": [(2, H, H), (0, H)],
    "moves": [([{"label": H, "href": H, "text": H, "strong": H},
                {"label": H, "allowed": False, "why": H}],)],
    "tabs": [([{"label": H, "count": 0, "href": H, "active": True}],)],
    "filters": [(H, [{"name": H, "label": H, "options": PAIRS, "value": H}],
                 [{"name": H, "label": H, "count": 2, "on": True}], {H: H}, H)],
    "pager": [(H, H, H, H, H, True)],
    "queue": [([ROW, {**ROW, "manual": True}, {**ROW, "state": "in_hand", "card": "red"}],)],
    "th": [(H, H, "ascending", True)],
    "facts": [(PAIRS,)],
    "pick_all": [("bulk",)],
    "pick_one": [("bulk", H, 3), ("bulk", H, 3, True)],
    "meter": [(0.934, 0.95, H), (1.2,)],
    "stack": [([{"value": 3, "tone": "late", "label": H}], 0, H)],
    "tile": [(H, 9, H, H, H, "near", "yellow")],
    "rate": [(H, 0.934, 170, 182, H, 0.95, "", H, H), (H, None, 1, 2)],
    "key_colours": [([("series", H)],)],
}  # fmt: skip
FRAMES = {"card", "aside_box", "box"}


def drawn(name: str) -> str:
    return "".join(getattr(UI, name)(*given) for given in CALLS[name])


def test_every_part_is_tried_here():
    named = set(re.findall(r"{% set (\w+) = \w+\.", (PARTS / "macros.html").read_text("utf-8")))

    assert named == set(CALLS) | FRAMES
    assert len(named) > 50


@pytest.mark.parametrize("name", sorted(CALLS))
def test_part_escapes_what_people_wrote_and_brings_nothing_inline(name):
    html = drawn(name)

    assert "<script" not in html
    assert not re.search(r'"\s+onmouseover', html)
    assert not INLINE.search(html.replace("&#34; onmouseover=&#34;", ""))


@pytest.mark.parametrize("frame", sorted(FRAMES))
def test_frame_holds_what_is_called_into_it(frame):
    source = "{% call ui." + frame + "(title) %}<i>{{ text }}</i>{% endcall %}"

    html = render.environment().from_string(source).render(title=H, text=H)

    assert "<i>&lt;script" in html
    assert "<script" not in html


def whole(template: str) -> str:
    person, item = {"name": H, "role": H}, {"label": H, "href": H, "icon": "inbox", "count": 3}
    return render.render(
        template, page_title=H, bureau=H, person=person, csrf=H, now=NOW, workday=H, q=H, back=H,
        nav=[{"label": H, "items": [{**item, "kind": "waits", "active": True}]}], demo=H,
        nav_bottom=[item], alarms=[{"text": H, "tone": "late", "href": H}], updated=NOW,
        notices={"count": 2, "href": H}, flash=[{"text": H}],
    )  # fmt: skip


@pytest.mark.parametrize("template", ["base.html", "public_base.html"])
def test_frame_of_a_page_is_escaped_and_has_nothing_inline(template):
    html = whole(template)

    assert not INLINE.search(html.replace("&#34; onmouseover=&#34;", ""))
    assert html.index('href="#main"') < html.index('id="main"')
    assert 'lang="zh-CN"' in html


@pytest.mark.parametrize("template", ["base.html", "public_base.html"])
def test_frame_needs_no_value(template):
    assert 'id="main"' in render.render(template)


def test_public_page_loads_nothing_but_our_own_css_and_mark():
    html = whole("public_base.html")

    assert "<script" not in html
    assert [re.sub(r"\?.*", "", link) for link in re.findall(r'<link[^>]+href="([^"]+)', html)] == [
        "/static/mark.svg",
        "/static/public.css",
    ]


def test_leaving_is_a_post_with_the_token_of_the_session():
    html = render.render("base.html", person={"name": "林", "role": "值班员"}, csrf="t0k")

    form = re.search(r'<form method="post" action="/logout">(.*?)</form>', html, re.S)
    assert form is not None
    assert '<input type="hidden" name="csrf" value="t0k">' in form[1]


def test_field_is_bound_to_its_label_hint_and_error():
    html = UI.field("title", "标题", "短", "10 至 25 个字", "太短")

    assert '<label for="f-title">标题</label>' in html
    assert 'aria-describedby="f-title-hint f-title-error" aria-invalid="true"' in html.replace(
        "\n", ""
    )
    assert 'id="f-title-hint"' in html
    assert 'id="f-title-error"' in html


def test_consent_has_no_default():
    html = UI.radios("publish", "是否同意公开", [("yes", "同意"), ("no", "不同意")])

    assert " checked" not in html


def test_trace_tells_today_from_rest_and_due():
    html = UI.trace(DAYS, date(2026, 10, 9))

    cells = re.findall(r"<li class=\"([^\"]+)\"", html)
    assert [cell.split() for cell in cells] == [
        ["day-receipt"],
        ["day-counts", "day-today"],
        ["day-counts", "day-due"],
    ]
    assert "今天" in html
    assert "补班，到期" in html


def test_a_form_keeps_the_first_line_break_of_a_text():
    assert "\n\n第一行" in UI.textarea("text", "内容", "\n第一行")


def test_a_rate_below_its_sample_shows_no_percent():
    html = UI.rate("满意率", None, 3, 5, target=0.85)

    assert "样本不足" in html
    assert "%" not in html.replace("100%", "")


def test_a_name_nobody_gave_is_an_error_but_a_missing_key_is_empty():
    jinja = render.environment()

    assert jinja.from_string("[{{ view.nothing }}]").render(view={}) == "[]"
    with pytest.raises(Exception, match="nobody"):
        jinja.from_string("{{ nobody }}").render()
    with pytest.raises(Exception, match="titel"):
        jinja.from_string("{{ day.titel }}").render(day=DAYS[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ now|local }}", "10月9日 10:24"),
        ("{{ now|full }}", "2026年10月9日 10:24"),
        ("{{ now|moment }}", "10月9日 周五 10:24"),
        ("{{ now|clock }}", "10:24"),
        ("{{ now|day }}", "10月9日 周五"),
        ("{{ now|short_day }}", "10-9"),
        ("{{ now|iso }}", "2026-10-09T10:24:00+08:00"),
        ("{{ none|local }}{{ none|day }}{{ none|iso }}", ""),
        ("{{ 12345|number }}", "12,345"),
        ("{{ none|number }}", "\u2013"),
        ("{{ 0.934|percent }}", "93.4%"),
        ("{{ none|percent }}", "\u2013"),
        ("{{ 1300000|size }}", "1.2 MB"),
        ("{{ '陈某'|mask_name }}", "陈**"),
        ("{{ '13800000000'|mask_phone }}", "138****0000"),
    ],
)
def test_filters_speak_as_people_do(words, said):
    assert render.environment().from_string(words).render(now=NOW) == said


def test_a_fragment_is_one_block_of_its_page():
    html = render.render("base.html", fragment="crumbs", page_title="分办台")

    assert html == "<h1>分办台</h1>"


def test_address_of_a_static_file_changes_with_its_content():
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", render.static("app.css"))


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0%"), (0.874, "87%"), (0.9999, "99%"), (1, "99%")]
)
def test_no_guess_is_called_certain(share, said):
    assert render.certainty(share) == said
