"""Which model reads: proposed ones kept, put in force by a person, taken back by one."""

from pathlib import Path

import classifiers
from classifiers import seal, trained
from classifiers.seal import ModelRefused
from classifiers.trained import Facts, Model
from monitor.domain.errors import NotFound, Refused
from monitor.services.context import Context
from monitor.settings import Settings
from monitor.storage.learning import versions
from monitor.storage.learning.versions import DROPPED, FORMER, LIVE, PROPOSED, ModelVersion

_KEPT = 5


def kept_path(settings: Settings, version: str) -> Path:
    """Where a model lies that is proposed or was in force."""
    return settings.models_dir / "versions" / f"{version}.model"


def in_force(ctx: Context, reader: str) -> Model | None:
    """The model that reads now; None where there is none that may be trusted."""
    return _loaded(ctx, classifiers.model_path(ctx.settings.models_dir, reader))


def told_of(ctx: Context, reader: str) -> Facts | None:
    """Version and scores of the model that reads now, without loading it; None like `in_force`."""
    path = classifiers.model_path(ctx.settings.models_dir, reader)
    try:
        return trained.facts(path, ctx.keys.purpose("models"))
    except ModelRefused:
        return None


def propose(ctx: Context, row: ModelVersion) -> bool:
    """Put a trained model before the office; False where it was looked at already.

    An older proposal that nobody decided on gives way to it.
    """
    if ctx.session.get(ModelVersion, row.version) is not None:
        return False
    older = versions.standing(ctx.session, row.reader, PROPOSED)
    if older is not None:
        _decide(ctx, older, DROPPED, "有了更新的")
    ctx.session.add(row)
    ctx.session.flush()
    return True


def drop(ctx: Context, version: str, reason: str) -> ModelVersion:
    """Do not take a proposed model; why is kept with it."""
    row = _row(ctx, version)
    if row.status != PROPOSED:
        raise Refused("这个模型已经有人决定过了。", remedy="请刷新页面，看现在用的是哪一个。")
    _decide(ctx, row, DROPPED, reason)
    ctx.record_system("model_dropped", reader=row.reader, version=version, reason=reason)
    return row


def put_in_force(ctx: Context, version: str, reason: str = "") -> ModelVersion:
    """Let a proposed or a former model read from now on; the one before is kept to go back to.

    The file is changed last: what the file says is what reads, whatever becomes of the rows. One
    that is in force by its row alone, its file being damaged or gone, is put in force again.
    """
    row = _row(ctx, version)
    before = in_force(ctx, row.reader)
    torn = before is None and row.status == LIVE
    if not torn and row.status not in (PROPOSED, FORMER):
        raise Refused(
            "这个模型已经在用，或者没有被采用。", remedy="请刷新页面，看现在用的是哪一个。"
        )
    source = kept_path(ctx.settings, version)
    if _loaded(ctx, source) is None:
        raise Refused(
            "这个模型的文件不在，或不是本单位的。",
            remedy="请在时间表里运行“从决定中学习”，重新学一个。",
        )
    place = classifiers.model_path(ctx.settings.models_dir, row.reader)
    if before is not None:
        _keep(ctx, before, row.reader, place)
    for other in versions.of_reader(ctx.session, row.reader):
        if other.status == LIVE:  # its file is damaged or gone: no model is in force by it
            other.status = FORMER
            ctx.session.add(other)
    _decide(ctx, row, LIVE, reason)
    ctx.record_system(
        "model_in_force", reader=row.reader, version=version,
        was=before.version if before else "", reason=reason,
    )  # fmt: skip
    ctx.session.flush()
    _tidy(ctx, row.reader)
    _copy(ctx, source, place)
    return row


def _keep(ctx: Context, model: Model, reader: str, place: Path) -> None:
    """The model in force becomes a former one, whether we made it or it came with the product."""
    copy = kept_path(ctx.settings, model.version)
    if not copy.exists():
        _copy(ctx, place, copy)
    held = ctx.session.get(ModelVersion, model.version)
    if held is None:
        held = ModelVersion(
            version=model.version, reader=reader, status=FORMER, n=int(model.scores.get("n", 0)),
            own=0, engine=model.engine, data_hash=model.data_hash, scores=model.scores,
            compared={}, trained_at=ctx.now,
        )  # fmt: skip
    held.status = FORMER
    ctx.session.add(held)


def _decide(ctx: Context, row: ModelVersion, status: str, reason: str) -> None:
    row.status, row.reason = status, reason.strip()
    row.decided_at, row.decided_by = ctx.now, ctx.person.label
    ctx.session.add(row)


def _row(ctx: Context, version: str) -> ModelVersion:
    row = ctx.session.get(ModelVersion, version, with_for_update=True)
    if row is None:
        raise NotFound("没有这个模型。", remedy="请回到“模型”页面重新选择。")
    return row


def _tidy(ctx: Context, reader: str) -> None:
    """Forget the files of old versions; their scores stay."""
    past = [one for one in versions.of_reader(ctx.session, reader) if one.status == FORMER]
    gone = [one for one in versions.of_reader(ctx.session, reader) if one.status == DROPPED]
    for one in [*past[_KEPT:], *gone]:
        kept_path(ctx.settings, one.version).unlink(missing_ok=True)


def _copy(ctx: Context, source: Path, target: Path) -> None:
    """A sealed model to another place, in one move: readers may look at any moment."""
    key = ctx.keys.purpose("models")
    seal.put(target, key, seal.opened(source.read_bytes(), key, source.name))


def _loaded(ctx: Context, path: Path) -> Model | None:
    try:
        return trained.load(path, ctx.keys.purpose("models"))
    except ModelRefused:
        return None
