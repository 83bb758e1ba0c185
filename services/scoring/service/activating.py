"""A version has come into force: every child is scored under it, and it can be seen how far."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from services.scoring.domain.model import Model
from services.scoring.domain.versions import Version, in_force_from
from services.scoring.service.lapsing import reopen
from services.scoring.service.steps import Which, stored
from services.scoring.store.activations import (
    Activation,
    Counted,
    begin,
    complete,
    count,
    one_activation,
)
from shared.domain.errors import NotFoundError
from shared.storage.writing import Writing

ACTIVATED = "model.activated"
COMPLETED = "model.activation_completed"


class NotActivatedError(NotFoundError):
    """The version has not come into force."""

    code = "not_activated"


@dataclass(frozen=True, slots=True)
class Progress:
    """An activation, and how far the children are scored under it."""

    activation: Activation
    counted: Counted
    until: datetime
    """When that was so: now, or at its end."""


def note_activation(
    transaction: Writing, model: Model, version: Version, primary_since: date | None
) -> None:
    """A worker sees that a version of the primary model is in force; if it is the first to see it,
    it tells, and of the judgements about bands that are gone."""
    begun = in_force_from(version)
    if begun is None:
        return
    first_day = begun if primary_since is None else max(begun, primary_since)
    new = Activation(
        0, version.model, version.version, version.document_hash, first_day, transaction.now
    )
    if begin(transaction.connection, new):
        transaction.record(
            ACTIVATED,
            {
                "model": version.model,
                "version": version.version,
                "document_hash": version.document_hash,
                "on": first_day.isoformat(),
            },
        )
        reopen(transaction, model, version.version)


def finish_activation(transaction: Writing, version: Version) -> bool:
    """Nobody seems to be left: count, and tell if it is so. Returns whether the activation is over.

    It is complete only once every child was scored or set apart.
    """
    found = one_activation(transaction.connection, version.model, version.version)
    if found is None or not found.is_open:
        return found is not None
    counted = count(transaction.connection, version.document_hash)
    if counted.scored + counted.set_apart != counted.population:
        return False
    if complete(transaction.connection, found, counted, transaction.now):
        transaction.record(
            COMPLETED,
            {
                "model": version.model,
                "version": version.version,
                "document_hash": version.document_hash,
                "population": counted.population,
                "scored": counted.scored,
                "set_apart": counted.set_apart,
            },
        )
    return True


def read_activation(connection: Connection, which: Which, now: datetime) -> Progress:
    """How far the children are scored under a version that has come into force.

    Raises:
        UnknownVersionError, NotActivatedError: there is no such version, or it hasn't.
    """
    version = stored(connection, which)
    found = one_activation(connection, *which)
    if found is None:
        raise NotActivatedError("This version has not come into force, or no worker has seen it.")
    counted = count(connection, version.document_hash)
    if found.completed_at is not None:
        # As it was then: later children, and later versions, change nothing of that.
        kept = (found.population or 0, found.scored or 0, found.set_apart or 0)
        return Progress(found, Counted(*kept, counted.due), found.completed_at)
    return Progress(found, counted, found.superseded_at or now)
