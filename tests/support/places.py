"""Where what a test run makes is kept while it runs."""

import shutil
from pathlib import Path


def short_lived() -> str:
    """Memory where there is plenty of it (a run makes and drops hundreds of databases, and each
    commit waits for the disk), else disk. A short path, because those of sockets are bounded."""
    memory = Path("/dev/shm")  # noqa: S108  # what is made below it has names of its own
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3
    return str(memory) if roomy else "/tmp"  # noqa: S108  # likewise
