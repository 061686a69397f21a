"""The demonstration bureau: rules, people, models, and some 250 matters in every state."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from monitor.cli import founding
from monitor.cli.demonstration_cases import Case, extras, stories
from monitor.cli.demonstration_dates import dated, gone, rostered
from monitor.cli.demonstration_lives import Act, Office, life
from monitor.cli.demonstration_times import Days, all_placed
from monitor.domain.access import Acting
from monitor.domain.letters import Incoming, Requester
from monitor.domain.numbers import new_lookup_code
from monitor.domain.vocabulary import Channel, Role, Via
from monitor.domain.workdays import local, midnight
from monitor.services import people, preparing, rulebook, upkeep
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, SYSTEM, Desk
from monitor.services.preparing import Prepared
from monitor.services.supervision import sweeping
from monitor.steps import intake
from monitor.storage import orders
from monitor.storage import people as stored
from monitor.storage.lists.views import SavedView
from monitor.storage.orders import Order
from monitor.tasks import hotspots, training

PASSWORD = "huiyingtai-demo"  # noqa: S105 -- printed for everyone who tries the demonstration
LETTER, LETTER_CODE, LETTER_TAIL = "a-005", "HYDT 3694 NKPW QRAC", "0005"
_CAST = ("lin", "li", "zhou", "zhao", "qian", "sun", "wu", "zheng", "xiang", "an", "shen")
_PLATFORM = Acting("12345 平台")


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account, for the list that the command prints."""

    username: str
    name: str
    title: str
    section: str


def build(desk: Desk, data_dir: Path, today: datetime, say: Callable[[str], None]) -> list[Account]:
    """Fill an empty migrated home as of `today`; the accounts, all with one password."""
    first = midnight(local(today).date() - timedelta(days=120)) + timedelta(hours=9)
    _found(desk, data_dir, first.astimezone(UTC))
    if not any(desk.settings.models_dir.glob("*")):
        say("正在训练研判模型……")
        training.first_models(desk.settings)
    say("正在办理 90 天的来件……")
    rules = rulebook.from_files(data_dir)
    days = Days(rules.calendar, today)
    written, short = stories(data_dir, rules), extras(data_dir, rules)
    prepared = _read(desk, short)
    # A record that the readers would call urgent would stand late in the queue by itself.
    calm = [case for case in short if _urgency(prepared[case.key]) == "normal"]
    placed = [dated(case, days) for case in all_placed(written, calm, days)]
    prepared |= _read(desk, [case for case in placed if case.key not in prepared])
    numbers: dict[str, str] = {}
    office = _office(data_dir)
    acts = [act for case in placed for act in life(case, days, office, numbers)]
    with desk.writing() as base:
        ctx = replace(base, now=first.astimezone(UTC))
        rostered(ctx, _staff(ctx), rules.calendar, local(today).date())
    _walk(desk, placed, acts, prepared, numbers)
    with desk.writing() as ctx:
        gone(ctx, _staff(ctx), rules.calendar, local(today).date())
    sweeping.sweep(desk)
    hotspots.watch(desk)
    with desk.reading() as ctx:
        verdict = upkeep.verify(ctx.session, ctx.keys)
    if not verdict.holds:
        message = f"演示数据的事件链不成立：{verdict.broken}"
        raise RuntimeError(message)
    say(f"演示局已建好：{len(placed)} 件工单，{verdict.events} 条经过。")
    return accounts(data_dir)


def accounts(data_dir: Path) -> list[Account]:
    """The demonstration accounts, the fixed cast first."""
    bureau = _bureau(data_dir)
    labels = {section["code"]: section["label"] for section in bureau["section"]}
    found = [
        Account(body["username"], body["name"], body["title"], labels[body["section"]])
        for body in bureau["person"]
    ]
    order = {name: place for place, name in enumerate(_CAST)}
    return sorted(found, key=lambda account: order.get(account.username, len(order)))


def welcome(desk: Desk, address: str) -> list[str]:
    """What to open and who to be, for the terminal."""
    found = accounts(desk.settings.data_dir)
    cast = [account for account in found if account.username in _CAST]
    width = max(len(account.username) for account in cast)
    return [
        f"公开答复  {address}/",
        f"写信      {address}/letter",
        f"查询      {address}/status   查询码 {LETTER_CODE}，手机后四位 {LETTER_TAIL}",
        f"工作台    {address}/desk     各账号密码都是 {PASSWORD}",
        *(f"  {one.username:<{width}}  {one.name}  {one.title}" for one in cast),
        f"  另有 {len(found) - len(cast)} 个账号：其余科室的负责人和承办人，密码相同。",
    ]


def _found(desk: Desk, data_dir: Path, first: datetime) -> None:
    bureau = _bureau(data_dir)
    password = people.hashed(PASSWORD)
    with desk.writing(SYSTEM) as now:
        ctx = replace(now, now=first)
        day = local(first).date()
        entries = [
            replace(entry, valid_from=min(entry.valid_from, day))
            for entry in rulebook.shipped(data_dir)
        ]
        rulebook.publish(ctx, entries)
        about = bureau["bureau"]
        founding.publish_office(ctx, about["name"], day, about["public_contact"])
        ctx.session.add_all([founding.section_row(body) for body in bureau["section"]])
        ctx.session.flush()
        for body in bureau["person"]:
            person = people.create(
                ctx,
                body["username"],
                body["name"],
                [Role(role) for role in body["roles"]],
                section=body["section"],
                title=body["title"],
            )
            # One hash for all, so that the start is quick.
            person.password_hash = password
            ctx.session.add(person)
            ctx.session.add_all(
                SavedView(
                    person_id=person.id, name=view["name"], query=view["query"],
                    shared=view["shared"], section=person.section, by=person.name, at=ctx.now,
                )
                for view in bureau["view"]
                if view["owner"] == person.username
            )  # fmt: skip


