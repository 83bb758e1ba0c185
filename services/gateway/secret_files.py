"""Files with secrets: made once, whole or not at all, for nobody else's eyes."""

import os
import tempfile
from pathlib import Path

from shared.starting import CannotStartError


class SecretFileError(CannotStartError):
    """A file with secrets is missing, or others could read it. Says what to do."""


def write_if_missing(path: Path, content: str) -> bool:
    """Write a file with mode 600 unless it exists; of several writers at once one wins.

    Returns whether this call wrote it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 600
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole and refuses an existing name, which a rename would replace.
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def read_private(path: Path, what: str) -> str:
    """The content of a file that only its owner may read.

    Raises:
        SecretFileError: it is missing, or its mode lets others read it.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise SecretFileError(f"{what} is missing: there is no file {path}.") from None
    if mode & 0o077:
        raise SecretFileError(f"{what} can be read by others: run `chmod 600 {path}`.")
    return path.read_text(encoding="utf-8")
