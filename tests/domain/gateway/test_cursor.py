"""How far a consumer has heard: written, read back, and nothing else taken for it."""

import base64
import json

import pytest

from services.gateway.domain.cursor import Heard, NoCursorError, read, written

SERVICES = frozenset({"referrals", "scoring"})
HEARD = {"referrals": Heard("0199-a", 7), "scoring": Heard("0199-b", 0)}


def test_a_cursor_says_what_was_written() -> None:
    assert read(written(HEARD), SERVICES) == HEARD


def packed(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!",
        packed([]),
        packed({}),
        packed({"referrals": ["a", 1]}),
        packed({"referrals": ["a", 1], "scoring": ["a", 1], "other": ["a", 1]}),
        packed({"referrals": ["a", 1], "scoring": ["a", -1]}),
        packed({"referrals": ["a", 1], "scoring": ["a", True]}),
        packed({"referrals": ["a", 1], "scoring": ["a", 2**62]}),
        packed({"referrals": ["a", 1], "scoring": ["a", 1, 2]}),
        packed({"referrals": ["a", 1], "scoring": ["A?", 1]}),
        packed({"referrals": ["a", 1], "scoring": 3}),
    ],
)
def test_what_was_not_handed_out_is_no_cursor(cursor: str) -> None:
    with pytest.raises(NoCursorError):
        read(cursor, SERVICES)
