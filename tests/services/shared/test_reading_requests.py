"""Reading a request: what is ambiguous or without bound is refused, in an answer that is small."""

import json
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field

from shared.domain.errors import FieldError, InvalidError
from shared.http.problems import install_problem_handlers
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(route_class=StrictJsonRoute)


class Pet(BaseModel):
    """A made-up thing within another."""

    model_config = ConfigDict(extra="forbid")
    name: str = ""
    legs: int = 4


class Body(BaseModel):
    """A made-up request."""

    model_config = ConfigDict(extra="forbid")
    colour: str = ""
    pet: Pet | None = None
    pets: Annotated[list[Pet], Field(max_length=200)] = []
    anything: Any = None


@router.post("/things")
async def take(body: Body, page: Annotated[int, Query()] = 1) -> int:
    """Take a thing."""
    return page + len(body.pets)


@router.get("/faults")
async def find_faults(count: int) -> None:
    """Find many faults, as a rule of ours would."""
    raise InvalidError([FieldError(f"/{n}", "bad", "Bad.") for n in range(count)])


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    return TestClient(app)


def sent(client: TestClient, body: object) -> Any:
    return client.post("/things", json=body).json()


def code_of(client: TestClient, body: object) -> str | None:
    answer = sent(client, body)
    return answer["code"] if isinstance(answer, dict) else None


def nested(levels: int) -> object:
    value: object = 1
    for level in range(levels - 1):
        value = [value] if level % 2 else {"a": value}
    return {"anything": value}


def test_an_object_with_more_keys_than_any_of_ours_is_refused_in_a_small_answer(
    client: TestClient,
) -> None:
    assert code_of(client, {"anything": {f"key{n}": n for n in range(100)}}) is None
    for keys in (101, 200_000):
        answer = client.post("/things", json={f"name{n}": n for n in range(keys)})
        assert (answer.status_code, answer.json()["code"]) == (400, "too_many_keys")
        assert len(answer.content) < 1_000


def test_a_body_nested_deeper_than_any_of_ours_is_refused(client: TestClient) -> None:
    assert code_of(client, nested(20)) is None
    assert code_of(client, nested(21)) == "invalid_json"


def test_of_many_errors_a_hundred_are_listed_and_the_rest_counted(client: TestClient) -> None:
    errors = sent(client, {"pets": [{"name": 1, "legs": "x"}] * 75})["errors"]
    assert len(errors) == 101
    assert (errors[99]["pointer"], errors[100]["code"]) == ("/pets/49/legs", "more_errors")
    assert errors[100]["message"].startswith("50 more")
    assert len(sent(client, {"pets": [{"name": 1, "legs": "x"}] * 50})["errors"]) == 100


def test_the_faults_that_a_rule_finds_are_bounded_too(client: TestClient) -> None:
    for found, listed in ((100, 100), (101, 101), (5_000, 101)):
        assert len(client.get(f"/faults?count={found}").json()["errors"]) == listed
    last = client.get("/faults?count=5000").json()["errors"][-1]
    assert (last["code"], last["message"][:9]) == ("more_errors", "4900 more")


def test_the_name_of_an_unknown_field_is_not_repeated_but_those_known_there_are_told(
    client: TestClient,
) -> None:
    body = {"jane": 1, "pet": {"zebedee": 1, "quux": 2}, "pets": [{}, {"zebedee": 1}], "colour": 5}
    answer = client.post("/things", json=body)
    assert not any(name in answer.text for name in ("jane", "zebedee", "quux"))
    assert [(e["pointer"], e["code"], e["message"]) for e in answer.json()["errors"]] == [
        ("/colour", "wrong_type", "Write a text."),
        (
            "/pet",
            "unknown_field",
            "2 fields here aren't known; leave them out. Known here: legs, name.",
        ),
        (
            "/pets/1",
            "unknown_field",
            "1 field here isn't known; leave it out. Known here: legs, name.",
        ),
        (
            "",
            "unknown_field",
            "1 field here isn't known; leave it out. Known here: anything, colour, pet, pets.",
        ),
    ]


@pytest.mark.parametrize("query", ["page=1&page=2", "page=1&page=1", "x=1&x=2"])
def test_a_query_parameter_given_twice_is_refused(client: TestClient, query: str) -> None:
    answer = client.post(f"/things?{query}", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "duplicate_parameter")
    assert client.post("/things?page=7", json={}).json() == 7


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; Charset=UTF-8", 200),
        ('application/json; charset="utf-8"', 200),
        ("application/json; charset=latin-1", 415),
        ("application/json;charset='utf-16'", 415),
        ("application/json; charset=", 415),
        ("application/json; charset=utf-8; charset=latin-1", 415),
        ("text/json", 415),
    ],
)
def test_a_body_is_read_as_utf_8_or_not_at_all(client: TestClient, media: str, status: int) -> None:
    answer = client.post("/things", content=json.dumps({}), headers={"Content-Type": media})
    assert answer.status_code == status
