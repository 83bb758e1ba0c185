"""What is being assessed is worked out a part at a time: who would stand in which band. DESIGN 5.

A part is read, worked out and written in transactions of its own, so that nobody waits for it, and
what was written stays after a kill. Two processes may work out the same part; one writes it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.assessment import Mover, Part, compare
from services.scoring.domain.engine.score import ENGINE_VERSION
from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.tally import Tally
from services.scoring.service.assessing import named
from services.scoring.service.feeds import known_feeds
from services.scoring.service.steps import Met, Which, meet, tell
from services.scoring.service.weights import Weights
from services.scoring.store.assessments import (
    Assessment,
    MoverRow,
    Status,
    add_apart,
    add_movers,
    advance,
    children_after,
    next_running,
    tally_text,
)
from services.scoring.store.children import facts_for_reports
from services.scoring.store.evidence import evidence_at
from services.scoring.store.versions import Step, change_version
from shared.clock import Clock
from shared.domain.canonical import canonical_bytes, digest
from shared.storage.database import UNAVAILABLE
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.assessing")

AT_ONCE = 2000
"""Children in a part. `result_hash` goes from part to part: with another number the outcome of
earlier assessments is no longer what their hash was made over."""
VOIDED = "model.assessment_voided"
ASSESSED = "model.assessed"


Some = Callable[[Sequence[UUID]], Part]
"""What becomes of some children."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came out for a part of the children."""

    child_ids: Sequence[UUID]
    part: Part
    errors: Mapping[UUID, str]
    is_last: bool


@dataclass(slots=True)
class Assessor:
    """Works out what is being assessed, some children at a time."""

    database: Database
    weights: Weights
    clock: Clock
    at_once: int = AT_ONCE

    def work(self) -> bool:
        """Work out the next part of the assessment that waits longest. Returns whether one did."""
        with self.database.reading() as connection:
            before = next_running(connection)
            if before is None:
                return False
            other_engine = before.engine_version != ENGINE_VERSION
            found = None if other_engine else self._look(connection, before)
        with self.database.writing(self.clock) as transaction:
            if found is None:
                _void(transaction, before)
            else:
                _write(transaction, before, found)
        return True

    def _look(self, connection: Connection, job: Assessment) -> Found:
        child_ids = children_after(connection, job.known_position, job.last_child_id, self.at_once)
        some = self._scorer(connection, job)
        is_last = len(child_ids) < self.at_once
        try:
            return Found(child_ids, some(child_ids), {}, is_last)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001  # one child must not hide what becomes of others
            log.error("some children can't be assessed together: %s", type(error).__name__)  # noqa: TRY400  # a traceback could carry a child's data
            return Found(child_ids, *_one_by_one(some, child_ids), is_last)

    def _scorer(self, connection: Connection, job: Assessment) -> Some:
        after = self.weights.of(connection, job.document_hash).model
        before = None
        if job.against_hash is not None:
            before = self.weights.of(connection, job.against_hash).model
        # An agency whose silence either of the two leans on; each looks at its own.
        absences = after.absences | (before.absences if before else frozenset())
        feeds, both = known_feeds(connection), replace(after, absences=absences)

        def some(child_ids: Sequence[UUID]) -> Part:
            known = evidence_at(connection, child_ids, job.known_position)
            children = [
                feeds.beside(known[child_id], both, job.as_of, job.known_position)
                for child_id in child_ids
            ]
            told = facts_for_reports(connection, child_ids)
            facts = [told[child_id] for child_id in child_ids]
            return compare(before, after, children, facts, job.as_of)

        return some


def _one_by_one(some: Some, child_ids: Sequence[UUID]) -> tuple[Part, Mapping[UUID, str]]:
    """Those who can be scored, and by which error each of the others can't be."""
    tally, movers, errors = Tally(), list[Mover](), dict[UUID, str]()
    for place, child_id in enumerate(child_ids):
        try:
            one = some([child_id])
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001  # set apart, and counted
            errors[child_id] = type(error).__name__
        else:
            tally += one.tally
            movers += [replace(mover, place=place) for mover in one.movers]
    return Part(tally, tuple(movers)), errors


def _void(transaction: Writing, before: Assessment) -> None:
    """Begun by another engine: the figures of two engines don't add up."""
    after = replace(before, status=Status.VOID, updated_at=transaction.now)
    if advance(transaction.connection, before, after):
        transaction.record(VOIDED, named(after))


def _write(transaction: Writing, before: Assessment, found: Found) -> None:
    movers = [
        MoverRow(
            found.child_ids[mover.place],
            mover.band_before,
            mover.band_after,
            mover.total_before,
            mover.total_after,
            mover.because,
        )
        for mover in found.part.movers
    ]
    after = replace(
        before,
        last_child_id=found.child_ids[-1] if found.child_ids else before.last_child_id,
        updated_at=transaction.now,
        scored=before.scored + found.part.tally.scored,
        set_apart=before.set_apart + len(found.errors),
        movers=before.movers + len(movers),
        tally=before.tally + found.part.tally,
        result_hash=hash_of_part(before, movers, found.errors),
    )
    met = None
    if found.is_last:
        met = meet(transaction, Which(before.model, before.version))
        after = _ended(transaction, met, after)
    if not advance(transaction.connection, before, after):
        return  # another process was faster
    add_movers(transaction.connection, before.assessment_id, movers)
    add_apart(transaction.connection, before.assessment_id, dict(found.errors))
    if met is not None:
        _tell(transaction, met, after)


def _ended(transaction: Writing, met: Met, after: Assessment) -> Assessment:
    """Whole, if every child of the population was scored or set apart, and it is still asked for.

    (Children may have been merged or moved meanwhile; then the figures are of nobody's day.)
    """
    whole = after.scored + after.set_apart == after.population
    if not whole or met.version.state not in {State.VALIDATED, State.ASSESSED}:
        return replace(after, status=Status.VOID)
    result = digest(f"{after.result_hash} {tally_text(after.tally)}".encode())
    return replace(after, status=Status.COMPLETED, completed_at=transaction.now, result_hash=result)


def _tell(transaction: Writing, met: Met, after: Assessment) -> None:
    if after.status is Status.VOID:
        transaction.record(VOIDED, named(after))
        return
    step = Step(
        model=after.model,
        version=after.version,
        at=transaction.now,
        command=Command.ASSESS,
        from_state=met.version.state,
        to_state=State.ASSESSED,
        person_id=after.person_id,
        reason=None,
        document_hash=after.document_hash,
        affected=after.movers,
    )
    change_version(transaction.connection, met.version, {"state": State.ASSESSED})
    tell(
        transaction,
        ASSESSED,
        step,
        **named(after),
        population=after.population,
        set_apart=after.set_apart,
        result_hash=after.result_hash,
    )


def hash_of_part(before: Assessment, movers: Sequence[MoverRow], errors: Mapping[UUID, str]) -> str:
    """Over what came out of a part, and of all parts before it."""
    said = {
        "before": before.result_hash,
        "movers": [
            [str(each.child_id), *each[1:-1], [asdict(moved) for moved in each.because]]
            for each in movers
        ],
        "set_apart": [[str(child_id), error] for child_id, error in errors.items()],
    }
    return digest(canonical_bytes(said))
