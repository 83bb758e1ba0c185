"""A child has become known, or known by another number: what waited for it counts from now on."""

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.intake import Result
from services.scoring.service.contesting import contest
from services.scoring.service.intake import children_before
from services.scoring.service.merging import as_json, follow, part_everything
from services.scoring.service.weights import Weights
from services.scoring.store.children import (
    Record,
    children_by_identifier,
    hide_every_child,
    identifiers_of,
    lock_children,
    only_child,
    put_child,
    shut_out_intake,
)
from services.scoring.store.contests import keep_numbers
from services.scoring.store.due import mark_due
from services.scoring.store.merging import answers_for, group_of
from services.scoring.store.observations import (
    NewObservation,
    add_observations,
    known_revisions,
)
from services.scoring.store.receipts import (
    AT_ONCE,
    OUR_ID,
    Held,
    release,
    take_held,
)
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
    attached, observations = _attach(transaction, event.child_id, entry_id)
    numbers = {*before, *_numbers(transaction.connection, event.child_id)}
    contested = contest(transaction, numbers, entry_id)
    transaction.record(
        "child.taken",
        {
            "child_id": str(event.child_id),
            "date_of_birth": None if born is None else born.isoformat(),
            "date_of_birth_estimated": event.date_of_birth_estimated,
            "counting": as_json(moved),
            "attached": [
                [held.update.source, held.update.source_ref, held.update.revision]
                for held in attached
            ],
            "observations": observations,
            "contested": contested,
        },
        child_id=event.child_id,
        entry_id=entry_id,
    )
    if attached:
        told: dict[str, Json] = {"child_id": str(event.child_id), "attached": len(attached)}
        transaction.record(UPDATE_ATTACHED, told, child_id=event.child_id)


def _numbers(connection: Connection, child_id: UUID) -> list[tuple[str, str]]:
    """The numbers of the child's records."""
    return identifiers_of(connection, group_of(connection, answers_for(connection, child_id)))


def _attach(transaction: Writing, child_id: UUID, entry_id: UUID) -> tuple[list[Held], str]:
    """What waited for the child, under whichever of its records; and the digest of the rows."""
    connection = transaction.connection
    answering = answers_for(connection, child_id)
    names = _numbers(connection, child_id)
    waiting = take_held(connection, [*names, (OUR_ID, str(child_id))])
    pairs = {pair for held in waiting for pair in held.update.identifiers}
    carrying = children_by_identifier(connection, pairs)
    meant = [(held, _record_of(held, Record(child_id, answering), carrying)) for held in waiting]
    own = [(held, record) for held, record in meant if record is not None]
    changed = {answering}
    new = []
    for source, of_source in groupby(own, key=lambda each: each[0].update.source):
        group = list(of_source)
        for first in range(0, len(group), AT_ONCE):
            references = {held.update.source_ref for held, _ in group[first : first + AT_ONCE]}
            for revisions in known_revisions(connection, source, references).values():
                changed |= children_before(revisions)
        for held, record in group:
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
    lock_children(connection, changed)
    observations = add_observations(connection, new)
    keep_numbers(connection, new)
    release(connection, [held.update for held, _ in own])
    mark_due(connection, changed, transaction.now)
    return [held for held, _ in own], observations


def _record_of(
    held: Held, child: Record, carrying: Mapping[tuple[str, str], set[Record]]
) -> Record | None:
    """The record of this child that an update speaks of; None where it speaks of another child as
    well, or of another alone: a person has to say which."""
    if held.update.child_id is not None:
        return child if held.update.child_id == child.child_id else None
    found = set().union(*(carrying.get(pair, set()) for pair in held.update.identifiers))
    record = only_child(found)
    return record if record is not None and record.counts_for == child.counts_for else None
