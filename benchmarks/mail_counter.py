"""A mail server that counts: every third message is refused, now and then an answer is lost.

    python benchmarks/mail_counter.py PORT LOG

One line a message in LOG: how it went (taken, refused, unanswered), its Message-ID, to whom.
"""

import asyncio
import signal
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

REFUSED, UNANSWERED = 3, 101


class Counter:
    """Takes what it does not refuse, and writes down each."""

    def __init__(self, log: Path) -> None:
        self.log, self.seen = log.open("a", buffering=1, encoding="utf-8"), 0

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- its name
        """Every third is put off; of the others a few are taken and the line is cut."""
        self.seen += 1
        how = "refused" if self.seen % REFUSED == 0 else "taken"
        if how == "taken" and self.seen % UNANSWERED == 0:
            how = "unanswered"
        name = message_from_bytes(envelope.content)["Message-ID"].strip("<>").partition("@")[0]
        self.log.write(f"{how} {name} {envelope.rcpt_tos[0]}\n")
        if how == "unanswered":
            server.transport.abort()
        return "451 4.3.0 Try again later" if how == "refused" else "250 OK"


async def serve(port: int, log: Path) -> None:
    counter, over = Counter(log), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    async with await loop.create_server(lambda: SMTP(counter), "127.0.0.1", port):
        await over.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
