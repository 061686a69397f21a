"""模型: which models read, what they are worth, what was learnt anew; and what could go alone."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

import classifiers
from monitor.domain.errors import Incomplete, NotFound
from monitor.domain.learning.gate import LOWEST_PRECISION
from monitor.domain.vocabulary import RequestType, Role, Urgency, first_level
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.learning import choosing
from monitor.services.preparing import SECOND_LEVEL_FROM
from monitor.services.rulebook import Rules
from monitor.storage import history, people
from monitor.storage.learning import versions
from monitor.storage.learning.versions import LIVE, PROPOSED, ModelVersion
from monitor.tasks import alone
from monitor.web.deps import Ctx, Reading
from monitor.web.guard import desk_router, only
from monitor.web.navigation import Entry, Group, Page, see, show

router = desk_router(Role.REVIEWER, Role.DUTY, Role.LEADER)
PATH = "/desk/models"
_JOB = "learn"
_MOST_WRONG = 50
_STATES = {PROPOSED: "待决定", LIVE: "在用", "former": "用过", "dropped": "没有采用"}
Version = Annotated[str, Path(pattern=r"^[\w-]{1,80}$")]


@router.get(PATH)
def look(request: Request, ctx: Reading) -> Response:
    """Every reader: what reads now, what is proposed, what can be gone back to."""
    rules = rulebook.current(ctx)
    run = versions.latest_run(ctx.session)
    asked = rules.learning
    readers = []
    for entry in classifiers.READERS:
        if entry.learnt:
            rows = versions.of_reader(ctx.session, entry.code)
            model = choosing.told_of(ctx, entry.code)
            readers.append(
                {
                    "entry": entry,
                    "model": model,
                    "row": next(
                        (one for one in rows if model and one.version == model.version), None
                    ),
                    "others": [one for one in rows if not model or one.version != model.version],
                }
            )
    return show(
        request, ctx, "models.html", title="模型", readers=readers, states=_STATES, run=run,
        asked=asked, chance=alone.chance(run, asked.auto_precision),
        steps=[(p, alone.chance(run, p)) for p in range(LOWEST_PRECISION, 101)],
        wrong=_wrong_alone(run, alone.chance(run, asked.auto_precision).threshold),
        job=history.job_run(ctx.session, _JOB), may=ctx.person.has(Role.REVIEWER),
    )  # fmt: skip


@router.get(f"{PATH}/{{version}}")
def one(request: Request, ctx: Reading, version: Version) -> Response:
    """One model: its scores, confusion, honesty, errors, and labels that contradict."""
    row = ctx.session.get(ModelVersion, version)
    scores: Mapping[str, Any] | None = row.scores if row else None
    reader = row.reader if row else ""
    for entry in classifiers.READERS:
        model = choosing.told_of(ctx, entry.code) if entry.learnt and row is None else None
        if model is not None and model.version == version:
            scores, reader = model.scores, entry.code
    if scores is None:
        raise NotFound("没有这个模型。", remedy="请回到“模型”页面重新选择。")
    return show(
        request, ctx, "model.html", title=f"模型 {version}", version=version, row=row,
        scores=scores, states=_STATES, most=_MOST_WRONG,
        label=next(entry.label for entry in classifiers.READERS if entry.code == reader),
        names=_names(ctx, rulebook.current(ctx), reader), lower=_lower(scores),
        second_level_from=SECOND_LEVEL_FROM, may=ctx.person.has(Role.REVIEWER),
    )  # fmt: skip


class Reason(BaseModel):
    """Why."""

    reason: Annotated[str, Field(max_length=200)] = ""


@router.post(f"{PATH}/learn")
@only(Role.REVIEWER)
def learn(request: Request, ctx: Ctx) -> Response:
    """Ask for a lesson now; whoever keeps the watch takes it up within seconds."""
    job = history.job_run(ctx.session, _JOB)
    if job is None:
        raise NotFound(
            "还没有进程值守，学不了。", remedy="请系统管理员启动 monitor serve 或 work。"
        )
    job.asked_at, job.asked_by = ctx.now, ctx.person.label
    ctx.session.add(job)
    ctx.record_system("job_asked", job=_JOB)
    return see(request, PATH, "已请求从决定中学习，几分钟后刷新本页看结果。")


@router.post(f"{PATH}/{{version}}/use")
@only(Role.REVIEWER)
def use(request: Request, ctx: Ctx, version: Version, form: Annotated[Reason, Form()]) -> Response:
    """Let a proposed or a former model read from now on."""
    row = choosing.put_in_force(ctx, version, form.reason)
    return see(request, PATH, f"已启用 {row.version}，下一件来件起由它给建议；可以随时换回。")


@router.post(f"{PATH}/{{version}}/drop")
@only(Role.REVIEWER)
def drop(request: Request, ctx: Ctx, version: Version, form: Annotated[Reason, Form()]) -> Response:
    """Do not take a proposed model."""
    if not form.reason.strip():
        raise Incomplete("请写明为什么不用。", fields={"reason": "如：把停电都认成了用地"})
    row = choosing.drop(ctx, version, form.reason)
    return see(request, PATH, f"没有采用 {row.version}，现用的模型不变。")


def _wrong_alone(run: versions.LearnRun | None, threshold: float | None) -> list[list[Any]]:
    """The held-back orders that would have gone alone otherwise than a person sent them."""
    if run is None or threshold is None:
        return []
    return [one for one in run.tried if one[1] >= threshold and one[2]]


def _lower(scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The confusions of the second level, a table a topic: no other topic's are ever suggested."""
    confusion = scores.get("below", {}).get("confusion", {"labels": [], "rows": []})
    places: dict[str, list[int]] = {}
    for place, code in enumerate(confusion["labels"]):
        places.setdefault(first_level(code), []).append(place)
    tables = []
    for topic, mine in places.items():
        rows = [[confusion["rows"][one][other] for other in mine] for one in mine]
        many = sum(map(sum, rows))
        right = sum(row[place] for place, row in enumerate(rows))
        labels = [confusion["labels"][one] for one in mine]
        tables.append(
            {"code": topic, "labels": labels, "rows": rows, "n": many, "right": right / many}
        )
    return tables


def _names(ctx: Context, rules: Rules, reader: str) -> dict[str, str]:
    """The Chinese words of the labels of a reader."""
    if reader == "request_type":
        return {kind.value: kind.label for kind in RequestType}
    if reader == "urgency":
        return {level.value: level.label for level in Urgency}
    if reader == "section":
        return {code: one.label for code, one in people.sections(ctx.session).items()}
    return {code: topic.label for code, topic in rules.topics.items()}


PAGE = Page(
    router,
    "模型",
    entries=(
        Entry(
            "模型", PATH, "graduation-cap", Group.WATCH, frozenset({Role.REVIEWER}),
            count=lambda ctx: versions.waiting(ctx.session), waits=True,
        ),
        Entry("模型", PATH, "graduation-cap", Group.WATCH, frozenset({Role.DUTY, Role.LEADER})),
    ),
)  # fmt: skip
