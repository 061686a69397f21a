"""The sign-off chain: who must sign what, in which order."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import review
from monitor.domain.vocabulary import Channel, RequestType, Role, Urgency
from tests.domain.shipped import DATA


def chain() -> review.Chain:
    import tomllib

    body = tomllib.loads((DATA / "rulebook/reviews.toml").read_text("utf-8"))["chain"][0]
    return review.Chain(
        code=body["code"], version=body["version"], reviewer=Role(body["reviewer"]),
        public=Role(body["public"]), legal=Role(body["legal"]), leader=Role(body["leader"]),
        legal_channels=frozenset(map(Channel, body["legal_channels"])),
        leader_urgencies=frozenset(map(Urgency, body["leader_urgencies"])),
        leader_types=frozenset(map(RequestType, body["leader_types"])),
    )  # fmt: skip


def roles(**facts) -> list[Role]:
    given = {
        "channel": Channel.MAILBOX, "request_type": RequestType.CONSULT,
        "urgency": Urgency.NORMAL, "will_be_public": True, "legal_asked": False,
    } | facts  # fmt: skip
    return [need.role for need in review.required(chain(), **given)]


def test_sending_only_needs_the_reviewer_alone():
    assert roles(will_be_public=False, request_type=RequestType.COMPLAINT) == [Role.REVIEWER]


def test_what_will_be_public_also_needs_the_secrecy_officer():
    assert roles() == [Role.REVIEWER, Role.SECRECY]


def test_complaints_reports_and_urgent_matters_need_the_leader():
    for facts in (
        {"request_type": RequestType.COMPLAINT},
        {"request_type": RequestType.REPORT},
        {"urgency": Urgency.URGENT},
        {"urgency": Urgency.CRITICAL},
    ):
        assert roles(**facts) == [Role.REVIEWER, Role.SECRECY, Role.LEADER]


def test_disclosure_and_a_doubtful_reviewer_bring_in_the_legal_adviser():
    assert Role.LEGAL in roles(channel=Channel.DISCLOSURE)
    assert Role.LEGAL in roles(legal_asked=True)


@given(
    st.sampled_from(Channel), st.sampled_from(RequestType), st.sampled_from(Urgency),
    st.booleans(), st.booleans(), st.data(),
)  # fmt: skip
def test_nothing_is_through_before_every_needed_signature(
    channel, kind, urgency, public, asked, data
):
    needs = review.required(
        chain(), channel=channel, request_type=kind, urgency=urgency, will_be_public=public,
        legal_asked=asked,
    )  # fmt: skip
    signed = data.draw(st.frozensets(st.sampled_from(Role)))

    turn = review.next_open(needs, signed)

    missing = [need for need in needs if need.role not in signed]
    assert turn == (missing[0] if missing else None)
    assert not public or Role.SECRECY in {need.role for need in needs}
