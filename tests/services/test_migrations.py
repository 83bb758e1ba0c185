"""Every service's schema: what the migrations make is what the tables say."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from alembic import command
from sqlalchemy import MetaData, insert, select

from services.scoring import tables as scoring_tables
from services.scoring.domain.lifecycle import State
from services.scoring.store.feeds import ranges_of, source_of
from services.scoring.store.versions import one_version, steps_of
from shared.ids import new_id
from shared.storage.database import open_database, reading, write_transaction
from shared.storage.journal import Entry, append
from shared.storage.migrations import config_for, migrate
from tests.support.databases import Databases, migrations_of

SERVICES = ["gateway", "referrals", "scoring"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_make_the_tables_that_the_code_expects(
    databases: Databases, service: str
) -> None:
    import_module(f"services.{service}.tables")
    engine = open_database(databases.empty())
    migrate(engine, migrations_of(service))
    migrate(engine, migrations_of(service))  # again: nothing to do
    with engine.connect() as connection:
        command.check(config_for(connection, migrations_of(service)))
    engine.dispose()


def test_scores_stored_before_a_child_had_a_standing_get_one_and_are_computed_again(
    databases: Databases,
) -> None:
    engine = open_database(databases.empty())
    folder = migrations_of("scoring")
    child, first, last = new_id(), new_id(), new_id()
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), "0001")
        old = MetaData()
        old.reflect(connection)
        facts = {"team": None, "restricted": False, "staff_relative": False}
        connection.execute(insert(old.tables["child"]).values(child_id=child.hex, **facts))
        for number, score_id in enumerate((first, last), start=1):
            connection.execute(
                insert(old.tables["score"]).values(
                    score_id=score_id.hex,
                    child_id=child.hex,
                    number=number,
                    entry_id=new_id().hex,
                    calculated_at=datetime(2026, 6, number, tzinfo=UTC),
                    as_of=date(2026, 6, number),
                    model="seraf",
                    version="1.0",
                    document_hash="a" * 64,
                    engine_version="1",
                    known_position=number,
                    status="complete",
                    document="{}",
                )
            )
    migrate(engine, folder)
    with reading(engine) as connection:
        standing = connection.execute(select(scoring_tables.standing)).one()
        due = connection.execute(select(scoring_tables.score_due.c.child_id)).scalars().all()
    assert (standing.score_id, standing.document_hash) == (last, "a" * 64)
    assert due == [child]
    engine.dispose()


def test_a_source_that_spoke_before_keeps_its_numbers_and_when_it_was_last_heard(
    databases: Databases,
) -> None:
    engine = open_database(databases.empty())
    folder = migrations_of("scoring")
    child, receipt_id = new_id().hex, new_id().hex
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), "0003")
        old = MetaData()
        old.reflect(connection)
        facts = {"team": None, "restricted": False, "staff_relative": False}
        connection.execute(insert(old.tables["child"]).values(child_id=child, **facts))
        connection.execute(insert(old.tables["source"]).values(source="s", agency="police"))
        connection.execute(
            insert(old.tables["receipt"]).values(
                receipt_id=receipt_id,
                entry_id=new_id().hex,
                client_id="c",
                received_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
                results="[]",
            )
        )
        for number in (1, 2, 3, 7, 8, None):
            connection.execute(
                insert(old.tables["observation"]).values(
                    source="s",
                    source_ref=f"r{number}",
                    revision=1,
                    child_id=child,
                    agency="police",
                    code="missing_episode",
                    answer="yes",
                    observed_on=date(2026, 5, number or 9),
                    sequence=number,
                    retracted=False,
                    content_digest="a" * 64,
                    first_result="recorded",
                    receipt_id=receipt_id,
                    entry_id=new_id().hex,
                )
            )
    migrate(engine, folder)
    with reading(engine) as connection:
        source = source_of(connection, "s")
        ranges = ranges_of(connection, "s", 10)
    assert source is not None
    assert (source.state, source.last_heard_at) == (None, datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert source.last_observed_on == date(2026, 5, 9)
    assert [(each.first, each.last) for each in ranges] == [(7, 8), (1, 3)]
    engine.dispose()


def test_a_version_that_was_approved_before_has_a_history_and_stays_approved(
    databases: Databases,
) -> None:
    engine = open_database(databases.empty())
    folder = migrations_of("scoring")
    at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    named = {"model": "m", "version": "1.0", "document_hash": "a" * 64}
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), "0007")
        old = MetaData()
        old.reflect(connection)
        connection.execute(
            insert(old.tables["model_version"]).values(
                **named,
                text="the text",
                rules_hash="b" * 64,
                effective_from=date(2026, 6, 1),
                state="approved",
                author_person_id="p-1",
                proposed_at=at,
                proposal_reason="why one proposed",
                approver_person_id="p-2",
                approved_at=at,
                approval_reason="why another approved",
                approved_hash="a" * 64,
            )
        )
        append(
            connection,
            scoring_tables.journal,
            [
                Entry("model.validated", {**named, "origin": "shipped with Amber"}, None, new_id()),
                Entry(
                    "model.proposed", {**named, "person_id": "p-1", "reason": "r1"}, None, new_id()
                ),
                Entry("child.noted", {"n": 1}, None, new_id()),
                Entry(
                    "model.approved",
                    {**named, "approver_person_id": "p-2", "reason": "r2"},
                    None,
                    new_id(),
                ),
            ],
            at,
        )
    migrate(engine, folder)
    with reading(engine) as connection:
        version = one_version(connection, "m", "1.0")
        steps = steps_of(connection, "m", "1.0")
    assert version is not None
    assert (version.state, version.approved_at) == (State.APPROVED, at)
    assert [(each.command, each.person_id, each.reason) for each in steps] == [
        ("submit", None, None),
        ("propose", "p-1", "r1"),
        ("approve", "p-2", "r2"),
    ]
    engine.dispose()
