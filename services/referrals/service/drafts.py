"""Drafts of referrals: saved, written on, submitted, discarded; erased once they expire. The
journal says that it happened, and nothing of what was written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.drafts import Draft, kept_until, owner_of
from services.referrals.domain.referral import GivenReferral, Referral
from services.referrals.domain.timings import Timings
from services.referrals.service.acting import actor
from services.referrals.service.receiving import receive
from services.referrals.store import drafts
from shared.clock import Clock
from shared.contracts.caller import Caller
from shared.domain.canonical import Json
from shared.domain.errors import (
    ChangedMeanwhileError,
    NotFoundError,
    PreconditionRequiredError,
)
from shared.ids import new_id
from shared.storage.writing import Database, Writing

SAVED, SUBMITTED, DISCARDED, EXPIRED = (
    "draft.saved",
    "draft.submitted",
    "draft.discarded",
    "draft.expired",
)
AT_A_TIME = 500


def save_new(
    transaction: Writing, caller: Caller, content: Mapping[str, Any], timings: Timings
) -> Draft:
    """Keep what was written so far."""
    now = transaction.now
    until = kept_until(now, timings.draft_days)
    draft = Draft(new_id(), owner_of(actor(caller)), 1, now, until, content)
    drafts.add(transaction.connection, draft)
    transaction.record(SAVED, _told(draft))
    return draft


def write_on(  # noqa: PLR0913  # the draft, its reader's revision, and what is new
    transaction: Writing,
    caller: Caller,
    draft_id: UUID,
    revision_read: int | None,
    content: Mapping[str, Any],
    timings: Timings,
) -> Draft:
    """Put new content in place of what was written; it is kept for the whole time again.

    Raises:
        NotFoundError: there is no such draft of this caller's (any more).
        PreconditionRequiredError, ChangedMeanwhileError: the caller doesn't say what they read,
            or it changed since.
    """
    before = _own(transaction, caller, draft_id)
    if revision_read is None:
        raise PreconditionRequiredError("Send the ETag that you read as If-Match.")
    if revision_read != before.revision:
        raise ChangedMeanwhileError("The draft has changed since you read it; read it again.")
    draft = replace(
        before,
        revision=before.revision + 1,
        saved_at=transaction.now,
        expires_at=kept_until(transaction.now, timings.draft_days),
        content=content,
    )
    drafts.save(transaction.connection, draft)
    transaction.record(SAVED, _told(draft))
    return draft


def submit(
    transaction: Writing,
    caller: Caller,
    draft_id: UUID,
    read: Callable[[Mapping[str, Any]], GivenReferral],
    timings: Timings,
) -> tuple[Referral, bool]:
    """Make a draft a referral. `read` reads the content as one that is sent whole.

    Raises:
        NotFoundError: there is no such draft of this caller's (any more).
        InvalidError, IdentifiersDisagreeError: as of any referral.
    """
    draft = _own(transaction, caller, draft_id)
    referral, in_sight = receive(transaction, caller, read(draft.content), timings)
    drafts.erase(transaction.connection, draft_id)
    transaction.record(SUBMITTED, _told(draft))
    return referral, in_sight


def discard(transaction: Writing, caller: Caller, draft_id: UUID) -> Draft:
    """Erase a draft. Raises `NotFoundError`."""
    draft = _own(transaction, caller, draft_id)
    drafts.erase(transaction.connection, draft_id)
    transaction.record(DISCARDED, _told(draft))
    return draft


def own_draft(connection: Connection, caller: Caller, draft_id: UUID, now: datetime) -> Draft:
    """One of the caller's drafts. Raises `NotFoundError`."""
    return _found(drafts.own(connection, draft_id, owner_of(actor(caller)), now))


def own_drafts(
    connection: Connection, caller: Caller, now: datetime, after: UUID | None, limit: int
) -> list[Draft]:
    """The caller's drafts, newest first."""
    return drafts.page(connection, owner_of(actor(caller)), now, after, limit)


def erase_expired(database: Database, clock: Clock) -> int:
    """Erase drafts that are past their time, some at a time. Returns how many it were."""
    now = clock()
    with database.reading() as connection:
        # Whoever only looks keeps no writer waiting.
        if not drafts.expired(connection, now, 1):
            return 0
    with database.writing(clock) as transaction:
        found = drafts.expired(transaction.connection, now, AT_A_TIME)
        for draft_id in found:
            drafts.erase(transaction.connection, draft_id)
            transaction.record(EXPIRED, {"draft_id": str(draft_id)})
    return len(found)


def _own(transaction: Writing, caller: Caller, draft_id: UUID) -> Draft:
    owner = owner_of(actor(caller))
    return _found(drafts.own(transaction.connection, draft_id, owner, transaction.now, lock=True))


def _found(draft: Draft | None) -> Draft:
    if draft is None:
        raise NotFoundError("There is no such draft of yours; drafts expire after a while.")
    return draft


def _told(draft: Draft) -> Json:
    return {"draft_id": str(draft.draft_id), "owner": draft.owner, "revision": draft.revision}
