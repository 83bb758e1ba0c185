"""Where children stand in the risk list: columns of their rows <-> domain."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from services.referrals.domain.child_records import Records
from services.referrals.domain.risk import NOT_RATED, Standing, Told, after_merge, after_rating
from services.referrals.tables import child

STANDING = (
    child.c.risk_place,
    child.c.risk_band,
    child.c.rating_changed_at,
    child.c.rated_on,
    child.c.review_within,
    child.c.reviewed_on,
)
_BY_ITSELF: Mapping[str, Any] = {"rating_of": None, "standing_alone": None}


def locked_standing(connection: Connection, child_id: UUID) -> Standing | None:
    """Where a child stands, the row locked until the transaction ends; None if absent."""
    return _locked_standings(connection, [child_id]).get(child_id)


def save_standing(
    connection: Connection, child_id: UUID, after: Standing, **further: object
) -> None:
    """Store where a child stands."""
    save_standings(connection, {child_id: after}, **further)


def save_standings(
    connection: Connection, after: Mapping[UUID, Standing], **further: object
) -> None:
    """Store where children stand. One statement, whatever the number."""
    connection.execute(
        update(child).where(child.c.child_id == bindparam("whose")),
        [
            {
                "whose": child_id,
                "risk_place": each.place,
                "risk_band": each.band,
                "rating_changed_at": each.changed_at,
                "rated_on": each.rated_on,
                "review_within": each.review_within,
                "reviewed_on": each.reviewed_on,
                "review_due_on": each.review_due_on,
                **further,
            }
            for child_id, each in after.items()
        ],
    )


def place(connection: Connection, told: Sequence[Told]) -> None:
    """Put children where ratings say, one after another, if they are known here."""
    if not told:
        return
    found = _locked_standings(connection, {each.child_id for each in told})
    for each in told:
        if each.child_id in found:
            before = found[each.child_id]
            found[each.child_id] = after_rating(before, each.rating, each.bands, each.recorded_at)
    if found:
        save_standings(connection, found, **_BY_ITSELF)


def _locked_standings(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Where children stand, their rows locked in the order of ids; not those who are absent."""
    rows = connection.execute(
        select(child.c.child_id, *STANDING)
        .where(child.c.child_id.in_(child_ids))
        .order_by(child.c.child_id)
        .with_for_update()
    )
    return {child_id: Standing(*standing) for child_id, *standing in rows}


def forget_all(connection: Connection) -> None:
    """Forget what ratings said; not that there were any (`rated_on`): a child who was rated counts
    as high while nobody knows how high. Reviews stay: people made them."""
    connection.execute(
        update(child).values(
            risk_place=NOT_RATED,
            risk_band=None,
            rating_changed_at=None,
            review_within=None,
            review_due_on=None,
            **_BY_ITSELF,
        )
    )


def stand_together(
    connection: Connection, survivor_id: UUID, merged_id: UUID, at: datetime
) -> None:
    """After a merge the more urgent rating stands for the child, until scoring tells that of the
    whole. Both rows are locked."""
    found = _rows(connection, [survivor_id, merged_id])
    before, merged = found[survivor_id], found[merged_id]
    after = after_merge(before.standing, merged.standing, at)
    if after is not None:
        save_standing(
            connection,
            survivor_id,
            after,
            rating_of=merged.rating_of or merged_id,
            standing_alone=before.alone or _kept(before.standing),
        )


def stand_apart(connection: Connection, left: Records, at: datetime) -> None:
    """After a record was parted from a child, the child stands as before the merge, or as the
    records that are left say. If scoring has told since, it tells again by itself."""
    found = _rows(connection, [record.child_id for record in left])
    survivor = found[left.child_id]
    if survivor.alone is None:
        return
    standing, rating_of = _standing(survivor.alone, survivor.standing.reviewed_on), None
    for record in left.merged:
        merged = found[record.child_id]
        after = after_merge(standing, merged.standing, at)
        if after is not None:
            standing, rating_of = after, merged.rating_of or record.child_id
    alone = None if rating_of is None else survivor.alone
    save_standing(connection, left.child_id, standing, rating_of=rating_of, standing_alone=alone)


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a record stands, by whose rating, and where it stood by its own."""

    standing: Standing
    rating_of: UUID | None
    alone: Mapping[str, Any] | None


def _rows(connection: Connection, child_ids: Sequence[UUID]) -> dict[UUID, _Row]:
    query = select(child.c.child_id, child.c.rating_of, child.c.standing_alone, *STANDING)
    rows = connection.execute(query.where(child.c.child_id.in_(child_ids)))
    return {
        child_id: _Row(Standing(*standing), rating_of, alone)
        for child_id, rating_of, alone, *standing in rows
    }


def _kept(standing: Standing) -> dict[str, Any]:
    changed_at, rated_on = standing.changed_at, standing.rated_on
    return {
        "place": standing.place,
        "band": standing.band,
        "changed_at": None if changed_at is None else changed_at.isoformat(),
        "rated_on": None if rated_on is None else rated_on.isoformat(),
        "review_within": standing.review_within,
    }


def _standing(kept: Mapping[str, Any], reviewed_on: date | None) -> Standing:
    changed_at, rated_on = kept["changed_at"], kept["rated_on"]
    return Standing(
        place=kept["place"],
        band=kept["band"],
        changed_at=None if changed_at is None else datetime.fromisoformat(changed_at),
        rated_on=None if rated_on is None else date.fromisoformat(rated_on),
        review_within=kept["review_within"],
        reviewed_on=reviewed_on,
    )
