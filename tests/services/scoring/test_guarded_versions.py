"""Who goes round the service and writes versions of the weights in the database is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy import update as sql_update
from sqlalchemy.exc import IntegrityError

from services.scoring.domain.lifecycle import TRANSITIONS, State
from services.scoring.tables import activation, assessment, model_version
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, governed_on

AT = datetime(2026, 6, 3, tzinfo=UTC)
ASSESSED = "is approved after an assessment"
RETURNS = "returns to what two approved"
PROPOSED, APPROVED, ENDED = "keeps who proposed", "keeps who approved", "keeps how it ended"
KEPT: list[tuple[str, dict[str, Any], str]] = [
    ("1.0", {"author_person_id": "p-forged"}, PROPOSED),
    ("1.0", {"proposed_at": AT}, PROPOSED),
    ("1.0", {"proposal_reason": "forged"}, PROPOSED),
    ("1.0", {"approver_person_id": "p-forged"}, APPROVED),
    ("1.0", {"approved_at": AT}, APPROVED),
    ("1.0", {"approved_at": None}, APPROVED),
    ("1.0", {"approval_reason": "forged"}, APPROVED),
    ("1.0", {"approved_hash": "0" * 64}, APPROVED),
    ("1.0", {"approved_assessment_id": None, "approved_engine_version": None}, APPROVED),
    ("1.0", {"imported_in_force_from": date(2025, 1, 1)}, APPROVED),
    ("1.2", {"approved_engine_version": "9"}, APPROVED),
    ("1.3", {"ended_at": AT}, ENDED),
    ("1.3", {"ended_by_person_id": "p-forged"}, ENDED),
    ("1.3", {"end_reason": "forged"}, ENDED),
    ("1.3", {"ended_affected": 9}, ENDED),
]


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """A version that two approved, one brought back, a withdrawn, an assessed and a validated one;
    1.1 of other rules was in force between the first two."""
    under_test = governed_on(databases, clock)
    under_test.approved("1.0", SMALL)
    clock.forward(days=1)
    under_test.approved("1.1", HEAVIER)
    clock.forward(days=1)
    assert under_test.back("emergency-return", "1.0", "1.2", "p-author").status_code == 201
    under_test.submitted("1.3", SMALL.replace("A small model", "Withdrawn"))
    assert under_test.end("withdrawal", "1.3").status_code == 201
    under_test.submitted("1.4", SMALL.replace("A small model", "Assessed"))
    under_test.assessed("/v1/models/small/versions/1.4")
    under_test.submitted("1.5", SMALL.replace("A small model", "Validated"))
    yield under_test
    under_test.service.database.engine.dispose()


def test_who_proposed_approved_and_ended_a_version_is_never_changed(scoring: Governed) -> None:
    for version, change, rule in KEPT:
        assert rule in refused(scoring, changed(version, **change)), change


def test_a_version_is_approved_only_after_a_whole_assessment_of_its_content(
    scoring: Governed,
) -> None:
    with scoring.service.database.reading() as connection:
        of = {each.version: each for each in connection.execute(select(assessment))}
        document_hash = row(connection, "1.4")["document_hash"]
    own, others = of["1.4"], of["1.1"]
    approval = {
        "state": "approved",
        "approver_person_id": "p-approver",
        "approved_at": AT,
        "approval_reason": "went round the service",
        "approved_hash": document_hash,
        "approved_assessment_id": own.assessment_id,
        "approved_engine_version": own.engine_version,
    }
    for change in (
        {"approved_assessment_id": None, "approved_engine_version": None},
        {"approved_assessment_id": others.assessment_id},
        {"approved_engine_version": "0"},
    ):
        assert ASSESSED in refused(scoring, changed("1.4", **{**approval, **change})), change
    assert refused(scoring, changed("1.4", **approval)) == ""
    team = scoring.client("models:assess", person_id="p-author")
    running = team.post(f"{MODEL}/versions/1.4/assessments", json={}).json()["assessment_id"]
    unfinished = changed("1.4", **{**approval, "approved_assessment_id": UUID(running)})
    assert ASSESSED in refused(scoring, unfinished)


def test_what_came_out_of_an_assessment_or_an_activation_is_never_changed(
    scoring: Governed,
) -> None:
    scoring.compute_all()
    anew: dict[str, Any] = {"status": "running", "completed_at": None}
    for change in ({"tally": "{}"}, {"movers": 7}, anew):
        assert "keeps what came out" in refused(scoring, sql_update(assessment).values(**change))
    another: dict[str, Any] = {"scored": 7, "population": 7}
    for change in ({"completed_at": None}, another, {"superseded_at": AT}):
        assert "keeps how it ended" in refused(scoring, sql_update(activation).values(**change))


def test_a_version_goes_from_state_to_state_as_the_commands_do(scoring: Governed) -> None:
    allowed = {(before, after) for (before, _), after in TRANSITIONS.items() if before != after}
    named = {
        "1.5": State.VALIDATED,
        "1.4": State.ASSESSED,
        "1.0": State.APPROVED,
        "1.3": State.WITHDRAWN,
    }
    end = {"ended_at": AT, "ended_by_person_id": "p", "end_reason": "forged", "ended_affected": 0}
    for version, before in named.items():
        for after in set(State) - {before, State.DRAFT}:
            ended = end if after in {State.WITHDRAWN, State.RETIRED} else {}
            refusal = refused(scoring, changed(version, state=after, **ended))
            # Who approves names more: see above.
            expected = (before, after) in allowed and after is not State.APPROVED
            assert (refusal == "") is expected, (before, after)


def test_a_version_begins_validated_or_brings_back_what_two_people_approved(
    scoring: Governed,
) -> None:
    with scoring.service.database.reading() as connection:
        approved, returned, submitted = (row(connection, each) for each in ("1.0", "1.2", "1.5"))
    new = {"version": "1.6", "document_hash": "a" * 64}
    signed = {"approved_hash": "a" * 64}
    unassessed = {"approved_assessment_id": None, "approved_engine_version": None}
    for forged, rule in (
        ({**returned, **new, **signed, "returns_to": "1.6"}, RETURNS),
        ({**returned, **new, **signed, "returns_to": "1.2"}, RETURNS),
        ({**returned, **new, **signed, "returns_to": "1.4"}, RETURNS),
        ({**submitted, **new, "returns_to": "1.6"}, RETURNS),
        ({**approved, **new, **signed, **unassessed}, "begins validated"),
        ({**submitted, **new, "state": "assessed"}, "begins validated"),
    ):
        assert rule in refused(scoring, insert(model_version).values(**forged)), rule
    for sound in ({**returned, **new, **signed}, {**submitted, **new}):
        assert refused(scoring, insert(model_version).values(**sound)) == ""


def refused(scoring: Governed, *statements: Any) -> str:
    """What the database answers to the last of some statements; nothing where it takes them. They
    are undone."""
    with scoring.service.database.engine.connect() as connection, connection.begin() as undone:
        for each in statements[:-1]:
            connection.execute(each)
        try:
            connection.execute(statements[-1])
        except IntegrityError as refusal:
            return str(refusal.orig)
        finally:
            undone.rollback()
    return ""


def changed(version: str, **change: Any) -> Any:
    """A change of a version."""
    return sql_update(model_version).where(_is(version)).values(**change)


def row(connection: Connection, version: str) -> dict[str, Any]:
    """A version as it stands."""
    return dict(connection.execute(select(model_version).where(_is(version))).mappings().one())


def _is(version: str) -> Any:
    return (model_version.c.model == "small") & (model_version.c.version == version)
