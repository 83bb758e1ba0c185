"""The scoring service, assembled."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import anyio
from fastapi import FastAPI

from services.scoring.api import (
    activations,
    assessments,
    drafts,
    events,
    feeds,
    held,
    judgements,
    lifecycle,
    models,
    practice,
    primary,
    scores,
    updates,
)
from services.scoring.api.arriving import Arriving
from services.scoring.service.arrivals import Arrivals
from services.scoring.service.assessor import Assessor
from services.scoring.service.attaching import forget_children, take_child
from services.scoring.service.feeds import Silence, watch
from services.scoring.service.proving import prove_some
from services.scoring.service.screening import take_screening
from services.scoring.service.storing import Worker
from services.scoring.service.weights import Weights, import_shipped
from services.scoring.settings import Settings
from services.scoring.store.database import open_scoring
from shared.background import Background, Turn
from shared.clock import Clock, system_clock
from shared.contracts.events import (
    CHILD_CHANGED,
    RATING_CHANGED,
    SCREENING_ANSWERED,
    ChildChanged,
    Event,
    ScreeningAnswered,
)
from shared.events.consumer import FeedConsumer
from shared.events.feed import feed_router
from shared.http.app import service_app
from shared.http.callers import TrustedKeys
from shared.http.health import Check, Remark, database_check, keys_check
from shared.http.key_fetching import keeping_keys
from shared.http.service import Service
from shared.peers import Connect, Peer
from shared.starting import starting
from shared.storage.migrations import migrate
from shared.storage.writing import Database, Writing

NAME = "scoring"
MIGRATIONS = Path(__file__).parent / "migrations"
IDLE_SECONDS = 0.25
WATCH_SECONDS = 15.0
PROOF_SECONDS = 10.0


def prepare(settings: Settings, clock: Clock = system_clock) -> None:
    """Bring the database up to date and store the shipped weights. Run before the service."""
    database = open_scoring(settings.database_url)
    migrate(database.engine, MIGRATIONS)
    with database.writing(clock) as transaction:
        import_shipped(transaction)
    database.engine.dispose()


def create_app(
    settings: Settings, *, connect: Connect | None = None, clock: Clock = system_clock
) -> FastAPI:
    """The app. `connect` reaches the other services; left out: over the network."""
    connect = connect or settings.connect("gateway", "referrals")
    database = open_scoring(settings.database_url)
    trusted = TrustedKeys(settings.issuer, NAME, clock)
    weights = Weights()
    worker = Worker(database, weights, clock)
    arrivals = Arrivals()
    silence = Silence(settings.silent_after_hours, settings.silent_after_hours_of)
    consumer = FeedConsumer(
        "referrals",
        Peer("referrals", connect, settings.credentials(NAME), clock),
        database,
        clock,
        partial(_take, weights),
        partial(_forget, weights),
    )
    app = service_app(
        Service(NAME, database, clock, trusted, settings.cursors(NAME), (consumer.source,)),
        "Amber scoring",
        [
            updates.router,
            feeds.router,
            held.router,
            scores.router,
            judgements.router,
            models.router,
            drafts.listing,
            drafts.router,
            lifecycle.router,
            assessments.router,
            activations.router,
            practice.router,
            primary.router,
            events.router,
            feed_router([RATING_CHANGED]),
        ],
        Background(
            {
                "keys": keeping_keys(trusted, connect),
                "feed": consumer.turn,
                "scores": _working(worker, arrivals),
                "silence": _watching(database, silence, clock),
                "assessments": _assessing(Assessor(database, weights, clock)),
                "proof": _proving(database, weights, clock),
            },
            [consumer.peer.close],
        ),
        {
            "database": database_check(database, MIGRATIONS),
            "keys": keys_check(trusted),
            "scores": _remarking(worker),
        },
    )
    app.add_middleware(Arriving, arrivals=arrivals)
    app.state.weights = weights
    app.state.silence = silence
    app.state.assessment_valid_for = timedelta(hours=settings.assessment_valid_hours)
    app.state.demo = settings.demo
    return app


def from_environment() -> FastAPI:
    """For `uvicorn --factory`."""
    with starting():
        return create_app(Settings())


def _forget(weights: Weights, transaction: Writing) -> None:
    forget_children(transaction, weights)


def _take(weights: Weights, transaction: Writing, events: Sequence[Event]) -> None:
    for event in events:
        if event.type == CHILD_CHANGED:
            take_child(transaction, weights, ChildChanged.model_validate(event.data))
        elif event.type == SCREENING_ANSWERED:
            take_screening(transaction, weights, ScreeningAnswered.model_validate(event.data))


def _remarking(worker: Worker) -> Check:
    """One child's score that can't be computed keeps no other child waiting."""

    def check() -> str | None:
        said = worker.check()
        return None if said is None else Remark(said)

    return check


def _working(worker: Worker, arrivals: Arrivals) -> Turn:
    """A loop that computes the scores that are due, some at a time, once no more updates come."""

    async def turn() -> float:
        if wait := arrivals.to_wait():
            return wait
        if await anyio.to_thread.run_sync(worker.work):
            return 0
        arrivals.worked_off()
        return IDLE_SECONDS

    return turn


def _watching(database: Database, silence: Silence, clock: Clock) -> Turn:
    """A loop that notices feeds that have fallen silent."""

    async def turn() -> float:
        await anyio.to_thread.run_sync(watch, database, silence, clock)
        return WATCH_SECONDS

    return turn


def _assessing(assessor: Assessor) -> Turn:
    """A loop that works out who would move under a version, some children at a time."""

    async def turn() -> float:
        worked = await anyio.to_thread.run_sync(assessor.work)
        return 0 if worked else IDLE_SECONDS

    return turn


def _proving(database: Database, weights: Weights, clock: Clock) -> Turn:
    """A loop that proves stored scores, some at a time; a million take about a day."""

    async def turn() -> float:
        await anyio.to_thread.run_sync(prove_some, database, weights, clock)
        return PROOF_SECONDS

    return turn
