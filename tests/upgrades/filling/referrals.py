"""A database of referrals in which every table has a row, written through the service itself."""

from typing import Any

from fastapi.testclient import TestClient

from services.referrals.app import prepare
from services.referrals.settings import Settings
from shared.ids import new_id
from tests.services.referrals.support import (
    REASON,
    Referrals,
    assembled,
    child,
    rating_changed,
    referral,
    urn,
)
from tests.support.service import NOWHERE, SERVICE_SECRET, SettableClock
from tests.upgrades.filling.calls import post

BANDS = [{"id": "low", "review_within": "P84D"}, {"id": "high", "review_within": "P7D"}]
DAY = "2026-06-01"


def fill(url: str) -> None:
    """Fill a new database."""
    prepare(Settings(database_url=url, client_secret=SERVICE_SECRET, urls=dict(NOWHERE)))
    referrals = assembled(url, SettableClock())
    for step in STEPS:
        step(referrals)
        referrals.clock.forward(hours=1)
    referrals.close()


def _received(referrals: Referrals, number: int, **facts: Any) -> dict[str, Any]:
    return referrals.received(child=child(identifiers=[urn(f"14/{number}")], **facts))


def _moved(referrals: Referrals, number: int, *commands: str, **given: Any) -> dict[str, Any]:
    """A referral of a child of its own, moved on; `given` goes with the last command."""
    received = _received(referrals, number)
    for command in commands:
        more = given if command == commands[-1] else {}
        answer = referrals.move(received["id"], command, **more)
        assert answer.is_success, answer.text
    return received


def _receiving(referrals: Referrals) -> None:
    key = {"Idempotency-Key": "key-00000001"}
    post(referrals.system(), "/v1/referrals", referral(), key)
    again = child(given_name="Sample", family_name="Other")
    referrals.received(child=again, type="cce", source_ref=None, summary=None)
    _received(referrals, 1, access={"team": "north", "restricted": True})
    _received(referrals, 2, date_of_birth_estimated=True)
    referrals.received(child={"identifiers": [urn("14/3")]}, received_on="2025-11-30")


def _what_is_reported(referrals: Referrals) -> None:
    facts = {"sex": "F", "ethnicity": "WBRI"}
    given = child(identifiers=[urn("14/4")], **facts)
    referrals.received(child=given, looked_after=True)
    unborn = {"identifiers": [urn("14/5")], "expected_on": "2026-09-01"}
    referrals.received(child=unborn)
    analyst = referrals.client("reports:read", "figures:publish")
    figure = {"period": "2019-20", "type": "cse", "referrals": 139, "source": "A report of 2022"}
    for count in (139, 140):
        body = {**figure, "referrals": count, "reason": REASON}
        post(analyst, "/v1/reports/published-figures", body)


def _ratings(referrals: Referrals) -> None:
    items = referrals.system().get("/v1/referrals").json()["items"]
    ids = sorted({each["child_id"] for each in items})[:2]
    referrals.told(
        rating_changed(ids[0], 1, band="low", bands=BANDS),
        rating_changed(ids[0], 2, band="high", bands=BANDS, cause="new_evidence"),
        rating_changed(ids[1], 3, status="incomplete", total=None, band=None, bands=BANDS),
    )


def _decisions(referrals: Referrals) -> None:
    _moved(referrals, 10, "start_triage")
    _moved(referrals, 11, "start_triage", "accept")
    _moved(referrals, 12, "start_triage", "signpost")
    _moved(referrals, 13, "start_triage", "no_further_action")
    _moved(referrals, 14, "start_triage", "withdraw", "reopen")
    rated = _received(referrals, 15)
    score = str(new_id())
    referrals.told(rating_changed(rated["child_id"], 4, score_id=score))
    for command in ({"command": "start_triage"}, {"command": "accept", "score_id": score}):
        answer = referrals.move(rated["id"], **command)
        assert answer.is_success, answer.text


def _allocation(referrals: Referrals) -> None:
    _moved(referrals, 20, "start_triage", "accept", "allocate")


def _every_state(referrals: Referrals) -> None:
    _moved(referrals, 30, "start_triage", "request_information")
    _moved(referrals, 31, "start_triage", "escalate")
    first = _received(referrals, 32)
    _moved(referrals, 32, "start_triage", "mark_duplicate", duplicate_of=first["id"])


def _outcomes(referrals: Referrals) -> None:
    _moved(referrals, 33, "start_triage", "signpost", "record_outcome")
    _moved(referrals, 34, "start_triage", "propose_no_further_action")
    _moved(referrals, 35, "start_triage", "accept", "allocate", team="north")


def _training(referrals: Referrals) -> None:
    caller = referrals.client("training:read", "training:write")
    said = {"topic": "Spotting exploitation early", "audience": "education", "mode": "online"}
    session = {**said, "attended": 24, "held_on": DAY}
    place = caller.post("/v1/training-sessions", json=session).headers["Location"]
    post(caller, f"{place}/corrections", {**session, "attended": 20, "reason": REASON})


