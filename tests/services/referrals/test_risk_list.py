"""The risk list over HTTP: order, filters, scope, reviews; no score is never low."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.referrals.store import risk
from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.referrals.support import (
    REASON,
    Referrals,
    child,
    counted,
    rating_changed,
    urn,
)

BANDS = [
    {"id": "low", "review_within": "P84D"},
    {"id": "medium", "review_within": "P28D"},
    {"id": "high", "review_within": "P7D"},
]
FACTS: dict[str, dict[str, Any]] = {
    "low": {"team": "north"},
    "none": {"team": "north"},
    "high": {"team": "south"},
    "medium": {"team": "west"},
    "hidden": {"team": "north", "restricted": True},
    "incomplete": {"team": "north"},
}
RATED: dict[str, dict[str, Any]] = {
    "low": {"band": "low", "cause": "ageing"},
    "high": {"band": "high"},
    # A judgement stands before the score's band.
    "medium": {"band": "low", "judged_band": "medium", "judgement_id": str(new_id())},
    "hidden": {"band": "high"},
    "incomplete": {"band": None, "total": None, "status": "incomplete"},
}


def listing(referrals: Referrals) -> dict[str, str]:
    """Children by their case above, with their names of it."""
    ids = {
        name: referrals.received(child=child(identifiers=[urn(f"14/{n}")], access=access))[
            "child_id"
        ]
        for n, (name, access) in enumerate(FACTS.items())
    }
    told = [
        rating_changed(ids[name], n + 1, bands=BANDS, **facts)
        for n, (name, facts) in enumerate(RATED.items())
    ]
    referrals.told(*told)
    return ids


def reader(referrals: Referrals, **facts: Any) -> TestClient:
    return referrals.client("risk:read", "risk:review", "children:read", **facts)


def names(answer: Any, ids: dict[str, str]) -> list[str]:
    by_id = {child_id: name for name, child_id in ids.items()}
    return [by_id[each["child_id"]] for each in answer.json()["items"]]


def test_the_list_is_ordered_filtered_and_within_sight(referrals: Referrals) -> None:
    ids = listing(referrals)
    caller = reader(referrals)
    page = caller.get("/v1/risk-list")
    assert names(page, ids) == ["high", "hidden", "none", "incomplete", "medium", "low"]
    shown = dict(zip(names(page, ids), page.json()["items"], strict=True))
    assert (shown["none"]["band"], shown["none"]["rating_in_words"]) == (None, "no score yet")
    assert shown["medium"]["band"] == "medium"
    assert (shown["medium"]["rating"]["band"], shown["medium"]["rating"]["judged_band"]) == (
        "low",
        "medium",
    )
    assert shown["low"]["cause"] == "ageing"
    assert shown["high"]["review_due_on"] == "2026-06-08"

    walked, path = [], "/v1/risk-list?limit=2"
    while path:
        part = caller.get(path)
        walked += names(part, ids)
        path = part.links.get("next", {}).get("url", "")
    assert walked == names(page, ids)

    for query, found in {
        "band=high": ["high", "hidden"],
        "band=none": ["none", "incomplete"],
        "band=low": ["low"],
        "team=west": ["medium"],
        "changed_since=2026-06-02": [],
        "changed_since=2026-06-01&band=medium": ["medium"],
        "overdue=true": [],
    }.items():
        assert names(caller.get(f"/v1/risk-list?{query}"), ids) == found, query

    north = reader(referrals, sight=Sight(teams=frozenset({"north"})))
    assert names(north.get("/v1/risk-list"), ids) == ["none", "incomplete", "low"]
    counts = north.get("/v1/risk-list/counts").json()
    assert counts["children"] == 3
    assert counts["items"] == [
        {"band": None, "children": 2, "overdue": 0},
        {"band": "low", "children": 1, "overdue": 0},
    ]


@pytest.mark.parametrize("few", [0, 2_000])
def test_a_narrowed_list_is_the_same_however_many_fit(
    referrals: Referrals, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(risk, "FEW", few)  # more than so many are walked past, not looked up
    ids, caller = listing(referrals), reader(referrals)
    look = {"score_id": None, "note": REASON}
    assert caller.post(f"/v1/children/{ids['low']}/reviews", json=look).is_success
    referrals.clock.forward(days=8)
    caller = reader(referrals)
    assert caller.post(f"/v1/children/{ids['medium']}/reviews", json=look).is_success
    referrals.told(rating_changed(ids["none"], 700_000, bands=BANDS, band="medium"))
    for query, found in {
        "overdue=true": ["high", "hidden"],
        "changed_since=2026-06-02": ["none"],
        "changed_since=2026-06-01": ["high", "hidden", "incomplete", "none", "medium", "low"],
        "not_reviewed_since=2026-06-09": ["high", "hidden", "incomplete", "none", "low"],
        "not_reviewed_since=2026-06-01": ["high", "hidden", "incomplete", "none"],
        "not_reviewed_since=2026-06-09&overdue=true&band=high": ["high", "hidden"],
    }.items():
        assert names(caller.get(f"/v1/risk-list?{query}&limit=200"), ids) == found, query


def test_a_review_by_a_person_starts_the_clock_again(referrals: Referrals) -> None:
    ids = listing(referrals)
    referrals.clock.forward(days=8)
    caller = reader(referrals)
    overdue = "/v1/risk-list?overdue=true"
    assert names(caller.get(overdue), ids) == ["high", "hidden"]
    place = f"/v1/children/{ids['high']}/reviews"
    body = {"score_id": None, "note": REASON}
    machine = reader(referrals, kind="machine", person_id=None)
    refused = [
        machine.post(place, json=body).status_code,
        caller.post(place, json={"note": REASON}).status_code,
        caller.post(place, json={**body, "score_id": str(new_id())}).status_code,
        caller.post(f"/v1/children/{new_id()}/reviews", json=body).status_code,
    ]
    assert refused == [403, 422, 422, 404]
    assert caller.post(place, json=body).status_code == 201
    assert names(caller.get(overdue), ids) == ["hidden"]
    seen = caller.get("/v1/risk-list?band=high").json()["items"][0]
    assert (seen["review_due_on"], seen["last_review"]["by"]) == ("2026-06-16", "p-test")
    recent = caller.get("/v1/risk-list?not_reviewed_since=2026-06-09")
    assert names(recent, ids) == ["hidden", "none", "incomplete", "medium", "low"]
    assert [each["note"] for each in caller.get(place).json()["items"]] == [REASON]
    assert counted(referrals, "journal", "kind = 'child.reviewed'") == 1

    outside = reader(referrals, sight=Sight(teams=frozenset({"north"})))
    assert outside.get(place).status_code == 404
    assert outside.post(place, json=body).status_code == 404


def test_after_a_restore_nobody_keeps_a_band_and_reviews_stay(referrals: Referrals) -> None:
    ids = listing(referrals)
    caller = reader(referrals)
    body = {"score_id": None, "note": REASON}
    caller.post(f"/v1/children/{ids['low']}/reviews", json=body)
    referrals.told(rating_changed(ids["high"], 1, bands=BANDS, band="low"), epoch="e2")
    assert names(caller.get("/v1/risk-list?band=low"), ids) == ["high"]
    assert len(caller.get("/v1/risk-list?band=none").json()["items"]) == len(FACTS) - 1
    assert len(caller.get(f"/v1/children/{ids['low']}/reviews").json()["items"]) == 1


def test_after_a_restore_a_child_who_was_rated_is_no_child_without_a_rating(
    referrals: Referrals,
) -> None:
    referral = referrals.received()
    referrals.told(rating_changed(referral["child_id"], 1, bands=BANDS, band="low"))
    referrals.told(epoch="e2")  # scoring tells nothing yet
    referrals.move(referral["id"], "start_triage")
    alone = referrals.move(referral["id"], "no_further_action")
    assert (alone.status_code, alone.json()["code"]) == (409, "not_proposed")


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMV0", "WyJhIiwiYiJd"])
def test_a_cursor_that_was_not_handed_out_is_refused(referrals: Referrals, cursor: str) -> None:
    assert reader(referrals).get(f"/v1/risk-list?after={cursor}").status_code == 422
