"""`python -m tests.upgrades.dump`: keep what the code of every earlier revision wrote, where that
is not kept yet."""

import os
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tarfile import TarFile
from tempfile import TemporaryDirectory

from tests.support.databases import ROOT
from tests.upgrades.dumps import path_of
from tests.upgrades.upgraded import SERVICES, Revision, revisions_of


def main() -> None:
    """Make every dump that is missing."""
    for service in SERVICES:
        for revision, following in pairwise(revisions_of(service)):
            path = path_of(service, revision.name)
            if not path.exists():
                commit = _last_before(following)
                _make(service, path, commit)
                sys.stdout.write(f"{path.relative_to(ROOT)}: what {commit} writes\n")


def _last_before(following: Revision) -> str:
    """The last commit whose code knew no later revision."""
    added = _git("log", "--diff-filter=A", "--format=%h", "--", str(following.file)).split()
    return f"{added[-1].decode()}^" if added else "HEAD"


def _make(service: str, path: Path, commit: str) -> None:
    """Have the code of a commit fill a database, in a checkout of its own."""
    with TemporaryDirectory() as folder, TarFile(fileobj=BytesIO(_git("archive", commit))) as files:
        files.extractall(folder, filter="data")
        subprocess.run(
            [sys.executable, "-m", "tests.upgrades.filled", service, str(path)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder},  # noqa: TID251  # a child process inherits it
            check=True,
        )


def _git(*arguments: str) -> bytes:
    run = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)  # noqa: S607  # whichever git the person has
    return run.stdout


if __name__ == "__main__":
    main()
