"""Every service's schema: what the migrations make is what the tables say."""

import json
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from alembic import command
from sqlalchemy import Insert, MetaData, insert, select

from services.scoring import tables as scoring_tables
from services.scoring.domain.lifecycle import State
from services.scoring.service.primary import read_primary
from services.scoring.store.feeds import ranges_of, source_of
from services.scoring.store.judgements import standing_of
from services.scoring.store.versions import one_version, steps_of
from shared.ids import new_id
from shared.storage.database import open_database, reading, write_transaction
from shared.storage.journal import Entry, append
from shared.storage.migrations import config_for, migrate
from tests.support.databases import Databases, migrations_of

SERVICES = ["gateway", "referrals", "scoring"]


def receipt_of(receipt_id: str, old: MetaData) -> Insert:
    return insert(old.tables["receipt"]).values(
        receipt_id=receipt_id,
        entry_id=new_id().hex,
        client_id="c",
        received_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
        results="[]",
    )


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


@pytest.mark.parametrize(("scored_under", "primary"), [("other", "other"), (None, "seraf")])
def test_a_tracker_with_scores_keeps_the_model_that_they_are_of(
    databases: Databases, scored_under: str | None, primary: str
) -> None:
    """It was a setting until now; a new tracker begins with the model that ships."""
    engine = open_database(databases.empty())
    folder, child, judged = migrations_of("scoring"), new_id(), new_id()
    at, score_id = datetime(2026, 6, 1, 9, tzinfo=UTC), new_id()
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), "0013")
        old = MetaData()
        old.reflect(connection)
        began = {"first_day": at.date(), "began_at": at}
        for place, model in enumerate(["seraf", scored_under] if scored_under else []):
            version = {"model": model, "version": "1.0", "document_hash": str(place) * 64}
            connection.execute(insert(old.tables["activation"]).values(**version, **began))
            if not place:
                facts = {"restricted": False, "staff_relative": False}
                connection.execute(insert(old.tables["child"]).values(child_id=child.hex, **facts))
            score_id = new_id()
            connection.execute(
                insert(old.tables["score"]).values(
                    **version,
                    score_id=score_id.hex,
                    entry_id=new_id().hex,
                    number=place + 1,
                    child_id=child.hex,
                    calculated_at=at,
                    as_of=at.date(),
                    engine_version="1",
                    known_position=1,
                    status="complete",
                    document="{}",
                )
            )
        if scored_under:
            stands = {"child_id": child.hex, "judgement_id": judged.hex, "band": "high"}
            until = {"until_day": date(2026, 7, 1)}
            connection.execute(
                insert(old.tables["judgement"]).values(
                    **stands,
                    **until,
                    entry_id=new_id().hex,
                    score_id=score_id.hex,
                    model=scored_under,
                    reason_code="other",
                    reason="why",
                    person_id="p-1",
                    at=at,
                    on_day=date(2026, 6, 1),
                    needs_second=False,
                )
            )
            connection.execute(insert(old.tables["judgement_standing"]).values(**stands, **until))
    migrate(engine, folder)
    with reading(engine) as connection:
        found = read_primary(connection, at.date())
        numbers = connection.scalars(select(scoring_tables.activation.c.number)).all()
        stands_now = standing_of(connection, [child])
    assert found == (primary, None)
    assert sorted(numbers) == ([1, 2] if scored_under else [])
    assert list(stands_now) == ([(child, "other")] if scored_under else [])
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
        connection.execute(receipt_of(receipt_id, old))
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


def test_what_was_kept_of_rejected_updates_no_longer_holds_whom_they_named(
    databases: Databases,
) -> None:
    engine = open_database(databases.empty())
    folder = migrations_of("scoring")
    receipt_id, person = new_id().hex, {"name": "Example Childtest"}
    sent = {"source_ref": "a", "child": {"identifiers": [{"type": "upn", "value": 7}]}}
    contents = [{**sent, "person": person, "persn": person}, sent, [person], "Example Childtest"]
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), "0019")
        old = MetaData()
        old.reflect(connection)
        connection.execute(receipt_of(receipt_id, old))
        rows = [
            {"receipt_id": receipt_id, "place": place, "content": json.dumps(content)}
            for place, content in enumerate(contents)
        ]
        connection.execute(insert(old.tables["rejected_update"]), rows)
    migrate(engine, folder)
    with reading(engine) as connection:
        kept = connection.scalars(
            select(scoring_tables.rejected_update.c.content).order_by("place")
        )
        assert [json.loads(each) for each in kept] == [sent, sent, None, None]
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
            lambda: at,
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
