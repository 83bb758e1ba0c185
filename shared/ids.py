"""Identifiers of our own: UUIDv7, so that keys arrive in time order and inserts stay cheap."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562)."""
    return uuid7()
