"""Checkpoints: where chains stood at a moment, signed and kept where their database's owner can't
reach. A chain that was rewritten as a whole agrees with itself, but not with a checkpoint.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shared.domain.canonical import Json, canonical_bytes

SCHEMA = "checkpoint/1"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a chain stood: the place and hash of its last entry. A restore changes the epoch."""

    chain: str
    epoch: str | None
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The heads of every chain of a service, at an instant (RFC 3339, UTC)."""

    service: str
    at: str
    heads: Sequence[ChainHead]

    def content(self) -> dict[str, Json]:
        """What is signed."""
        return {
            "schema": SCHEMA,
            "service": self.service,
            "at": self.at,
            "chains": [asdict(head) for head in self.heads],
        }

    def signed_bytes(self) -> bytes:
        """The content as it is signed: RFC 8785."""
        return canonical_bytes(self.content())


class NoCheckpointError(Exception):
    """The document isn't a checkpoint."""


def read(document: Any) -> Checkpoint:  # noqa: ANN401  # any JSON value
    """The checkpoint that a document holds. Raises `NoCheckpointError`."""
    try:
        if document["schema"] != SCHEMA:
            raise NoCheckpointError
        heads = [ChainHead(**each) for each in document["chains"]]
        return Checkpoint(str(document["service"]), str(document["at"]), heads)
    except (KeyError, TypeError):
        raise NoCheckpointError from None


def faults(
    checkpoint: Checkpoint,
    now: Sequence[ChainHead],
    hash_at: Callable[[str, int], str | None],
) -> Iterator[str]:
    """What of the chains, as they are now, doesn't agree with a checkpoint."""
    present = {head.chain: head for head in now}
    for then in checkpoint.heads:
        head = present.get(then.chain)
        if head is None:
            yield f"{then.chain}: the chain is gone"
        elif head.epoch != then.epoch:
            yield f"{then.chain}: the database was restored since, or put in place of another"
        elif head.position < then.position:
            yield f"{then.chain}: cut off at position {head.position}, once it had {then.position}"
        elif then.position and hash_at(then.chain, then.position) != then.hash:
            yield f"{then.chain}: position {then.position} isn't what it was: rewritten"
