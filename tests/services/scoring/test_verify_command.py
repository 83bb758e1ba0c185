"""`amber scores verify`, in a fresh process, over the rows that another one left."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text, update

from services.scoring.tables import score
from tests.support.command import amber
from tests.support.databases import ROOT
from tests.support.scoring import ScoringUnderTest
from tests.support.scoring import update as an_update


def database_of(scoring: ScoringUnderTest) -> dict[str, str]:
    url = scoring.service.database.engine.url.render_as_string(hide_password=False)
    return {"AMBER_DATABASE_URL": url}


def verify(scoring: ScoringUnderTest) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.cli.main", "scores", "verify"],
        cwd=ROOT,
        env={**os.environ, **database_of(scoring)},  # noqa: TID251  # a child process inherits it
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def scored(scoring: ScoringUnderTest) -> ScoringUnderTest:
    children = [scoring.child() for _ in range(3)]
    body = [an_update(f"r{n}", child) for n, child in enumerate(children)]
    scoring.police().post("/v1/indicator-updates", json=body)
    scoring.compute_all()
    return scoring


def test_scores_that_follow_from_their_inputs_are_counted(scored: ScoringUnderTest) -> None:
    found = amber(["scores", "verify"], database_of(scored))
    assert found.exit_code == 0, found.output
    assert found.stdout.splitlines()[-1:] == [
        "3 stored scores checked, 0 do not follow from their inputs"
    ]
    if scored.service.database.engine.dialect.name == "postgresql":
        fresh = verify(scored)
        assert (fresh.returncode, fresh.stdout) == (0, found.stdout), fresh.stderr


def test_a_score_that_does_not_is_named(scored: ScoringUnderTest) -> None:
    with scored.service.database.engine.begin() as connection:
        on = " ON score" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER score_refuses_update{on}"))
        connection.execute(update(score).where(score.c.number == 1).values(band="category_4"))
    found = amber(["scores", "verify"], database_of(scored))
    assert found.exit_code == 1
    assert found.stdout.count("differs in: band (column)") == 3
