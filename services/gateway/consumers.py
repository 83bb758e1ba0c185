"""Registering and suspending consumers. Every change has an entry in the gateway's journal."""

from dataclasses import replace

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.secrets import hash_secret
from services.gateway.store import consumers as store
from shared.domain.access import Sight
from shared.domain.canonical import Json
from shared.domain.errors import NotFoundError
from shared.storage.writing import Writing


def register(transaction: Writing, wanted: Consumer, secret: str) -> None:
    """Make a consumer as described, with its secret in slot 1. Doing it again changes nothing,
    and never lifts a suspension."""
    present = store.take(transaction.connection, wanted)
    if present is None:
        transaction.record("consumer.registered", _facts(wanted))
    else:
        wanted = replace(wanted, suspended_at=present.suspended_at)
        if wanted != present:
            store.change(transaction.connection, wanted)
            transaction.record("consumer.changed", _facts(wanted))
    set_secret(transaction, wanted.client_id, 1, secret)


def set_secret(transaction: Writing, client_id: str, slot: int, secret: str) -> None:
    """Put a secret into one of a consumer's two slots; the other one stays good."""
    hashed = hash_secret(secret)
    if store.set_secret(transaction.connection, client_id, slot, hashed, transaction.now):
        # Neither secret nor hash: the journal is read by more eyes than this table.
        transaction.record("consumer.secret_set", {"client_id": client_id, "slot": slot})


def suspend(transaction: Writing, client_id: str, reason: str) -> None:
    """Refuse a consumer from its next request on, whatever tokens it holds."""
    present = store.find(transaction.connection, client_id)
    if present is None:
        raise NotFoundError("No such consumer.")
    if present.suspended_at is None:
        store.change(transaction.connection, replace(present, suspended_at=transaction.now))
        transaction.record("consumer.suspended", {"client_id": client_id, "reason": reason})


def service_consumer(name: str) -> Consumer:
    """A service of this tracker, as a consumer: it reads the other one's internal feed."""
    return Consumer(name, Kind.SERVICE, roles=frozenset({"service"}), sight=Sight())


def _facts(consumer: Consumer) -> Json:
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
    }
