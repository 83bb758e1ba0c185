"""The worker: after every change the scores that are due are computed and stored, with why."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.scoring.domain.attribution import Basis, Part, attribute, main_cause
from services.scoring.domain.engine.document import as_document, points
from services.scoring.domain.engine.forecast import look_again_on
from services.scoring.domain.engine.score import ENGINE_VERSION, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.versions import Version, in_force
from services.scoring.service.activating import finish_activation, note_activation
from services.scoring.service.computing import is_equal
from services.scoring.service.feeds import KnownFeeds, known_feeds
from services.scoring.service.lapsing import expire
from services.scoring.service.primary import read_primary
from services.scoring.service.telling import band_in_force, tell_score
from services.scoring.service.verifying import basis_of
from services.scoring.service.weights import Weights
from services.scoring.store.activations import no_longer_apart, set_apart
from services.scoring.store.children import keep_identifiers
from services.scoring.store.due import Looked, clear_due, lock_some_due, mark_turning_due
from services.scoring.store.evidence import evidence_behind, evidence_now
from services.scoring.store.feeds import last_turn_position
from services.scoring.store.judgements import standing_of
from services.scoring.store.scores import (
    Standing,
    StoredScore,
    add_scores,
    latest_scores,
    put_standings,
    spell,
)
from services.scoring.store.versions import all_versions
from shared.clock import Clock
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.journal import head_of
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.scores")

AT_ONCE = 50
"""Few: updates wait meanwhile for these children (on SQLite for the whole database), and whoever
gets new evidence before its turn is scored once for all of it."""
TRY_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(slots=True)
class Worker:
    """Computes what is due, some at a time. Several may run, in one process or in many."""

    database: Database
    weights: Weights
    clock: Clock
    failing: dict[UUID, str] = field(default_factory=dict)
    """Children whose score can't be computed, and by which error: set apart, still due."""
    _looked: Looked | None = None
    _expired: date | None = None
    _tried_at: datetime | None = None
    _whole: str | None = None
    """The content under which every child is known to be scored or set apart."""

    def work(self, limit: int = AT_ONCE) -> int:
        """Compute and store the scores of some children that are due. Returns how many.

        While no version of the primary model is in force nothing is computed and the marks stay.
        """
        self._end_judgements()
        with self.database.writing(self.clock) as transaction:
            # A record that is merged meanwhile would be scored, or marked, as if it stood alone.
            keep_identifiers(transaction.connection)
            today = london_date(transaction.now)
            primary = read_primary(transaction.connection, today)
            version = in_force(all_versions(transaction.connection, primary.model), today)
            if version is None:
                return 0
            feeds_position = last_turn_position(transaction.connection)
            looked = Looked(today, version.document_hash, ENGINE_VERSION, feeds_position)
            if looked != self._looked:
                # A start, a new day, another version, a feed that turned: who changes by that?
                mark_turning_due(transaction.connection, looked, transaction.now)
                model = self.weights.of(transaction.connection, version.document_hash).model
                note_activation(transaction, model, version, primary.since)
                self._tried_at = None  # it may be another's turn to fail now
            but_not = () if self._tries_again(transaction.now) else tuple(self.failing)
            child_ids = lock_some_due(transaction.connection, but_not, limit)
            # What is computed follows from everything that is in the journal by now.
            position = head_of(transaction.connection, transaction.journal).position
            known = Known(position, known_feeds(transaction.connection), feeds_position)
            run = Run(transaction, self.weights, version, today, known, self.failing)
            done = _store(run, child_ids) if child_ids else []
            clear_due(transaction.connection, done)
            no_longer_apart(transaction.connection, done)
            errors = {each: self.failing[each] for each in child_ids if each in self.failing}
            set_apart(transaction.connection, version.document_hash, errors, transaction.now)
            whole = version.document_hash == self._whole
            if not child_ids and not whole and finish_activation(transaction, version):
                whole = True
        for child_id in done:
            self.failing.pop(child_id, None)
        self._whole = version.document_hash if whole else None
        self._looked = looked
        return len(done)

    def _end_judgements(self) -> None:
        """Once a day, and on starting, whatever weights are in force."""
        today = london_date(self.clock())
        if today != self._expired:
            with self.database.writing(self.clock) as transaction:
                expire(transaction, self.weights, today)
            self._expired = today

    def _tries_again(self, now: datetime) -> bool:
        """Whether it is time to try what failed: what was wrong may have been taken back."""
        if self._tried_at is not None and now < self._tried_at + TRY_AGAIN_AFTER:
            return False
        self._tried_at = now
        return True

    def check(self) -> str | None:
        """For `/readyz`: said there, and no reason to do nothing for the other children."""
        return f"{len(self.failing)} scores can't be computed" if self.failing else None


