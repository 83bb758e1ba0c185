"""A receipt as it is answered, and its hash: the proof of what was received. DESIGN 6."""

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


def hash_of(receipt_id: UUID, received_at: datetime, results: Sequence[Mapping[str, Json]]) -> str:
    """The SHA-256 of the RFC 8785 form of a receipt as it is answered, without its hash: anybody
    who holds the answer can compute it again."""
    instant = received_at.astimezone(UTC).isoformat().removesuffix("+00:00")
    return digest(
        canonical_bytes(
            {
                "receipt_id": str(receipt_id),
                "received_at": f"{instant}Z",
                "items": [{**_ABSENT, **each} for each in results],
            }
        )
    )
