"""Roles: what each may do and see, and how personal details are masked."""

from dataclasses import dataclass, field
from uuid import UUID

from monitor.domain.vocabulary import Role

SEES_ALL = frozenset({Role.DUTY, Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER})
SECTION_ROLES = frozenset({Role.HANDLER, Role.SECTION_HEAD})
DESK_ROLES = SEES_ALL | SECTION_ROLES
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
REVEALERS = frozenset({Role.DUTY, Role.REVIEWER}) | SECTION_ROLES


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a person with roles, or the system, an API key or an import by its label."""

    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    section: str | None = None
    office: bool = False
    id: UUID | None = None
    username: str = ""

    @property
    def label(self) -> str:
        """The actor as it stands in an event."""
        return f"{self.name}（{self.username}）" if self.username else self.name

    @property
    def office_head(self) -> bool:
        """办公室负责人: the section head of the section flagged as office."""
        return self.office and Role.SECTION_HEAD in self.roles

    @property
    def sees_all(self) -> bool:
        """Whether the person may list every order of the bureau."""
        return bool(self.roles & SEES_ALL)

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles."""
        return not self.roles.isdisjoint(roles)


def may_see(who: Acting, *, section: str | None, co_sections: tuple[str, ...] = ()) -> bool:
    """Whether an order of this section is visible; sections see their own only."""
    if who.sees_all:
        return True
    if not who.has(*SECTION_ROLES) or who.section is None:
        return False
    return who.section == section or who.section in co_sections


def may_reveal(who: Acting) -> bool:
    """Whether the person may ask, with a reason, to see personal details."""
    return who.has(*REVEALERS)


def mask_name(name: str) -> str:
    """The surname and stars: 陈**."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """First three and last four digits of a mobile number, last two of anything shorter."""
    digits = phone.strip()
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if digits else ""
