"""Code lists and training sessions over HTTP: what holds nobody's personal data."""

from typing import Any

from tests.services.referrals.support import REASON, Referrals, counted

SESSION: dict[str, Any] = {
    "topic": "Spotting exploitation early",
    "audience": "education",
    "mode": "online",
    "attended": 24,
    "held_on": "2026-06-01",
}


def test_a_session_is_entered_corrected_and_counted_in_its_financial_year(
    referrals: Referrals,
) -> None:
    caller = referrals.client("training:read", "training:write")
    entered = caller.post("/v1/training-sessions", json=SESSION)
    assert (entered.status_code, entered.headers["ETag"]) == (201, '"1"')
    place = entered.headers["Location"]
    for day, attended in (("2026-03-31", 5), ("2026-04-01", 7)):
        body = {**SESSION, "held_on": day, "attended": attended, "audience": "police"}
        assert caller.post("/v1/training-sessions", json=body).status_code == 201

    correction = {**SESSION, "attended": 20, "reason": REASON}
    first = caller.post(f"{place}/corrections", json=correction, headers={"If-Match": '"1"'})
    late = caller.post(f"{place}/corrections", json=correction, headers={"If-Match": '"1"'})
    assert (first.status_code, late.status_code) == (201, 412)
    history = caller.get(f"{place}/history").json()["items"]
    assert [each["attended"] for each in history] == [24, 20]
    assert caller.get(place).json()["attended"] == 20

    count = caller.get("/v1/training-sessions/counts?period=2026-27").json()
    assert count["total"] == {"sessions": 2, "attended": 27}
    assert count["by_audience"]["police"] == {"sessions": 1, "attended": 7}
    before = caller.get("/v1/training-sessions/counts?period=2025-26").json()
    assert before["total"] == {"sessions": 1, "attended": 5}
    # Of a year that hasn't begun there is nothing to count, not nothing that was held.
    ahead = caller.get("/v1/training-sessions/counts?period=2027-28")
    assert ahead.json()["errors"][0]["code"] == "in_the_future"

    page = caller.get("/v1/training-sessions?limit=2")
    rest = caller.get(page.links["next"]["url"])
    assert [len(each.json()["items"]) for each in (page, rest)] == [2, 1]
    assert counted(referrals, "journal", "kind LIKE 'training.%'") == 4


def test_a_session_that_did_not_take_place_is_not_counted(referrals: Referrals) -> None:
    caller = referrals.client("training:read", "training:write")
    place = caller.post("/v1/training-sessions", json=SESSION).headers["Location"]
    body = {**SESSION, "cancelled": True, "reason": REASON}
    assert caller.post(f"{place}/corrections", json=body).status_code == 201
    count = caller.get("/v1/training-sessions/counts?period=2026-27").json()
    assert count["total"] == {"sessions": 0, "attended": 0}


def test_a_list_of_codes_may_be_kept_and_an_unknown_one_is_not_found(referrals: Referrals) -> None:
    caller = referrals.client("reference:read")
    found = caller.get("/v1/reference/police-ethnicity?at=2026-06-01")
    assert found.headers["Cache-Control"] == "private, max-age=86400"
    assert {each["valid"] for each in found.json()["codes"]} == {"yes"}
    names = [each["name"] for each in caller.get("/v1/reference").json()["items"]]
    assert all(caller.get(f"/v1/reference/{name}").status_code == 200 for name in names)
    assert caller.get("/v1/reference/nothing").status_code == 404


def test_a_session_in_the_future_or_with_unknown_fields_is_refused(referrals: Referrals) -> None:
    caller = referrals.client("training:write")
    refused = [
        caller.post("/v1/training-sessions", json={**SESSION, **wrong}).status_code
        for wrong in ({"held_on": "2026-06-02"}, {"attended": -1}, {"trainer": "Example Childtest"})
    ]
    assert refused == [422, 422, 422]
