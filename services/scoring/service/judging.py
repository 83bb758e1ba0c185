"""A professional judges beside the score; the score stays, and both are shown. DESIGN 2 (7), 4."""

from dataclasses import dataclass, replace
from datetime import UTC, date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.judgements import (
    Judgement,
    ReasonCode,
    Step,
    StepTaken,
    check_confirmation,
    check_not_ended,
    faults,
    harm_in,
    highest,
    needs_second,
)
from services.scoring.service.reading import as_far_as_seen, require_child
from services.scoring.service.telling import counting, tell_judged
from services.scoring.service.weights import Weights
from services.scoring.store.children import lock_children
from services.scoring.store.due import is_due
from services.scoring.store.judgements import (
    Recorded,
    RecordedStep,
    Standing,
    add_judgement,
    add_step,
    end_standing,
    judgements_of,
    put_standing,
    standing_of,
)
from services.scoring.store.practice import add_judged_indicators
from services.scoring.store.scores import StoredScore, latest_scores
from shared.contracts.caller import Caller
from shared.domain.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StateError,
)
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

MADE = "judgement.made"
FOLLOWED = {step: f"judgement.{step}" for step in Step}
"""What the journal calls what follows a judgement."""


class PersonRequiredError(ForbiddenError):
    """A machine judges nobody."""

    code = "person_required"


class NoScoreYetError(StateError):
    """A judgement stands beside a score, and there is none."""

    code = "no_score_yet"


class OtherScoreError(StateError):
    """The score has changed since it was read: look again, then judge."""

    code = "other_score"


class UnknownJudgementError(NotFoundError):
    """No such judgement of this child."""

    code = "unknown_judgement"


@dataclass(frozen=True, slots=True)
class Given:
    """What a professional says: the score looked at, the band, why, and until when."""

    score_id: UUID
    band: str
    reason_code: ReasonCode
    reason: str
    until: date


class Which(NamedTuple):
    """A judgement of a child."""

    child_id: UUID
    judgement_id: UUID


def judge(
    transaction: Writing, weights: Weights, caller: Caller, child_id: UUID, given: Given
) -> Recorded:
    """A named person judges. It stands at once, unless it goes below a floor that has fired.

    Raises:
        UnknownChildError, ReplacedError: the child is unknown or out of sight, or its record was
            merged.
        PersonRequiredError: no person judges.
        NoScoreYetError, OtherScoreError: there is no such score to judge beside.
        InvalidError: the band isn't one of the model's, or the end is out of range.
    """
    connection, today = transaction.connection, london_date(transaction.now)
    # First: two records may become one meanwhile, or something new be said.
    lock_children(connection, [child_id])
    require_child(connection, caller, child_id)
    person = _person(caller)
    stored = _latest(connection, child_id)
    if stored.score_id != given.score_id or is_due(connection, child_id):
        raise OtherScoreError("The score has changed since you read it: look again, then judge.")
    model = weights.of(connection, stored.document_hash).model
    bands = [band.id for band in model.bands]
    if errors := faults(given.band, bands, given.until, today):
        raise InvalidError(errors)
    harm = harm_in(stored.document)
    fired = list(harm.floors.values())
    made = Judgement(
        new_id(),
        stored.model,
        given.band,
        today,
        given.until,
        needs_second(given.band, bands, fired),
        person,
        0,
        harm,
    )
    new = Recorded(
        made,
        child_id,
        stored.score_id,
        stored.band,
        given.reason_code,
        given.reason,
        transaction.now,
    )
    floor = highest(bands, fired)
    entry_id = transaction.record(
        MADE,
        {
            "judgement_id": str(made.judgement_id),
            "child_id": str(child_id),
            "score_id": str(stored.score_id),
            "model": made.model,
            "computed_band": stored.band,
            "band": made.band,
            "reason_code": given.reason_code,
            "reason": given.reason,
            "on": made.on.isoformat(),
            "until": made.until.isoformat(),
            "needs_second": made.needs_second,
            "floor": floor,
            "person_id": person,
            "at": new.at.astimezone(UTC).isoformat(),
        },
        child_id,
    )
    add_judgement(connection, new, floor, entry_id)
    lines = stored.document["contributions"]
    giving = [each["indicator"] for each in lines if each["points"] != "0"]
    add_judged_indicators(
        connection,
        made.judgement_id,
        (stored.model, stored.version),
        giving,
        otherwise=made.band != stored.band,
    )
    if not made.needs_second:
        _stand(transaction, weights, stored, made)
    return new


