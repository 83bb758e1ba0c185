"""Versions of the weights: nobody changes a weight alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.scoring.app import create_app, prepare
from services.scoring.tables import model_version
from tests.support.databases import Databases
from tests.support.scoring import REASON, ScoringUnderTest, scoring_on, scoring_settings
from tests.support.service import SettableClock

PATH = "/v1/models/seraf/versions/1.0"


@pytest.fixture
def shipped(databases: Databases, clock: SettableClock) -> Iterator[ScoringUnderTest]:
    """Scoring as installed: the shipped weights are validated, none counts."""
    under_test = scoring_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def propose(scoring: ScoringUnderTest, person_id: str | None = "p-author", **facts: Any) -> Any:
    client = scoring.client("models:propose", person_id=person_id, **facts)
    return client.post(f"{PATH}/proposal", json={"reason": REASON})


def approve(scoring: ScoringUnderTest, person_id: str | None = "p-approver", **body: Any) -> Any:
    client = scoring.client("models:approve", person_id=person_id)
    content = {**scoring.assessed(PATH), "reason": REASON, **body}
    return client.post(f"{PATH}/approval", json=content)


def test_as_shipped_no_version_counts_and_a_score_says_so(shipped: ScoringUnderTest) -> None:
    child = shipped.child()
    answer = shipped.practitioner().get(f"/v1/children/{child}/score")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_version_in_force")
    assert shipped.compute_all() == 0
    named = shipped.practitioner().get(f"/v1/children/{child}/score?version=1.0")
    assert named.json()["total"] == "0"


def test_two_people_put_a_version_in_force_and_the_record_names_both(
    shipped: ScoringUnderTest,
) -> None:
    assert propose(shipped).status_code == 201
    approved = approve(shipped)
    assert approved.status_code == 201
    version = approved.json()
    assert (version["author_person_id"], version["approver_person_id"]) == (
        "p-author",
        "p-approver",
    )
    assert version["state"] == "approved"
    assert version["in_force_from"] == "2026-06-01"
    assert shipped.practitioner().get("/v1/models").json()["in_force"]["seraf"] == "1.0"


def test_before_its_approval_a_version_was_not_in_force(shipped: ScoringUnderTest) -> None:
    child = shipped.child()
    propose(shipped)
    approve(shipped)
    reader = shipped.practitioner()
    assert reader.get(f"/v1/children/{child}/score?as_of=2026-06-01").status_code == 200
    assert reader.get(f"/v1/children/{child}/score?as_of=2026-05-31").status_code == 409


def test_the_author_cannot_approve_through_another_credential(shipped: ScoringUnderTest) -> None:
    propose(shipped, client_id="laptop")
    answer = approve(shipped, person_id="p-author")
    assert (answer.status_code, answer.json()["code"]) == (403, "same_person")


@pytest.mark.parametrize("call", [propose, approve])
def test_a_machine_can_neither_propose_nor_approve(shipped: ScoringUnderTest, call: Any) -> None:
    propose(shipped) if call is approve else None
    answer = call(shipped, person_id=None)
    assert (answer.status_code, answer.json()["code"]) == (403, "person_required")


@pytest.mark.parametrize("reason", [" " * 30, "\u0007" * 30, "too short", "x" * 2001])
def test_a_reason_is_a_sentence_in_words(shipped: ScoringUnderTest, reason: str) -> None:
    client = shipped.client("models:propose", person_id="p-author")
    answer = client.post(f"{PATH}/proposal", json={"reason": reason})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")


def test_a_machine_with_a_persons_id_is_still_a_machine(shipped: ScoringUnderTest) -> None:
    answer = propose(shipped, kind="machine")
    assert (answer.status_code, answer.json()["code"]) == (403, "person_required")


def test_what_nobody_proposed_nobody_can_approve(shipped: ScoringUnderTest) -> None:
    answer = approve(shipped)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_proposed")


def test_an_approval_of_other_content_is_refused(shipped: ScoringUnderTest) -> None:
    propose(shipped)
    answer = approve(shipped, document_hash="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")


def test_of_two_approvals_at_once_one_counts(shipped: ScoringUnderTest) -> None:
    propose(shipped)
    signed = {**shipped.assessed(PATH), "reason": REASON}
    approvers = [shipped.client("models:approve", person_id=f"p-{n}") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda each: each.post(f"{PATH}/approval", json=signed), approvers)
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_the_database_itself_refuses_one_person_and_other_content(
    shipped: ScoringUnderTest,
) -> None:
    propose(shipped)
    whole = {"state": "approved", "approved_at": shipped.clock(), "approver_person_id": "p-other"}
    document_hash = shipped.practitioner().get(PATH).json()["document_hash"]
    for change in (
        {**whole, "approved_hash": document_hash, "approver_person_id": "p-author"},
        {**whole, "approved_hash": "0" * 64},
        {**whole, "approved_hash": document_hash, "approver_person_id": None},
    ):
        with (
            pytest.raises(IntegrityError),
            shipped.service.database.engine.begin() as connection,
        ):
            connection.execute(update(model_version).values(**change))


def test_backdating_is_for_demonstration_only(databases: Databases, clock: SettableClock) -> None:
    settings = scoring_settings(databases.fresh("scoring"))
    prepare(settings, clock)
    scoring = ScoringUnderTest(create_app(settings, clock=clock), clock)
    propose(scoring)
    answer = approve(scoring, imported_in_force_from=date(2020, 8, 1).isoformat())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "demonstration_only"
    scoring.service.database.engine.dispose()


def test_what_was_in_force_before_was_not_so_from_a_later_day_on(shipped: ScoringUnderTest) -> None:
    propose(shipped)
    answer = approve(shipped, imported_in_force_from="2026-06-02")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_yet")
    assert approve(shipped, imported_in_force_from="2026-06-01").status_code == 201


def test_an_approval_makes_every_childs_score_due(shipped: ScoringUnderTest) -> None:
    children = [shipped.child() for _ in range(3)]
    propose(shipped)
    approve(shipped)
    assert shipped.compute_all() == 3
    assert all(shipped.score(child)["score_id"] for child in children)


def test_starting_again_keeps_versions_as_they_are(shipped: ScoringUnderTest) -> None:
    propose(shipped)
    approve(shipped)
    url = shipped.service.database.engine.url.render_as_string(hide_password=False)
    prepare(scoring_settings(url), shipped.clock)
    assert shipped.practitioner().get("/v1/models").json()["in_force"]["seraf"] == "1.0"
