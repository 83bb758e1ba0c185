"""The risk list, and recorded looks by named persons."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.obstacles import PersonRequiredError
from services.referrals.domain.risk import Listed, Review, Wanted
from services.referrals.service.acting import actor
from services.referrals.service.child_reading import child_in_sight
from services.referrals.store import ratings, risk
from shared.contracts.caller import Caller
from shared.domain.access import Sight
from shared.domain.errors import FieldError, InvalidError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

REVIEWED = "child.reviewed"


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many children in sight are in a band, and how many of their reviews are overdue."""

    band: str | None
    children: int
    overdue: int


def risk_page(
    connection: Connection, sight: Sight, wanted: Wanted, after: tuple[int, UUID] | None, limit: int
) -> list[Listed]:
    """Children in sight, most urgent first."""
    return risk.page(connection, sight, wanted, after, limit)


def risk_counts(connection: Connection, sight: Sight, today: date) -> list[BandCount]:
    """Children in sight by band, most urgent first."""
    return [BandCount(*each) for each in risk.counts(connection, sight, today)]


def review(
    transaction: Writing, caller: Caller, child_id: UUID, score_id: UUID | None, note: str
) -> Review:
    """Record that a person looked. The clock of the review starts again; nothing else follows.

    Raises:
        NotFoundError: the child is absent or out of sight.
        PersonRequiredError: no person looked.
        InvalidError: the score isn't one of this child's.
    """
    connection, by = transaction.connection, actor(caller)
    child_in_sight(connection, caller.sight, child_id, lock=True)
    if by.person_id is None:
        raise PersonRequiredError("A person reviews; sign in as one.")
    if score_id is not None and not ratings.is_known_score(connection, score_id, child_id):
        message = "Give the id of a score of this child, or null."
        raise InvalidError([FieldError("/score_id", "unknown_score", message)])
    new = Review(
        review_id=new_id(),
        child_id=child_id,
        at=transaction.now,
        on_day=london_date(transaction.now),
        score_id=score_id,
        note=note,
        client_id=by.client_id,
        person_id=by.person_id,
    )
    entry_id = transaction.record(
        REVIEWED,
        {
            "review_id": str(new.review_id),
            "child_id": str(child_id),
            "on": new.on_day.isoformat(),
            "score_id": None if score_id is None else str(score_id),
            "note": note,
            "client_id": new.client_id,
            "person_id": new.person_id,
        },
        child_id,
    )
    risk.add_review(connection, new, entry_id)
    return new


def reviews(
    connection: Connection, sight: Sight, child_id: UUID, after: UUID | None, limit: int
) -> list[Review]:
    """Reviews of a child, newest first. Raises `NotFoundError`."""
    child_in_sight(connection, sight, child_id)
    return risk.reviews_of(connection, child_id, after, limit)
