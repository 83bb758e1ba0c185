"""Engines and transactions: SQLite embedded, PostgreSQL deployed, one way to use both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from shared.storage.pulse import Pulse, WatchedConnection
from shared.storage.turns import Turns

_TURNS = "amber_turns"

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""What is raised when the database is dead, hangs, or is too busy to answer in time."""

WAIT_SECONDS = 2
"""How long a request waits for a connection, a connect or a lock before it gives up with 503."""

POSTGRESQL_LIMITS = " ".join(
    (
        f"-c lock_timeout={WAIT_SECONDS}s",
        "-c statement_timeout=15s",
        "-c idle_in_transaction_session_timeout=30s",
        "-c timezone=UTC",
        # No request is worth other processes: starting them took longer than the whole read.
        "-c max_parallel_workers_per_gather=0",
        # Nor worth compiling: 13 ms of the 19 that the evidence of 50 children took.
        "-c jit=off",
    )
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite would drop the zone; a naive value is a fault of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`, every wait bounded."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return _open_postgresql(url)


def _open_postgresql(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,
        connect_args={
            "connect_timeout": WAIT_SECONDS,
            "options": POSTGRESQL_LIMITS,
            # A database that vanished mid-statement is noticed by TCP, not waited for.
            "tcp_user_timeout": WAIT_SECONDS * 1000,
        },
    )
    host, port = engine.url.host, engine.url.port or 5432
    pulse = Pulse(host, port) if host else None

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: Dialect, _record: object, arguments: list[Any], keywords: dict[str, Any]
    ) -> WatchedConnection:
        if pulse is not None:
            pulse.require()
        connection: WatchedConnection = WatchedConnection.connect(*arguments, **keywords)
        connection.pulse = pulse
        return connection

    return engine


def wait_without_limit(connection: Connection) -> None:
    """For a migration, or a walk over all that is stored: its statements take as long as they take,
    and wait for any lock. That the server is there at all is still asked."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        driver = connection.connection.driver_connection
        assert isinstance(driver, WatchedConnection)  # noqa: S101  # made by `_open_postgresql`
        driver.limit_seconds = None


def _open_sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # The driver's own BEGIN comes too late: see HOUSE, 400 read-modify-writes that counted 100.
    engine = create_engine(
        url,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,
        execution_options={_TURNS: Turns()},
        # Other processes still have to be waited for, in no order.
        connect_args={"timeout": WAIT_SECONDS, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401  # the driver's own object
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # else REPLACE deletes rows past their guards
            "wal_autocheckpoint=4000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("amber_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read transaction that sees one moment throughout, and cannot write."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(  # noqa: PLW2901  # the same connection
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A write transaction: commits at the end, rolls back on any error."""
    with (
        _turn_to_write(engine),
        engine.connect() as connection,
        connection.execution_options(amber_writes=True).begin(),
    ):
        yield connection


@contextmanager
def _turn_to_write(engine: Engine) -> Iterator[None]:
    turns: Turns | None = engine.get_execution_options().get(_TURNS)
    if turns is None:  # PostgreSQL has many writers at a time
        yield
        return
    with turns.one(WAIT_SECONDS):
        yield
