"""Begin a demonstration anew: built beside, then put in the place of the old one, phase by phase.

Each phase may be killed at any moment and is then done again from its start:

    asked     build the new bureau in a folder of its own; the old one is still whole
    built     remove what is old; the new one is whole
    cleared   move the new files to their places

Nobody serves the home meanwhile. A home that does not bear the mark is never touched.
"""

import shutil
from collections.abc import Callable

from monitor.domain.errors import Refused
from monitor.services.office import ground
from monitor.settings import Settings

NEXT = "demo.next"
BUILT, CLEARED = "built", "cleared"
_STAYS = frozenset({ground.MARK, ground.REQUEST, NEXT})


def finish(settings: Settings, build: Callable[[Settings], None]) -> bool:
    """Bring a reset that was asked for to its end, wherever it stands; whether there was one.

    `build` makes a whole bureau in the empty home of the settings it is given.
    """
    phase = ground.asked(settings)
    if not phase:
        return False
    if settings.database_url or not ground.marked(settings):
        raise Refused(
            f"{settings.home} 里不是演示局，没有动它。",
            remedy=f"请删去其中的 {ground.REQUEST} 再启动。",
        )
    if phase not in {BUILT, CLEARED}:
        _build(settings, build)
        ground.note(settings, BUILT)
    if phase != CLEARED:
        _clear(settings)
        ground.note(settings, CLEARED)
    _move(settings)
    (settings.home / ground.REQUEST).unlink()
    ground.settle(settings.home)
    return True


def _build(settings: Settings, build: Callable[[Settings], None]) -> None:
    beside = settings.home / NEXT
    if beside.exists():
        shutil.rmtree(beside)
    beside.mkdir()
    # Validated anew: a copy would remember where the keys of the old home lie.
    build(Settings.model_validate({**settings.model_dump(), "home": beside}))


def _clear(settings: Settings) -> None:
    for path in settings.home.iterdir():
        if path.name in _STAYS:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _move(settings: Settings) -> None:
    beside = settings.home / NEXT
    # Killed after the last file: the folder is gone already.
    if not beside.exists():
        return
    for path in beside.iterdir():
        path.replace(settings.home / path.name)
    ground.settle(settings.home)
    beside.rmdir()
