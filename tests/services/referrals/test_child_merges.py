"""Two records of one child are merged and parted again: nothing lost, nothing seen by more."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.referrals.support import (
    REASON,
    Referrals,
    child,
    counted,
    move,
    rating_changed,
    referral,
    urn,
)
from tests.services.referrals.test_at_once import at_once
from tests.services.referrals.test_feed import told

BANDS = [{"id": "low"}, {"id": "high"}]


def person(referrals: Referrals, **facts: Any) -> TestClient:
    scopes = ("children:read", "children:merge", "referrals:read", "referrals:write", "risk:read")
    also = ("risk:review", "referrals:decide", "cases:read", "cases:decide", "events:read")
    return referrals.client(*scopes, *also, **facts)


def known(referrals: Referrals, number: int, **facts: Any) -> str:
    """A child known by a police number of its own."""
    given = {"identifiers": [urn(f"14/{number}")], **facts}
    return str(referrals.received(child=given)["child_id"])


def merge(caller: TestClient, child_id: str, survivor_id: str, **changes: Any) -> httpx2.Response:
    body = {"survivor_id": survivor_id, "reason": REASON, **changes}
    return caller.post(f"/v1/children/{child_id}/merge", json=body)


def unmerge(caller: TestClient, child_id: str) -> httpx2.Response:
    return caller.post(f"/v1/children/{child_id}/unmerge", json={"reason": REASON})


def seen_of(caller: TestClient, *child_ids: str) -> list[Any]:
    """What is answered of children, but for how often they changed."""
    paths = ("/v1/children/{}", "/v1/children/{}/reviews", "/v1/cases?child_id={}")
    listed = [caller.get("/v1/risk-list").json(), caller.get("/v1/referrals").json()]
    answers = [caller.get(path.format(each)).json() for each in child_ids for path in paths]
    return listed + [{**answer, "revision": None} for answer in answers]


def test_the_survivor_shows_what_both_hold_and_parting_brings_both_back(
    referrals: Referrals,
) -> None:
    caller = person(referrals)
    old = known(referrals, 1, given_name="Sample", date_of_birth="2012-01-01")
    new = known(referrals, 2, given_name="Example", family_name="Child")
    work = caller.get("/v1/referrals").json()["items"][1]
    for command in ("start_triage", "accept"):
        assert move(caller, work["id"], command).is_success
    case = caller.post("/v1/cases", json={"referral_id": work["id"], "reason": REASON})
    look = {"score_id": None, "note": REASON}
    assert caller.post(f"/v1/children/{old}/reviews", json=look).status_code == 201
    referrals.told(
        rating_changed(old, 1, bands=BANDS, band="high", total="20"),
        rating_changed(new, 2, bands=BANDS, band="low", total="1"),
    )
    before = seen_of(caller, old, new)

    merged = merge(caller, old, new)
    assert merged.status_code == 201, merged.text
    assert {"child_id": old, "survivor_id": new, "command": "merge", "by": "p-test"}.items() <= (
        merged.json().items()
    )
    whole = caller.get(f"/v1/children/{new}").json()
    assert (whole["former_ids"], whole["given_name"]) == ([old], "Example")
    assert [each["given_name"] for each in whole["merged_records"]] == ["Sample"]
    assert (whole["family_name"], whole["date_of_birth"]) == ("Child", "2012-01-01")
    assert [each["value"] for each in whole["identifiers"]] == ["14/1", "14/2"]
    # Until scoring has rated the whole, the more urgent rating stands.
    assert whole["current_rating"]["total"] == "20"
    (listed,) = caller.get("/v1/risk-list").json()["items"]
    assert (listed["child_id"], listed["band"], listed["rating"]["total"]) == (new, "high", "20")
    counts = caller.get("/v1/risk-list/counts").json()
    assert counts["items"] == [{"band": "high", "children": 1, "overdue": 0}]
    items = caller.get("/v1/referrals").json()["items"]
    assert [each["child_id"] for each in items] == [new, new]
    # As it was known at each.
    assert [each["age_at_referral"] for each in items] == [None, 14]
    for asked in (old, new):
        cases = caller.get(f"/v1/cases?child_id={asked}").json()["items"]
        assert [(each["id"], each["child_id"]) for each in cases] == [(case.json()["id"], new)]
    reviews = caller.get(f"/v1/children/{new}/reviews").json()["items"]
    assert [each["note"] for each in reviews] == [REASON]

    assert unmerge(caller, old).status_code == 201
    assert seen_of(caller, old, new) == before
    said = caller.get(f"/v1/children/{new}/merges").json()["items"]
    assert [each["command"] for each in said] == ["unmerge", "merge"]
    assert caller.get(f"/v1/children/{old}/merges").json()["items"] == said


def test_a_former_id_sends_readers_on_and_tells_writers_the_new_one(referrals: Referrals) -> None:
    caller = person(referrals)
    first, old, new = (known(referrals, number) for number in (1, 2, 3))
    assert merge(caller, first, old).status_code == 201
    assert merge(caller, old, new).status_code == 201
    for path in ("", "/reviews?limit=7", "/merges"):
        for former in (first, old.upper()):
            answer = caller.get(f"/v1/children/{former}{path}", follow_redirects=False)
            assert (answer.status_code, answer.headers["Location"]) == (
                303,
                f"/v1/children/{new}{path}",
            )
            assert (answer.json()["code"], answer.json()["survivor_id"]) == ("child_merged", new)
    look = {"score_id": None, "note": REASON}
    refused = caller.post(f"/v1/children/{old}/reviews", json=look)
    assert (refused.status_code, refused.json()["survivor_id"]) == (409, new)
    # A concern is taken under any id, and under any number.
    by_id = caller.post("/v1/referrals", json=referral(child_id=first))
    by_number = caller.post("/v1/referrals", json=referral(child={"identifiers": [urn("14/2")]}))
    by_both = {"identifiers": [urn("14/1"), urn("14/3"), urn("14/9")]}
    by_all = caller.post("/v1/referrals", json=referral(child=by_both))
    for answer in (by_id, by_number, by_all):
        assert (answer.status_code, answer.json()["child_id"]) == (201, new)


def test_what_came_in_since_goes_with_the_number_or_id_it_came_by(referrals: Referrals) -> None:
    caller = person(referrals)
    old, new = known(referrals, 1), known(referrals, 2)
    assert merge(caller, old, new).status_code == 201
    about_old = child(identifiers=[urn("14/1"), urn("14/7")], access={"restricted": True})
    since = caller.post("/v1/referrals", json=referral(child=about_old)).json()
    for command in ("start_triage", "accept"):
        assert move(caller, since["id"], command).is_success
    case = caller.post("/v1/cases", json={"referral_id": since["id"], "reason": REASON}).json()
    assert case["child_id"] == new
    assert caller.get(f"/v1/children/{new}").json()["access"]["restricted"]

    assert unmerge(caller, old).status_code == 201
    assert caller.get(f"/v1/referrals/{since['id']}").json()["child_id"] == old
    assert caller.get(f"/v1/cases/{case['id']}").json()["child_id"] == old
    parted, left = (caller.get(f"/v1/children/{each}").json() for each in (old, new))
    assert [each["value"] for each in parted["identifiers"]] == ["14/1", "14/7"]
    assert (parted["given_name"], left["given_name"]) == ("Example", None)
    assert (parted["access"]["restricted"], left["access"]["restricted"]) == (True, False)


def duplicated(referrals: Referrals) -> tuple[str, str, list[str]]:
    """Two records of one child, and a referral of the first that is a duplicate of the other's."""
    caller = person(referrals)
    old, new = known(referrals, 1), known(referrals, 2)
    second, first = (each["id"] for each in caller.get("/v1/referrals").json()["items"])
    assert merge(caller, old, new).status_code == 201
    assert move(caller, first, "start_triage").is_success
    assert move(caller, first, "mark_duplicate", duplicate_of=second).is_success
    return old, new, [first, second]


