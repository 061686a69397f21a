"""Addresses with nonsense in them: a page that says something, never a fault of ours."""

import pytest

from tests.web import casefile

HUGE = "9" * 20
WORDS = [
    *("nonsense", HUGE, "-1", "٣", "%_", "'", "a" * 300, "\x01", "[]"),
    *("2026-02-30", "0001-01-01", "9999-12-31T23:59:59", "rate.answer.late"),
]
# Where, as whom, and every parameter that a page there reads.
PAGES = {
    "/desk/inbox": (
        "lin",
        ["tab", "channel", "section", "urgency", "human", "after", "n", "order", "do", "quote",
         "beside", "set_topic", "set_type", "set_urgency", "set_section", "done", "number"],
    ),
    "/desk/inbox/fresh": ("lin", ["since"]),
    "/desk/section": ("zhou", ["tab", "after", "n", "done", "number"]),
    "/desk/review": ("qian", ["tab", "done", "number"]),
    "/desk/search": (
        "lin",
        ["q", "state", "channel", "section", "topic", "urgency", "from", "to", "late", "figure",
         "month", "as_of", "historical", "after", "n",
         "like", "cols", "per", "view", "all", "picked"],
    ),
    "/desk/search.csv": ("lin", ["state", "from", "figure", "after", "like", "cols"]),
    "/desk/search.xlsx": ("lin", ["state", "cols"]),
    "/desk/print": ("lin", ["numbers"]),
    "/desk/dashboard": (
        "sun", ["from", "to", "channel", "section", "historical", "as_of", "by"]
    ),
    "/desk/dashboard/figures.csv": ("sun", ["from", "to", "as_of", "by", "section"]),
    "/desk/register": ("lin", ["done", "number", "text"]),
    "/desk/import": ("lin", ["done", "page"]),
    "/": ("", ["q", "topic", "page"]),
    "/figures": ("", ["month", "page"]),
    "/letter": ("", ["q"]),
    "/status": ("", ["code", "page"]),
    "/feed.xml": ("", ["topic", "q"]),
    "/answers.csv": ("", ["topic", "q", "page"]),
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_word_that_means_nothing_breaks_nothing(desk, signed_in, visitor, path):
    casefile.sent(desk)
    casefile.in_review(desk)
    number = casefile.letter(desk)
    username, names = PAGES[path]
    browser = signed_in(username) if username else visitor()

    each_alone = [{name: word} for name in names for word in (HUGE, "nonsense")]
    all_at_once = [dict.fromkeys(names, word) for word in [*WORDS, number]]
    for asked in each_alone + all_at_once:
        page = browser.get(path, params=asked)
        assert page.status_code in {200, 404, 422}, f"{path} {asked}"
        if page.status_code == 422 and "csv" not in path:
            assert 'role="alert"' in page.text, f"{path} {asked}"


@pytest.mark.parametrize(
    "query",
    [
        "section=xx&urgency=nonsense",
        "section=xx&urgency=nonsense&tab=nonsense&channel=nonsense&human=nonsense&after=nonsense",
        "tab=history&section=xx&after=HY20261009-001&n=2147483647",
        "tab=sign&tab=review&after=x&after=y",
        "from=2026-10-09&to=2026-10-01&state=nonsense&topic=%25_",
        "figure=now.late&channel=nonsense&section=xx&month=9999-99&as_of=x",
        "figure=nonsense&from=0001-01-01&to=9999-12-31",
        "q=%ED%A0%80&topic=%FF&page=99999999999999999999",
        "page=-99999999999999999999&q=%E4%BB%80%E4%B9%88",
        "by=nonsense&from=9999-12-31&to=0001-01-01&as_of=0001-01-01",
        "&&==&a[]=1&a[b]=2&%=%25",
    ],
)
def test_several_at_once_break_nothing(desk, signed_in, visitor, query):
    casefile.sent(desk)
    casefile.in_review(desk)
    browsers = {"": visitor()}

    for path, (username, _) in PAGES.items():
        browser = browsers.setdefault(username, None) or signed_in(username)
        browsers[username] = browser
        page = browser.get(f"{path}?{query}")
        assert page.status_code in {200, 404, 422}, f"{path}?{query}: {page.status_code}"


@pytest.mark.parametrize("word", ["nonsense", HUGE, "HY20261009-999", "%25", "a" * 300, "％"])
def test_places_that_are_none_are_not_found(desk, signed_in, visitor, word):
    lin, qian = signed_in("lin"), signed_in("qian")
    for browser, path in (
        (lin, "/desk/orders/"), (qian, "/desk/review/"), (lin, "/desk/import/"),
        (lin, "/desk/inbox/"), (visitor(), "/answers/"), (visitor(), "/invite/"),
    ):  # fmt: skip
        page = browser.get(path + word)
        assert page.status_code in {404, 422}, f"{path}{word}: {page.status_code}"
        assert 'role="alert"' in page.text


@pytest.mark.parametrize(
    "page", ["after=nonsense&n=60", "after=&n=60", "n=60", "after={last}&n=99"]
)
@pytest.mark.parametrize(
    ("username", "path"),
    [("lin", "/desk/inbox?"), ("zhou", "/desk/section?tab=sign&"), ("lin", "/desk/search?")],
)
def test_a_page_that_begins_nowhere_is_the_first(desk, signed_in, username, path, page):
    numbers = [casefile.sent(desk) if username == "zhou" else casefile.letter(desk) for _ in "123"]

    known = "{last}" in page
    text = signed_in(username).get(path + page.format(last=sorted(numbers)[1])).text

    wanted = "第 3–3 件，共 3 件" if known else "第 1–3 件，共 3 件"
    assert wanted in text
