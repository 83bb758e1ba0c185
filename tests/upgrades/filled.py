"""`python -m tests.upgrades.filled SERVICE FILE`: a dump of what the code here writes."""

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.upgrades.dumps import write_dump


def main(service: str, file: str) -> None:
    """Fill a new database through the service of this checkout, and write down its rows."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/{service}.db"
        import_module(f"tests.upgrades.filling.{service}").fill(url)
        write_dump(Path(file), url, service)


if __name__ == "__main__":
    main(*sys.argv[1:])
