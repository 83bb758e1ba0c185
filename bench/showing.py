"""What every benchmark here needs: a clock around some work, and lines shown at once."""

import sys
import time
from collections.abc import Callable


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(line: str) -> None:
    """Print a line of a result at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def progress(line: str) -> None:
    """Say how far the work is, beside the results."""
    sys.stderr.write(line + "\n")
