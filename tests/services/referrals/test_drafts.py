"""A referral that is written over days: its author's alone, submitted whole, erased in the end."""

from typing import Any

import pytest

from services.referrals.service.drafts import erase_expired
from shared.domain.access import Sight
from tests.services.referrals.support import NHS_NUMBER, Referrals, child, counted, referral

BEGUN = {"type": "cse", "summary": "A phone that is new, and calls at night."}
DRAFTS = "/v1/referral-drafts"


def saved(referrals: Referrals, **content: Any) -> str:
    """The address of a draft."""
    response = referrals.worker().post(DRAFTS, json={**BEGUN, **content})
    assert response.status_code == 201, response.text
    return str(response.headers["Location"])


def test_what_is_known_so_far_is_kept_and_read_again(referrals: Referrals) -> None:
    response = referrals.worker().post(DRAFTS, json=BEGUN)
    answer = response.json()
    assert (response.status_code, response.headers["ETag"]) == (201, '"1"')
    assert answer["expires_at"] == "2026-06-15T09:00:00Z"
    # What was written is answered by a read alone: no kept answer outlives the draft.
    assert "referral" not in answer
    read = referrals.worker().get(response.headers["Location"])
    assert read.headers["ETag"] == '"1"'
    assert (read.json()["child_id"], read.json()["referral"]) == (None, BEGUN)
    assert referrals.worker().get(DRAFTS).json()["items"] == [answer]
    # Nothing is received yet.
    assert referrals.worker().get("/v1/referrals").json()["items"] == []


def test_a_draft_is_written_on_by_who_read_it(referrals: Referrals) -> None:
    draft, more = saved(referrals), {**BEGUN, "source": "2A"}
    referrals.clock.forward(days=3)
    written = referrals.worker().put(draft, json=more, headers={"If-Match": '"1"'})
    assert (written.status_code, written.headers["ETag"]) == (200, '"2"')
    assert written.json()["expires_at"] == "2026-06-18T09:00:00Z"
    assert referrals.worker().get(draft).json()["referral"] == more
    for headers, status in (({"If-Match": '"1"'}, 412), ({}, 428)):
        assert referrals.worker().put(draft, json=BEGUN, headers=headers).status_code == status


def test_a_submitted_draft_is_a_referral_and_no_draft_any_more(referrals: Referrals) -> None:
    draft = saved(referrals, **referral())
    key = {"Idempotency-Key": "key-0001"}
    response = referrals.worker().post(f"{draft}/submission", headers=key)
    assert response.status_code == 201, response.text
    received = referrals.worker().get(response.headers["Location"]).json()
    assert received == response.json()
    assert (received["status"], received["reference"]) == ("received", "CE-2026-000018")
    again = referrals.worker().post(f"{draft}/submission", headers=key)
    assert (again.status_code, again.json()["id"]) == (201, received["id"])
    assert referrals.worker().get(draft).status_code == 404
    assert (counted(referrals, "referral_draft"), counted(referrals, "referral")) == (0, 1)


def test_what_is_still_missing_is_named_at_submission_and_nothing_is_lost(
    referrals: Referrals,
) -> None:
    draft = saved(referrals, received_on="2026-07-01")
    response = referrals.worker().post(f"{draft}/submission")
    assert response.status_code == 422
    assert sorted((e["pointer"], e["code"]) for e in response.json()["errors"]) == [
        ("/child", "missing"),
        ("/received_on", "in_the_future"),
        ("/source", "missing"),
    ]
    assert referrals.worker().get(draft).status_code == 200


def test_a_draft_is_nobody_elses(referrals: Referrals) -> None:
    draft = saved(referrals)
    other = referrals.worker(person_id="p-other")
    for refused in (
        other.get(draft),
        other.put(draft, json=BEGUN, headers={"If-Match": '"1"'}),
        other.post(f"{draft}/submission"),
        other.post(f"{draft}/discard"),
        referrals.system(person_id="p-test").get(draft),
    ):
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert other.get(DRAFTS).json()["items"] == []
    # One person is one author, whichever client they use.
    assert referrals.worker(client_id="another-client").get(draft).status_code == 200


def test_a_draft_expires_and_is_erased_with_what_was_written(referrals: Referrals) -> None:
    draft = saved(referrals, child=child())
    referrals.clock.forward(days=14)
    worker = referrals.worker()
    assert worker.get(draft).status_code == 404
    assert worker.get(DRAFTS).json()["items"] == []
    assert worker.post(f"{draft}/submission").status_code == 404
    later = saved(referrals)
    assert erase_expired(referrals.service.database, referrals.clock) == 1
    assert erase_expired(referrals.service.database, referrals.clock) == 0
    assert worker.get(later).status_code == 200
    assert counted(referrals, "referral_draft") == 1
    assert counted(referrals, "journal", "kind = 'draft.expired'") == 1
    assert counted(referrals, "journal_payload", f"payload LIKE '%{NHS_NUMBER}%'") == 0


def test_a_discarded_draft_is_gone_at_once(referrals: Referrals) -> None:
    draft = saved(referrals)
    assert referrals.worker().post(f"{draft}/discard").status_code == 200
    assert referrals.worker().get(draft).status_code == 404
    assert counted(referrals, "referral_draft") == 0


def test_a_draft_says_nothing_of_a_child_whom_its_author_may_not_see(referrals: Referrals) -> None:
    referrals.received(child=child(access={"team": "west"}))
    north = referrals.worker(sight=Sight(teams=frozenset({"north"})))
    draft = north.post(DRAFTS, json=referral()).headers["Location"]
    assert north.get(draft).json()["child_id"] is None
    submitted = north.post(f"{draft}/submission")
    assert (submitted.status_code, submitted.json()["child_id"]) == (201, None)


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        ({"type": "csa"}, "/type", "unknown_value"),
        ({"received_on": "1 June"}, "/received_on", "invalid_date"),
        ({"colour": "red"}, "", "unknown_field"),
        (
            {"child": {"identifiers": [{"type": "nhs_number", "value": "9990000019"}]}},
            "/child/identifiers/0/value",
            "invalid_identifier",
        ),
    ],
)
def test_what_is_written_wrong_is_told_at_once(
    referrals: Referrals, content: dict[str, Any], pointer: str, code: str
) -> None:
    response = referrals.worker().post(DRAFTS, json=content)
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [(pointer, code)]
    assert counted(referrals, "referral_draft") == 0


def test_your_drafts_are_listed_page_by_page(referrals: Referrals) -> None:
    sent = [saved(referrals) for _ in range(3)]
    first = referrals.worker().get(f"{DRAFTS}?limit=2")
    link = first.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = referrals.worker().get(link)
    assert "Link" not in second.headers
    found = [item["id"] for page in (first, second) for item in page.json()["items"]]
    assert [f"{DRAFTS}/{each}" for each in found] == sent[::-1]
