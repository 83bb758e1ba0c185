"""Scoring on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.support.databases import Databases
from tests.support.scoring import ScoringUnderTest, scoring_in_force, scoring_on
from tests.support.service import SettableClock


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[ScoringUnderTest]:
    """Scoring with SERAF 1.0 in force since August 2020."""
    under_test = scoring_in_force(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


@pytest.fixture
def with_floors(databases: Databases, clock: SettableClock) -> Iterator[ScoringUnderTest]:
    """Scoring under a model in which harm lifts the band through floors."""
    scoring = scoring_on(databases, clock)
    scoring.put_in_force("0.1", date(2026, 1, 1), "child-exploitation")
    scoring.make_primary("child-exploitation")
    yield scoring
    scoring.service.database.engine.dispose()
