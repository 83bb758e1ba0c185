"""A consumer: a system or person that calls the API."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.domain.access import Sight


class Kind(StrEnum):
    """What a consumer is. Only a person decides; only a service reads internal feeds."""

    MACHINE = "machine"
    PERSON = "person"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who it is, what it may do, for what purposes, and whose children it may see."""

    client_id: str
    kind: Kind
    person_id: str | None = None
    roles: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    agency: str | None = None
    sources: tuple[str, ...] = ()
    sight: Sight = field(default_factory=Sight)
    suspended_at: datetime | None = None
