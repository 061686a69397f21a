"""Memory of the service with all models: real letters through the API, pages beside them.

    python benchmarks/service_memory.py [--letters 300]

The largest resident memory of `monitor serve`, from its start on, as the kernel kept it.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from served import Caller, ask, found, real_texts, serving

MOST = 400
PAGES = ("/", "/letter", "/status", "/stats", "/desk/login")


def largest(process: int) -> float:
    """The largest resident memory of a process so far, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=300)
    given = parser.parse_args()
    texts = real_texts()[: given.letters]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        key = found(home)
        server = serving(home)
        server.start()
        assert server.process is not None
        started = largest(server.process.pid)
        caller = Caller(server.port, authorization=f"Bearer {key}")
        learnt = 0
        for number, (title, text) in enumerate(texts):
            body = {"channel": "hotline", "upstream_no": f"M{number:06d}", "title": title}
            status, _ = caller.post("/api/v1/orders", {**body, "text": text})
            learnt += status == 201
            if number % 50 == 0:
                for page in PAGES:
                    ask(server.port, "GET", page)
        peak = largest(server.process.pid)
        server.stop()
    print(f"letters taken in {learnt} of {len(texts)}")
    print(f"memory after the start {started:.0f} MB")
    print(f"largest memory with all models {peak:.0f} MB (wanted < {MOST})")
    sys.exit(0 if peak < MOST and learnt == len(texts) else 1)


if __name__ == "__main__":
    main()
