"""Services whose clock a test sets: it stands in a file, which every process reads.

AMBER_TEST_CLOCK=… uvicorn tests.support.clocked:scoring --factory
"""

import os
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI

from services.gateway import app as gateway_app
from services.gateway.settings import Settings as GatewaySettings
from services.referrals import app as referrals_app
from services.referrals.settings import Settings as ReferralsSettings
from services.scoring import app as scoring_app
from services.scoring.settings import Settings as ScoringSettings

CLOCK = "AMBER_TEST_CLOCK"


class FileClock:
    """A clock that stands where a test puts it, for every process that reads the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def stand(self, at: datetime) -> None:
        """Put it there."""
        whole = self.path.with_suffix(".new")
        whole.write_text(at.isoformat())
        whole.replace(self.path)


def gateway() -> FastAPI:
    """The gateway, under the clock."""
    return gateway_app.create_app(GatewaySettings(), clock=_clock())


def referrals() -> FastAPI:
    """Referrals, under the clock."""
    return referrals_app.create_app(ReferralsSettings(), clock=_clock())


def scoring() -> FastAPI:
    """Scoring, under the clock."""
    return scoring_app.create_app(ScoringSettings(), clock=_clock())


def _clock() -> FileClock:
    return FileClock(Path(os.environ[CLOCK]))  # noqa: TID251  # a setting of the tests themselves