@dataclass(frozen=True, slots=True)
class Known:
    """What a run knows beside the children's evidence."""

    position: int
    """Everything that is in the journal up to there."""
    feeds: KnownFeeds
    feeds_position: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the worker: what every score in it is computed under."""

    transaction: Writing
    weights: Weights
    version: Version
    as_of: date
    known: Known
    failing: dict[UUID, str]


def _store(run: Run, child_ids: Sequence[UUID]) -> list[UUID]:
    """Compute and store. Returns the children that were computed."""
    connection = run.transaction.connection
    latest = latest_scores(connection, child_ids)
    judged = standing_of(connection, child_ids)
    behind = evidence_behind(connection, [last.score_id for last in latest.values()])
    hashes = {run.version.document_hash, *(last.document_hash for last in latest.values())}
    models = {each: run.weights.of(connection, each).model for each in hashes}
    feeds, done, new, standings = run.known.feeds, [], [], []
    for child_id, evidence in evidence_now(connection, child_ids).items():
        last = latest.get(child_id)
        after = _basis(run, models[run.version.document_hash], evidence)
        before = None
        if last is not None:
            before = basis_of(last, models[last.document_hash], behind[last.score_id], feeds)
        try:
            stored, again = _compute(run, child_id, last, before, after)
        except Exception as error:  # noqa: BLE001  # one child must not keep the others waiting
            run.failing[child_id] = type(error).__name__
            log.error("a score can't be computed: %s", type(error).__name__)  # noqa: TRY400  # a traceback could carry a child's data
            continue
        if stored is not last:
            stands, before_it = judged.get((child_id, stored.model)), None
            if last is not None:
                stood = judged.get((child_id, last.model))
                before_it = band_in_force(last, models[last.document_hash], stood)
            changed = last is None or before_it != band_in_force(stored, after.model, stands)
            spelled = spell(stored)
            entry_id = tell_score(run.transaction, spelled, after.model, stands, changed=changed)
            new.append((spelled, entry_id))
        standings.append(
            Standing(
                child_id,
                stored.score_id,
                run.version.document_hash,
                ENGINE_VERSION,
                again,
                run.known.feeds_position,
            )
        )
        done.append(child_id)
    add_scores(connection, new)
    put_standings(connection, standings)
    return done


def _is_under_another(last: StoredScore | None, run: Run) -> bool:
    """Under other weights, or another meaning of them."""
    if last is None:
        return False
    under = (last.document_hash, last.engine_version)
    return under != (run.version.document_hash, ENGINE_VERSION)


def _basis(run: Run, model: Model, evidence: Evidence) -> Basis:
    known = run.known.feeds.beside(evidence, model, run.as_of, run.known.position)
    return Basis(model, known, run.as_of)


def _compute(
    run: Run, child_id: UUID, last: StoredScore | None, before: Basis | None, after: Basis
) -> tuple[StoredScore, date]:
    """The score to stand (the last one, where it says the same), and when to look again."""
    found = score(*after)
    again = look_again_on(found)
    document = as_document(found)
    if last is not None and is_equal(last, run.version.document_hash, document):
        return last, again
    parts: tuple[Part, ...] = ()
    if before is not None:
        told = _basis(run, before.model, after.evidence)._replace(meaning=before.meaning)
        parts = attribute(before, told, after)
    stored = StoredScore(
        score_id=new_id(),
        child_id=child_id,
        number=1 if last is None else last.number + 1,
        calculated_at=run.transaction.now,
        as_of=run.as_of,
        model=run.version.model,
        version=run.version.version,
        document_hash=run.version.document_hash,
        engine_version=ENGINE_VERSION,
        known_position=run.known.position,
        document=document,
        cause=main_cause(parts, other_model=_is_under_another(last, run)),
        parts=[part._asdict() for part in parts],
        status=found.status,
        total=None if found.standing is None else points(after.model, found.standing.total),
        band=found.band,
    )
    return stored, again
