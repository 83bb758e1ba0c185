"""Screenings: rows <-> domain. The database refuses to change them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, insert, select

from services.referrals.domain.screening import Screening, ScreeningAnswer, ScreeningRevision
from services.referrals.domain.transitions import Actor
from services.referrals.tables import referral, screening

_S = screening.c


def add(connection: Connection, new: ScreeningRevision, entry_id: UUID) -> None:
    """Store a revision. Its number is part of the key: nothing is stored twice."""
    said = new.screening
    connection.execute(
        insert(screening).values(
            screening_id=new.screening_id,
            revision=new.revision,
            referral_id=new.referral_id,
            entry_id=entry_id,
            at=new.at,
            tool=said.tool,
            observed_on=said.observed_on,
            answers=[[each.code, each.answer] for each in said.answers],
            reason=new.reason,
            client_id=new.by.client_id,
            person_id=new.by.person_id,
        )
    )


def record_of(connection: Connection, referral_id: UUID) -> UUID:
    """The record of the child under which a referral that is there was made: after a merge, too."""
    found = select(referral.c.child_id).where(referral.c.referral_id == referral_id)
    return UUID(str(connection.execute(found).scalar_one()))


def newest(
    connection: Connection, referral_id: UUID, screening_id: UUID
) -> ScreeningRevision | None:
    """A screening of this referral as it stands; None if there is no such."""
    row = connection.execute(
        select(screening)
        .where(_S.referral_id == referral_id, _S.screening_id == screening_id)
        .order_by(_S.revision.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _revision(row)


def page(
    connection: Connection, referral_id: UUID, after: UUID | None, limit: int
) -> list[ScreeningRevision]:
    """The screenings of a referral as they stand, newest first, from behind `after`."""
    last = screening.alias("last")
    newest_of = (
        select(func.max(last.c.revision))
        .where(last.c.screening_id == _S.screening_id)
        .scalar_subquery()
    )
    query: Select[Any] = (
        select(screening)
        .where(_S.referral_id == referral_id, _S.revision == newest_of)
        .order_by(_S.screening_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(_S.screening_id < after)
    return [_revision(row) for row in connection.execute(query)]


def _revision(row: Row[Any]) -> ScreeningRevision:
    return ScreeningRevision(
        screening_id=row.screening_id,
        referral_id=row.referral_id,
        revision=row.revision,
        at=row.at,
        by=Actor(row.client_id, row.person_id),
        screening=Screening(
            row.tool,
            row.observed_on,
            tuple(ScreeningAnswer(code, answer) for code, answer in row.answers),
        ),
        reason=row.reason,
    )
