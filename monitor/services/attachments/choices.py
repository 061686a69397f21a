"""Which files of an answer may be public, in which form, and which were chosen to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from classifiers.finding import Hit
from monitor import attachments
from monitor.attachments.traces import LABELS
from monitor.services import copies
from monitor.services.context import Context
from monitor.storage.answers import Answer, Publication
from monitor.storage.attachments import disk, rows
from monitor.storage.attachments.rows import Attachment, PublicFile, StoredFile
from monitor.storage.orders import Order

ANSWER = "answer"
WITHHELD, ORIGINAL, CLEAN, TEXT = "withheld", "original", "clean", "text"
LABELS_OF_CHOICES = {
    WITHHELD: "不公开",
    ORIGINAL: "公开原件",
    CLEAN: "公开重新生成的清洁件",
    TEXT: "公开遮蔽后的文字稿",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One file as a person at the desk sees it."""

    row: Attachment
    name: str
    content: StoredFile
    label: str
    traces: tuple[tuple[str, str], ...]
    personal: tuple[Hit, ...]
    options: tuple[str, ...]
    why: str
    choice: str

    @property
    def text(self) -> dict[str, object] | None:
        """The text that was read from it, as it is stored."""
        found = self.content.look("text")
        return found[0] if found else None


def looks(
    ctx: Context, order: Order, found: Sequence[Attachment], answer: Answer | None = None
) -> list[Look]:
    """Files with all that is known of them; the answer they go with makes them scanned."""
    known = rows.contents(ctx.session, [row.sha256 for row in found])
    return [_look(ctx, order, row, known[row.sha256], answer) for row in found]


def _look(
    ctx: Context, order: Order, row: Attachment, content: StoredFile, answer: Answer | None
) -> Look:
    kind = attachments.KINDS[content.kind]
    traces = tuple((LABELS[code], words) for code, words in rows.traces_of(ctx.keys, content))
    hits = copies.personal(ctx, order, text_of(ctx, content)) if answer else []
    options = [WITHHELD]
    if not traces and not hits and not kind.pictured and not kind.heard:
        options.append(ORIGINAL)
    if content.look(CLEAN) and not hits:
        options.append(CLEAN)
    if content.look(TEXT):
        options.append(TEXT)
    if row.part != ANSWER or answer is None:
        options = []
    return Look(
        row=row,
        name=rows.name_of(ctx.keys, row),
        content=content,
        label=kind.label,
        traces=traces,
        personal=tuple({(hit.kind, hit.text): hit for hit in hits}.values()),
        options=tuple(options),
        why=_why(kind, traces, hits),
        choice=row.choice if answer and row.chosen_for == answer.id else "",
    )


def _why(kind: attachments.Kind, traces: Sequence[object], personal: Sequence[object]) -> str:
    """Why the original is not offered, in a sentence."""
    if kind.pictured:
        return "图片只公开重新生成的清洁件，不带拍摄信息。"
    if kind.heard:
        return "录音不能自动检查，只答复本人，不公开。"
    if personal:
        return "正文里有个人信息，原件不能公开；可以公开遮蔽后的文字稿。"
    if traces:
        return "文件里有属性或隐藏内容，原件不能公开，可以选列出的其他形式。"
    return ""


def text_of(ctx: Context, content: StoredFile) -> str:
    """The words that were read from a content; empty when there are none or they are gone."""
    found = content.look(TEXT)
    if not found or not disk.path_of(ctx.settings, found[0]["sha256"]).is_file():
        return ""
    return disk.read(ctx.settings, found[0]["sha256"]).decode()


def undecided(ctx: Context, order: Order, answer: Answer) -> int:
    """How many files of an answer wait for the choice whether they are public."""
    found = rows.of_order(ctx.session, order.id, part=ANSWER)
    return sum(1 for row in found if row.chosen_for != answer.id or not row.choice)


def publish(ctx: Context, order: Order, answer: Answer, publication: Publication) -> None:
    """Hang the chosen files on a publication; each is looked at once more before it goes."""
    chosen = [
        look
        for look in looks(ctx, order, rows.of_order(ctx.session, order.id, part=ANSWER), answer)
        if look.choice in look.options and look.choice != WITHHELD
    ]
    for n, look in enumerate(chosen, start=1):
        ctx.session.add(_public(ctx, order, look, publication.id, n))
    if chosen:
        told = [{"file": str(look.row.id), "choice": look.choice} for look in chosen]
        ctx.record("files_published", order, files=told)


def _public(ctx: Context, order: Order, look: Look, publication_id: UUID, n: int) -> PublicFile:
    content = look.content
    sha256, media_type, size = content.sha256, content.media_type, content.size
    ending = attachments.extension(look.name)
    if look.choice == CLEAN:
        [clean] = content.look(CLEAN)[:1]
        sha256, media_type, size = clean["sha256"], clean["type"], clean["size"]
        ending = {"image/png": "png", "image/jpeg": "jpg"}.get(media_type, "pdf")
    elif look.choice == TEXT:
        body = copies.redacted(ctx, order, text_of(ctx, content)).encode()
        sha256, media_type, size = disk.put(ctx.settings, uuid4(), body), "text/plain", len(body)
        ending = "txt"
    stem = look.name.rpartition(".")[0] or look.name
    if copies.personal(ctx, order, stem):
        stem = f"附件{n}"
    return PublicFile(
        publication_id=publication_id,
        n=n,
        attachment_id=look.row.id,
        sha256=sha256,
        name=f"{stem}.{ending}",
        media_type=media_type,
        size=size,
    )
