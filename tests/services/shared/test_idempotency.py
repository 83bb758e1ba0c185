"""A key stands for one request: said again it gets the first answer, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, MetaData

from shared.domain.errors import InvalidError
from shared.storage.database import open_database, write_transaction
from shared.storage.idempotency import Claim, Kept, claim, idempotency_table, keep
from tests.support.databases import Databases

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
WANTED = Claim("police-feed", "POST /v1/indicator-updates", "key-00000001", "a" * 64)
ANSWER = Kept(201, {"Location": "/v1/x"}, "{}")


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    found = open_database(databases.empty())
    metadata = MetaData()
    idempotency_table(metadata)
    with write_transaction(found) as connection:
        metadata.create_all(connection)
    yield found
    found.dispose()


def test_a_key_is_new_once_and_then_answers_as_the_first_time(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        assert claim(connection, WANTED, NOON) is None
        keep(connection, WANTED, ANSWER)
    with write_transaction(engine) as connection:
        assert claim(connection, WANTED, NOON) == ANSWER


def test_a_key_is_refused_for_another_body(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        claim(connection, WANTED, NOON)
        keep(connection, WANTED, ANSWER)
    other = Claim(WANTED.consumer, WANTED.route, WANTED.key, "b" * 64)
    with pytest.raises(InvalidError), write_transaction(engine) as connection:
        claim(connection, other, NOON)
