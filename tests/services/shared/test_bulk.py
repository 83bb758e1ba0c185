"""Many rows at once: by the quick way of each database, with the same outcome."""

from collections.abc import Hashable, Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Boolean, Column, Date, Engine, MetaData, String, Table, Uuid, select, text

from services.scoring.domain.intake import Result
from shared.storage.bulk import insert_many
from shared.storage.database import UNAVAILABLE, open_database, write_transaction
from tests.support.databases import Databases, PostgresqlDatabases

FACT = Table(
    "fact",
    MetaData(),
    Column("fact_id", Uuid, primary_key=True),
    Column("said", String(40)),
    Column("on_day", Date),
    Column("holds", Boolean),
)
ROWS: list[dict[str, Hashable]] = [
    {
        "fact_id": UUID(int=1),
        "said": 'a\ttab, a\nline, \\N, "quotes"',
        "on_day": None,
        "holds": True,
    },
    {"fact_id": UUID(int=2), "said": None, "on_day": date(2026, 5, 1), "holds": False},
    {"fact_id": UUID(int=3), "said": Result.RECORDED, "on_day": date(1999, 12, 31), "holds": None},
]
NAMES = tuple(ROWS[0])
VALUES = [tuple(row.values()) for row in ROWS]


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """A database with one empty table."""
    found = open_database(databases.empty())
    FACT.metadata.create_all(found)
    yield found
    found.dispose()


def test_rows_are_stored_as_they_are(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        insert_many(connection, FACT, NAMES, VALUES)
        insert_many(connection, FACT, NAMES, [])
    with engine.connect() as connection:
        stored = connection.execute(select(FACT).order_by(FACT.c.fact_id)).mappings()
        assert [dict(row) for row in stored] == ROWS


def test_a_table_that_cannot_be_had_in_time_makes_the_database_unavailable(
    postgresql_databases: PostgresqlDatabases,
) -> None:
    engine = open_database(postgresql_databases.empty())
    FACT.metadata.create_all(engine)
    with write_transaction(engine) as other, write_transaction(engine) as connection:
        other.execute(text("LOCK TABLE fact"))
        connection.execute(text("SET LOCAL lock_timeout = '10ms'"))
        with pytest.raises(UNAVAILABLE):
            insert_many(connection, FACT, NAMES, VALUES)
        connection.rollback()
    engine.dispose()
