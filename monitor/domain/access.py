"""Roles: what each may do and see, who may hold which, and how personal details are masked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from monitor.domain.vocabulary import Role

SEES_ALL = frozenset({Role.DUTY, Role.REVIEWER, Role.SECRECY, Role.LEGAL, Role.LEADER})
SECTION_ROLES = frozenset({Role.HANDLER, Role.SECTION_HEAD})
DESK_ROLES = SEES_ALL | SECTION_ROLES
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
_HANDED_BY_THE_OFFICE = frozenset({Role.HANDLER, Role.SECTION_HEAD, Role.DUTY})
_FOR = " 代 "
REVEALERS = frozenset({Role.DUTY, Role.REVIEWER}) | SECTION_ROLES


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a person with roles, or the system, an API key or an import by its label.

    A deputy acts with the roles and the section of the one he stands in for; `id` and `username`
    stay his own, and every event names both.
    """

    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    section: str | None = None
    office: bool = False
    id: UUID | None = None
    username: str = ""
    stands_for: "Acting | None" = None

    @property
    def label(self) -> str:
        """The actor as it stands in an event: 周（zhou）, or 李 代 周（li 代 zhou）."""
        name, username = self.name, self.username
        if self.stands_for is not None:
            name = f"{name}{_FOR}{self.stands_for.name}"
            username = f"{username}{_FOR}{self.stands_for.username}"
        return f"{name}（{username}）" if username else name

    def took_part(self, actor: str) -> bool:
        """Whether a deed of this actor was mine, mine for another, or done for me.

        What two persons must do is not done by one of them under two names.
        """
        mine = {self.username} | ({self.stands_for.username} if self.stands_for else set())
        return actor == self.label or not mine.isdisjoint(_usernames(actor))

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


def _usernames(actor: str) -> set[str]:
    """The login names in the words of an actor; empty for the system or a key."""
    inside = actor.rpartition("（")[2].removesuffix("）") if actor.endswith("）") else ""
    return set(inside.split(_FOR)) - {""}


def fault_of_roles(roles: Collection[Role]) -> str:
    """Why one person may not hold these roles together; empty when he may.

    The three administrators are separated from one another and from all work on orders.
    """
    powers = [role for role in Role if role in ADMIN_ROLES and role in roles]
    if len(powers) > 1:
        return "、".join(role.label for role in powers) + "互相分开，一个人只能担任一个。"
    if powers and len(roles) > 1:
        return f"{powers[0].label}不能兼办诉求：三类管理员都不担任其他岗位。"
    return ""


def fault_of_deputy(
    person: Acting, deputy: Acting, *, person_active: bool, deputy_active: bool
) -> str:
    """Why one may not stand in for the other; empty when he may.

    Administrators are neither deputised for nor deputies: their powers would come together.
    """
    if person.id == deputy.id:
        return "代理人须是另一个人。"
    if not person_active or not deputy_active:
        return "停用的账户不能代理，也不能被代理。"
    if person.has(*ADMIN_ROLES) or deputy.has(*ADMIN_ROLES):
        return "三类管理员的权限不能代理：请由安全管理员给另一人授予岗位。"
    if not person.roles or not deputy.roles:
        return "双方都须有岗位。"
    return ""


def may_plan_duty(who: Acting) -> bool:
    """Whether the person keeps the duty roster: the head of the office and the duty staff."""
    return who.office_head or who.has(Role.DUTY)


def fault_of_leave(who: Acting, person: Acting) -> str:
    """Why one may not enter that the other is away; empty when he may."""
    if who.office_head:
        return ""
    own = who.section is not None and person.section == who.section
    if who.has(Role.SECTION_HEAD) and own and person.has(Role.HANDLER):
        return ""
    return "请假、外出由本科室负责人为承办人登记，其他人由办公室负责人登记。"


def fault_of_naming(who: Acting, person: Acting, deputy: Acting) -> str:
    """Why a head may not let one stand in for the other; empty when he may.

    What signs, reveals or decides beyond a section is handed on by its holder or the system
    administrator alone.
    """
    if who.stands_for is not None:
        return "代他人办事时不能指定代班人，请先回到本人。"
    if fault := fault_of_leave(who, person):
        return fault
    within = _HANDED_BY_THE_OFFICE if who.office_head else frozenset({Role.HANDLER})
    beyond = [role.label for role in Role if role in person.roles and role not in within]
    if beyond:
        return f"{'、'.join(beyond)}的权限不能由负责人交给别人：请本人或系统管理员指定代理。"
    if not who.office_head and deputy.section != who.section:
        return "代班人须是本科室的人。"
    return ""


def mask_name(name: str) -> str:
    """The surname and stars: 陈**."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """First three and last four digits of a mobile number, last two of anything shorter."""
    digits = phone.strip()
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if digits else ""
