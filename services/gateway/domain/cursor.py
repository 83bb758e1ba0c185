"""How far a consumer has heard: an epoch and a position of each service, in one opaque text.

A restore gives a service another epoch: positions of the old one say nothing about it any more.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

_EPOCH = re.compile(r"[0-9a-f-]{1,36}")


class NoCursorError(Exception):
    """The text isn't one that was handed out."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How far one service's journal was heard."""

    epoch: str
    position: int


def written(heard: Mapping[str, Heard]) -> str:
    """The cursor of a consumer that has heard so far."""
    content = {name: [each.epoch, each.position] for name, each in sorted(heard.items())}
    packed = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read(cursor: str, services: frozenset[str]) -> dict[str, Heard]:
    """What `written` wrote, for exactly these services. Raises `NoCursorError`."""
    try:
        padded = f"{cursor}{'=' * (-len(cursor) % 4)}"
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        found = {name: _heard(*each) for name, each in content.items()}
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise NoCursorError from None
    if found.keys() != services:
        raise NoCursorError
    return found


def _heard(epoch: object, position: object) -> Heard:
    if not isinstance(epoch, str) or not _EPOCH.fullmatch(epoch):
        raise ValueError
    if type(position) is not int or not 0 <= position < 2**62:
        raise ValueError
    return Heard(epoch, position)
