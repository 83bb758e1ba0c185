"""A list of referrals: newest first, page by page, in one query."""

import re
from typing import Any

import pytest
from sqlalchemy import event

from shared.domain.access import Sight
from tests.services.referrals.support import Referrals


def test_the_newest_referral_comes_first(referrals: Referrals) -> None:
    sent = [referrals.received()["id"] for _ in range(3)]
    items = referrals.system().get("/v1/referrals").json()["items"]
    assert [item["id"] for item in items] == sent[::-1]
    assert items[0] == referrals.system().get(f"/v1/referrals/{sent[-1]}").json()


def test_the_links_lead_through_every_page_once(referrals: Referrals) -> None:
    sent = [referrals.received()["id"] for _ in range(5)]
    caller, found = referrals.system(), list[list[str]]()
    path: str | None = "/v1/referrals?limit=2"
    while path is not None:
        response = caller.get(path)
        found.append([item["id"] for item in response.json()["items"]])
        link = response.headers.get("Link")
        path = link and link.removeprefix("<").removesuffix('>; rel="next"')
        # What comes in meanwhile disturbs no page.
        referrals.received()
    assert found == [sent[:2:-1], sent[2:0:-1], sent[:1]]


def test_a_page_that_is_just_full_has_no_next(referrals: Referrals) -> None:
    for _ in range(2):
        referrals.received()
    assert "Link" not in referrals.system().get("/v1/referrals?limit=2").headers


def test_a_list_can_be_narrowed_to_a_status_and_its_links_keep_it(referrals: Referrals) -> None:
    sent = [referrals.received()["id"] for _ in range(3)]
    for referral_id in sent[:2]:
        referrals.move(referral_id, "start_triage")
    response = referrals.system().get("/v1/referrals?status=in_triage&limit=1")
    assert [item["id"] for item in response.json()["items"]] == [sent[1]]
    assert response.headers["Link"].startswith("</v1/referrals?status=in_triage&limit=1&after=")


def test_a_list_is_one_query_however_long(referrals: Referrals) -> None:
    for _ in range(4):
        referrals.move(referrals.received()["id"], "start_triage")
    caller, asked = referrals.system(), list[str]()

    def note(*said: object) -> None:
        asked.append(str(said[2]))

    engine = referrals.service.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert len(caller.get("/v1/referrals").json()["items"]) == 4
    event.remove(engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "referrals",
        "referrals?type=cse&team=north",
        "referrals?updated_since=beginning",
        "risk-list",
        "risk-list?band=high",
        "cases",
        "caseloads",
    ],
)
def test_a_page_never_begins_with_every_child_of_a_team(referrals: Referrals, path: str) -> None:
    asked = list[tuple[str, Any]]()

    def note(*said: Any) -> None:
        asked.append((said[2], said[3]))

    scopes = ("referrals:read", "risk:read", "cases:read")
    caller = referrals.client(*scopes, sight=Sight(teams=frozenset({"north"})))
    engine = referrals.service.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert caller.get(f"/v1/{path}").status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    ((statement, given),) = [each for each in asked if "restricted" in each[0]]
    if engine.dialect.name == "sqlite":  # PostgreSQL plans by what the tables hold
        with engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
        assert not [row for row in plan if "child_by_team" in row[-1]]


@pytest.mark.parametrize(
    ("query", "status", "pointer", "code"),
    [
        ("limit=0", 422, "/limit", "too_small"),
        ("limit=201", 422, "/limit", "too_large"),
        ("limit=many", 422, "/limit", "wrong_type"),
        ("status=low", 422, "/status", "unknown_value"),
        ("after=nonsense", 422, "/after", "invalid_cursor"),
        ("after=%00", 422, "/after", "invalid_cursor"),
        ("after=" + "A" * 1001, 422, "/after", "too_long"),
        ("colour=red", 400, None, "unknown_parameter"),
        ("type=csa", 422, "/type", "unknown_value"),
        ("source=11", 422, "/source", "unknown_value"),
        ("team=North!", 422, "/team", "wrong_form"),
        ("worker=p%207", 422, "/worker", "wrong_form"),
        ("received_from=1%20June", 422, "/received_from", "invalid_date"),
        ("received_to=1899-12-31", 422, "/received_to", "too_early"),
        ("reference=CE-2026-000019", 422, "/reference", "invalid_reference"),
        ("duplicate_of=first", 422, "/duplicate_of", "invalid_id"),
        ("updated_since=referrals:12", 422, "/updated_since", "wrong_form"),
        ("updated_since=12", 422, "/updated_since", "wrong_form"),
    ],
)
def test_a_wrong_parameter_is_refused(
    referrals: Referrals, query: str, status: int, pointer: str | None, code: str
) -> None:
    response = referrals.system().get(f"/v1/referrals?{query}")
    assert response.status_code == status
    problem = response.json()
    if pointer is None:
        assert problem["code"] == code
    else:
        assert [(e["where"], e["pointer"], e["code"]) for e in problem["errors"]] == [
            ("query", pointer, code)
        ]


def test_a_cursor_leads_on_in_its_own_order_alone(referrals: Referrals) -> None:
    for _ in range(2):
        referrals.received()
    caller = referrals.system()
    orders = ("limit=1", "limit=1&updated_since=beginning")
    links = [caller.get(f"/v1/referrals?{order}").headers["Link"] for order in orders]
    cursors = [re.findall(r"after=([^>&]+)", link)[0] for link in links]
    answers = [
        caller.get(f"/v1/referrals?{order}&after={cursor}").status_code
        for order in orders
        for cursor in cursors
    ]
    assert answers == [200, 422, 422, 200]