def confirm(
    transaction: Writing,
    weights: Weights,
    caller: Caller,
    which: Which,
    reason: str,
) -> Recorded:
    """A second person agrees to a band below a floor: the judgement stands from now on.

    Raises:
        UnknownChildError, UnknownJudgementError: out of sight, withheld, or not of this child.
        PersonRequiredError, SecondPersonError: not another person.
        NothingToConfirmError, EndedError: it doesn't wait, or no more.
        OtherScoreError: something is new that whoever judged couldn't know of.
    """
    connection, today = transaction.connection, london_date(transaction.now)
    found = _found(transaction, caller, which)
    if found.withheld:
        raise UnknownJudgementError("Nobody agrees to what they may not read: judge anew.")
    person = _person(caller)
    check_confirmation(found.judgement, found.steps_taken, person, today)
    stored = _latest(connection, which.child_id)
    _check_known(connection, weights, stored, found.judgement)
    after = _step(transaction, found, Step.CONFIRMED, person, reason)
    _stand(transaction, weights, stored, found.judgement)
    return after


def _check_known(
    connection: Connection, weights: Weights, stored: StoredScore, made: Judgement
) -> None:
    """A second person agrees to what the first looked at: other points are no matter, harm is."""
    if is_due(connection, stored.child_id):
        raise OtherScoreError("Something new isn't in the score yet: look again, then confirm.")
    model = weights.of(connection, stored.document_hash).model
    if stored.model == made.model and not counting(
        stored, model, Standing.of(stored.child_id, made)
    ):
        raise OtherScoreError(
            "Harm has become known since this was judged, or its bands are others by now:"
            " judge anew, beside the score as it is."
        )


def withdraw(
    transaction: Writing,
    weights: Weights,
    caller: Caller,
    which: Which,
    reason: str,
) -> Recorded:
    """A person ends a judgement early: the score stands by itself again.

    Raises:
        UnknownChildError, UnknownJudgementError: out of sight, or not of this child.
        PersonRequiredError: no person ends it.
        EndedError: it is over already.
    """
    connection = transaction.connection
    found = _found(transaction, caller, which)
    person = _person(caller)
    check_not_ended(found.judgement, found.steps_taken, london_date(transaction.now))
    after = _step(transaction, found, Step.WITHDRAWN, person, reason)
    if end_standing(connection, *which):
        stored = _latest(connection, which.child_id)
        if stored.model == found.judgement.model:
            model = weights.of(connection, stored.document_hash).model
            stood = Standing.of(which.child_id, found.judgement)
            tell_judged(transaction, stored, model, stood, None)
    return after


def read_judgements(
    connection: Connection, caller: Caller, child_id: UUID, before: UUID | None, limit: int
) -> list[Recorded]:
    """A child's judgements, the latest first. Raises `UnknownChildError`."""
    require_child(connection, caller, child_id)
    found = judgements_of(connection, child_id, before=before, limit=limit)
    return as_far_as_seen(connection, caller, found)


def _person(caller: Caller) -> str:
    if caller.deciding_person is None:
        raise PersonRequiredError("A person judges; sign in as one.")
    return caller.deciding_person


def _latest(connection: Connection, child_id: UUID) -> StoredScore:
    stored = latest_scores(connection, [child_id]).get(child_id)
    if stored is None:
        raise NoScoreYetError("There is no stored score yet to judge beside; it is being computed.")
    return stored


def _found(transaction: Writing, caller: Caller, which: Which) -> Recorded:
    lock_children(transaction.connection, [which.child_id])
    require_child(transaction.connection, caller, which.child_id)
    for each in judgements_of(transaction.connection, which.child_id):
        if each.judgement.judgement_id == which.judgement_id:
            (found,) = as_far_as_seen(transaction.connection, caller, [each])
            return found
    raise UnknownJudgementError("No judgement of that id about this child.")


def _step(transaction: Writing, found: Recorded, step: Step, person: str, reason: str) -> Recorded:
    made, on = found.judgement, london_date(transaction.now)
    entry_id = transaction.record(
        FOLLOWED[step],
        {
            "judgement_id": str(made.judgement_id),
            "child_id": str(found.child_id),
            "person_id": person,
            "reason": reason,
            "on": on.isoformat(),
            "at": transaction.now.astimezone(UTC).isoformat(),
        },
        found.child_id,
    )
    taken = StepTaken(made.judgement_id, step, on, 0)
    new = RecordedStep(taken, person, reason, transaction.now)
    add_step(transaction.connection, made, new, entry_id)
    return replace(found, steps=(*found.steps, new))


def _stand(transaction: Writing, weights: Weights, stored: StoredScore, made: Judgement) -> None:
    connection, child_id = transaction.connection, stored.child_id
    stood = standing_of(connection, [child_id]).get((child_id, made.model))
    put_standing(connection, child_id, made)
    if stored.model != made.model:
        return  # beside scores that aren't the child's any more
    model = weights.of(connection, stored.document_hash).model
    tell_judged(transaction, stored, model, stood, Standing.of(child_id, made))