def test_two_records_are_not_parted_while_a_referral_of_one_is_a_duplicate_of_the_others(
    referrals: Referrals,
) -> None:
    caller = person(referrals)
    old, new, (first, second) = duplicated(referrals)
    refused = unmerge(caller, old)
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicates_between")
    assert refused.json()["referrals"] == [first]
    assert move(caller, first, "reopen").is_success
    assert unmerge(caller, old).status_code == 201
    again = move(caller, first, "mark_duplicate", duplicate_of=second)
    assert [each["code"] for each in again.json()["errors"]] == ["unknown_referral"]
    history = f"/v1/referrals/{first}/history"
    named = [each["duplicate_of"] for each in caller.get(history).json()["items"]]
    assert named == [None, None, second, None]
    # The other child is hidden from some by now.
    outside = person(referrals, sight=NORTH)
    access = {"team": None, "restricted": True, "staff_relative": False, "reason": REASON}
    etag = {"If-Match": caller.get(f"/v1/children/{new}").headers["ETag"]}
    hides = referrals.client("children:access")
    assert hides.put(f"/v1/children/{new}/access", json=access, headers=etag).is_success
    assert second not in outside.get(history).text


def test_of_a_parting_and_a_mark_as_duplicate_at_once_one_is_refused(referrals: Referrals) -> None:
    old, _new, (first, second) = duplicated(referrals)
    callers = [person(referrals), person(referrals)]
    assert move(callers[0], first, "reopen").is_success
    answers = at_once(
        lambda: unmerge(callers[0], old),
        lambda: move(callers[1], first, "mark_duplicate", duplicate_of=second),
    )
    parted, marked = (each.status_code for each in answers)
    assert (parted, marked) in {(201, 422), (409, 201)}


