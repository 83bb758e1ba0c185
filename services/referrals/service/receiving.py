"""Taking a referral in: committed with its child, its history and its journal entry, or not at
all."""

from uuid import UUID

from services.referrals.domain.child import GivenChild, Met
from services.referrals.domain.child_records import Records
from services.referrals.domain.clocks import moved
from services.referrals.domain.references import reference_of
from services.referrals.domain.referral import (
    GivenReferral,
    Referral,
    age_at,
    faults,
    faults_for_known,
    looked_after_at,
)
from services.referrals.domain.timings import Timings
from services.referrals.domain.transitions import RECEIVE, Gate, Moved, ReferralStatus
from services.referrals.service.acting import actor
from services.referrals.service.child_reading import record_in_sight
from services.referrals.service.children import find_or_create
from services.referrals.service.clocks import clock_told
from services.referrals.service.screening import answer
from services.referrals.store import ratings, references, referrals
from shared.contracts.caller import Caller
from shared.domain.access import may_see
from shared.domain.errors import InvalidError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

RECEIVED = "referral.received"


def receive(
    transaction: Writing, caller: Caller, given: GivenReferral, timings: Timings
) -> tuple[Referral, bool]:
    """Store a referral. Returns it, and whether the caller may see its child.

    Raises:
        InvalidError: what was given breaks a rule; every fault is named.
        NotFoundError: the child named by id is absent or out of sight.
        IdentifiersDisagreeError: the identifiers belong to more than one child.
    """
    if errors := list(faults(given, london_date(transaction.now))):
        raise InvalidError(errors)
    records, met = _child_of(transaction, caller, given)
    in_sight = may_see(caller.sight, records.access)
    # What a sender may not see isn't held against what they sent.
    if in_sight and (errors := list(faults_for_known(records.details, given))):
        raise InvalidError(errors)
    connection, at, child_id = transaction.connection, transaction.now, records.child_id
    rating = ratings.current(connection, child_id)
    received = Moved(
        revision=1,
        at=at,
        decided_on=given.received_on,
        command=RECEIVE,
        from_status=None,
        to_status=ReferralStatus.RECEIVED,
        by=actor(caller),
        rating=rating,
    )
    referral_id, year = new_id(), given.received_on.year
    referral = Referral(
        referral_id=referral_id,
        # Late: whoever refers at the same time waits for it.
        reference=reference_of(year, references.next_serial(connection, year)),
        child_id=child_id,
        type=given.type,
        source=given.source,
        source_ref=given.source_ref,
        received_on=given.received_on,
        recorded_at=at,
        summary=given.summary,
        looked_after=given.looked_after,
        age_at_referral=age_at(given.received_on, records.details.date_of_birth),
        looked_after_at_referral=looked_after_at(
            given.looked_after, records.looked_after_on(given.received_on)
        ),
        over_18_reason=given.over_18_reason,
        differing_details=met.differing,
        status=ReferralStatus.RECEIVED,
        revision=1,
        last=received,
        clock=moved(None, ReferralStatus.RECEIVED, given.received_on, timings),
        gate=Gate(),
        worker=None,
        worker_team=None,
        outcome=None,
        rating_at_referral=rating,
        previous=referrals.previous_of(connection, child_id, given.received_on),
    )
    entry_id = _recorded(transaction, referral)
    referrals.add(connection, referral, met.child.child_id, entry_id)
    if given.screening is not None:
        answer(transaction, caller, referral_id, met.child.child_id, given.screening)
    return referral, in_sight


def _child_of(transaction: Writing, caller: Caller, given: GivenReferral) -> tuple[Records, Met]:
    if given.child_id is not None:
        records = record_in_sight(transaction.connection, caller.sight, given.child_id, lock=True)
        return records, Met(records.record(given.child_id), {})
    return find_or_create(transaction, actor(caller), given.child or GivenChild())


def _recorded(transaction: Writing, referral: Referral) -> UUID:
    return transaction.record(
        RECEIVED,
        {
            "referral_id": str(referral.referral_id),
            "child_id": str(referral.child_id),
            "reference": referral.reference,
            "type": referral.type,
            "source": referral.source,
            "source_ref": referral.source_ref,
            "received_on": referral.received_on.isoformat(),
            "summary": referral.summary,
            "looked_after": referral.looked_after,
            "age_at_referral": referral.age_at_referral,
            "looked_after_at_referral": referral.looked_after_at_referral,
            "over_18_reason": referral.over_18_reason,
            "differing_details": dict(referral.differing_details),
            "clock": clock_told(referral.clock),
            "client_id": referral.last.by.client_id,
            "person_id": referral.last.by.person_id,
            "rating": None
            if referral.rating_at_referral is None
            else ratings.rating_json(referral.rating_at_referral),
        },
        referral.child_id,
    )
