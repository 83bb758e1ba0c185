"""A key stands for one request: said again it gets the first answer, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from psycopg.errors import QueryCanceled
from sqlalchemy import Engine, MetaData, text
from sqlalchemy.exc import OperationalError

from shared.domain.errors import InvalidError
from shared.storage.database import UNAVAILABLE, open_database, write_transaction
from shared.storage.idempotency import Claim, InFlightError, Kept, claim, idempotency_table, keep
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
WANTED = Claim("police-feed", "POST /v1/indicator-updates", "key-00000001", "a" * 64)
ANSWER = Kept(201, {"Location": "/v1/x"}, "{}")


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    found = open_with_keys(databases)
    yield found
    found.dispose()


def open_with_keys(databases: Databases) -> Engine:
    """A database with the table of keys, and nothing else."""
    engine = open_database(databases.empty())
    metadata = MetaData()
    idempotency_table(metadata)
    with write_transaction(engine) as connection:
        metadata.create_all(connection)
    return engine


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


def test_a_key_that_somebody_else_holds_for_too_long_is_in_flight(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_with_keys(postgresql_databases)
    with write_transaction(engine) as first, write_transaction(engine) as second:
        claim(first, WANTED, NOON)
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(InFlightError):
            claim(second, WANTED, NOON)
    engine.dispose()


def test_another_fault_than_a_held_key_is_not_taken_for_one(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_with_keys(postgresql_databases)
    with write_transaction(engine) as first, write_transaction(engine) as second:
        claim(first, WANTED, NOON)
        second.execute(text("SET LOCAL statement_timeout = '50ms'"))
        with pytest.raises(OperationalError) as raised:
            claim(second, WANTED, NOON)
        assert isinstance(raised.value.orig, QueryCanceled)
    engine.dispose()


def test_a_busy_sqlite_is_not_taken_for_a_held_key(sqlite_databases: SqliteDatabases) -> None:
    engine = open_with_keys(sqlite_databases)
    with write_transaction(engine) as first:
        claim(first, WANTED, NOON)
        other = Claim(WANTED.consumer, WANTED.route, "key-00000002", WANTED.body_digest)
        with pytest.raises(UNAVAILABLE), write_transaction(engine) as second:
            claim(second, other, NOON)
    engine.dispose()
