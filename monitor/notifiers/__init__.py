"""Ways out: NOTIFIERS is the menu; each says whether it is set up here, and sends one message."""

from monitor.domain.letters import Notifier
from monitor.notifiers import mail, webhook

NOTIFIERS: tuple[Notifier, ...] = (mail.NOTIFIER, webhook.NOTIFIER)
