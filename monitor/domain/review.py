"""Which sign-offs an answer needs, in which order, and by whom not."""

from dataclasses import dataclass
from uuid import UUID

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Channel, RequestType, Role, Urgency


@dataclass(frozen=True, slots=True)
class Need:
    """One required sign-off and the rule that asks for it."""

    role: Role
    why: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The sign-off rule in force (settled.md, Sign-off by default); data, with its version."""

    code: str
    version: int
    reviewer: Role
    public: Role
    legal: Role
    leader: Role
    legal_channels: frozenset[Channel]
    leader_urgencies: frozenset[Urgency]
    leader_types: frozenset[RequestType]


def required(
    chain: Chain,
    *,
    channel: Channel,
    request_type: RequestType | None,
    urgency: Urgency | None,
    will_be_public: bool,
    legal_asked: bool,
) -> tuple[Need, ...]:
    """The sign-offs an answer needs, in order. Send-only needs the reviewer alone."""
    needs = [Need(chain.reviewer, "办公室审核每一件答复")]
    if not will_be_public:
        if channel in chain.legal_channels or legal_asked:
            needs.append(Need(chain.legal, "依申请公开或审核人要求"))
        return tuple(needs)
    needs.append(Need(chain.public, "拟公开的须经保密审查"))
    if channel in chain.legal_channels or legal_asked:
        needs.append(Need(chain.legal, "依申请公开或审核人要求"))
    if urgency in chain.leader_urgencies or request_type in chain.leader_types:
        needs.append(Need(chain.leader, "特急、紧急、投诉、举报须分管领导签发"))
    return tuple(needs)


def next_open(needs: tuple[Need, ...], signed: frozenset[Role]) -> Need | None:
    """The sign-off whose turn it is, or None when all are in."""
    return next((need for need in needs if need.role not in signed), None)


def wrote(who: Acting, author_id: UUID | None, author: str) -> bool:
    """Whether the person may not sign an answer, because he wrote it or it was written for him.

    This holds through deputies: neither what I wrote standing in for another, nor, standing in
    for another, what that other wrote.
    """
    ids = {who.id} | ({who.stands_for.id} if who.stands_for else set())
    return (author_id is not None and author_id in ids) or who.took_part(author)
