"""Ways in: the menu of leaves, in the order of the screen; each names its `VIA`."""

from types import ModuleType

from monitor.channels import by_hand, letter_form, sheet

CHANNELS: tuple[ModuleType, ...] = (sheet, by_hand, letter_form)
