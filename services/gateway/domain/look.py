"""A look at children: what the ledger keeps of one request. No value of any field, no name."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at whom, why, and at what."""

    request_id: str
    client_id: str
    person_id: str | None
    children: frozenset[UUID]
    purpose: str | None
    method: str
    route: str
    """The template, never the path: it would hold ids."""
    status: int
    fields: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    """Which of those fields withheld the id of a child: a look at somebody whom it didn't name."""
