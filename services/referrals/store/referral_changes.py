"""Referrals in the order of their changes: a walk along the journal, for systems that keep up."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)

from services.referrals.domain.listing import Changed, Stretch, WantedReferrals
from services.referrals.store.referral_lists import conditions
from services.referrals.store.referrals import referral_of, whole_referrals
from services.referrals.tables import (
    child,
    child_seen_until,
    journal,
    referral,
    referral_history,
)
from shared.access import seen_by
from shared.domain.access import Sight

_POSITION = journal.entries.c.position
_newest_move, _moved_by = referral_history.alias("newest"), journal.entries.alias("moved_by")
_LAST_MOVE = (
    select(_moved_by.c.position)
    .join(_newest_move, _newest_move.c.entry_id == _moved_by.c.entry_id)
    .where(
        _newest_move.c.referral_id == referral.c.referral_id,
        _newest_move.c.revision == referral.c.revision,
    )
    .correlate(referral)
    .scalar_subquery()
)
_told, _told_by = child_seen_until.alias("told"), journal.entries.alias("told_by")
_LAST_TOLD = (
    select(func.coalesce(func.max(_told_by.c.position), 0))
    .join(_told, _told.c.entry_id == _told_by.c.entry_id)
    .where(_told.c.child_id == referral.c.child_id)
    .correlate(referral)
    .scalar_subquery()
)
"""Where in the journal the newest change of the child stands; 0: since the beginning. Scalars, here
and below: what is asked with EXISTS, PostgreSQL may look up for every referral there is."""


def page(
    connection: Connection, sight: Sight, wanted: WantedReferrals, stretch: Stretch, limit: int
) -> list[Changed]:
    """Referrals that changed within a stretch of the journal, each once, in the order of their
    newest changes: those in sight, and those that were at its beginning and are no more."""
    moved = _walk(_moved(), sight, wanted, stretch, limit).cte("moved")
    # What is told of children behind the last move of the page isn't looked for.
    full = select(func.count() >= limit).select_from(moved).scalar_subquery()
    last = select(func.max(moved.c.position)).scalar_subquery()
    until = case((full, last), else_=stretch.until)
    told = _walk(_told_of_child().where(until >= _POSITION), sight, wanted, stretch, limit)
    both = union_all(select(moved), select(told.subquery())).subquery("both")
    order = (both.c.position, both.c.referral_id)
    picked = select(both).order_by(*order).limit(limit).subquery("picked")
    whole = whole_referrals().join(picked, picked.c.referral_id == referral.c.referral_id)
    rows = connection.execute(
        whole.add_columns(
            picked.c.position.label("changed_at_position"), picked.c.in_sight
        ).order_by(picked.c.position, picked.c.referral_id)
    )
    return [
        Changed(
            row.changed_at_position, row.referral_id, referral_of(row) if row.in_sight else None
        )
        for row in rows
    ]


def _walk(
    changes: Select[Any], sight: Sight, wanted: WantedReferrals, stretch: Stretch, limit: int
) -> Select[Any]:
    seen = seen_by(sight, child)
    shown = and_(seen, *conditions(wanted))
    if wanted.team is not None:
        shown = and_(shown, child.c.team == wanted.team)
    # At the beginning nobody held anything. SQLite can't see that it is no, and walks along the
    # journal as ever; PostgreSQL sees it, and may begin with a small team.
    no = literal(value=False)
    gone = no if stretch.since == 0 else and_(not_(seen), *_was_in_sight(sight, stretch))
    walk = (
        changes.add_columns(seen.label("in_sight"))
        .join(child, child.c.child_id == referral.c.child_id)
        .where(stretch.since < _POSITION, stretch.until >= _POSITION)
        .where(or_(shown, gone))
        # The first ones: what is left out here, the next page starts behind.
        .order_by(_POSITION, referral.c.referral_id)
        .limit(limit)
    )
    if stretch.after is None:
        return walk
    behind = tuple_(_POSITION, referral.c.referral_id) > tuple_(*stretch.after)
    return walk.where(stretch.after[0] <= _POSITION, behind)


def _moved() -> Select[Any]:
    """Referrals whose newest change is a move of their own, and where in the journal it stands."""
    entries, moves = journal.entries, referral_history
    newest = and_(
        referral.c.referral_id == moves.c.referral_id, referral.c.revision == moves.c.revision
    )
    return (
        select(referral.c.referral_id, _POSITION)
        .select_from(entries)
        .join(moves, moves.c.entry_id == entries.c.entry_id)
        .join(referral, newest)
        .where(entries.c.position > _LAST_TOLD)
    )


def _told_of_child() -> Select[Any]:
    """Referrals whose newest change is one of the child's: in who may see the child, among others,
    or in which records are one child."""
    entries, told = journal.entries, child_seen_until
    return (
        select(referral.c.referral_id, _POSITION)
        .select_from(entries)
        .join(told, told.c.entry_id == entries.c.entry_id)
        .join(referral, referral.c.child_id == told.c.child_id)
        .where(entries.c.position == _LAST_TOLD, entries.c.position > _LAST_MOVE)
    )


def _was_in_sight(sight: Sight, stretch: Stretch) -> list[ColumnElement[bool]]:
    """Whether the caller could see the referral where the stretch begins: it was there, and so it
    was until the first change of the child behind that."""
    until, entries = child_seen_until.alias("until"), journal.entries.alias("until_by")
    seen_then = (
        select(seen_by(sight, until))
        .join(entries, entries.c.entry_id == until.c.entry_id)
        .where(until.c.child_id == referral.c.child_id, entries.c.position > stretch.since)
        .order_by(entries.c.position)
        .limit(1)
        .correlate(referral)
        .scalar_subquery()
    )
    received, receipts = referral_history.alias("received"), journal.entries.alias("receipts")
    there_since = (
        select(receipts.c.position)
        .join(received, received.c.entry_id == receipts.c.entry_id)
        .where(received.c.referral_id == referral.c.referral_id, received.c.revision == 1)
        .correlate(referral)
        .scalar_subquery()
    )
    return [there_since <= stretch.since, seen_then]
