"""The letter form as a way in: what it takes, what it refuses, and that it says where."""

from datetime import UTC, datetime

import pytest

from monitor.channels import letter_form
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Channel, RequestType, Via

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
GOOD = {
    "request_type": "help",
    "title": "技改补贴没有拨款",
    "text": "公示通过半年了，请问卡在哪里。",
    "name": "陈试样",
    "phone": "13800000123",
    "publish": "yes",
}


def faults(**changed: str) -> dict[str, str]:
    with pytest.raises(Incomplete) as wrong:
        letter_form.read({**GOOD, **changed}, NOW)
    return wrong.value.fields


def test_a_letter_becomes_a_record_of_the_mailbox():
    letter = letter_form.read({**GOOD, "title": "  技改\n补贴 没有拨款 ", "extra": "x"}, NOW)

    assert (letter.channel, letter.via) == (Channel.MAILBOX, Via.LETTER_FORM)
    assert (letter.title, letter.text) == ("技改 补贴 没有拨款", GOOD["text"])
    assert (letter.request_type, letter.consent) == (RequestType.HELP, True)
    assert (letter.requester.name, letter.requester.phone) == ("陈试样", "13800000123")
    assert letter.received_at == NOW
    assert set(letter.source) == set(letter_form.FIELDS)


def test_not_to_publish_is_a_choice_and_no_choice_is_a_fault():
    assert letter_form.read({**GOOD, "publish": "no"}, NOW).consent is False
    assert list(faults(publish="")) == ["publish"]
    assert list(faults(publish="maybe")) == ["publish"]


def test_an_empty_form_names_every_field():
    with pytest.raises(Incomplete) as wrong:
        letter_form.read({}, NOW)

    assert tuple(wrong.value.fields) == letter_form.FIELDS


@pytest.mark.parametrize("kind", ["", "praise", "disclosure", "HELP"])
def test_only_the_offered_types_are_taken(kind):
    assert list(faults(request_type=kind)) == ["request_type"]


@pytest.mark.parametrize(("length", "fits"), [(3, False), (4, True), (60, True), (61, False)])
def test_the_title_has_its_length(length, fits):
    title = "题" * length

    if fits:
        assert letter_form.read({**GOOD, "title": title}, NOW).title == title
    else:
        assert f"{length} 个字" in faults(title=title)["title"]


def test_six_hundred_characters_are_enough_and_the_surplus_is_told():
    full = "文" * 598 + "\r\n" + "尾"

    assert len(letter_form.read({**GOOD, "text": full + " \r\n"}, NOW).text) == 600
    assert "601 字" in faults(text=full + "巴")["text"]
    assert "删去 134 字" in faults(text="长" * 734)["text"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000123", "13800000123"),
        ("138 0000 0123", "13800000123"),
        ("138-0000-0123", "13800000123"),
        ("+86 13800000123", "13800000123"),
        ("008613800000123", "13800000123"),
        ("１３８００００１２３４"[:-1] + "９", "13800001239"),
        ("0123-4567890", "01234567890"),
        ("(0123) 45678901", "012345678901"),
        ("2345678", "2345678"),
    ],
)
def test_a_plausible_phone_is_kept_as_digits(typed, kept):
    assert letter_form.read({**GOOD, "phone": typed}, NOW).requester.phone == kept


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "11800000123", "138000001234", "1380000012", "电话", "0123", "1e10", "٣٤٥٦٧٨٩",
     "13800000123 转 8", "95" + "0" * 20],
)  # fmt: skip
def test_what_is_no_phone_is_refused(typed):
    assert list(faults(phone=typed)) == ["phone"]


@pytest.mark.parametrize("name", ["", "  ", "123", "--", "长" * 31])
def test_a_name_is_a_word(name):
    assert list(faults(name=name)) == ["name"]
