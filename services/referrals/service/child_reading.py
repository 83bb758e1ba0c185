"""Reading children. Absent and out of sight are one answer: not found."""

from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.child_records import Records
from services.referrals.domain.rating import Rating
from services.referrals.store import children, ratings
from shared.domain.access import Sight
from shared.domain.errors import NotFoundError, ReplacedError

NO_SUCH_CHILD = "There is no such child, or the child is outside what you may see."


def child_in_sight(
    connection: Connection, sight: Sight, child_id: UUID, *, lock: bool = False
) -> Records:
    """A child under the child's present id; with `lock` nothing about the child, and nobody who may
    see the child, changes until the transaction ends.

    Raises:
        NotFoundError: the child is absent or out of sight.
        ReplacedError: the record was merged into another.
    """
    if lock:
        children.locked(connection, [child_id])
    found = children.seen(connection, child_id, sight)
    if found is None:
        raise NotFoundError(NO_SUCH_CHILD)
    if found.survivor.survivor_id is not None:
        raise merged_into(found.survivor.survivor_id)
    return found


def record_in_sight(
    connection: Connection, sight: Sight, child_id: UUID, *, lock: bool = False
) -> Records:
    """A child under any id that the child ever had; `lock` as for `child_in_sight`. Raises
    `NotFoundError`."""
    try:
        return child_in_sight(connection, sight, child_id, lock=lock)
    except ReplacedError as error:
        return child_in_sight(connection, sight, error.by, lock=lock)


def merged_into(survivor_id: UUID) -> ReplacedError:
    """The answer of a child's former id."""
    return ReplacedError(
        "This child is known under another id now, in survivor_id.", by=survivor_id
    )


def rating_of(connection: Connection, records: Records) -> Rating | None:
    """The rating in force for a child; None while there is none."""
    return ratings.current(connection, records.child_id)
