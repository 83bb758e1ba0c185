"""Scoring on both databases."""

from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.scoring import ScoringUnderTest, scoring_in_force
from tests.support.service import SettableClock


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[ScoringUnderTest]:
    """Scoring with SERAF 1.0 in force since August 2020."""
    under_test = scoring_in_force(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()
