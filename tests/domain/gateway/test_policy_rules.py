"""Paths, scopes and purposes: what the policy's functions say."""

import pytest

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.paths import MAX_PATH, MAX_QUERY, is_plain, is_plain_query
from services.gateway.domain.policy import (
    ChildrenAt,
    PurposeNotAllowedError,
    PurposeRequiredError,
    Route,
    purpose_for,
)
from services.gateway.policy import load_policy
from shared.domain.errors import NotFoundError

POLICY = load_policy()
CHILD_ROUTE = Route(
    "GET",
    "/v1/children/{child_id}",
    "referrals",
    "children:read",
    ChildrenAt(("child_id",)),
    frozenset({"safeguarding", "early_help"}),
)
OPEN_ROUTE = Route("GET", "/v1/codes", "scoring", "codes:read")


def with_purposes(*purposes: str) -> Consumer:
    return Consumer("somebody", Kind.PERSON, "p-1", purposes=frozenset(purposes))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/referrals",
        "/v1/children/0190a000-0000-7000-8000-000000000001/score",
        "/v1/models/seraf/versions/1.0.0",
    ],
)
def test_a_plain_path_is_taken(path: str) -> None:
    assert is_plain(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "v1/referrals",
        "/v1/../internal/events",
        "/v1/children/..",
        "/v1/./referrals",
        "/v1//referrals",
        "/v1/referrals/",
        "/v1/children/%2e%2e/internal",
        "/v1/children/a%2Fb",
        "/v1/children/a%00",
        "/v1/children/a\nb",
        "/v1/children/a\n",
        "/v1/children/a b",
        "/v1/children/a;b",
        "/v1/children/a\\b",
        "/v1/children/é",
        "/v1/" + "a" * MAX_PATH,
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(path: str) -> None:
    assert not is_plain(path)


@pytest.mark.parametrize("query", ["", "as_of=2026-05-01", "a=1&b=%C3%A9", "q=a+b/c?d:e@f"])
def test_a_plain_query_is_taken(query: str) -> None:
    assert is_plain_query(query)


@pytest.mark.parametrize(
    "query", ["a#b", "a b", "a\x01", "a\nb", "é=1", 'a="b"', "a\\b", "a" * (MAX_QUERY + 1)]
)
def test_a_query_that_could_be_read_in_two_ways_is_refused(query: str) -> None:
    assert not is_plain_query(query)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/children",
        "/v1/referrals/a/b/c",
        "/v1/internal/events",
        "/internal/events",
        "/v1/Referrals",
        "/v2/referrals",
    ],
)
def test_a_path_that_no_line_names_is_not_found(path: str) -> None:
    with pytest.raises(NotFoundError):
        POLICY.find(path)


def test_what_stands_in_place_of_parameters_is_known_by_name() -> None:
    match = POLICY.find("/v1/models/seraf/versions/1.0.0")
    assert match.parameters == {"model": "seraf", "version": "1.0.0"}
    assert set(match.routes) == {"GET"}


def test_the_only_purpose_of_a_consumer_is_implied() -> None:
    assert purpose_for(CHILD_ROUTE, with_purposes("safeguarding"), None) == "safeguarding"


def test_a_consumer_with_several_purposes_must_say_which() -> None:
    several = with_purposes("safeguarding", "early_help", "performance")
    with pytest.raises(PurposeRequiredError, match="early_help, safeguarding"):
        purpose_for(CHILD_ROUTE, several, None)
    assert purpose_for(CHILD_ROUTE, several, "early_help") == "early_help"


@pytest.mark.parametrize(
    ("purposes", "given"),
    [
        (("safeguarding",), "early_help"),
        (("safeguarding",), "curiosity"),
        (("safeguarding",), "safeguarding, early_help"),
        (("performance",), None),
        (("performance", "safeguarding"), "performance"),
        (("safeguarding", "early_help"), ""),
    ],
)
def test_a_purpose_must_be_the_consumers_and_the_routes(
    purposes: tuple[str, ...], given: str | None
) -> None:
    with pytest.raises(PurposeNotAllowedError):
        purpose_for(CHILD_ROUTE, with_purposes(*purposes), given)


def test_a_consumer_without_purposes_sees_no_child() -> None:
    with pytest.raises(PurposeRequiredError, match="none"):
        purpose_for(CHILD_ROUTE, with_purposes(), None)


def test_what_identifies_nobody_needs_no_purpose() -> None:
    assert purpose_for(OPEN_ROUTE, with_purposes("safeguarding", "performance"), None) is None
    with pytest.raises(PurposeNotAllowedError):
        purpose_for(OPEN_ROUTE, with_purposes("safeguarding"), "performance")
