"""Who is asking, as a service knows it: the claims of the token that the gateway signed."""

from dataclasses import dataclass, field

from shared.domain.access import Sight


@dataclass(frozen=True, slots=True)
class Caller:
    """A consumer, for the length of one request."""

    client_id: str
    kind: str
    """`machine`, `person` or `service`."""
    person_id: str | None = None
    scopes: frozenset[str] = frozenset()
    purpose: str | None = None
    agency: str | None = None
    """The agency whose observations a feed sends, e.g. `police`."""
    sources: tuple[str, ...] = ()
    """The feeds a consumer may send as."""
    sight: Sight = field(default_factory=Sight)

    @property
    def deciding_person(self) -> str | None:
        """The named person who decides; None for a machine, whatever its token says."""
        return self.person_id if self.kind == "person" else None
