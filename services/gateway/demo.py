"""The demonstration's consumers: who they are (`demo.yaml`), and secrets made at random."""

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.secret_files import SecretFileError, read_private, write_if_missing
from services.gateway.strict_yaml import LocatedFile, StrictModel
from shared.domain.access import Sight
from shared.domain.secrets import weakness

DEMO_FILE = Path(__file__).with_name("demo.yaml")


class _Consumer(StrictModel):
    kind: Literal["machine", "person"]
    person_id: str | None = None
    roles: list[str]
    purposes: list[str]
    agency: str | None = None
    sources: list[str] = Field(default_factory=list)
    teams: list[str] | Literal["all"] = Field(default_factory=list)
    clearances: list[str] = Field(default_factory=list)


class _Consumers(StrictModel):
    schema_: Literal["consumers/1"] = Field(alias="schema")
    consumers: dict[str, _Consumer]


class _Credential(StrictModel):
    secret: str
    roles: list[str]
    purpose: str


_CREDENTIALS = TypeAdapter(dict[str, _Credential])


@cache  # read once per process: the file is part of the program
def demo_consumers() -> tuple[Consumer, ...]:
    """The consumers of a demonstration, in order of their ids."""
    document = LocatedFile(DEMO_FILE).read_as(_Consumers)
    return tuple(
        Consumer(
            client_id=client_id,
            kind=Kind(entry.kind),
            person_id=entry.person_id,
            roles=frozenset(entry.roles),
            purposes=frozenset(entry.purposes),
            agency=entry.agency,
            sources=tuple(entry.sources),
            sight=Sight(
                teams=None if entry.teams == "all" else frozenset(entry.teams),
                clearances=frozenset(entry.clearances),
            ),
        )
        for client_id, entry in sorted(document.consumers.items())
    )


def write_demo_credentials(path: Path) -> bool:
    """Make random secrets for the demo consumers, unless the file exists (mode 600).

    The file is an object `client_id -> {secret, roles, purpose}`. Returns whether it was written.
    """
    credentials = {
        consumer.client_id: {
            "secret": secrets.token_urlsafe(32),
            "roles": sorted(consumer.roles),
            "purpose": min(consumer.purposes),
        }
        for consumer in demo_consumers()
    }
    return write_if_missing(path, json.dumps(credentials, indent=2) + "\n")


def read_demo_credentials(path: Path) -> dict[str, str]:
    """The secrets of the demo consumers, by client id.

    Raises:
        SecretFileError: the file is missing, open to others, or lacks a good secret for each.
    """
    advice = f"Remove {path}, so that it is made again on the next start."
    try:
        found = _CREDENTIALS.validate_json(read_private(path, "The demo credentials file"))
    except ValidationError:
        raise SecretFileError(f"The demo credentials file has another shape. {advice}") from None
    for consumer in demo_consumers():
        entry = found.get(consumer.client_id)
        fault = "is missing" if entry is None else weakness(entry.secret)
        if fault:
            raise SecretFileError(f"The secret of {consumer.client_id} {fault}. {advice}")
    return {client_id: entry.secret for client_id, entry in found.items()}
