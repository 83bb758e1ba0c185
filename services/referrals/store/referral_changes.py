"""Referrals in the order of their changes: a walk along the journal, for systems that keep up."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)

from services.referrals.domain.listing import Changed, Stretch, WantedReferrals
from services.referrals.store.referral_lists import conditions, in_sight
from services.referrals.store.referrals import referral_of, whole_referrals
from services.referrals.tables import child_seen_until, journal, referral, referral_history
from shared.access import seen_by
from shared.domain.access import Sight


def page(
    connection: Connection,
    sight: Sight,
    wanted: WantedReferrals,
    stretch: Stretch,
    limit: int,
) -> list[Changed]:
    """Referrals that changed within a stretch of the journal, each once, in the order of their
    newest changes: those in sight, and those that were at its beginning and are no more."""
    seen, shown = in_sight(sight), and_(in_sight(sight, wanted.team), *conditions(wanted))
    walks = []
    for walk, position in (_moved(stretch), _told_of_child(stretch)):
        query = (
            walk.add_columns(seen.label("in_sight"))
            .where(or_(shown, and_(not_(seen), _was_in_sight(sight, stretch))))
            .order_by(position, referral.c.referral_id)
            .limit(limit)
        )
        if stretch.after is not None:
            behind = tuple_(position, referral.c.referral_id) > tuple_(*stretch.after)
            query = query.where(position >= stretch.after[0], behind)
        walks.append(select(query.subquery()))
    both = union_all(*walks).subquery("both")
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


def _moved(stretch: Stretch) -> tuple[Select[Any], ColumnElement[int]]:
    """Referrals whose newest change is a move of their own, and where in the journal it stands."""
    position, moves = journal.entries.c.position, referral_history
    newest = and_(
        referral.c.referral_id == moves.c.referral_id, referral.c.revision == moves.c.revision
    )
    walk = (
        select(referral.c.referral_id, position)
        .select_from(journal.entries)
        .join(moves, moves.c.entry_id == journal.entries.c.entry_id)
        .join(referral, newest)
        .where(position > stretch.since, position <= stretch.until)
        .where(not_(_child_told_behind(position)))
    )
    return walk, position


def _told_of_child(stretch: Stretch) -> tuple[Select[Any], ColumnElement[int]]:
    """Referrals whose newest change is one of the child's: in who may see the child, among others,
    or in which records are one child."""
    position, told = journal.entries.c.position, child_seen_until
    moves, moved = referral_history.alias("moves"), journal.entries.alias("moved")
    since_then = (
        select(moved.c.position)
        .join(moves, moves.c.entry_id == moved.c.entry_id)
        .where(
            moves.c.referral_id == referral.c.referral_id,
            moves.c.revision == referral.c.revision,
            moved.c.position > position,
        )
    )
    walk = (
        select(referral.c.referral_id, position)
        .select_from(journal.entries)
        .join(told, told.c.entry_id == journal.entries.c.entry_id)
        .join(referral, referral.c.child_id == told.c.child_id)
        .where(position > stretch.since, position <= stretch.until)
        .where(not_(_child_told_behind(position)), not_(since_then.exists()))
    )
    return walk, position


def _child_told_behind(position: ColumnElement[int]) -> ColumnElement[bool]:
    told, entries = child_seen_until.alias("told"), journal.entries.alias("told_by")
    later = (
        select(entries.c.position)
        .join(told, told.c.entry_id == entries.c.entry_id)
        .where(told.c.child_id == referral.c.child_id, entries.c.position > position)
    )
    return later.exists()


def _was_in_sight(sight: Sight, stretch: Stretch) -> ColumnElement[bool]:
    """Whether the caller could see the referral where the stretch begins: it was there, and so it
    was until the first change of the child behind that."""
    until, entries = child_seen_until.alias("until"), journal.entries.alias("until_by")
    first = (
        select(until.c.entry_id)
        .join(entries, entries.c.entry_id == until.c.entry_id)
        .where(until.c.child_id == referral.c.child_id, entries.c.position > stretch.since)
        .order_by(entries.c.position)
        .limit(1)
        .correlate(referral)
        .scalar_subquery()
    )
    then = child_seen_until.alias("then")
    seen = select(then.c.entry_id).where(then.c.entry_id == first, seen_by(sight, then))
    received, receipts = referral_history.alias("received"), journal.entries.alias("receipts")
    there = (
        select(receipts.c.position)
        .join(received, received.c.entry_id == receipts.c.entry_id)
        .where(
            received.c.referral_id == referral.c.referral_id,
            received.c.revision == 1,
            receipts.c.position <= stretch.since,
        )
    )
    return and_(there.exists(), seen.exists())
