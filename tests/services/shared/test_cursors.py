"""A cursor says nothing to whoever carries it, and leads nowhere but through its own list."""

import base64

import pytest

from shared.http.cursors import Cursors, ForeignCursorError, Key
from tests.support.service import SERVICE_SECRET

LIST = "/v1/children/{child_id}/observations"
KEY = ("2026-05-01", "police-feed", "crime-4711", 2)

cursors = Cursors(SERVICE_SECRET, "scoring")


@pytest.mark.parametrize("key", [KEY, [], [7], ["Łódź é 😀"]])
def test_a_replica_and_the_next_start_open_what_was_sealed(key: Key) -> None:
    sealed = cursors.sealed(key, LIST)
    assert Cursors(SERVICE_SECRET, "scoring").opened(sealed, LIST) == list(key)


def test_a_cursor_tells_neither_the_key_nor_how_long_it_is() -> None:
    sealed, short = cursors.sealed(KEY, LIST), cursors.sealed([1], LIST)
    assert b"crime" not in base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    assert len(sealed) == len(short)
    assert sealed != cursors.sealed(KEY, LIST)


def test_the_longest_key_is_taken_back() -> None:
    longest = ("2026-05-01", "s" * 60, "😀" * 100, 2_147_483_647)
    assert len(cursors.sealed(longest, LIST)) <= 1_000


@pytest.mark.parametrize(
    "other",
    [
        Cursors(SERVICE_SECRET, "referrals"),
        Cursors(SERVICE_SECRET + "2", "scoring"),
        Cursors.of_no_list(),
    ],
)
def test_what_another_service_or_secret_sealed_is_refused(other: Cursors) -> None:
    with pytest.raises(ForeignCursorError):
        cursors.opened(other.sealed(KEY, LIST), LIST)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(ForeignCursorError):
        cursors.opened(cursors.sealed([1], "/v1/held-updates"), LIST)


def test_a_cursor_with_any_byte_changed_is_refused() -> None:
    sealed = base64.urlsafe_b64decode(cursors.sealed([1, 2], LIST) + "==")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(ForeignCursorError):
            cursors.opened(base64.urlsafe_b64encode(changed).decode().rstrip("="), LIST)


@pytest.mark.parametrize(
    "garbled",
    ["", "x", "W10", "WzFlOTk5XQ", "A" * 999, "é", "\x00", "=", "====", "A" * 16, "A" * 38],
)
def test_what_was_never_handed_out_is_refused(garbled: str) -> None:
    with pytest.raises(ForeignCursorError):
        cursors.opened(garbled, LIST)
