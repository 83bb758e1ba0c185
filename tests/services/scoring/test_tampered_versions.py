"""Who changed which weights, when somebody rewrites it in the database: found, and named."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, delete, text
from sqlalchemy import update as sql_update

from services.scoring.service.assessor import Assessor
from services.scoring.service.comparing.assessments import compare_assessments
from services.scoring.service.weights import Weights
from services.scoring.tables import assessment, assessment_mover, model_step, model_version
from tests.domain.scoring.small import SMALL
from tests.services.scoring.test_assessments import begin, went_missing
from tests.services.scoring.test_known_time import without_triggers
from tests.services.scoring.test_verify_command import database_of
from tests.support.command import amber
from tests.support.databases import Databases
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, Governed, governed_on, heavier_on

LATER = SMALL.replace("2026-01-01\ndecimals", "2026-12-01\ndecimals")
VERSIONS: list[tuple[str, dict[str, Any], str]] = [
    ("1.0", {"approver_person_id": "p-forged"}, "approver_person_id"),
    ("1.0", {"approval_reason": "forged"}, "approval_reason"),
    ("1.0", {"author_person_id": "p-forged"}, "author_person_id"),
    ("1.0", {"proposal_reason": "forged"}, "proposal_reason"),
    ("1.0", {"approved_assessment_id": None, "approved_engine_version": None}, "approved_assess"),
    ("1.0", {"imported_in_force_from": date(2025, 1, 1)}, "imported_in_force_from"),
    ("1.0", {"effective_from": date(2025, 1, 1)}, "effective_from"),
    ("1.0", {"text": SMALL.replace('points: "5"', 'points: "1"')}, "text"),
    ("1.0", {"text": "{"}, "text"),
    ("1.2", {"state": "validated"}, "state"),
    ("1.3", {"end_reason": "forged"}, "end_reason"),
    ("1.3", {"ended_by_person_id": "p-forged", "ended_affected": 9}, "ended_affected, ended_by"),
    (
        "1.4",
        {
            "state": "approved",
            "approver_person_id": "p-forged",
            "approved_at": datetime(2026, 5, 1, tzinfo=UTC),
            "approval_reason": "forged",
            "approved_hash": model_version.c.document_hash,
        },
        "approval_reason, approved_hash, approver_person_id, state",
    ),
]
STEP: dict[str, Any] = {
    "affected": 7,
    "document_hash": "0" * 64,
    "person_id": "p-forged",
    "reason": "forged",
    "to_state": "validated",
}


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """Versions that were approved, brought back, withdrawn and only submitted; nothing guards
    them: the owner of the database has dropped the triggers."""
    under_test = governed_on(databases, clock)
    under_test.approved("1.0", SMALL)
    clock.forward(days=1)
    under_test.approved("1.1", HEAVIER)
    clock.forward(days=1)
    assert under_test.back("emergency-return", "1.0", "1.2", "p-author").status_code == 201
    under_test.approved("1.3", LATER)
    assert under_test.end("withdrawal", "1.3").status_code == 201
    under_test.submitted("1.4", HEAVIER.replace("A small model", "Never approved"))
    assert differing(under_test) == []
    for table in ("model_version", "model_step"):
        without_triggers(under_test, table)
    yield under_test
    under_test.service.database.engine.dispose()


def differing(scoring: Governed) -> list[str]:
    found = amber(["scores", "verify"], database_of(scoring))
    assert found.exit_code in {0, 1}, found.output
    return found.stdout.splitlines()[:-3]


def test_each_rewritten_fact_of_a_version_or_a_step_is_named(scoring: Governed) -> None:
    engine = scoring.service.database.engine
    for version, change, named in VERSIONS:
        with engine.connect() as connection:
            kept = dict(_row(connection, version))
        with engine.begin() as connection:
            connection.execute(_of(version).values(**change))
        (line,) = differing(scoring)
        assert line.startswith("model_version of journal position"), line
        assert f"differs in: {named}" in line, (change, line)
        with engine.begin() as connection:
            connection.execute(_of(version).values(**{name: kept[name] for name in change}))
    with engine.begin() as connection:
        approval = model_step.c.command == "approve", model_step.c.version == "1.0"
        connection.execute(sql_update(model_step).where(*approval).values(**STEP))
    (line,) = differing(scoring)
    assert line.startswith("model_step of journal position")
    assert line.endswith(f"(model.approved) differs in: {', '.join(STEP)}")


def test_a_version_that_is_gone_or_that_nobody_told_of_is_found(scoring: Governed) -> None:
    with scoring.service.database.engine.begin() as connection:
        on = " ON model_step" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER model_step_refuses_delete{on}"))
        connection.execute(delete(model_step).where(model_step.c.version == "1.4"))
        connection.execute(_of("1.4").values(version="9.9"))
    step, gone, untold = differing(scoring)
    assert step.endswith("(model.validated) differs in: rows")
    assert gone.endswith("(model.validated) differs in: rows")
    assert untold == "model_version of small 9.9 differs in: entry_id"


NO_FIGURES = '{"scored": 0, "cells": [], "near": {}, "present": {}}'
OUTCOMES: list[tuple[list[Any], str]] = [
    ([sql_update(assessment).values(person_id="p-forged")], "person_id"),
    ([sql_update(assessment).values(status="void", completed_at=None)], "status"),
    ([sql_update(assessment).values(tally=NO_FIGURES)], "outcome"),
    ([sql_update(assessment_mover).values(band_after="low")], "outcome"),
    ([sql_update(assessment_mover).values(because="[]")], "outcome"),
    ([delete(assessment_mover)], "assessment_mover and assessment_apart"),
    ([delete(assessment_mover), sql_update(assessment).values(movers=0)], "movers, outcome"),
]


def test_an_assessment_that_says_other_than_what_was_approved_is_found(
    databases: Databases, clock: SettableClock
) -> None:
    scoring = heavier_on(databases, clock)
    went_missing(scoring, 2)
    scoring.child()
    assert begin(scoring).status_code == 201
    database = scoring.service.database
    while Assessor(database, Weights(), clock, at_once=2).work():
        pass
    for changes, named in [([], None), *OUTCOMES]:
        with database.engine.connect() as connection, connection.begin() as undone:
            without_any_trigger(connection)
            for change in changes:
                connection.execute(change)
            found = [one.differences for one in compare_assessments(connection, 2)]
            undone.rollback()
        assert ", ".join(found[-1]) == (named or "")
    database.engine.dispose()


def without_any_trigger(connection: Connection) -> None:
    """As the owner of the database can, up to the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def _is(version: str) -> Any:
    return (model_version.c.model == "small") & (model_version.c.version == version)


def _of(version: str) -> Any:
    return sql_update(model_version).where(_is(version))


def _row(connection: Any, version: str) -> Any:
    return connection.execute(model_version.select().where(_is(version))).mappings().one()
