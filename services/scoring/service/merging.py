"""Two records turn out to be one child, or one child's record to be another's after all."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.service.standing import latest_by_model
from services.scoring.service.telling import tell_judged
from services.scoring.service.weights import Weights
from services.scoring.store.children import lock_children, share_sight
from services.scoring.store.due import clear_due, mark_due
from services.scoring.store.judgements import (
    Standing,
    forget_standing,
    judgements_of,
    put_standing,
    standing_of,
)
from services.scoring.store.merging import answers_for, group_of, part_all, put_survivor
from services.scoring.store.scores import latest_scores
from shared.contracts.events import ChildChanged
from shared.domain.canonical import Json
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing


def follow(
    transaction: Writing, weights: Weights, event: ChildChanged, entry_id: UUID
) -> dict[UUID, tuple[UUID, UUID]]:
    """Follow referrals in which record answers for which. Whom that concerns is scored again.

    Returns the records that count for another than before: for which before, and for which now.
    """
    connection = transaction.connection
    moved = put_survivor(connection, event.child_id, event.survivor_id, entry_id)
    answering = answers_for(connection, event.child_id)
    share_sight(connection, answering, group_of(connection, answering))
    _score_again(transaction, weights, moved)
    return moved


def part_everything(transaction: Writing, weights: Weights) -> None:
    """No record counts for another any more, until referrals says so again."""
    entry_id = new_id()
    moved = part_all(transaction.connection, entry_id)
    if moved:
        transaction.record("children.parted", {"counting": as_json(moved)}, entry_id=entry_id)
    _score_again(transaction, weights, moved)


def _score_again(
    transaction: Writing, weights: Weights, moved: Mapping[UUID, tuple[UUID, UUID]]
) -> None:
    if not moved:
        return
    connection = transaction.connection
    concerned = moved.keys() | {record for pair in moved.values() for record in pair}
    merged = {record for record, (_, now) in moved.items() if now != record}
    lock_children(connection, concerned)
    clear_due(connection, concerned)
    mark_due(connection, concerned - merged, transaction.now)
    _settle(transaction, weights, concerned, merged)


def as_json(moved: Mapping[UUID, tuple[UUID, UUID]]) -> list[Json]:
    """For the journal: record, for which it counted, for which it counts now."""
    return [[str(record), str(was), str(now)] for record, (was, now) in sorted(moved.items())]


def _settle(
    transaction: Writing, weights: Weights, concerned: Collection[UUID], merged: Collection[UUID]
) -> None:
    """Which judgement stands for each child that there is now. Judgements made on several records
    of a child are judgements of one child: the latest stands."""
    connection, today = transaction.connection, london_date(transaction.now)
    before, latest = standing_of(connection, concerned), latest_scores(connection, concerned)
    forget_standing(connection, concerned)
    for record in sorted(set(concerned) - set(merged)):
        stands = _stand_again(connection, record, today)
        if record not in latest:
            continue
        stored = latest[record]
        stood, stand = before.get((record, stored.model)), stands.get(stored.model)
        if stand != stood:
            model = weights.of(connection, stored.document_hash).model
            tell_judged(transaction, stored, model, stood, stand)


def _stand_again(connection: Connection, record: UUID, today: date) -> dict[str, Standing]:
    """The latest judgement beside each model's scores."""
    stands = {}
    for name, found in latest_by_model(judgements_of(connection, record), today).items():
        put_standing(connection, record, found.judgement)
        stands[name] = Standing.of(record, found.judgement)
    return stands
