"""A receipt as it is answered, and its hash: the proof of what was received. DESIGN 6.

It is spelled once: what is answered is what was hashed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from shared.domain.canonical import Json, canonical_bytes, digest

_ABSENT: Mapping[str, Json] = {
    "source_ref": None,
    "revision": None,
    "first_result": None,
    "reason": None,
    "errors": [],
}
"""What is answered of an item that doesn't have it."""


def spelled(
    receipt_id: UUID, received_at: datetime, results: Sequence[Mapping[str, Json]]
) -> bytes:
    """The RFC 8785 form of a receipt as it is answered, without its hash."""
    instant = received_at.astimezone(UTC).isoformat().removesuffix("+00:00")
    return canonical_bytes(
        {
            "receipt_id": str(receipt_id),
            "received_at": f"{instant}Z",
            "items": [{**_ABSENT, **each} for each in results],
        }
    )


def with_hash(receipt: bytes) -> tuple[str, str]:
    """The hash of a receipt, spelled as above, which anybody who holds the answer can compute
    again; and the answer: the same with the hash in its place, the first."""
    found = digest(receipt)
    return found, f'{{"hash":"{found}",{receipt[1:].decode()}'
