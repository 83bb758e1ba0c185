"""Reading referrals. Absent and out of sight are one answer: not found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.allocations import Allocation, Caseload, allocations
from services.referrals.domain.listing import Changed, Stretch, WantedReferrals
from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import Moved
from services.referrals.store import (
    caseloads,
    history,
    referral_changes,
    referral_lists,
    referrals,
)
from shared.domain.access import Sight
from shared.domain.errors import NotFoundError, OtherEpochError
from shared.storage.journal import ANY_EPOCH, Head, JournalTables, head_of


def referral_in_sight(
    connection: Connection, sight: Sight, referral_id: UUID, *, lock: bool = False
) -> Referral:
    """A referral; with `lock` nobody else moves it until the transaction ends.

    Raises:
        NotFoundError: it is absent or out of sight.
    """
    if lock:
        referrals.lock(connection, {referral_id})
    found = referrals.seen(connection, referral_id, sight)
    if found is None:
        raise NotFoundError("There is no such referral, or it is outside what you may see.")
    return found


def referral_page(
    connection: Connection,
    sight: Sight,
    wanted: WantedReferrals,
    after: Sequence[date | UUID] | None,
    limit: int,
) -> list[Referral]:
    """Referrals newest first, by receipt where days of receipt are asked for, from behind the key
    `after`, at most `limit`."""
    return referral_lists.page(connection, sight, wanted, after, limit)


def changed_page(
    connection: Connection,
    sight: Sight,
    wanted: WantedReferrals,
    stretch: Stretch,
    limit: int,
) -> list[Changed]:
    """Referrals that changed within a stretch of the journal, each once, the earliest change first,
    at most `limit`; and those that have gone out of sight in it."""
    return referral_changes.page(connection, sight, wanted, stretch, limit)


def end_of_walk(
    connection: Connection, journal: JournalTables, since: Head, until: Head | None
) -> Head:
    """Up to where a system catches up: to `until`, which the first page of its walk was answered,
    else to where the journal ends now.

    Raises:
        OtherEpochError: a backup was restored since the system was told of either place.
    """
    head = head_of(connection, journal)
    for told in (since, until or head):
        if told.epoch not in {ANY_EPOCH, head.epoch} or told.position > head.position:
            raise OtherEpochError
    return until or head


def history_of(
    connection: Connection, sight: Sight, referral: Referral, after: int | None, limit: int
) -> list[Moved]:
    """The moves of a referral, first to last, from behind a revision, at most `limit`. They name no
    referral out of sight: what was once a duplicate may be about another child after all."""
    moves = history.moves_of(connection, referral.referral_id, after, limit)
    named = {move.duplicate_of for move in moves if move.duplicate_of is not None}
    hidden = named - referrals.in_sight(connection, sight, named)
    return [
        replace(move, duplicate_of=None) if move.duplicate_of in hidden else move for move in moves
    ]


def allocations_of(
    connection: Connection, referral: Referral, after: int | None, limit: int
) -> list[Allocation]:
    """Whose work a referral was, the first one first, from behind the revision of an allocation, at
    most `limit`."""
    moves = history.allocating_moves(connection, referral.referral_id, after, limit + 1)
    return allocations(moves)[:limit]


def caseload_page(
    connection: Connection, sight: Sight, team: str | None, after: str | None, limit: int
) -> list[Caseload]:
    """Workers with open work, by name, from behind `after`, at most `limit`."""
    return caseloads.page(connection, sight, team, after, limit)