RESTRICTED = {"restricted": True}
NORTH = Sight(teams=frozenset({"north"}))
NORTH_CLEARED = Sight(teams=frozenset({"north"}), clearances=frozenset({"restricted"}))


@pytest.mark.parametrize(
    ("of_old", "of_new", "cleared"),
    [
        ({"team": "north"}, {}, NORTH),
        ({}, {"team": "north"}, NORTH),
        ({"team": "north", **RESTRICTED}, {"team": "north"}, NORTH_CLEARED),
        ({}, {"team": "north", **RESTRICTED}, NORTH_CLEARED),
    ],
)
def test_who_could_see_only_one_of_them_sees_neither_and_hears_nothing(
    referrals: Referrals, of_old: dict[str, Any], of_new: dict[str, Any], cleared: Sight
) -> None:
    old, new = known(referrals, 1, access=of_old), known(referrals, 2, access=of_new)
    lesser = Sight(teams=frozenset({"south"})) if cleared == NORTH else NORTH
    outside, inside = (person(referrals, sight=sight) for sight in (lesser, cleared))
    assert [merge(outside, *pair).status_code for pair in ((old, new), (new, old))] == [404, 404]
    assert merge(inside, old, new).status_code == 201
    for path in ("", "/reviews", "/merges"):
        for child_id in (old, new):
            assert outside.get(f"/v1/children/{child_id}{path}").status_code == 404
    for path in ("/v1/referrals", "/v1/risk-list", f"/v1/cases?child_id={old}"):
        assert outside.get(path).json()["items"] == []
    assert outside.get("/v1/risk-list/counts").json()["children"] == 0
    assert outside.get("/internal/consumer-events?after=0").json()["events"] == []
    assert len(inside.get("/v1/referrals").json()["items"]) == 2
    assert unmerge(outside, old).status_code == 404
    assert unmerge(inside, old).status_code == 201
    # The merge isn't told to who sees one side of it alone.
    one = new if "team" in of_old else old
    assert outside.get(f"/v1/children/{one}/merges").json().get("items") == []
    heard = outside.get("/internal/consumer-events?after=0").text
    assert (old if one == new else new) not in heard


