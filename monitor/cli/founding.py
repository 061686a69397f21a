"""Found an empty office: shipped rules, sections and models, the first administrator."""

import tomllib
from collections.abc import Callable
from typing import Any

from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services import people, rulebook
from monitor.services.context import Context
from monitor.services.desk import SYSTEM, Desk
from monitor.services.rulebook import Entry
from monitor.storage.people import Section


def found(desk: Desk, name: str, tell: Callable[[str], None]) -> str:
    """Write rules, sections and the administrator, train the models; the invitation's token."""
    from monitor.tasks import training

    data = desk.settings.data_dir
    with desk.writing(SYSTEM) as ctx:
        rulebook.publish(ctx, rulebook.shipped(data))
        publish_office(ctx, name, local(ctx.now).date(), "")
        for section in tomllib.loads((data / "demo" / "bureau.toml").read_text("utf-8"))["section"]:
            ctx.session.add(section_row(section))
        ctx.session.flush()
        token = people.invite(ctx, people.create(ctx, "admin", "系统管理员", [Role.SYSTEM_ADMIN]))
    tell("正在训练研判模型……")
    training.first_models(desk.settings)
    return token


def publish_office(ctx: Context, name: str, first_day: Any, contact: str) -> None:
    """The bureau itself as a rule: its name, its first day with this service, its phone."""
    body = {
        "code": "bureau",
        "version": 1,
        "name": name,
        "first_day": first_day.isoformat(),
        "contact": contact,
    }
    rulebook.publish(ctx, [Entry("office", "bureau", 1, first_day, 0, body)])


def section_row(body: dict[str, Any]) -> Section:
    """A section as shipped."""
    return Section(
        code=body["code"],
        label=body["label"],
        duties=body["duties"],
        office=body.get("office", False),
        position=body.get("order", 0),
    )
