"""The risk list and reviews: rows <-> domain. One access predicate on pages and counts."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from services.referrals.domain.rating import Rating
from services.referrals.domain.risk import (
    NONE,
    Listed,
    Review,
    Standing,
    Wanted,
)
from services.referrals.store.child_standing import STANDING, locked_standing, save_standing
from services.referrals.store.children import is_of
from services.referrals.store.ratings import from_outlook
from services.referrals.tables import child, child_review, current_rating
from shared.access import seen_by
from shared.domain.access import Sight

FEW = 2_000
"""So many children are sorted as fast as as many are walked past to fill a page, among 200,000."""

_RATED = func.coalesce(child.c.rating_of, child.c.child_id).label("rated")
_R = current_rating.c
_RATING = (_R.score_id, _R.model, _R.version, _R.as_of, _R.status, _R.total, _R.band)


def add_review(connection: Connection, new: Review, entry_id: UUID) -> None:
    """Store a review of a child who is there; the clock starts again."""
    before = locked_standing(connection, new.child_id) or Standing()
    connection.execute(
        insert(child_review).values(
            review_id=new.review_id,
            child_id=new.child_id,
            entry_id=entry_id,
            at=new.at,
            on_day=new.on_day,
            score_id=new.score_id,
            note=new.note,
            client_id=new.client_id,
            person_id=new.person_id,
        )
    )
    after = Standing(
        before.place,
        before.band,
        before.changed_at,
        before.rated_on,
        before.review_within,
        new.on_day,
    )
    save_standing(connection, new.child_id, after, last_review_id=new.review_id)


def reviews_of(
    connection: Connection, child_id: UUID, after: UUID | None, limit: int
) -> list[Review]:
    """Reviews of a child and of the records merged into it, newest first."""
    query = (
        select(child_review)
        .where(child_review.c.child_id.in_(select(child.c.child_id).where(is_of(child_id))))
        .order_by(child_review.c.review_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(child_review.c.review_id < after)
    return [_review(row) for row in connection.execute(query)]


def page(
    connection: Connection, sight: Sight, wanted: Wanted, after: tuple[int, UUID] | None, limit: int
) -> list[Listed]:
    """The list from behind `after`, most urgent first: one walk along an index, or the few who fit
    what is asked for."""
    query = (
        select(child.c.child_id, child.c.team, *STANDING, child.c.last_review_id, _RATED)
        .where(seen_by(sight, child), child.c.survivor_id.is_(None))
        .where(*_conditions(connection, wanted))
        .order_by(child.c.risk_place, child.c.child_id)
        .limit(limit)
    )
    if after is not None:
        key = (child.c.risk_place, child.c.child_id)
        last = [literal(value, c.type) for value, c in zip(after, key, strict=True)]
        query = query.where(tuple_(*key) > tuple_(*last))
    found = query.subquery()
    # Looked up for the rows of the page alone.
    whole: Select[Any] = (
        select(found, *_RATING, _R.outlook, *(c.label(f"seen_{c.name}") for c in child_review.c))
        .outerjoin(current_rating, _R.child_id == found.c.rated)
        .outerjoin(child_review, child_review.c.review_id == found.c.last_review_id)
        .order_by(found.c.risk_place, found.c.child_id)
    )
    return [_listed(row) for row in connection.execute(whole)]


def counts(connection: Connection, sight: Sight, today: date) -> list[tuple[str | None, int, int]]:
    """Children in sight by band, most urgent first: how many, and how many reviews are overdue."""
    overdue = func.sum(case((child.c.review_due_on < today, 1), else_=0))
    rows = connection.execute(
        select(child.c.risk_band, func.count(), overdue)
        .where(seen_by(sight, child), child.c.survivor_id.is_(None))
        .group_by(child.c.risk_band)
        .order_by(func.min(child.c.risk_place), child.c.risk_band)
    )
    return [(band, count, late) for band, count, late in rows]


def _conditions(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.band == NONE:
        conditions.append(child.c.risk_band.is_(None))
    elif wanted.band is not None:
        conditions.append(child.c.risk_band == wanted.band)
    if wanted.team is not None:
        conditions.append(child.c.team == wanted.team)
    if (since := wanted.changed_since) is not None:
        conditions.append(_found(connection, lambda c: c.c.rating_changed_at >= since))
    if (seen := wanted.not_reviewed_since) is not None:
        never, before = lambda c: c.c.reviewed_on.is_(None), lambda c: c.c.reviewed_on < seen
        conditions.append(_found(connection, never, before))
    if (today := wanted.overdue_on) is not None:
        conditions.append(_found(connection, lambda c: c.c.review_due_on < today))
    return conditions


def _found(
    connection: Connection, *fits: Callable[[FromClause], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Children who fit in one way or another: where they are few they are found by their indexes
    and sorted; where they are many the walk along the list meets them soon, and to find them all
    would take long."""
    other = child.alias("fitting")
    fitting = union_all(*(select(other.c.child_id).where(each(other)) for each in fits))
    some = fitting.limit(FEW + 1).subquery("some")
    count = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return child.c.child_id.in_(fitting) if count <= FEW else or_(*(each(child) for each in fits))


def _listed(row: Row[Any]) -> Listed:
    standing = Standing(
        row.risk_place,
        row.risk_band,
        row.rating_changed_at,
        row.rated_on,
        row.review_within,
        row.reviewed_on,
    )
    rating = None
    if row.score_id is not None:
        outlook = {} if row.outlook is None else json.loads(row.outlook)
        rating = Rating(
            row.score_id,
            row.model,
            row.version,
            row.as_of,
            row.status,
            row.total,
            row.band,
            **from_outlook(outlook),
        )
    return Listed(
        row.child_id,
        row.team,
        standing,
        rating,
        None if row.last_review_id is None else _review(row, "seen_"),
    )


def _review(row: Row[Any], prefix: str = "") -> Review:
    said = row._mapping  # SQLAlchemy's public name for a row's columns
    return Review(
        *(
            said[f"{prefix}{name}"]
            for name in (
                "review_id",
                "child_id",
                "at",
                "on_day",
                "score_id",
                "note",
                "client_id",
                "person_id",
            )
        )
    )