def test_a_history_names_no_record_that_is_out_of_sight_by_now(referrals: Referrals) -> None:
    one, other = known(referrals, 1), known(referrals, 2)
    caller = person(referrals)
    assert merge(caller, one, other).status_code == 201
    assert unmerge(caller, one).status_code == 201
    place = f"/v1/children/{one}/history"
    steps = caller.get(place).json()["items"]
    assert [each["changes"][0]["to"] for each in steps[:2]] == [None, other]
    assert {each["reason"] for each in steps[:2]} == {REASON}

    known(referrals, 2, access={"restricted": True})
    told_less = person(referrals, sight=Sight(teams=None)).get(place)
    assert other not in told_less.text
    assert [(each["withheld"], each["reason"]) for each in told_less.json()["items"]][:2] == [
        (True, None)
    ] * 2
    assert caller.get(place).json()["items"] == steps, "who is cleared reads all of it"


def test_what_cannot_be_merged_or_parted_is_refused_and_changes_nothing(
    referrals: Referrals,
) -> None:
    caller = person(referrals)
    north = known(referrals, 1, access={"team": "north"})
    south = known(referrals, 2, access={"team": "south"})
    old, new = known(referrals, 3), known(referrals, 4)
    assert merge(caller, old, new).status_code == 201
    entries = counted(referrals, "journal")
    machine = person(referrals, kind="machine", person_id=None)
    reader = referrals.client("children:read")
    for answer, status, code in (
        (merge(caller, north, south), 409, "teams_differ"),
        (merge(caller, north, north), 422, "invalid_request"),
        (merge(caller, old, north), 409, "child_merged"),
        (merge(caller, north, old), 409, "survivor_merged"),
        (merge(caller, new, old), 409, "survivor_merged"),
        (merge(caller, north, str(new_id())), 404, "not_found"),
        (merge(caller, str(new_id()), north), 404, "not_found"),
        (merge(caller, north, new, reason="too short"), 422, "invalid_request"),
        (merge(machine, north, new), 403, "person_required"),
        (merge(reader, north, new), 403, "insufficient_scope"),
        (unmerge(caller, north), 409, "not_merged"),
        (unmerge(caller, new), 409, "not_merged"),
        (unmerge(caller, str(new_id())), 404, "not_found"),
        (unmerge(machine, old), 403, "person_required"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert counted(referrals, "journal") == entries
    assert counted(referrals, "child_merge") == 1


def test_scoring_is_told_of_every_record_whom_it_belongs_to(referrals: Referrals) -> None:
    caller = person(referrals)
    old = known(referrals, 1, date_of_birth="2012-01-01", access=RESTRICTED)
    new = known(referrals, 2)
    before = len(told(referrals))
    assert merge(caller, old, new).status_code == 201
    now = {each["data"]["child_id"]: each["data"] for each in told(referrals)[before:]}
    assert len(told(referrals)) == before + 2
    assert (now[old]["survivor_id"], now[new]["survivor_id"]) == (new, None)
    assert [now[each]["restricted"] for each in (old, new)] == [True, True]
    assert [now[each]["date_of_birth"] for each in (old, new)] == ["2012-01-01"] * 2
    # A number stays with its record: what scoring got by it can be parted again.
    assert [[i["value"] for i in now[each]["identifiers"]] for each in (old, new)] == [
        ["14/1"],
        ["14/2"],
    ]
    assert unmerge(caller, old).status_code == 201
    now = {each["data"]["child_id"]: each["data"] for each in told(referrals)[before + 2 :]}
    assert [now[each]["survivor_id"] for each in (old, new)] == [None, None]
    assert [now[each]["restricted"] for each in (old, new)] == [True, False]
    assert (now[old]["date_of_birth"], now[new]["date_of_birth"]) == ("2012-01-01", None)


def test_a_rating_of_the_whole_replaces_both_and_their_scores_stay_citable(
    referrals: Referrals,
) -> None:
    caller = person(referrals)
    old, new = known(referrals, 1), known(referrals, 2)
    score_id = str(new_id())
    first = rating_changed(old, 1, bands=BANDS, band="high", score_id=score_id)
    referrals.told(first)
    assert merge(caller, old, new).status_code == 201
    referrals.told(first, rating_changed(new, 2, bands=BANDS, band="low", total="3"))
    (listed,) = caller.get("/v1/risk-list").json()["items"]
    assert (listed["band"], listed["rating"]["total"]) == ("low", "3")
    look = {"score_id": score_id, "note": REASON}
    assert caller.post(f"/v1/children/{new}/reviews", json=look).status_code == 201


def test_of_those_still_merged_the_most_urgent_rating_stands(referrals: Referrals) -> None:
    caller = person(referrals)
    high, medium, new = (known(referrals, number) for number in (1, 2, 3))
    bands = [{"id": each} for each in ("low", "medium", "high")]
    rated = ((high, "high"), (medium, "medium"), (new, "low"))
    referrals.told(
        *(rating_changed(who, n, bands=bands, band=band) for n, (who, band) in enumerate(rated, 1))
    )

    def listed() -> list[tuple[str, str]]:
        items = caller.get("/v1/risk-list").json()["items"]
        return [(each["child_id"], each["band"]) for each in items]

    assert merge(caller, medium, new).status_code == 201
    assert listed() == [(high, "high"), (new, "medium")]
    assert merge(caller, high, new).status_code == 201
    assert listed() == [(new, "high")]
    assert unmerge(caller, high).status_code == 201
    assert listed() == [(high, "high"), (new, "medium")]
    assert unmerge(caller, medium).status_code == 201
    assert listed() == [(high, "high"), (medium, "medium"), (new, "low")]


def test_of_two_merges_at_once_that_would_make_a_ring_one_is_refused(referrals: Referrals) -> None:
    old, new = known(referrals, 1), known(referrals, 2)
    callers = [person(referrals) for _ in range(2)]
    answers = at_once(lambda: merge(callers[0], old, new), lambda: merge(callers[1], new, old))
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert counted(referrals, "child", "survivor_id IS NULL") == 1


def test_a_merge_and_a_concern_that_restricts_at_once_end_restricted_for_both(
    referrals: Referrals,
) -> None:
    old, new = known(referrals, 1), known(referrals, 2)
    caller, system = person(referrals), referrals.system()
    hidden = {"identifiers": [urn("14/1")], "access": RESTRICTED}
    answers = at_once(
        lambda: merge(caller, old, new),
        lambda: system.post("/v1/referrals", json=referral(child=hidden)),
    )
    assert [each.status_code for each in answers] == [201, 201]
    assert caller.get(f"/v1/children/{new}").json()["access"]["restricted"]
    assert person(referrals, sight=Sight(teams=None)).get("/v1/referrals").json()["items"] == []


def test_a_key_sent_twice_merges_once(referrals: Referrals) -> None:
    caller = person(referrals)
    old, new = known(referrals, 1), known(referrals, 2)
    caller.headers["Idempotency-Key"] = "merge-0001"
    first, again = merge(caller, old, new), merge(caller, old, new)
    assert first.json() == again.json()
    assert counted(referrals, "child_merge") == 1
    for statement in ("UPDATE child_merge SET reason = 'another'", "DELETE FROM child_merge"):
        with (
            pytest.raises(DBAPIError),
            referrals.service.database.engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_merging_and_parting_by_many_at_once_makes_nobody_wait_for_another_in_a_ring(
    referrals: Referrals,
) -> None:
    children = [known(referrals, number) for number in range(3)]
    look = {"score_id": None, "note": REASON}

    def working(first: int) -> Callable[[], httpx2.Response]:
        caller = person(referrals)
        one, other, third = (children[(first + n) % 3] for n in range(3))

        def work() -> httpx2.Response:
            answers = []
            for _ in range(2):
                answers += [
                    merge(caller, one, other),
                    caller.post("/v1/referrals", json=referral(child_id=third)),
                    caller.post(f"/v1/children/{other}/reviews", json=look),
                    unmerge(caller, one),
                ]
            return max(answers, key=lambda answer: answer.status_code)

        return work

    worst = at_once(*[working(first) for first in range(3)])
    assert max(each.status_code for each in worst) == 409
