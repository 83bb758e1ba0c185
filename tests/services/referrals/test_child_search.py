"""Looking for a child: who may be meant, within what the caller may see."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.domain.access import Sight
from tests.services.referrals.support import NHS_NUMBER, REASON, Referrals, counted, urn

BODY = {"family_name": "Child", "given_name": "Example"}


def person(referrals: Referrals, **facts: Any) -> TestClient:
    return referrals.client("children:search", "children:read", "children:merge", **facts)


def known(referrals: Referrals, number: int, **facts: Any) -> str:
    given = {"identifiers": [urn(f"14/{number}")], **BODY, **facts}
    return str(referrals.received(child=given)["child_id"])


def found(caller: TestClient, **sought: Any) -> list[str]:
    answer = caller.post("/v1/children/search", json=sought)
    assert answer.status_code == 200, answer.text
    return [each["child_id"] for each in answer.json()["items"]]


def test_candidates_come_with_score_and_reasons_the_likeliest_first(referrals: Referrals) -> None:
    caller = person(referrals)
    same = known(referrals, 1, date_of_birth="2012-01-02", sex="F")
    sounds = known(referrals, 2, given_name="Ecksample", family_name="Chylde")
    swapped = known(referrals, 3, given_name="Child", family_name="Example")
    known(referrals, 4, given_name="Else", family_name="Body", date_of_birth="2012-01-02")
    before = counted(referrals, "journal")
    answer = caller.post("/v1/children/search", json={**BODY, "date_of_birth": "2012-02-01"})
    first, *others = answer.json()["items"]
    assert first == {
        "child_id": same,
        "score": 80,
        "reasons": [
            {"code": "family_name_same", "points": 30},
            {"code": "given_name_same", "points": 20},
            {"code": "day_and_month_swapped", "points": 30},
        ],
        "given_name": "Example",
        "family_name": "Child",
        "date_of_birth": "2012-01-02",
        "date_of_birth_estimated": False,
        "sex": "F",
        "team": None,
    }
    assert {each["child_id"] for each in others} == {sounds, swapped}
    assert answer.json()["more"] is False
    assert found(caller, identifiers=[urn(" 14/2 ")]) == [sounds]
    assert found(caller, family_name="chîld", date_of_birth="2012-01-02") == [same]
    assert found(caller, family_name="Nobody", given_name="Known") == []
    assert counted(referrals, "journal") == before, "a search changes nothing"


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        (Sight(teams=frozenset({"north"})), [0, 4]),
        (Sight(teams=frozenset({"north", "south"})), [0, 1, 4]),
        (Sight(teams=frozenset({"north"}), clearances=frozenset({"restricted"})), [0, 3, 4]),
        (Sight(teams=None), [0, 1, 2, 4]),
        (Sight(), [4]),
    ],
)
def test_a_child_out_of_sight_is_no_candidate_by_name_or_number(
    referrals: Referrals, sight: Sight, seen: list[int]
) -> None:
    teams = [{"team": team} for team in ("north", "south", "west")]
    facts: list[dict[str, Any]] = [*teams, {"team": "north", "restricted": True}, {}]
    ids = [known(referrals, number, access=each) for number, each in enumerate(facts)]
    caller = person(referrals, sight=sight)
    expected = {ids[each] for each in seen}
    assert set(found(caller, **BODY)) == expected
    assert set(found(caller, identifiers=[urn(f"14/{n}") for n in range(5)])) == expected


def test_a_merged_child_is_one_candidate_found_by_either_name(referrals: Referrals) -> None:
    caller = person(referrals)
    old = known(referrals, 1, given_name="Sample", family_name="Former")
    new = known(referrals, 2)
    merge = {"survivor_id": new, "reason": REASON}
    assert caller.post(f"/v1/children/{old}/merge", json=merge).status_code == 201
    assert found(caller, **BODY) == [new]
    assert found(caller, given_name="Sample", family_name="Former") == [new]
    assert found(caller, identifiers=[urn("14/1"), urn("14/2")]) == [new]


def test_at_most_twenty_are_shown_and_that_there_are_more_is_said(referrals: Referrals) -> None:
    for number in range(21):
        known(referrals, number)
    answer = person(referrals).post("/v1/children/search", json=BODY).json()
    assert (len(answer["items"]), answer["more"]) == (20, True)


def test_too_little_or_wrong_is_refused_and_nothing_said_is_repeated_or_logged(
    referrals: Referrals, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "amber")
    caller = person(referrals)
    for body, code in (
        ({"given_name": "Hushed"}, "too_little_to_search"),
        ({"family_name": "Hushed", "given_name": "?"}, "too_little_to_search"),
        ({"family_name": "Hushed", "given_name": ""}, "too_short"),
        ({"identifiers": [{"type": "nhs_number", "value": "9990000019"}]}, "invalid_identifier"),
        ({"family_name": "Hushed", "date_of_birth": "1/2/2012"}, "invalid_date"),
        ({"surname": "Hushed"}, "unknown_field"),
    ):
        answer = caller.post("/v1/children/search", json=body)
        assert answer.status_code == 422
        assert code in {each["code"] for each in answer.json()["errors"]}, answer.text
        assert "Hushed" not in answer.text
    assert found(caller, family_name="Hushed", given_name="Tone") == []
    assert "Hushed" not in caplog.text
    reader = referrals.client("children:read")
    assert reader.post("/v1/children/search", json=BODY).status_code == 403


def test_a_number_that_somebody_else_may_see_finds_nobody(referrals: Referrals) -> None:
    referrals.received(child={"identifiers": [{"type": "nhs_number", "value": NHS_NUMBER}]})
    caller = person(referrals, sight=Sight())
    sought = {"identifiers": [{"type": "nhs_number", "value": NHS_NUMBER}]}
    assert len(found(caller, **sought)) == 1
    number = {"identifiers": [urn("14/9")], "access": {"staff_relative": True}}
    referrals.received(child=number)
    assert found(caller, identifiers=[urn("14/9")]) == []


def test_a_child_whose_names_sound_alike_is_found_by_both(referrals: Referrals) -> None:
    caller = person(referrals)
    alike = known(referrals, 1, given_name="Sampel", family_name="Sample")
    known(referrals, 2, given_name="Else", family_name="Sample")
    assert found(caller, given_name="Sampel", family_name="Sample") == [alike]
    far = {"family_name": "Sample", "date_of_birth": "2199-12-31"}
    assert found(caller, **far) == []
    beyond = caller.post("/v1/children/search", json={**far, "date_of_birth": "9999-12-31"})
    assert beyond.json()["errors"][0]["code"] == "too_late"


def test_a_child_is_found_by_the_date_of_birth_that_is_known_now(referrals: Referrals) -> None:
    caller = referrals.client("children:search", "children:read", "children:write")
    child_id = known(referrals, 1, date_of_birth="2012-01-02")

    def correct(**details: Any) -> None:
        path = f"/v1/children/{child_id}"
        tag = {"If-Match": caller.get(path).headers["ETag"]}
        body = {**details, "reason": REASON}
        assert caller.patch(path, json=body, headers=tag).status_code == 200

    def born(day: str) -> list[str]:
        return found(caller, family_name="Child", date_of_birth=day)

    assert (born("2012-01-02"), born("2012-06-07")) == ([child_id], [])
    correct(date_of_birth="2012-06-07")
    assert (born("2012-01-02"), born("2012-06-07")) == ([], [child_id])
    correct(date_of_birth_estimated=True)
    assert (born("2012-01-02"), born("2013-08-09")) == ([child_id], [])
