"""Rows of a referral's history <-> domain. The database refuses to change them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, insert, select

from services.referrals.domain.commands import SignpostDestination, SignpostOutcome
from services.referrals.domain.transitions import Actor, Moved, ReferralCommand, ReferralStatus
from services.referrals.store.ratings import rating_from, rating_json
from services.referrals.tables import referral_history
from shared.domain.london import london_date

_H = referral_history.c
MOVE = (
    _H.revision.label("move_revision"),
    _H.at,
    _H.command,
    _H.from_status,
    _H.to_status,
    _H.client_id,
    _H.person_id,
    _H.reason,
    _H.destination,
    _H.service_name,
    _H.score_id,
    _H.rating,
    _H.decided_on,
    _H.worker,
    _H.team.label("allocated_team"),
    _H.duplicate_of.label("moved_duplicate_of"),
    _H.due_on.label("was_due_on"),
    _H.outcome.label("moved_outcome"),
)
"""The columns that `move_of` reads; the revision under a name of its own, for joins."""


def add_move(connection: Connection, referral_id: UUID, moved: Moved, entry_id: UUID) -> None:
    """Store a move. Its revision is part of the key: nothing is stored twice."""
    connection.execute(
        insert(referral_history).values(
            referral_id=referral_id,
            revision=moved.revision,
            entry_id=entry_id,
            at=moved.at,
            command=moved.command,
            from_status=moved.from_status,
            to_status=moved.to_status.value,
            client_id=moved.by.client_id,
            person_id=moved.by.person_id,
            reason=moved.reason,
            destination=moved.destination,
            service_name=moved.service_name,
            score_id=moved.score_id,
            rating=None if moved.rating is None else rating_json(moved.rating),
            decided_on=moved.decided_on,
            worker=moved.worker,
            team=moved.team,
            duplicate_of=moved.duplicate_of,
            due_on=moved.due_on,
            outcome=moved.outcome,
        )
    )


def move_of(row: Row[Any]) -> Moved:
    """A move out of a row with the columns of `MOVE`."""
    return Moved(
        revision=row.move_revision,
        at=row.at,
        decided_on=row.decided_on or london_date(row.at),
        command=row.command,
        from_status=None if row.from_status is None else ReferralStatus(row.from_status),
        to_status=ReferralStatus(row.to_status),
        by=Actor(row.client_id, row.person_id),
        reason=row.reason,
        destination=None if row.destination is None else SignpostDestination(row.destination),
        service_name=row.service_name,
        worker=row.worker,
        team=row.allocated_team,
        duplicate_of=row.moved_duplicate_of,
        due_on=row.was_due_on,
        outcome=None if row.moved_outcome is None else SignpostOutcome(row.moved_outcome),
        score_id=row.score_id,
        rating=None if row.rating is None else rating_from(row.rating),
    )


def moves_of(
    connection: Connection, referral_id: UUID, after: int | None, limit: int
) -> list[Moved]:
    """The moves of a referral, first to last, from behind a revision, at most `limit`."""
    query = _moves(referral_id, after, limit)
    return [move_of(row) for row in connection.execute(query)]


def allocating_moves(
    connection: Connection, referral_id: UUID, after: int | None, limit: int
) -> list[Moved]:
    """The same, of the moves that gave it to a worker."""
    query = _moves(referral_id, after, limit).where(_H.command == ReferralCommand.ALLOCATE.value)
    return [move_of(row) for row in connection.execute(query)]


def _moves(referral_id: UUID, after: int | None, limit: int) -> Select[Any]:
    of_referral: Select[Any] = select(*MOVE).where(_H.referral_id == referral_id)
    return of_referral.where(_H.revision > (after or 0)).order_by(_H.revision).limit(limit)


def last_day(connection: Connection, referral_id: UUID) -> date:
    """The day of the newest move of a referral that is there."""
    newest = select(_H.decided_on, _H.at).where(_H.referral_id == referral_id)
    row = connection.execute(newest.order_by(_H.revision.desc()).limit(1)).one()
    return row.decided_on or london_date(row.at)
