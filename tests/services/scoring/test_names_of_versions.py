"""Who took which step with the weights, and why: told to those who decide about them."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.gateway.policy import load_policy
from services.scoring.api.version_view import DECIDING
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, governed_on

PLACES = (
    f"{MODEL}/versions/1.0",
    f"{MODEL}/versions/1.0/history",
    f"{MODEL}/versions/1.1",
    f"{MODEL}/versions/1.1/history",
    f"{MODEL}/versions/1.2",
    f"{MODEL}/versions/1.2/history",
    f"{MODEL}/versions/1.2/practice",
    f"{MODEL}/drafts",
    f"{MODEL}/drafts/1.4",
    f"{MODEL}/comments",
    "/v1/primary-model/proposals",
)
SAID = "Counts a single late return from school like a night away."


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """A version approved and retired, one withdrawn, a rollback, a draft, a comment, and another
    primary model decided on."""
    under_test = governed_on(databases, clock)
    under_test.approved("1.0", SMALL)
    under_test.submitted("1.1", HEAVIER)
    assert under_test.end("withdrawal", "1.1").status_code == 201
    assert under_test.end("retirement", "1.0").status_code == 201
    assert under_test.back("rollback", "1.0", "1.2", "p-author").status_code == 201
    under_test.author().put(f"{MODEL}/drafts/1.4", json={"document": HEAVIER})
    place = f"{MODEL}/versions/1.0/indicators/missing/comments"
    worker = under_test.client("judgements:write", person_id="p-worker")
    said = worker.post(place, json={"score_id": None, "comment": SAID})
    assert (said.status_code, said.json()["by"]) == (201, "p-worker")
    yield under_test
    under_test.service.database.engine.dispose()


def test_whoever_decides_about_weights_reads_who_took_each_step_and_why(scoring: Governed) -> None:
    for scope in DECIDING:
        told = read(scoring.client("models:read", scope))
        assert {"p-author", "p-approver", "p-worker"} <= people(told), scope
        for place in PLACES:
            assert people(told[place]), (scope, place)
        steps = told[f"{MODEL}/versions/1.1/history"]
        assert (steps["withheld"], steps["items"][-1]["reason"]) == (False, REASON)


def test_everybody_else_reads_roles_and_neither_names_nor_reasons(scoring: Governed) -> None:
    told = read(scoring.client("models:read"))
    assert people(told) == set()
    assert REASON not in str(told), "a rollback's document says no more either"
    first = told[f"{MODEL}/versions/1.0"]
    assert first["proposed_by"] == "author of the weights"
    assert first["approved_by"] == "approver of the weights, another person"
    assert first["ended"]["at"]
    steps = told[f"{MODEL}/versions/1.0/history"]
    assert steps["withheld"]
    assert [each["command"] for each in steps["items"]] == ["submit", "assess", "approve", "retire"]


def test_of_the_roles_only_authors_and_approvers_of_weights_decide_about_them() -> None:
    roles = load_policy().roles
    assert {name for name, scopes in roles.items() if DECIDING & set(scopes)} == {
        "weights_author",
        "weights_approver",
    }


def read(reader: Any) -> dict[str, Any]:
    """What a caller is told at every place."""
    answers = {place: reader.get(place) for place in PLACES}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {place: answer.json() for place, answer in answers.items()}


def people(told: Any) -> set[str]:
    """Whoever is named anywhere in it."""
    if isinstance(told, str):
        return {told} if told.startswith("p-") else set()
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return {name for each in inner for name in people(each)}
