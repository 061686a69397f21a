"""Mail to the address that a person gave for notices, by the bureau's own server."""

import logging
import smtplib
from contextlib import closing
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.domain.errors import DeliveryFailed
from monitor.domain.letters import Notifier, Outgoing

log = logging.getLogger("monitor.notifiers")

_SECONDS = 20
_PERMANENT = 500


class Settings(BaseSettings):
    """Where mail goes out; without a host nothing does."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_MAIL_", extra="ignore")

    host: str = ""
    port: int = 25
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "response-desk@localhost"
    tls: Literal["none", "starttls", "ssl"] = "none"


def ready() -> bool:
    """Whether a server is named."""
    return bool(Settings().host)


def send(message: Outgoing) -> None:
    """Hand one message to the server; raises DeliveryFailed, saying whether for good."""
    settings = Settings()
    try:
        _hand_over(settings, _letter(settings, message))
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        raise _failed(refusal, permanent=min(codes, default=0) >= _PERMANENT) from refusal
    except smtplib.SMTPResponseException as refusal:
        raise _failed(refusal, permanent=refusal.smtp_code >= _PERMANENT) from refusal
    except (smtplib.SMTPException, OSError) as trouble:
        raise _failed(trouble, permanent=False) from trouble


def _letter(settings: Settings, message: Outgoing) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter["From"], letter["To"] = settings.sender, message.to
    letter["Date"] = format_datetime(message.at)
    domain = settings.sender.rpartition("@")[2] or "localhost"
    letter["Message-ID"] = f"<{message.message_id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n".join(message.lines))
    return letter


def _hand_over(settings: Settings, letter: EmailMessage) -> None:
    kind = smtplib.SMTP_SSL if settings.tls == "ssl" else smtplib.SMTP
    with closing(kind(settings.host, settings.port, timeout=_SECONDS)) as server:
        if settings.tls == "starttls":
            server.starttls()
        if settings.user:
            server.login(settings.user, settings.password.get_secret_value())
        server.send_message(letter)
        try:
            server.quit()
        except (smtplib.SMTPException, OSError) as trouble:
            # The message is taken: sent again for a bad farewell, it would arrive twice.
            log.info("mail server did not take leave: %s", type(trouble).__name__)


def _failed(cause: Exception, *, permanent: bool) -> DeliveryFailed:
    return DeliveryFailed(type(cause).__name__, permanent=permanent)


NOTIFIER = Notifier("mail", "邮件", ready, send, to_address=True)
