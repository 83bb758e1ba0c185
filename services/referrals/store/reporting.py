"""What the scrutiny report counts, and figures published before: rows <-> domain."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from services.referrals.domain.codes import Ethnicity, Sex
from services.referrals.domain.commands import SignpostDestination
from services.referrals.domain.referral import ReferralType
from services.referrals.domain.scrutiny import (
    CountedReferral,
    CountedType,
    FigureRevision,
    PublishedFigure,
)
from services.referrals.domain.transitions import ReferralStatus
from services.referrals.store.children import SURVIVOR, of_whole
from services.referrals.tables import child, published_figure, referral, referral_history
from shared.access import seen_by
from shared.domain.access import Sight
from shared.storage.upsert import upserting

_ABOUT = tuple(of_whole(name) for name in ("date_of_birth", "expected_on", "sex", "ethnicity"))


class EnteredMeanwhileError(Exception):
    """Another request entered the same revision of the figure."""


def received_between(
    connection: Connection, sight: Sight, first: date, last: date
) -> list[CountedReferral]:
    """The referrals received from `first` to `last` for the children in sight: one query."""
    move = and_(
        referral_history.c.referral_id == referral.c.referral_id,
        referral_history.c.revision == referral.c.status_revision,
    )
    rows = connection.execute(
        select(
            referral.c.type,
            referral.c.received_on,
            referral.c.status,
            referral.c.looked_after_at_referral,
            referral_history.c.destination,
            *_ABOUT,
        )
        .join(child, child.c.child_id == referral.c.child_id)
        .outerjoin(SURVIVOR, SURVIVOR.c.child_id == child.c.survivor_id)
        .join(referral_history, move)
        .where(referral.c.received_on.between(first, last), seen_by(sight, child))
    )
    return [
        CountedReferral(
            type=ReferralType(row.type),
            received_on=row.received_on,
            status=ReferralStatus(row.status),
            signposted_to=None if row.destination is None else SignpostDestination(row.destination),
            looked_after=row.looked_after_at_referral,
            born_on=row.date_of_birth,
            expected_on=row.expected_on,
            sex=None if row.sex is None else Sex(row.sex),
            ethnicity=None if row.ethnicity is None else Ethnicity(row.ethnicity),
        )
        for row in rows
    ]


def published(
    connection: Connection, periods: Collection[str], wanted: CountedType
) -> dict[str, PublishedFigure]:
    """The figures that count now, by period."""
    c = published_figure.c
    rows = connection.execute(
        select(c.period, c.referrals, c.source)
        .where(c.period.in_(periods), c.type == wanted.value)
        .order_by(c.revision)
    )
    return {row.period: PublishedFigure(row.referrals, row.source) for row in rows}


def last_revision(connection: Connection, period: str, wanted: CountedType) -> int:
    """The newest revision of a figure; 0 before the first."""
    c = published_figure.c
    query = select(func.coalesce(func.max(c.revision), 0)).where(
        c.period == period, c.type == wanted.value
    )
    return int(connection.execute(query).scalar_one())


def add_figure(connection: Connection, new: FigureRevision, entry_id: UUID) -> None:
    """Store a revision of a figure.

    Raises:
        EnteredMeanwhileError: somebody else stored that revision at the same time.
    """
    added = connection.execute(
        upserting(connection, published_figure)
        .values(
            period=new.period,
            type=new.type.value,
            revision=new.revision,
            entry_id=entry_id,
            at=new.at,
            referrals=new.figure.referrals,
            source=new.figure.source,
            reason=new.reason,
            client_id=new.client_id,
            person_id=new.person_id,
        )
        .on_conflict_do_nothing()
        .returning(published_figure.c.revision)
    )
    if added.first() is None:
        raise EnteredMeanwhileError
