"""Consumers and their secrets: rows <-> domain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.tables import consumer as consumers
from services.gateway.tables import consumer_secret as secrets
from shared.domain.access import Sight
from shared.storage.upsert import upserting


def find(connection: Connection, client_id: str) -> Consumer | None:
    """A consumer by its key: one query, asked on every request."""
    row = connection.execute(
        select(consumers).where(consumers.c.client_id == client_id)
    ).one_or_none()
    return None if row is None else _consumer(row)


def kept_secrets(connection: Connection, client_id: str) -> list[str]:
    """The hashes of a consumer's live secrets."""
    return list(connection.scalars(select(secrets.c.hash).where(secrets.c.client_id == client_id)))


def take(connection: Connection, wanted: Consumer) -> Consumer | None:
    """Insert a consumer unless there is one; lock its row until the transaction ends.

    Returns what stood there before. Two gateways that start at once do this one after the other.
    """
    inserted = connection.execute(
        upserting(connection, consumers)
        .values(_row(wanted))
        .on_conflict_do_nothing()
        .returning(consumers.c.client_id)
    ).first()
    if inserted is not None:
        return None
    row = connection.execute(
        select(consumers).where(consumers.c.client_id == wanted.client_id).with_for_update()
    ).one()
    return _consumer(row)


def change(connection: Connection, wanted: Consumer) -> None:
    """Write a consumer over what stands there."""
    connection.execute(
        update(consumers).where(consumers.c.client_id == wanted.client_id).values(_row(wanted))
    )


def set_secret(
    connection: Connection, client_id: str, slot: int, hashed: str, now: datetime
) -> bool:
    """Put the hash of a secret into a slot. Returns whether that changed anything."""
    key = {"client_id": client_id, "slot": slot}
    present = connection.scalar(
        select(secrets.c.hash).where(secrets.c.client_id == client_id, secrets.c.slot == slot)
    )
    if present == hashed:
        return False
    content = {"hash": hashed, "set_at": now}
    connection.execute(
        upserting(connection, secrets)
        .values(**key, **content)
        .on_conflict_do_update(index_elements=["client_id", "slot"], set_=content)
    )
    return True


def _row(consumer: Consumer) -> Mapping[str, Any]:
    teams = consumer.sight.teams
    return {
        "client_id": consumer.client_id,
        "kind": str(consumer.kind),
        "person_id": consumer.person_id,
        "roles": sorted(consumer.roles),
        "purposes": sorted(consumer.purposes),
        "agency": consumer.agency,
        "sources": list(consumer.sources),
        "teams": None if teams is None else sorted(teams),
        "clearances": sorted(consumer.sight.clearances),
        "suspended_at": consumer.suspended_at,
    }


def _consumer(row: Row[Any]) -> Consumer:
    return Consumer(
        client_id=row.client_id,
        kind=Kind(row.kind),
        person_id=row.person_id,
        roles=frozenset(row.roles),
        purposes=frozenset(row.purposes),
        agency=row.agency,
        sources=tuple(row.sources),
        sight=Sight(
            teams=None if row.teams is None else frozenset(row.teams),
            clearances=frozenset(row.clearances),
        ),
        suspended_at=row.suspended_at,
    )
