"""A child has become known, or known by another number: what waited for it counts from now on."""

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

from services.scoring.domain.intake import Result
from services.scoring.service.intake import children_before
from services.scoring.store.children import (
    children_by_identifier,
    lock_children,
    put_child,
    shut_out_intake,
)
from services.scoring.store.due import mark_due
from services.scoring.store.observations import (
    NewObservation,
    add_observations,
    known_revisions,
)
from services.scoring.store.receipts import (
    OUR_ID,
    Held,
    release,
    take_held,
)
from shared.contracts.events import ChildChanged
from shared.ids import new_id
from shared.storage.writing import Writing


def take_child(transaction: Writing, event: ChildChanged) -> None:
    """Take over what referrals says of a child, and attach the updates that waited for it.

    It comes to the same if an event comes again: nothing waits for the child any more.
    """
    entry_id, born = new_id(), event.date_of_birth
    shut_out_intake(transaction.connection)
    put_child(transaction.connection, event, entry_id)
    attached = _attach(transaction, event, entry_id)
    transaction.record(
        "child.taken",
        {
            "child_id": str(event.child_id),
            "date_of_birth": None if born is None else born.isoformat(),
            "date_of_birth_estimated": event.date_of_birth_estimated,
            "attached": [
                [held.update.source, held.update.source_ref, held.update.revision]
                for held in attached
            ],
        },
        child_id=event.child_id,
        entry_id=entry_id,
    )


def _attach(transaction: Writing, event: ChildChanged, entry_id: UUID) -> list[Held]:
    connection = transaction.connection
    names = [(known.type, known.value) for known in event.identifiers]
    waiting = take_held(connection, [*names, (OUR_ID, str(event.child_id))])
    pairs = {pair for held in waiting for pair in held.update.identifiers}
    answering = children_by_identifier(connection, pairs)
    own = [held for held in waiting if _speaks_of(held, event.child_id, answering)]
    changed = {event.child_id}
    new = []
    for source, held_of_source in groupby(own, key=lambda held: held.update.source):
        group = list(held_of_source)
        known = known_revisions(connection, source, {held.update.source_ref for held in group})
        for held in group:
            changed |= children_before(known[held.update.source_ref])
            new.append(
                NewObservation(
                    held.update,
                    held.content_digest,
                    event.child_id,
                    held.agency,
                    Result.HELD,
                    held.receipt_id,
                    entry_id,
                )
            )
    lock_children(connection, changed)
    add_observations(connection, new)
    release(connection, [held.update for held in own])
    mark_due(connection, changed, transaction.now)
    return own


def _speaks_of(held: Held, child_id: UUID, answering: Mapping[tuple[str, str], set[UUID]]) -> bool:
    """Whether an update speaks of this child and of no other: else a person has to say which."""
    if held.update.child_id is not None:
        return held.update.child_id == child_id
    found = set().union(*(answering.get(pair, set()) for pair in held.update.identifiers))
    return found == {child_id}
