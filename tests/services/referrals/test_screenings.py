"""A screening tool comes with a concern, later, or corrected; scoring hears of every answer."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import ScreeningAnswered
from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, child, counted, referral, urn
from tests.services.referrals.test_feed import told

SCREENING: dict[str, Any] = {
    "tool": "CSE screening tool, 2025",
    "observed_on": "2026-05-29",
    "answers": [
        {"code": "missing_episode", "answer": "yes"},
        {"code": "out_of_education", "answer": "not_known"},
    ],
}


def screened(referrals: Referrals, **changes: Any) -> tuple[dict[str, Any], str]:
    """A referral that came with a screening, and where its screenings are."""
    received = referrals.received(screening=SCREENING, **changes)
    return received, f"/v1/referrals/{received['id']}/screenings"


def answered(referrals: Referrals) -> list[ScreeningAnswered]:
    """What scoring was told of screenings."""
    events = [event for event in told(referrals) if event["type"] == "screening.answered"]
    return [ScreeningAnswered.model_validate(event["data"]) for event in events]


def test_what_comes_with_a_referral_is_kept_and_told_to_scoring(referrals: Referrals) -> None:
    received, path = screened(referrals)
    answer = referrals.worker().get(path).json()
    (item,) = answer["items"]
    assert (answer["referral_id"], answer["child_id"]) == (received["id"], received["child_id"])
    assert item | {"id": ""} == {
        "id": "",
        "referral_id": received["id"],
        "child_id": received["child_id"],
        "revision": 1,
        **SCREENING,
        "recorded_at": "2026-06-01T09:00:00Z",
        "by": "test-system",
        "reason": None,
    }
    (event,) = answered(referrals)
    assert event.model_dump(mode="json") == {
        "screening_id": item["id"],
        "revision": 1,
        "child_id": received["child_id"],
        "observed_on": "2026-05-29",
        "answers": SCREENING["answers"],
    }
    # The child is told of first: scoring knows whom the answers are about.
    assert [event["type"] for event in told(referrals)] == ["child.changed", "screening.answered"]


def test_a_correction_replaces_every_answer_and_loses_none(referrals: Referrals) -> None:
    _, path = screened(referrals)
    (first,) = referrals.worker().get(path).json()["items"]
    right = {**SCREENING, "answers": [{"code": "missing_episode", "answer": "no"}]}
    corrected = referrals.worker().post(
        f"{path}/{first['id']}/corrections", json={**right, "reason": REASON}
    )
    assert corrected.status_code == 201
    assert (corrected.json()["revision"], corrected.json()["by"]) == (2, "p-test")
    assert referrals.worker().get(path).json()["items"] == [corrected.json()]
    before, after = answered(referrals)
    assert before.screening_id == after.screening_id
    assert (after.revision, [each.code for each in after.answers]) == (2, ["missing_episode"])
    assert counted(referrals, "screening") == 2


def test_a_correction_of_what_somebody_else_corrected_meanwhile_is_refused(
    referrals: Referrals,
) -> None:
    received = referrals.received()
    path, worker = f"/v1/referrals/{received['id']}/screenings", referrals.worker()
    read = worker.post(path, json=SCREENING)
    correction = {**SCREENING, "reason": REASON}
    path = f"{path}/{read.json()['id']}/corrections"
    answers = [
        worker.post(path, json=correction, headers={"If-Match": read.headers["ETag"]})
        for _ in range(2)
    ]
    assert [(each.status_code, each.headers.get("ETag")) for each in answers] == [
        (201, '"2"'),
        (412, None),
    ]
    assert answers[1].json()["code"] == "changed_meanwhile"
    assert counted(referrals, "screening") == 2


def test_triage_may_screen_again_and_each_screening_is_its_own(referrals: Referrals) -> None:
    _, path = screened(referrals)
    for _ in range(2):
        assert referrals.worker().post(path, json=SCREENING).status_code == 201
    first = referrals.worker().get(f"{path}?limit=2")
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = referrals.worker().get(link)
    ids = [item["id"] for page in (first, second) for item in page.json()["items"]]
    assert ids == [str(event.screening_id) for event in reversed(answered(referrals))]


def test_a_screening_stays_with_the_record_that_the_referral_named(referrals: Referrals) -> None:
    received, path = screened(referrals)
    other = referrals.received(child={"identifiers": [urn("14/1")]})
    merged = referrals.client("children:read", "children:merge").post(
        f"/v1/children/{received['child_id']}/merge",
        json={"survivor_id": other["child_id"], "reason": REASON},
    )
    assert merged.is_success
    later = referrals.worker().post(path, json=SCREENING).json()
    # Callers read the child's id of today; scoring is told of the record, and parts it with it.
    assert later["child_id"] == other["child_id"]
    assert {str(event.child_id) for event in answered(referrals)} == {received["child_id"]}


def test_screenings_of_children_out_of_sight_are_not_found(referrals: Referrals) -> None:
    _, path = screened(referrals, child=child(access={"team": "west"}))
    (first,) = referrals.worker().get(path).json()["items"]
    north = referrals.worker(sight=Sight(teams=frozenset({"north"})))
    correction = {**SCREENING, "reason": REASON}
    for refused in (
        north.get(path),
        north.post(path, json=SCREENING),
        north.post(f"{path}/{first['id']}/corrections", json=correction),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    # Nor does a screening belong to another referral.
    other = referrals.received(child={"identifiers": [urn("14/1")]})
    foreign = f"/v1/referrals/{other['id']}/screenings/{first['id']}/corrections"
    assert referrals.worker().post(foreign, json=correction).status_code == 404
    assert counted(referrals, "screening") == 1
    # Intake is open: what a sender may not see is taken all the same.
    sent = north.post("/v1/referrals", json=referral(screening=SCREENING))
    assert (sent.status_code, sent.json()["child_id"]) == (201, None)
    assert counted(referrals, "screening") == 2


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"observed_on": "2026-06-02"}, "/observed_on", "in_the_future"),
        ({"answers": []}, "/answers", "too_few"),
        ({"tool": ""}, "/tool", "too_short"),
        ({"answers": [{"code": "Missing!", "answer": "yes"}]}, "/answers/0/code", "wrong_form"),
        ({"answers": [{"code": "missing", "answer": True}]}, "/answers/0/answer", "wrong_type"),
        ({"answers": [{"code": "missing", "answer": ""}]}, "/answers/0/answer", "wrong_form"),
        ({"answers": [SCREENING["answers"][0]] * 2}, "/answers/1/code", "answered_twice"),
    ],
)
def test_each_fault_of_a_screening_is_named_where_it_stands(
    referrals: Referrals, change: dict[str, Any], pointer: str, code: str
) -> None:
    given = {**SCREENING, **change}
    sent = referrals.system().post("/v1/referrals", json=referral(screening=given))
    assert [(e["pointer"], e["code"]) for e in sent.json()["errors"]] == [
        (f"/screening{pointer}", code)
    ]
    assert counted(referrals, "referral") == 0
    path = f"/v1/referrals/{referrals.received()['id']}/screenings"
    later = referrals.worker().post(path, json=given)
    assert [(e["pointer"], e["code"]) for e in later.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("statement", ["UPDATE screening SET tool = 'x'", "DELETE FROM screening"])
def test_the_database_changes_no_screening(referrals: Referrals, statement: str) -> None:
    screened(referrals)
    with pytest.raises(DBAPIError), referrals.service.database.engine.begin() as connection:
        connection.execute(text(statement))
