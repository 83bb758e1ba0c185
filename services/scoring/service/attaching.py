"""A child has become known, or known by another number: what waited for it counts from now on."""

from collections import Counter
from collections.abc import Collection
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.intake import Result
from services.scoring.service.contesting import contest
from services.scoring.service.intake import child_of, children_before
from services.scoring.service.merging import as_json, follow, part_everything
from services.scoring.service.weights import Weights
from services.scoring.store.children import (
    children_by_identifier,
    hide_every_child,
    identifiers_of,
    known_children,
    lock_children,
    put_child,
    shut_out_intake,
)
from services.scoring.store.contests import keep_numbers
from services.scoring.store.due import mark_due
from services.scoring.store.merging import answers_for, group_of
from services.scoring.store.observations import NewObservation, add_observations
from services.scoring.store.receipts import (
    AT_ONCE,
    OUR_ID,
    release,
    take_held,
)
from services.scoring.store.revisions import known_revisions
from shared.contracts.events import UPDATE_ATTACHED, ChildChanged
from shared.domain.canonical import Json
from shared.ids import new_id
from shared.storage.writing import Writing


def forget_children(transaction: Writing, weights: Weights) -> None:
    """Referrals was restored: until it tells of a child again, the child is hidden, no number leads
    to it and no record counts for another. Evidence stays; updates that come meanwhile are held,
    and attach themselves."""
    shut_out_intake(transaction.connection)
    part_everything(transaction, weights)
    hide_every_child(transaction.connection)


def take_child(transaction: Writing, weights: Weights, event: ChildChanged) -> None:
    """Take over what referrals says of a child, and attach the updates that waited for it.

    It comes to the same if an event comes again: nothing waits for the child any more.
    """
    entry_id, born = new_id(), event.date_of_birth
    shut_out_intake(transaction.connection)
    before = _numbers(transaction.connection, event.child_id)
    put_child(transaction.connection, event, entry_id)
    moved = follow(transaction, weights, event, entry_id)
    numbers = {*before, *_numbers(transaction.connection, event.child_id)}
    attached, observations = _attach(transaction, event.child_id, numbers, entry_id)
    contested = contest(transaction, numbers, entry_id)
    transaction.record(
        "child.taken",
        {
            "child_id": str(event.child_id),
            "date_of_birth": None if born is None else born.isoformat(),
            "date_of_birth_estimated": event.date_of_birth_estimated,
            "counting": as_json(moved),
            "attached": [
                [new.update.source, new.update.source_ref, new.update.revision] for new in attached
            ],
            "observations": observations,
            "contested": contested,
        },
        child_id=event.child_id,
        entry_id=entry_id,
    )
    for child_id, number in sorted(Counter(new.child_id for new in attached).items()):
        told: dict[str, Json] = {"child_id": str(child_id), "attached": number}
        transaction.record(UPDATE_ATTACHED, told, child_id=child_id)


def _numbers(connection: Connection, child_id: UUID) -> list[tuple[str, str]]:
    """The numbers of the child's records."""
    return identifiers_of(connection, group_of(connection, answers_for(connection, child_id)))


def _attach(
    transaction: Writing, child_id: UUID, numbers: Collection[tuple[str, str]], entry_id: UUID
) -> tuple[list[NewObservation], str]:
    """What waited for the child, or under numbers that are or were its: it may speak of another one
    alone by now. And the digest of the rows."""
    connection = transaction.connection
    waiting = take_held(connection, [*numbers, (OUR_ID, str(child_id))])
    pairs = {pair for held in waiting for pair in held.update.identifiers}
    carrying = children_by_identifier(connection, pairs)
    ids = known_children(connection, [child_id])
    changed = {ids[child_id].counts_for}
    new = []
    for held in waiting:
        record, _ = child_of(held.update, ids, carrying)
        if record is None:
            continue  # it speaks of another child as well: a person has to say which
        changed.add(record.counts_for)
        new.append(
            NewObservation(
                held.update,
                held.content_digest,
                record.child_id,
                held.agency,
                Result.HELD,
                held.receipt_id,
                entry_id,
            )
        )
    for source, of_source in groupby(new, key=lambda each: each.update.source):
        group = list(of_source)
        for first in range(0, len(group), AT_ONCE):
            references = {each.update.source_ref for each in group[first : first + AT_ONCE]}
            for revisions in known_revisions(connection, source, references).values():
                changed |= children_before(revisions)
    lock_children(connection, changed)
    observations = add_observations(connection, new)
    keep_numbers(connection, new)
    release(connection, [each.update for each in new])
    mark_due(connection, changed, transaction.now)
    return new, observations
