"""`amber audit` of the gateway's ledger: what its owner could do to it, and what finds it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import connect
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from services.cli.audit import Chains
from services.gateway.domain.look import Look
from services.gateway.store import ledger
from services.gateway.store.database import open_gateway_database
from services.gateway.tables import ledger_child, ledger_entry, ledger_head
from shared.domain import checkpoints
from shared.domain.canonical import digest
from shared.domain.checkpoints import Checkpoint
from shared.storage.journal import GENESIS
from shared.storage.writing import Database
from tests.support.command import amber
from tests.support.databases import Databases, SqliteDatabases
from tests.support.flipping import flipped_unseen
from tests.support.service import SettableClock

CHAIN = "gateway-1"
PAGE = 4096
"""Bytes that SQLite reads at once."""
CHILD = UUID("01890000-0000-7000-8000-00000000abcd")
LOOKS = [
    Look(
        f"request-{number:04}",
        "social-worker",
        "p-social-worker",
        frozenset({CHILD}),
        "safeguarding",
        "GET",
        "/v1/children/{child_id}/score",
        200,
        ("band", "total"),
        ("merged_into",),
    )
    for number in range(5)
]


def looked_at(url: str, clock: SettableClock, looks: Sequence[Look] = LOOKS) -> Database:
    """The database of a gateway through which somebody looked at a child."""
    database = open_gateway_database(url)
    with database.engine.begin() as connection:
        ledger.start_chain(connection, CHAIN)
        for each in looks:
            ledger.append(connection, CHAIN, [each], clock())
    return database


@pytest.fixture
def database(databases: Databases, clock: SettableClock) -> Iterator[Database]:
    found = looked_at(databases.fresh("gateway"), clock)
    yield found
    found.engine.dispose()


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """What the owner of the database can do; it is undone at the end."""
    with database.engine.connect() as connection, connection.begin() as undone:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in ("ledger_entry", "ledger_child"):
                for operation in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_refuses_{operation}"))
        yield connection
        undone.rollback()


def drop(connection: Connection, *positions: int) -> None:
    for table in (ledger_child, ledger_entry):
        connection.execute(delete(table).where(table.c.position.in_(positions)))


def set_head(connection: Connection) -> None:
    """The head says what the last entry says."""
    last = select(ledger_entry).order_by(ledger_entry.c.position.desc()).limit(1)
    row = connection.execute(last).one()
    connection.execute(update(ledger_head).values(position=row.position, hash=row.hash))


def head_cut(connection: Connection) -> None:
    drop(connection, 1)


def middle_cut(connection: Connection) -> None:
    drop(connection, 3)


def swapped(connection: Connection) -> None:
    for position, request_id in ((2, "request-0002"), (3, "request-0001")):
        here = ledger_entry.c.position == position
        connection.execute(update(ledger_entry).where(here).values(request_id=request_id))


def inserted(connection: Connection) -> None:
    last = connection.execute(select(ledger_entry).where(ledger_entry.c.position == 5)).one()
    new = {**last._mapping, "position": 6, "previous_hash": last.hash, "hash": digest(b"made up")}
    connection.execute(insert(ledger_entry).values(**new))
    set_head(connection)


def another_child(connection: Connection) -> None:
    connection.execute(
        insert(ledger_child).values(instance=CHAIN, position=3, child_id=UUID(int=1))
    )


def tail_cut(connection: Connection) -> None:
    drop(connection, 4, 5)
    set_head(connection)


def rewritten(connection: Connection) -> None:
    """In another order, and the head set right: the chain alone can't tell."""
    at = connection.scalars(select(ledger_entry.c.recorded_at)).all()[0]
    drop(connection, 1, 2, 3, 4, 5)
    connection.execute(update(ledger_head).values(position=0, hash=GENESIS))
    ledger.append(connection, CHAIN, [*LOOKS[1:], LOOKS[0]], at)


def all_gone(connection: Connection) -> None:
    drop(connection, 1, 2, 3, 4, 5)
    connection.execute(delete(ledger_head))


Tamper = Callable[[Connection], None]
TAMPERS: list[tuple[Tamper, bool]] = [
    (head_cut, True),
    (middle_cut, True),
    (swapped, True),
    (inserted, True),
    (another_child, True),
    (tail_cut, False),
    (rewritten, False),
    (all_gone, False),
]
"""What is done to the chain, and whether it tells by itself, without a checkpoint."""


def test_whatever_is_done_to_a_ledger_is_found(database: Database) -> None:
    with database.reading() as connection:
        chains = Chains(database, connection, has_ledger=True)
        then = Checkpoint("gateway", "2026-06-01T09:00:00+00:00", chains.heads())
        assert list(chains.faults()) == []
    for tamper, the_chain_tells in TAMPERS:
        with unguarded(database) as connection:
            tamper(connection)
            chains = Chains(database, connection, has_ledger=True)
            assert bool([*chains.faults()]) is the_chain_tells, tamper.__name__
            against = checkpoints.faults(then, chains.heads(), chains.hash_at)
            assert [*chains.faults(), *against], tamper.__name__


def test_every_byte_of_an_entry_counts(
    sqlite_databases: SqliteDatabases, clock: SettableClock
) -> None:
    """An id in capitals is the same one, and no search for the child would find the look by it."""
    texts = (
        "instance recorded_at request_id client_id person_id purpose method route"
        " fields withheld previous_hash hash"
    )
    database = looked_at(sqlite_databases.fresh("gateway"), clock, LOOKS[:1])
    with unguarded(database) as connection:
        unseen = partial(flipped_unseen, connection, lambda: list(ledger.faults(connection)))
        assert unseen("ledger_entry", "position = 1", texts.split()) == []
        assert unseen("ledger_child", "position = 1", ("child_id",)) == []
        assert list(ledger.faults(connection)) == []
    database.engine.dispose()


def test_where_the_file_itself_is_broken_what_was_found_before_is_told(
    sqlite_databases: SqliteDatabases, clock: SettableClock
) -> None:
    database = looked_at(sqlite_databases.fresh("gateway"), clock, LOOKS * 200)
    url = database.engine.url
    database.engine.dispose()
    file = Path(str(url.database))
    with closing(connect(file)) as plain:
        plain.execute("DROP TRIGGER ledger_entry_refuses_update")
        plain.execute("UPDATE ledger_entry SET client_id = 'another' WHERE position = 1")
        plain.commit()
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    page = whole.rindex(LOOKS[-1].request_id.encode()) // PAGE * PAGE
    file.write_bytes(whole[:page] + b"\xff" * PAGE + whole[page + PAGE :])
    found = amber(["audit", "verify", "gateway"], {"AMBER_DATABASE_URL": str(url)})
    assert found.exit_code == 1
    assert "ledger:gateway-1: position 1 was changed" in found.output
    assert "ledger:the database gave no more of it (DatabaseError)" in found.output
    assert "2 faults" in found.output