def _worker(referrals: Referrals, person: str) -> TestClient:
    scopes = ("cases:read", "cases:write", "cases:decide", "health:read", "health:write")
    return referrals.client(*scopes, person_id=person)


def _opened(referrals: Referrals, number: int) -> str:
    accepted = _moved(referrals, number, "start_triage", "accept")
    body = {"referral_id": accepted["id"], "reason": REASON}
    return f"/v1/cases/{post(_worker(referrals, 'p-one'), '/v1/cases', body)['id']}"


def _step(referrals: Referrals, person: str, place: str, command: str, **given: Any) -> None:
    body = {"command": command, "reason": REASON, **given}
    post(_worker(referrals, person), f"{place}/transitions", body)


def _cases(referrals: Referrals) -> None:
    caller, place = _worker(referrals, "p-one"), _opened(referrals, 40)
    _step(referrals, "p-one", place, "start_assessment")
    _step(referrals, "p-one", place, "activate", score_id=None)
    went = {"on": DAY, "attendance": "attended", "by": "p-one"}
    contact = post(caller, f"{place}/contacts", {**went, "kind": "walk"})["id"]
    corrected = {**went, "kind": "walk", "note": "In the park.", "reason": REASON}
    post(caller, f"{place}/contacts/{contact}/corrections", corrected)
    aims = {"on": DAY, "aims": "Safe ways home.", "review_on": "2026-07-01"}
    plan = post(caller, f"{place}/plans", aims)["id"]
    about = {"on": DAY, "plan_id": plan}
    post(caller, f"{place}/plan-reviews", {**about, "summary": "Going well so far."})
    whose = {"owner": "p-one", "agency": "education", "due_on": "2026-06-08", "priority": "low"}
    post(caller, f"{place}/actions", {**about, **whose, "what": "Ask for a quiet room."})
    post(caller, f"{place}/health", {**went, "kind": "sarc_support", "note": "For the nurse."})
    proposal = {"next_check_on": "2026-06-29", "score_id": None}
    _step(referrals, "p-one", place, "propose_step_down", **proposal)
    _step(referrals, "p-two", place, "step_down")
    gone = _opened(referrals, 41)
    _step(referrals, "p-one", gone, "propose_transfer", **proposal, authority="Exampleshire")
    _step(referrals, "p-two", gone, "transfer")


def _reviews(referrals: Referrals) -> None:
    (first, *_) = referrals.client("risk:read").get("/v1/risk-list").json()["items"]
    look = {"score_id": None, "note": REASON}
    post(referrals.client("risk:review"), f"/v1/children/{first['child_id']}/reviews", look)


def _merges(referrals: Referrals) -> None:
    caller = referrals.client("children:read", "children:merge")
    old, new, other = (str(_received(referrals, n)["child_id"]) for n in (50, 51, 52))
    for position, whose in enumerate((old, other), start=5):
        referrals.told(rating_changed(whose, position, band="high", bands=BANDS))
    for whose, into in ((old, new), (other, new)):
        post(caller, f"/v1/children/{whose}/merge", {"survivor_id": into, "reason": REASON})
    post(caller, f"/v1/children/{old}/unmerge", {"reason": REASON})


def _drafts(referrals: Referrals) -> None:
    begun = {"type": "cse", "summary": "A phone that is new, and calls at night."}
    post(referrals.worker(), "/v1/referral-drafts", begun)


def _of_age(referrals: Referrals) -> None:
    given = child(identifiers=[urn("14/60")], date_of_birth="2007-05-01")
    referrals.received(child=given, over_18_reason=REASON)


def _screenings(referrals: Referrals) -> None:
    said = {"tool": "CSE screening tool, 2025", "observed_on": "2026-05-29"}
    screening = {**said, "answers": [{"code": "missing_episode", "answer": "yes"}]}
    received = referrals.received(
        child={"identifiers": [urn("14/61")], "given_name": "Sample"}, screening=screening
    )
    place = f"/v1/referrals/{received['id']}/screenings"
    (first,) = referrals.worker().get(place).json()["items"]
    corrected = {**screening, "reason": REASON}
    post(referrals.worker(), f"{place}/{first['id']}/corrections", corrected)


def _facts(referrals: Referrals) -> None:
    """What is said of a child with dates."""
    caller = referrals.client("children:read", "children:write")
    place = f"/v1/children/{_received(referrals, 62)['child_id']}"
    for kind, said in {
        "identifiers": {**urn("14/63"), "valid_from": "2026-05-01"},
        "names": {"kind": "birth", "family_name": "Sample", "valid_until": "2020-01-01"},
        "looked-after-periods": {"legal_status": "C2", "began_on": "2025-03-01"},
    }.items():
        post(caller, f"{place}/{kind}", said, {"If-Match": caller.get(place).headers["ETag"]})


STEPS = (
    _receiving,
    _what_is_reported,
    _ratings,
    _decisions,
    _allocation,
    _every_state,
    _outcomes,
    _training,
    _cases,
    _reviews,
    _merges,
    _drafts,
    _of_age,
    _screenings,
    _facts,
)