def _bureau(data_dir: Path) -> dict[str, Any]:
    return tomllib.loads((data_dir / "demo" / "bureau.toml").read_text("utf-8"))


def _office(data_dir: Path) -> Office:
    bureau = _bureau(data_dir)
    heads: dict[str, str] = {}
    handlers: dict[str, str] = {}
    for body in bureau["person"]:
        if "section_head" in body["roles"]:
            heads[body["section"]] = body["username"]
        elif "handler" in body["roles"]:
            handlers[body["section"]] = body["username"]
    return Office(
        staff={code: (head, handlers[code]) for code, head in heads.items()},
        names={body["label"].split("（")[0]: body["code"] for body in bureau["section"]},
    )


def _read(desk: Desk, found: list[Case]) -> dict[str, Prepared]:
    with desk.reading() as ctx:
        words = rulebook.current(ctx).words
    read = preparing.prepare(desk.settings, words, [(case.title, case.text) for case in found])
    return {case.key: prepared for case, prepared in zip(found, read, strict=True)}


def _urgency(prepared: Prepared) -> str:
    finding = prepared.findings.get("urgency")
    return str(finding["label"]) if finding else "normal"


def _walk(
    desk: Desk,
    placed: list[Case],
    acts: list[Act],
    prepared: dict[str, Prepared],
    numbers: dict[str, str],
) -> None:
    """Registrations and deeds in the order of time, a day in one transaction."""
    ids: dict[str, UUID] = {}
    doings: list[tuple[datetime, int, Case | Act]] = [(case.registered, 0, case) for case in placed]
    doings += [(act.at, 1, act) for act in acts]
    doings.sort(key=lambda doing: doing[:2])
    for _, of_day in groupby(doings, key=lambda doing: local(doing[0]).date()):
        with desk.writing() as base:
            staff = _staff(base)
            held: dict[str, Order] = {}
            for _, same in groupby(of_day, key=lambda doing: doing[:2]):
                for doing in _gathered(item for _, _, item in same):
                    if isinstance(doing, Act):
                        ctx = replace(base, now=doing.at, person=staff[doing.who])
                        if doing.key not in held:
                            wanted = ids[doing.key]
                            held[doing.key] = orders.by_ids(ctx.session, [wanted])[wanted]
                        doing.do(ctx, held[doing.key])
                    else:
                        _register(base, doing, staff, prepared, ids, numbers)


def _staff(ctx: Context) -> dict[str, Acting]:
    known = stored.sections(ctx.session)
    return {
        person.username: stored.acting(person, known)
        for code in known
        for person in stored.handlers(ctx.session, code)
    }


def _gathered(items: Iterable[Case | Act]) -> Iterable[list[Case] | Act]:
    """Records of one moment that came by one way together; deeds one by one."""
    together: dict[tuple[Via, Channel], list[Case]] = {}
    for item in items:
        if isinstance(item, Act):
            yield item
        else:
            together.setdefault((item.via, item.channel), []).append(item)
    yield from together.values()


def _register(
    base: Context,
    found: list[Case],
    staff: dict[str, Acting],
    prepared: dict[str, Prepared],
    ids: dict[str, UUID],
    numbers: dict[str, str],
) -> None:
    by = {Via.BY_HAND: staff["lin"], Via.SHEET: staff["lin"], Via.LETTER_FORM: PUBLIC}
    ctx = replace(base, now=found[0].registered, person=by.get(found[0].via, _PLATFORM))
    receipts = intake.receive(
        ctx,
        [_letter(case) for case in found],
        prepared=[prepared[case.key] for case in found],
        codes=[_code(case) for case in found],
    )
    for case, receipt in zip(found, receipts, strict=True):
        if receipt.order_id is None:
            message = f"演示来件 {case.key} 未能登记：{receipt.outcome}"
            raise RuntimeError(message)
        ids[case.key], numbers[case.key] = receipt.order_id, receipt.number


def _code(case: Case) -> str:
    """The 查询码 of a letter from the form; one of them is known for trying the look-up page."""
    if case.key == LETTER:
        return LETTER_CODE
    return new_lookup_code() if case.via is Via.LETTER_FORM else ""


def _letter(case: Case) -> Incoming:
    upstream = None
    if case.channel is Channel.HOTLINE:
        upstream = f"{local(case.received):%y%m%d%H%M%S}{int(case.share('upstream') * 10**6):06d}"
    return Incoming(
        channel=case.channel,
        via=case.via,
        text=case.text,
        received_at=case.received,
        title=case.title,
        upstream_no=upstream,
        place=case.place,
        requester=Requester(name=case.name, phone=case.phone),
        consent=case.consent,
        urgency=case.stated,
        upstream_due=case.upstream_due,
    )
