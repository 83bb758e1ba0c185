"""A database of the first release, with rows in it, comes to the schema of today."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.referrals.app import MIGRATIONS
from services.referrals.domain.child_names import sound
from services.referrals.store.database import open_referrals
from services.referrals.store.history import moves_of
from services.referrals.store.references import next_serial
from shared.storage.database import write_transaction
from shared.storage.migrations import config_for, migrate
from tests.support.databases import Databases

REFERRAL = UUID("01890000-0000-7000-8000-000000000001")
ROWS = [
    "INSERT INTO child (child_id, given_name, date_of_birth_estimated, restricted, staff_relative,"
    " created_at) VALUES (:child, 'Example', false, true, false, :at)",
    "INSERT INTO referral (referral_id, child_id, type, source, received_on, recorded_at,"
    " differing_details, status, revision)"
    " VALUES (:referral, :child, 'cse', '2A', '2026-05-31', :at, '{}', 'received', 1)",
    "INSERT INTO referral_history (referral_id, revision, entry_id, at, command, to_status,"
    " client_id) VALUES (:referral, 1, :entry, :at, 'receive', 'received', 'a-system')",
]


# Allocated to a team alone, as the second release took it.
ALLOCATED = [
    *ROWS,
    "UPDATE referral SET status = 'allocated', revision = 2",
    "INSERT INTO referral_history (referral_id, revision, entry_id, at, command, from_status,"
    " to_status, client_id, person_id, reason, team) VALUES (:referral, 2, :other, :at, 'allocate',"
    " 'accepted', 'allocated', 'a-client', 'p-1', 'Twenty characters or more.', 'amber')",
]


def upgraded_from(databases: Databases, revision: str, rows: Sequence[str]) -> Engine:
    """A database of today that held rows at an earlier revision."""
    engine = open_referrals(databases.empty()).engine
    sqlite = databases.kind == "sqlite"
    ids = {
        name: REFERRAL.hex[:-1] + str(n) if sqlite else UUID(REFERRAL.hex[:-1] + str(n))
        for n, name in enumerate(("child", "referral", "entry", "other"))
    }
    ids["referral"] = REFERRAL.hex if sqlite else REFERRAL
    at = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    given = {**ids, "at": at.strftime("%Y-%m-%d %H:%M:%S.000000") if sqlite else at}
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, MIGRATIONS), revision)
        for row in rows:
            connection.execute(text(row), given)
    migrate(engine, MIGRATIONS)
    return engine


@pytest.fixture
def upgraded(databases: Databases) -> Iterator[Engine]:
    engine = upgraded_from(databases, "0001", ROWS)
    yield engine
    engine.dispose()


def test_what_was_a_teams_alone_is_with_whoever_gave_it_to_the_team(databases: Databases) -> None:
    engine = upgraded_from(databases, "0006", ALLOCATED)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT worker, worker_team, status_revision, waits_for FROM referral")
        ).one()
    engine.dispose()
    assert tuple(row) == ("p-1", "amber", 2, None)


def test_no_row_is_lost_and_a_day_follows_from_the_instant(upgraded: Engine) -> None:
    with upgraded.connect() as connection:
        (move,) = moves_of(connection, REFERRAL, None, 2)
        rows = connection.execute(text("SELECT looked_after, status FROM referral")).all()
    # Half past midnight on 1 June in London.
    assert move.decided_on.isoformat() == "2026-06-01"
    assert [tuple(row) for row in rows] == [(None, "received")]


def test_a_child_known_before_merges_and_searches_stands_alone_and_is_found(
    upgraded: Engine,
) -> None:
    with upgraded.connect() as connection:
        (row,) = connection.execute(
            text("SELECT own_restricted, own_staff_relative, survivor_id FROM child")
        )
        keys = connection.execute(text("SELECT key FROM child_name_key")).scalars().all()
    assert tuple(row) == (True, False, None)
    assert keys == [sound("example")]


def test_a_child_known_before_is_found_by_the_date_of_birth_too(databases: Databases) -> None:
    rows = [
        "INSERT INTO child (child_id, given_name, date_of_birth, date_of_birth_estimated,"
        " restricted, staff_relative, created_at)"
        " VALUES (:child, 'Example', '2012-01-02', true, true, false, :at)",
        "INSERT INTO child_name_key (key, child_id) VALUES ('02514', :child)",
    ]
    engine = upgraded_from(databases, "referrals_by_receipt", rows)
    with engine.connect() as connection:
        query = "SELECT date_of_birth, date_of_birth_estimated FROM child_name_key"
        (found,) = connection.execute(text(query))
    engine.dispose()
    assert (str(found[0]), bool(found[1])) == ("2012-01-02", True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referral SET status = 'lost'",
        "UPDATE referral_history SET team = 'amber'",
        "DELETE FROM referral_history",
        "DELETE FROM referral",
        "UPDATE referral SET status = 'duplicate'",
        "UPDATE child SET sex = 'X'",
        "UPDATE child SET ethnicity = 'XXXX'",
        "UPDATE child SET survivor_id = child_id, merged_into = child_id",
        "UPDATE child SET own_restricted = NULL",
        "UPDATE child SET ethnicity_source = 'neighbour'",
    ],
)
def test_what_must_never_be_is_still_refused(upgraded: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError), upgraded.begin() as connection:
        connection.execute(text(statement))


def test_what_was_there_gets_a_reference_and_the_next_one_counts_on(upgraded: Engine) -> None:
    with write_transaction(upgraded) as connection:
        found = connection.execute(text("SELECT reference FROM referral")).scalars().all()
        following = next_serial(connection, 2026)
    assert (found, following) == (["CE-2026-000018"], 2)


def test_what_waits_gets_a_clock_from_the_day_of_its_receipt(upgraded: Engine) -> None:
    with upgraded.connect() as connection:
        row = connection.execute(text("SELECT waits_for, due_on FROM referral")).one()
    # Received on Sunday.
    assert (row.waits_for, str(row.due_on)) == ("decision", "2026-06-01")


# Looked after in May, said nothing of by the sender; born on 1 July, some years before.
KNOWN = [
    "INSERT INTO child (child_id, date_of_birth, date_of_birth_estimated, restricted,"
    " staff_relative, created_at) VALUES (:child, '2012-07-01', false, false, false, :at)",
    "INSERT INTO referral (referral_id, reference, child_id, type, source, received_on,"
    " recorded_at, differing_details, status, revision) VALUES (:referral, 'CE-2026-000018',"
    " :child, 'cse', '2A', '2026-05-31', :at, '{}', 'received', 1)",
    "INSERT INTO looked_after_period (period_id, child_id, legal_status, began_on, ended_on)"
    " VALUES (:other, :child, 'V2', '2026-05-01', '2026-05-31')",
]


def test_what_was_known_at_a_referral_is_what_it_has_shown_until_now(databases: Databases) -> None:
    engine = upgraded_from(databases, "merged_records_index", KNOWN)
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT looked_after, age_at_referral, looked_after_at_referral FROM referral")
        ).one()
    engine.dispose()
    assert tuple(row) == (None, 13, True)


def test_of_a_referral_of_which_nothing_was_known_there_is_no_snapshot(upgraded: Engine) -> None:
    with upgraded.connect() as connection:
        row = connection.execute(
            text("SELECT age_at_referral, looked_after_at_referral FROM referral")
        ).one()
    assert tuple(row) == (None, None)


def test_a_referral_can_be_allocated(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        connection.execute(text("UPDATE referral SET status = 'allocated', worker = 'p-7'"))


def test_a_referral_can_become_the_duplicate_of_one_that_is_there(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        connection.execute(
            text("UPDATE referral SET status = 'duplicate', duplicate_of = referral_id")
        )
    nobody = "UPDATE referral SET duplicate_of = child_id"
    with pytest.raises(DBAPIError), upgraded.begin() as connection:
        connection.execute(text(nobody))
