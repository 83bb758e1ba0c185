"""Assessing a version: the whole population is scored under it before anybody approves it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.assessed import Basis, Stand, Void, why_void
from services.scoring.domain.card import Assessed
from services.scoring.domain.engine.score import ENGINE_VERSION
from services.scoring.domain.lifecycle import Command
from services.scoring.domain.tally import Tally
from services.scoring.domain.versions import Version, followed_by
from services.scoring.service.steps import Met, Which, decided, meet
from services.scoring.store.assessments import (
    Assessment,
    Status,
    add_assessment,
    assessments_of,
    one_assessment,
    population_at,
)
from shared.contracts.caller import Caller
from shared.domain.errors import NotFoundError, StateError
from shared.ids import new_id
from shared.storage.journal import head_of
from shared.storage.writing import Writing

STARTED = "model.assessment_started"


class UnknownAssessmentError(NotFoundError):
    """No such assessment of this version."""

    code = "unknown_assessment"


class AssessmentRunningError(StateError):
    """The version is being assessed."""

    code = "assessment_running"


class AssessmentVoidError(StateError):
    """The assessment says nothing about an approval now; `why` says for what reason."""

    code = "assessment_void"


def start(transaction: Writing, caller: Caller, which: Which) -> Assessment:
    """A named person has a version assessed, against the one that it would follow, as of the first
    day that it would be in force: scores change by the days that pass, too.

    Raises:
        UnknownVersionError, PersonRequiredError: there is no such version, or no person asks.
        IllegalTransitionError: it has come further, or to an end.
        AssessmentRunningError: it is being assessed.
    """
    connection = transaction.connection
    met = meet(transaction, which)
    decided(met, Command.ASSESS, caller)
    for last in assessments_of(connection, *which, None, 1):
        if last.status is Status.RUNNING:
            raise AssessmentRunningError(
                "This version is being assessed.", assessment_id=str(last.assessment_id)
            )
    against = followed_by(met.others, met.version, met.today)
    position = head_of(connection, transaction.journal).position
    new = Assessment(
        assessment_id=new_id(),
        model=which.model,
        version=which.version,
        document_hash=met.version.document_hash,
        engine_version=ENGINE_VERSION,
        against_version=None if against is None else against.version,
        against_hash=None if against is None else against.document_hash,
        as_of=max(met.version.effective_from, met.today),
        known_position=position,
        population=population_at(connection, position),
        person_id=str(caller.deciding_person),
        started_at=transaction.now,
        status=Status.RUNNING,
        last_child_id=None,
        updated_at=transaction.now,
        scored=0,
        set_apart=0,
        movers=0,
        tally=Tally(),
        completed_at=None,
        result_hash="0" * 64,
    )
    add_assessment(connection, new)
    transaction.record(STARTED, {**named(new), "person_id": new.person_id})
    return new


def void_now(met: Met, found: Assessment, now: datetime, valid_for: timedelta) -> Void | None:
    """Why an assessment says nothing about approving the version now; None: it does."""
    against = followed_by(met.others, met.version, met.today)
    basis = Basis(
        found.status is Status.COMPLETED,
        found.document_hash,
        found.engine_version,
        found.against_hash,
        found.started_at,
    )
    stand = Stand(
        met.version.document_hash,
        ENGINE_VERSION,
        None if against is None else against.document_hash,
        now,
        valid_for,
    )
    return why_void(basis, stand)


def check_read(
    transaction: Writing, met: Met, assessment_id: UUID, engine_version: str, valid_for: timedelta
) -> Assessment:
    """The assessment that an approver has read.

    Raises:
        UnknownAssessmentError: this version has no such assessment.
        AssessmentVoidError: it says nothing about an approval now, or another engine was meant.
    """
    which = Which(met.version.model, met.version.version)
    found = read_assessment(transaction.connection, which, assessment_id)
    why = void_now(met, found, transaction.now, valid_for)
    if why is None and engine_version != found.engine_version:
        why = Void.OTHER_ENGINE
    if why is not None:
        raise AssessmentVoidError(
            "This assessment doesn't say what an approval would do now; have the version assessed"
            " again, and read it.",
            why=why,
        )
    return found


def read_assessment(connection: Connection, which: Which, assessment_id: UUID) -> Assessment:
    """An assessment of a version. Raises `UnknownAssessmentError`."""
    found = one_assessment(connection, assessment_id)
    if found is None or Which(found.model, found.version) != which:
        raise UnknownAssessmentError("This version has no assessment of that id.")
    return found


def assessed_for_card(connection: Connection, version: Version) -> Assessed | None:
    """What a card tells of: the assessment that was approved. Of any other, as of one more child
    in the next, nothing is told outside the team."""
    if version.approved_assessment_id is None:
        return None
    found = one_assessment(connection, version.approved_assessment_id)
    if found is None:
        return None
    return Assessed(
        found.as_of, found.against_version, found.population, found.set_apart, found.tally
    )


def named(one: Assessment) -> dict[str, str | None]:
    """What the journal says of which assessment it is."""
    return {
        "assessment_id": str(one.assessment_id),
        "model": one.model,
        "version": one.version,
        "document_hash": one.document_hash,
        "engine_version": one.engine_version,
        "against": one.against_version,
    }
