"""What a service tells the gateway for the consumers' feed: ids and kinds, nothing more."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from shared.contracts.events import Contract


class Heard(Contract):
    """Something that happened, as a consumer may hear of it."""

    id: str
    kind: str
    position: int
    recorded_at: datetime
    child_id: UUID | None
    ids: Mapping[str, str]
    """Further ids and codes, by name: of a score, a referral, a source."""


class HeardPage(Contract):
    """A part of a service's journal, as far as the caller may hear of it."""

    epoch: str
    next: int
    """Where to go on."""
    more: bool
    """Whether the journal goes on behind `next`."""
    events: tuple[Heard, ...]
