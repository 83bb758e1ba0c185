"""Updates that wait for a child: looked at by people, attached or discarded with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.intake import Result
from services.scoring.service.intake import children_before
from services.scoring.service.reading import hidden_keys, require_child
from services.scoring.store.children import keep_identifiers, lock_children, out_of_sight
from services.scoring.store.due import mark_due
from services.scoring.store.feeds import add_sources, lock_source
from services.scoring.store.handling import Key
from services.scoring.store.held import (
    Waiting,
    codes_of_held,
    discard_held,
    held_page,
    one_held,
)
from services.scoring.store.observations import NewObservation, add_observations
from services.scoring.store.receipts import Held, release
from services.scoring.store.revisions import known_revisions
from shared.contracts.caller import Caller
from shared.contracts.events import UPDATE_ATTACHED, UPDATE_DISCARDED
from shared.domain.errors import ForbiddenError, NotFoundError
from shared.ids import new_id
from shared.storage.writing import Writing


class UnknownHeldError(NotFoundError):
    """No such update waits: it never came, has found its child, or was discarded."""

    code = "not_held"


@dataclass(frozen=True, slots=True)
class Shown:
    """An update that waits, and whether the caller may read what it says."""

    waiting: Waiting
    readable: bool


def read_held(
    connection: Connection, caller: Caller, source: str | None, behind: Key | None, limit: int
) -> list[Shown]:
    """Updates that wait for a child, in the order of their keys, behind one of them.

    What is under a handling code that the caller isn't cleared for, or came with the number of a
    child whom the caller may not see, is withheld.
    """
    found = held_page(connection, source, behind, limit)
    hidden = _hidden(connection, caller, [each.held for each in found])
    return [Shown(each, _key(each.held) not in hidden) for each in found]


def _hidden(connection: Connection, caller: Caller, some: Sequence[Held]) -> frozenset[Key]:
    """Those of some held updates that the caller may not read. Two queries."""
    numbers = {pair for held in some for pair in held.update.identifiers}
    of_others = out_of_sight(connection, caller.sight, numbers)
    coded = hidden_keys(caller, codes_of_held(connection, [_key(held) for held in some]))
    return coded | {
        _key(held) for held in some if not of_others.isdisjoint(held.update.identifiers)
    }


def _key(held: Held) -> Key:
    update = held.update
    return Key(update.source, update.source_ref, update.revision)


def attach(transaction: Writing, caller: Caller, key: Key, child_id: UUID, reason: str) -> UUID:
    """A person says of which child a held update speaks: it counts from now on.

    Raises:
        ForbiddenError: no person says so.
        UnknownChildError, ReplacedError: the child is unknown, out of the caller's sight, or its
            record was merged.
        UnknownHeldError: no such update waits, or none that the caller may read.
    """
    person = _person(caller)
    connection = transaction.connection
    # First: from here on no two records become one, and no child is known by another number.
    keep_identifiers(connection)
    require_child(connection, caller, child_id)
    held = _take(connection, caller, key)
    update = held.update
    revisions = known_revisions(connection, update.source, {update.source_ref})[update.source_ref]
    changed = {child_id, *children_before(revisions)}
    entry_id = new_id()
    lock_children(connection, changed)
    observations = add_observations(
        connection,
        [
            NewObservation(
                update,
                held.content_digest,
                child_id,
                held.agency,
                Result.HELD,
                held.receipt_id,
                entry_id,
            )
        ],
    )
    release(connection, [update])
    mark_due(connection, changed, transaction.now)
    transaction.record(
        UPDATE_ATTACHED,
        {
            **_named(key),
            "child_id": str(child_id),
            "person_id": person,
            "reason": reason,
            "observations": observations,
        },
        child_id,
        entry_id,
    )
    return child_id


def discard(transaction: Writing, caller: Caller, key: Key, reason: str) -> None:
    """A person says that a held update is about nobody: it never counts.

    What it said stays, without its person block; sent again, it is a duplicate. It still takes
    back the lower revisions of its statement (ADR 0009).

    Raises:
        ForbiddenError: no person says so.
        UnknownHeldError: no such update waits, or none that the caller may read.
    """
    person = _person(caller)
    keep_identifiers(transaction.connection)
    _take(transaction.connection, caller, key)
    entry_id = transaction.record(
        UPDATE_DISCARDED, {**_named(key), "person_id": person, "reason": reason}
    )
    discard_held(transaction.connection, key, person, reason, entry_id)


def _take(connection: Connection, caller: Caller, key: Key) -> Held:
    """The update, which nobody else attaches, discards or takes in until the end."""
    found = one_held(connection, key)
    if found is not None:
        add_sources(connection, [key.source], found.agency)
        lock_source(connection, key.source)
        found = one_held(connection, key)
    if found is None or _hidden(connection, caller, [found]):
        raise UnknownHeldError("No such update waits for a child.")
    return found


def _person(caller: Caller) -> str:
    if caller.deciding_person is None:
        raise ForbiddenError("A person says this; sign in as one.")
    return caller.deciding_person


def _named(key: Key) -> dict[str, str | int]:
    return {"source": key.source, "source_ref": key.source_ref, "revision": key.revision}
