"""The form that duty fills while talking: what is read, what is named as wrong."""

from datetime import UTC, datetime

import pytest

from monitor.channels import by_hand
from monitor.domain.errors import Incomplete
from monitor.domain.vocabulary import Arrival, Channel, RequestType, Urgency, Via

NOW = datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
GIVEN = {
    "channel": "phone",
    "text": " 补贴什么时候到账？ ",
    "name": "陈试样",
    "phone": "13800000123",
}


def wrong(**given):
    with pytest.raises(Incomplete) as error:
        by_hand.read({**GIVEN, **given}, NOW)
    return error.value.fields


def test_a_call_is_read_as_it_was_typed():
    letter = by_hand.read(
        {
            **GIVEN,
            "publish": "yes",
            "urgency": "urgent",
            "request_type": "help",
            "received_at": "2026-10-09T10:20",
            "token": "never kept",
        },
        NOW,
    )

    assert (letter.channel, letter.via, letter.text) == (
        Channel.PHONE,
        Via.BY_HAND,
        "补贴什么时候到账？",
    )
    assert (letter.requester.name, letter.requester.phone) == ("陈试样", "13800000123")
    assert (letter.urgency, letter.request_type) == (Urgency.URGENT, RequestType.HELP)
    assert letter.consent is True
    assert letter.received_at == datetime(2026, 10, 9, 2, 20, tzinfo=UTC)
    assert "token" not in letter.source


@pytest.mark.parametrize(("said", "consent"), [("", None), ("no", False), ("yes", True)])
def test_who_was_not_asked_has_not_agreed(said, consent):
    assert by_hand.read({**GIVEN, "publish": said}, NOW).consent is consent


def test_what_is_left_out_is_now_and_unsaid():
    letter = by_hand.read(GIVEN, NOW)

    assert (letter.received_at, letter.title, letter.urgency, letter.request_type) == (
        NOW,
        "",
        None,
        None,
    )


@pytest.mark.parametrize("channel", ["", "mailbox", "opinion", "drums"])
def test_what_has_doors_of_its_own_is_not_registered_by_hand(channel):
    assert set(wrong(channel=channel)) == {"channel"}


def test_every_wrong_field_is_named_at_once():
    fields = wrong(
        channel="x", text=" \n", name="陈" * 61, urgency="x", publish="x", received_at="昨天"
    )

    assert set(fields) == {"channel", "text", "name", "urgency", "publish", "received_at"}


@pytest.mark.parametrize(
    "at", ["2026-10-09T10:25", "2027-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_a_call_was_received_before_now_and_in_living_memory(at):
    assert set(wrong(received_at=at)) == {"received_at"}


def test_no_message_repeats_what_was_typed():
    with pytest.raises(Incomplete) as error:
        by_hand.read({**GIVEN, "name": "陈" * 61, "received_at": "某天13800000123"}, NOW)

    assert "陈陈" not in error.value.message
    assert "13800000123" not in error.value.message


def test_a_request_for_disclosure_says_how_it_came():
    letter = by_hand.read({**GIVEN, "channel": "disclosure", "arrival": "letter"}, NOW)

    assert (letter.channel, letter.arrival) == (Channel.DISCLOSURE, Arrival.LETTER)
    assert "arrival" in wrong(channel="disclosure")
    assert "arrival" in wrong(channel="disclosure", arrival="pigeon")


def test_how_it_came_concerns_disclosure_alone():
    assert by_hand.read({**GIVEN, "arrival": "letter"}, NOW).arrival is None
