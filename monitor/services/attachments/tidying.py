"""What upkeep does for attached files: forget what nobody wants, notice what is missing."""

from dataclasses import dataclass
from datetime import timedelta

from monitor.services.desk import Desk
from monitor.storage.attachments import disk, rows

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was found: orphans removed, uploads given up, contents that are gone or were changed."""

    orphans: int = 0
    uploads: int = 0
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def tidy(desk: Desk) -> Tidied:
    """Remove what no row has wanted for a day; compare every file with the hash it is called by."""
    with desk.writing() as ctx:
        long_ago = ctx.now - KEPT
        old = rows.uploads_before(ctx.session, long_ago)
        for upload in old:
            disk.drop(disk.arriving(desk.settings, upload.id))
            ctx.session.delete(upload)
    with desk.reading() as ctx:
        wanted = rows.wanted(ctx.session, long_ago)
    here, changed, orphans = set(), [], 0
    for sha256, path in disk.stored(desk.settings):
        if sha256 not in wanted:
            if disk.untouched_since(path, long_ago):
                disk.drop(path)
                orphans += 1
            continue
        here.add(sha256)
        if disk.digest(path) != sha256:
            changed.append(sha256)
    for path in disk.left_over(desk.settings):
        if disk.untouched_since(path, long_ago):
            disk.drop(path)
            orphans += 1
    return Tidied(orphans, len(old), tuple(sorted(wanted - here)), tuple(changed))
