"""Whose work a referral is: one worker, everybody before, and how much each one has."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, child, move, urn

NUMBERS = iter(range(1, 1_000))


def allocated(referrals: Referrals, worker: str, **given: Any) -> dict[str, Any]:
    access = given.pop("access", {})
    known = child(identifiers=[urn(f"14/{next(NUMBERS)}")], access=access)
    received = referrals.received(child=known)
    for command in ("start_triage", "accept"):
        referrals.move(received["id"], command)
    answer: dict[str, Any] = referrals.move(
        received["id"], "allocate", worker=worker, **given
    ).json()
    return answer


def caseloads(referrals: Referrals, query: str = "", **facts: Any) -> dict[str, int]:
    items = referrals.worker(**facts).get(f"/v1/caseloads{query}").json()["items"]
    return {item["worker"]: item["referrals"] for item in items}


def test_one_worker_has_it_and_the_others_before_are_remembered(referrals: Referrals) -> None:
    first = allocated(referrals, "p-0007", team="amber")
    assert (first["worker"], first["worker_team"]) == ("p-0007", "amber")
    referrals.clock.forward(days=7)
    second = referrals.move(first["id"], "allocate", worker="p-0008").json()
    assert (second["worker"], second["worker_team"]) == ("p-0008", None)
    response = referrals.worker().get(f"/v1/referrals/{first['id']}/allocations")
    assert response.json()["items"] == [
        {
            "worker": "p-0007",
            "team": "amber",
            "from": "2026-06-01",
            "until": "2026-06-08",
            "reason": REASON,
            "allocated_by": "p-test",
            "recorded_at": "2026-06-01T09:00:00Z",
        },
        {
            "worker": "p-0008",
            "team": None,
            "from": "2026-06-08",
            "until": None,
            "reason": REASON,
            "allocated_by": "p-test",
            "recorded_at": "2026-06-08T09:00:00Z",
        },
    ]
    hidden = referrals.worker(sight=Sight(clearances=frozenset()))
    west = allocated(referrals, "p-0007", access={"team": "west"})
    assert hidden.get(f"/v1/referrals/{west['id']}/allocations").status_code == 404


def test_a_caseload_counts_open_work_of_children_in_sight(referrals: Referrals) -> None:
    done = allocated(referrals, "p-0007", team="amber")
    allocated(referrals, "p-0007", access={"team": "west"})
    allocated(referrals, "p-0008", team="amber", access={"restricted": True})
    everybody = {"p-0007": 2, "p-0008": 1}
    assert caseloads(referrals) == everybody
    assert caseloads(referrals, "?team=amber") == {"p-0007": 1, "p-0008": 1}
    assert caseloads(referrals, sight=Sight(teams=frozenset({"north"}))) == {"p-0007": 1}
    # A case that is closed is no work any more; one that is open still is.
    people = {
        name: referrals.client("cases:read", "cases:decide", person_id=name)
        for name in ("p-test", "p-other")
    }
    opened = people["p-test"].post("/v1/cases", json={"referral_id": done["id"], "reason": REASON})
    path = f"{opened.headers['Location']}/transitions"
    assert caseloads(referrals) == everybody
    transfer = {
        "command": "propose_transfer",
        "reason": REASON,
        "authority": "Exampleshire",
        "next_check_on": "2026-07-01",
        "score_id": None,
    }
    assert people["p-test"].post(path, json=transfer).is_success
    agreed = {"command": "transfer", "reason": REASON}
    assert people["p-other"].post(path, json=agreed).is_success
    assert caseloads(referrals) == {"p-0007": 1, "p-0008": 1}


def test_caseloads_come_page_by_page(referrals: Referrals) -> None:
    for worker in ("p-2", "p-1", "p-3"):
        allocated(referrals, worker)
    first = referrals.worker().get("/v1/caseloads?limit=2")
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = referrals.worker().get(link)
    workers = [item["worker"] for page in (first, second) for item in page.json()["items"]]
    assert workers == ["p-1", "p-2", "p-3"]
    assert "Link" not in second.headers
    wrong = referrals.worker().get("/v1/caseloads?after=WzFd")
    assert wrong.json()["errors"][0]["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    "change",
    [
        "worker = NULL",
        "worker = NULL, worker_team = NULL",
        "status = 'accepted'",
        "proposed_by = 'p-1'",
        "outcome = 'engaged'",
    ],
)
def test_the_database_keeps_one_worker_with_what_is_allocated(
    referrals: Referrals, change: str
) -> None:
    allocated(referrals, "p-0007", team="amber")
    statement = f"UPDATE referral SET {change}"  # noqa: S608  # the test's own words
    with pytest.raises(DBAPIError), referrals.service.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_somebody_asks_what_came_of_signposting(referrals: Referrals) -> None:
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    signposted = referrals.move(received["id"], "signpost").json()
    due = ("follow_up", "2026-06-29")
    assert (signposted["clock"]["waits_for"], signposted["clock"]["due_on"]) == due
    referrals.clock.forward(days=30)
    tried = referrals.move(received["id"], "record_outcome", outcome="not_reached").json()
    assert (tried["signposting_outcome"], tried["clock"]["due_on"]) == (
        "not_reached",
        "2026-07-29",
    )
    # The decision stays the one that signposted.
    assert (tried["status"], tried["decision"]) == ("signposted", signposted["decision"])
    known = referrals.move(received["id"], "record_outcome", outcome="engaged").json()
    assert (known["signposting_outcome"], known["clock"]) == ("engaged", None)
    # A report counts it where the decision put it.
    report = referrals.client("reports:read").get("/v1/reports/scrutiny?period=2026-27").json()
    outcomes = {line["code"]: line["year"] for line in report["tables"]["outcome"]}
    assert (outcomes["signposted_cyt"], sum(outcomes.values())) == (1, 1)
    reopened = referrals.move(received["id"], "reopen").json()
    assert (reopened["signposting_outcome"], reopened["clock"]["waits_for"]) == (None, "decision")
    history = referrals.worker().get(f"/v1/referrals/{received['id']}/history").json()["items"]
    assert [item["outcome"] for item in history[2:]] == [None, "not_reached", "engaged", None]
    assert move(referrals.worker(), received["id"], "record_outcome").status_code == 409
