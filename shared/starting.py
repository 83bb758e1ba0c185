"""Starting, or saying in one line why not: whoever starts Amber shouldn't have to read Python."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import SQLAlchemyError

COLLECTED_AFTER = 50_000
"""So many new objects before the garbage collector looks for rings among them. A batch of updates
makes some 20,000 and lets go of them by itself; with Python's 700 that was 30 looks through it."""


class CannotStartError(Exception):
    """Something that Amber needs before it can start is unfit. Says what to do."""


@contextmanager
def starting() -> Iterator[None]:
    """Around everything before the first request: a fault of files, settings or the database
    becomes one line on stderr and exit code 1.

    What was made on starting lives as long as the process, so the garbage collector doesn't look
    through it again and again: on batches of updates that took a quarter of the time. Nor does it
    look often through what a request has just made: that took a tenth.
    """
    try:
        yield
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECTED_AFTER)
    except (CannotStartError, SettingsError) as error:
        _refuse("; ".join(str(error).splitlines()))
    except ValidationError as error:
        _refuse(_settings_at_fault(error))
    except SQLAlchemyError as error:
        # The class alone: a driver's text may carry a password.
        kind = type(error).__name__
        _refuse(f"The database can't be used ({kind}). Is it running, and was `amber migrate` run?")
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}. Make it readable and writable for this user.")


def _refuse(why: str) -> None:
    sys.stderr.write(f"Amber can't start. {why}\n")
    raise SystemExit(1) from None


def _settings_at_fault(error: ValidationError) -> str:
    """Every setting that is wrong, by the name it has in the environment; never its value."""
    faults = []
    for each in error.errors(include_input=False, include_url=False):
        name = f"AMBER_{str(each['loc'][0]).upper()}: " if each["loc"] else ""
        faults.append(name + each["msg"].removeprefix("Value error, "))
    return "; ".join(faults)
