"""A slow statement is waited for; a dead database is not."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.storage.database import open_database, reading, wait_without_limit, write_transaction
from shared.storage.pulse import ANSWER_SECONDS, STALLED_SECONDS, WatchedConnection
from tests.support.databases import PostgresqlDatabases

SLOW = text(f"SELECT pg_sleep({3 * STALLED_SECONDS})")


def test_a_statement_may_be_slow_while_the_server_answers(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_database(postgresql_databases.empty())
    with reading(engine) as connection:
        connection.execute(SLOW)
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_connection_that_got_no_answer_is_never_used_again(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_database(postgresql_databases.empty())
    began = time.monotonic()
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, WatchedConnection)
        driver.limit_seconds = STALLED_SECONDS  # as if the server had lost this one alone
        with pytest.raises(OperationalError, match="no answer"):
            connection.execute(SLOW)
    assert time.monotonic() - began < 2 * STALLED_SECONDS + ANSWER_SECONDS
    with reading(engine) as connection:
        assert connection.connection.driver_connection is not driver
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_migration_may_take_as_long_as_it_takes(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_database(postgresql_databases.empty())
    with write_transaction(engine) as connection:
        wait_without_limit(connection)
        found = [connection.scalar(text(f"SHOW {name}_timeout")) for name in ("statement", "lock")]
    assert found == ["0", "0"]
    engine.dispose()
