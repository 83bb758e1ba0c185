"""A list is narrowed by what people and systems look for, and never shows more than one may see."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.domain.access import Sight
from tests.services.referrals.support import Referrals, child, urn


@pytest.fixture
def sent(referrals: Referrals) -> dict[str, str]:
    """Referrals that differ in everything, by name."""
    known: dict[str, dict[str, Any]] = {
        "cse": {"source": "2A", "received_on": "2026-05-28", "access": {"team": "north"}},
        "cce": {"source": "6", "received_on": "2026-05-29", "type": "cce"},
        "both": {"source": "6", "received_on": "2026-06-01", "type": "both"},
        "hidden": {"received_on": "2026-05-28", "access": {"team": "north", "restricted": True}},
    }
    found: dict[str, str] = {}
    for number, (name, facts) in enumerate(known.items()):
        who = child(identifiers=[urn(f"14/{number}")], access=facts.pop("access", {}))
        found[name] = referrals.received(child=who, **facts)["id"]
    for command in ("start_triage", "accept", "allocate"):
        referrals.move(found["cce"], command)
    referrals.move(found["cse"], "start_triage")
    return found


def names(caller: TestClient, sent: dict[str, str], query: str) -> list[str]:
    response = caller.get(f"/v1/referrals?{query}")
    assert response.status_code == 200, response.text
    by_id = {referral_id: name for name, referral_id in sent.items()}
    return [by_id[item["id"]] for item in response.json()["items"]]


def test_each_filter_finds_its_own(referrals: Referrals, sent: dict[str, str]) -> None:
    caller = referrals.worker()
    for query, found in {
        "": ["hidden", "both", "cce", "cse"],
        "status=received": ["hidden", "both"],
        "type=cce": ["cce"],
        "type=both": ["both"],
        "source=6": ["both", "cce"],
        "source=6&type=both": ["both"],
        "team=north": ["hidden", "cse"],
        "team=west": [],
        "worker=p-0007": ["cce"],
        "received_from=2026-05-29": ["both", "cce"],
        "received_to=2026-05-29": ["cce", "hidden", "cse"],
        "received_from=2026-05-29&received_to=2026-05-29": ["cce"],
        "received_from=2026-06-02": [],
        "received_from=2026-01-01&team=north": ["hidden", "cse"],
        # Thursday's decision was due on Friday, Monday's is not due yet; a worker is there.
        "overdue=true": ["hidden", "cse"],
        "overdue=true&status=in_triage": ["cse"],
        "overdue=false": ["hidden", "both", "cce", "cse"],
        # The third of the year.
        "reference=ce-2026-000034": ["both"],
    }.items():
        assert names(caller, sent, query) == found, query


def test_no_filter_shows_what_is_out_of_sight(referrals: Referrals, sent: dict[str, str]) -> None:
    caller = referrals.worker(sight=Sight(teams=frozenset({"north"})))
    for query in ("team=north", "overdue=true", "updated_since=beginning&team=north"):
        assert names(caller, sent, query) == ["cse"], query


def test_what_waits_for_an_answer_is_late_only_if_it_was_before(
    referrals: Referrals, sent: dict[str, str]
) -> None:
    referrals.move(sent["both"], "start_triage")
    referrals.move(sent["both"], "request_information")
    referrals.move(sent["cse"], "request_information")
    referrals.clock.forward(days=30)
    assert names(referrals.worker(), sent, "overdue=true&status=awaiting_information") == ["cse"]


def test_an_original_finds_its_duplicates(referrals: Referrals, sent: dict[str, str]) -> None:
    again = referrals.received(child={"identifiers": [urn("14/0")]})
    referrals.move(again["id"], "start_triage")
    referrals.move(again["id"], "mark_duplicate", duplicate_of=sent["cse"])
    found = names(referrals.worker(), {**sent, "again": again["id"]}, f"duplicate_of={sent['cse']}")
    assert found == ["again"]


def test_days_of_receipt_are_listed_in_their_order_page_by_page(
    referrals: Referrals, sent: dict[str, str]
) -> None:
    """What was entered late stands where it belongs."""
    late = referrals.received(child=child(identifiers=[urn("14/9")]), received_on="2026-05-28")
    caller, found = referrals.worker(), list[str]()
    link = "/v1/referrals?received_to=2026-06-01&limit=1"
    while link:
        answer = caller.get(link)
        found += [each["id"] for each in answer.json()["items"]]
        link = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
    days = (sent["both"], sent["cce"], late["id"], sent["hidden"], sent["cse"])
    assert found == list(days)
    first = caller.get("/v1/referrals?limit=1").headers["Link"]
    other_order = first.removeprefix("<").removesuffix('>; rel="next"') + "&received_to=2026-06-01"
    assert caller.get(other_order).json()["errors"][0]["code"] == "invalid_cursor"


def test_the_links_of_a_narrowed_list_keep_every_filter(
    referrals: Referrals, sent: dict[str, str]
) -> None:
    caller = referrals.worker()
    query = "source=6&received_from=2026-05-01&received_to=2026-06-01&limit=1"
    response = caller.get(f"/v1/referrals?{query}")
    link = response.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    assert link.startswith(
        "/v1/referrals?source=6&received_from=2026-05-01&received_to=2026-06-01&limit=1&after="
    )
    assert [item["id"] for item in caller.get(link).json()["items"]] == [sent["cce"]]
