"""Words that no cell of a sheet shows are found wherever a mark of secrecy may hide."""

import html

from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.sheet.spans import SEEN, UNSEEN, unseen

SIGNS = ["密", "&#x5BC6;", "文字", '"', "'", " ", "=", "\n", ">"]
TAGS = ["<f>", "</f>", "</c>", "<v/>", '<c r="A1" t="s">', '<x:formula1 k="1">']
WORDS = [' a="', ' tip="机密"', ' office:string-value="密"']
PIECES = st.sampled_from([*SIGNS, *TAGS, *WORDS])


@given(st.lists(PIECES, max_size=14).map("".join))
def test_nothing_that_one_look_at_the_whole_finds_is_missed(xml):
    whole = [
        html.unescape(value or formula)
        for name, value, _, formula in UNSEEN.findall(f"{xml}<")
        if name not in SEEN
    ]

    found = unseen(f"{xml}<")

    assert all(any(text in one for one in found) for text in whole if "密" in text)
    assert all("密" in one for one in found)


def test_a_hint_a_formula_and_a_written_sign_are_found_and_a_shown_value_is_not():
    xml = (
        '<c r="A1"><f>CONCAT("机密","")</f></c><dataValidation prompt="&#x673A;&#x5BC6;"/>'
        '<cell office:string-value="机密"/><c r="B1" t="inlineStr"><is><t>密码忘了</t></is></c>'
    )

    assert unseen(xml) == ['CONCAT("机密","")', "机密"]
