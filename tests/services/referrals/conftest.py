"""The referrals service over HTTP, on each database."""

from collections.abc import Iterator

import pytest

from tests.services.referrals.support import Referrals, assembled
from tests.support.databases import Databases
from tests.support.service import SettableClock


@pytest.fixture
def referrals(databases: Databases, clock: SettableClock) -> Iterator[Referrals]:
    """A referrals service with an empty database of its own."""
    service = assembled(databases.fresh("referrals"), clock)
    yield service
    service.close()
