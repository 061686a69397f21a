"""Ways in: the menu of leaves, in the order of the screen; each names its `VIA`."""

from types import ModuleType

from monitor.channels import by_hand, sheet

CHANNELS: tuple[ModuleType, ...] = (sheet, by_hand)
