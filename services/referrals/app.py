"""Assembles the referrals service: `uvicorn --factory services.referrals.app:from_environment`."""

from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI

from services.referrals.api import (
    caseloads,
    child_editing,
    child_facts,
    child_merges,
    child_search,
    children,
    drafts,
    events,
    reference,
    referrals,
    reports,
    reviews,
    risk_list,
    screenings,
    training,
    transitions,
)
from services.referrals.api.cases import cases, records
from services.referrals.api.cases import transitions as case_transitions
from services.referrals.service.drafts import erase_expired
from services.referrals.service.ratings import forget, take
from services.referrals.settings import Settings
from services.referrals.store.database import open_referrals
from shared.background import Background, Turn
from shared.clock import Clock, system_clock
from shared.contracts.events import CHILD_CHANGED, SCREENING_ANSWERED
from shared.events.consumer import FeedConsumer
from shared.events.feed import feed_router
from shared.http.app import service_app
from shared.http.callers import TrustedKeys
from shared.http.health import database_check, keys_check
from shared.http.key_fetching import keeping_keys
from shared.http.service import Service
from shared.peers import Connect, Peer
from shared.starting import starting
from shared.storage.migrations import migrate
from shared.storage.writing import Database

NAME = "referrals"
ERASE_SECONDS = 60.0
MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(settings: Settings) -> None:
    """Bring the database up to date. Run before the service."""
    database = open_referrals(settings.database_url)
    migrate(database.engine, MIGRATIONS)
    database.engine.dispose()


def create_app(
    settings: Settings, *, connect: Connect | None = None, clock: Clock = system_clock
) -> FastAPI:
    """The app. `connect` reaches the other services; left out: over the network."""
    connect = connect or settings.connect("gateway", "scoring")
    database = open_referrals(settings.database_url)
    trusted = TrustedKeys(settings.issuer, NAME, clock)
    scoring = FeedConsumer(
        "scoring",
        Peer("scoring", connect, settings.credentials(NAME), clock),
        database,
        clock,
        take,
        forget,
    )
    app = service_app(
        Service(NAME, database, clock, trusted, settings.cursors(NAME), (scoring.source,)),
        "Amber referrals",
        [
            referrals.router,
            transitions.router,
            drafts.router,
            screenings.router,
            caseloads.router,
            children.router,
            child_editing.router,
            child_facts.router,
            child_merges.router,
            child_search.router,
            reports.router,
            cases.router,
            case_transitions.router,
            records.router,
            risk_list.router,
            reviews.router,
            reference.router,
            training.router,
            events.router,
            feed_router([CHILD_CHANGED, SCREENING_ANSWERED]),
        ],
        Background(
            {
                "keys": keeping_keys(trusted, connect),
                "feed": scoring.turn,
                "drafts": _erasing(database, clock),
            },
            [scoring.peer.close],
        ),
        {
            "database": database_check(database, MIGRATIONS),
            "keys": keys_check(trusted),
        },
    )
    app.state.timings = settings.timings()
    return app


def _erasing(database: Database, clock: Clock) -> Turn:
    """A loop that erases drafts past their time."""

    async def turn() -> float:
        await anyio.to_thread.run_sync(erase_expired, database, clock)
        return ERASE_SECONDS

    return turn


def from_environment() -> FastAPI:
    """The app with the settings of the environment."""
    with starting():
        return create_app(Settings())
