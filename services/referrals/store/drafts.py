"""Drafts of referrals: rows <-> domain. The only rows here that are ever deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from services.referrals.domain.drafts import Draft
from services.referrals.tables import referral_draft

_D = referral_draft.c


def add(connection: Connection, new: Draft) -> None:
    """Store a new draft."""
    connection.execute(insert(referral_draft).values(draft_id=new.draft_id, **_columns(new)))


def save(connection: Connection, draft: Draft) -> None:
    """Store a draft as it was written on."""
    connection.execute(
        update(referral_draft).where(_D.draft_id == draft.draft_id).values(**_columns(draft))
    )


def erase(connection: Connection, draft_id: UUID) -> None:
    """Erase a draft with all that was written."""
    connection.execute(delete(referral_draft).where(_D.draft_id == draft_id))


def own(
    connection: Connection, draft_id: UUID, owner: str, now: datetime, *, lock: bool = False
) -> Draft | None:
    """A draft, unless absent, expired, or somebody else's."""
    query = _own(owner, now).where(_D.draft_id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _draft(row)


def page(
    connection: Connection, owner: str, now: datetime, after: UUID | None, limit: int
) -> list[Draft]:
    """Somebody's drafts, newest first, from behind `after`."""
    query = _own(owner, now).order_by(_D.draft_id.desc()).limit(limit)
    if after is not None:
        query = query.where(_D.draft_id < after)
    return [_draft(row) for row in connection.execute(query)]


def expired(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Drafts that are past their time, the oldest first."""
    query = select(_D.draft_id).where(_D.expires_at <= now).order_by(_D.expires_at).limit(limit)
    return list(connection.execute(query).scalars())


def _own(owner: str, now: datetime) -> Select[Any]:
    return select(referral_draft).where(_D.owner == owner, _D.expires_at > now)


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        "owner": draft.owner,
        "revision": draft.revision,
        "saved_at": draft.saved_at,
        "expires_at": draft.expires_at,
        "content": dict(draft.content),
    }


def _draft(row: Row[Any]) -> Draft:
    return Draft(row.draft_id, row.owner, row.revision, row.saved_at, row.expires_at, row.content)
