"""As much of `curl` as docs/integrators.md uses, for machines that have none.

The page is for people with curl, and is tested with it wherever it is installed.
"""

import argparse
import sys
import time
from pathlib import Path

import httpx

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
FAILED = 22


def main(arguments: list[str]) -> int:
    """Send one request as the options say; curl's exit code."""
    parser = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-f", action="store_true")
    parser.add_argument("-i", action="store_true")
    parser.add_argument("-u")
    parser.add_argument("-d")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("--retry", type=int, default=0)
    parser.add_argument("url")
    asked = parser.parse_args(arguments)
    headers = dict(line.split(": ", 1) for line in asked.H)
    content: bytes | None = None
    if asked.d is not None:
        content = Path(asked.d[1:]).read_bytes() if asked.d[0] == "@" else asked.d.encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    auth = tuple(asked.u.split(":", 1)) if asked.u else None
    method = "GET" if content is None else "POST"
    answer = httpx.request(method, asked.url, content=content, headers=headers, auth=auth)
    while answer.status_code in TRANSIENT and asked.retry:
        asked.retry -= 1
        time.sleep(float(answer.headers.get("retry-after", 1)))
        answer = httpx.request(method, asked.url, content=content, headers=headers, auth=auth)
    if answer.is_error and asked.f:
        return FAILED
    if asked.i:
        lines = [f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        sys.stdout.write("".join(f"{line}\r\n" for line in [*lines, ""]))
    sys.stdout.write(answer.text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
