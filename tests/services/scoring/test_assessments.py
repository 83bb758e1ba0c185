"""Assessments over HTTP: who would move, before anybody approves."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from services.scoring.service import assessor
from services.scoring.service.assessor import Assessor
from services.scoring.service.weights import Weights
from services.scoring.tables import assessment, assessment_mover
from shared.domain.access import Sight
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, heavier_on

PATH = f"{MODEL}/versions/1.1"


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """The small model in force, and a heavier version of it submitted."""
    under_test = heavier_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def team(scoring: Governed, **facts: Any) -> Any:
    return scoring.client("models:read", "models:assess", person_id="p-author", **facts)


def begin(scoring: Governed) -> Any:
    return team(scoring).post(f"{PATH}/assessments", json={})


def assess(scoring: Governed) -> dict[str, Any]:
    begun = begin(scoring)
    assert begun.status_code == 201, begun.text
    while scoring.assessor().work():
        pass
    found: dict[str, Any] = team(scoring).get(begun.headers["Location"]).json()
    return found


def signed(found: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    names = ("document_hash", "assessment_id", "engine_version")
    return {**{name: found[name] for name in names}, "reason": REASON, **changes}


def approve(scoring: Governed, found: Mapping[str, Any], **changes: Any) -> Any:
    return scoring.approver().post(f"{PATH}/approval", json=signed(found, **changes))


def refusal(answer: Any) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["code"], answer.json().get("why")


def went_missing(scoring: Governed, number: int, **facts: Any) -> list[UUID]:
    """Children with a missing episode in May: 5 points under 1.0, 6 and `high` under 1.1."""
    children = [scoring.child(**facts) for _ in range(number)]
    updates = [indicator_update(f"{child}", child) for child in children]
    answer = scoring.police().post("/v1/indicator-updates", json=updates)
    assert {each["result"] for each in answer.json()["items"]} == {"recorded"}, answer.text
    return children


def cells(found: Mapping[str, Any], dimension: str) -> dict[tuple[str, str, str], int | None]:
    return {
        (each["group"], each["before"], each["after"]): each["children"]
        for each in found["figures"]["cells"]
        if each["dimension"] == dimension
    }


def test_it_says_who_moves_why_and_what_else_is_to_be_known(scoring: Governed) -> None:
    told = {"sex": "F", "ethnicity": "AIND", "looked_after": True}
    moving = went_missing(scoring, 2, **told)
    staying = scoring.child(date_of_birth=None)
    found = assess(scoring)
    assert (found["status"], found["percent"], found["void"]) == ("completed", 100, None)
    assert (found["population"], found["scored"], found["set_apart"]) == (3, 3, 0)
    assert found["against"] == "1.0"
    assert found["figures"]["movers"] == 2
    assert cells(found, "all") == {("all", "low", "high"): 2, ("all", "low", "low"): 1}
    assert cells(found, "age_band") == {
        ("14-16", "low", "high"): 2,
        ("not_known", "low", "low"): 1,
    }
    for dimension, group in (("sex", "F"), ("ethnicity", "AIND"), ("looked_after", "yes")):
        assert cells(found, dimension) == {
            (group, "low", "high"): 2,
            ("not_known", "low", "low"): 1,
        }
    assert found["figures"]["near"] == {"high": 2}
    assert found["figures"]["never"] == ["hurt"]

    movers = team(scoring).get(f"{PATH}/assessments/{found['assessment_id']}/movers").json()
    assert [each["child_id"] for each in movers["items"]] == sorted(map(str, moving))
    assert str(staying) not in str(movers)
    first = movers["items"][0]
    assert (first["band_before"], first["band_after"]) == ("low", "high")
    assert (first["total_before"], first["total_after"]) == ("5", "6")
    assert first["because"] == [
        {"what": "indicator", "name": "missing", "before": "5", "after": "6"}
    ]
    version = team(scoring).get(PATH).json()
    assert version["state"] == "assessed"


def test_outside_the_team_small_numbers_are_withheld_and_movers_not_told(
    scoring: Governed,
) -> None:
    went_missing(scoring, 2)
    for _ in range(7):
        scoring.child()
    made = assess(scoring)
    place = f"{PATH}/assessments/{made['assessment_id']}"
    outside = scoring.client("models:read")
    told = outside.get(place).json()
    assert told["status"] == "completed"
    assert told["figures"] is None, "two that aren't approved could be subtracted"
    names = ("document_hash", "assessment_id", "engine_version")
    body = {**{name: made[name] for name in names}, "reason": REASON}
    assert scoring.approver().post(f"{PATH}/approval", json=body).status_code == 201
    found = outside.get(place).json()
    assert found["figures"]["movers"] is None
    assert found["figures"]["cells"] == [], "with seven scored, one and six could be worked out"
    assert found["figures"]["near"] == {"high": None}
    assert outside.get(f"{place}/movers").status_code == 403


def test_what_became_of_a_version_tells_those_outside_the_team_no_small_number_either(
    scoring: Governed,
) -> None:
    went_missing(scoring, 2)
    assert approve(scoring, assess(scoring)).status_code == 201
    scoring.compute_all()
    # Nor who took the step: to approve or to withdraw isn't to be in the team.
    assert scoring.end("retirement", "1.1").json()["ended"]["affected"] is None
    outside = scoring.client("models:read")
    for reader, told in ((team(scoring), [2, 2, 2]), (outside, [None, None, None])):
        steps = reader.get(f"{PATH}/history").json()["items"]
        said = {each["command"]: each["affected"] for each in steps}
        assert [said[each] for each in ("assess", "approve", "retire")] == told
        assert reader.get(PATH).json()["ended"]["affected"] == told[0]


def test_movers_whom_the_caller_may_not_see_are_only_counted_and_pages_follow(
    scoring: Governed,
) -> None:
    seen = went_missing(scoring, 3, team="amber")
    went_missing(scoring, 1, team="other")
    place = f"{PATH}/assessments/{assess(scoring)['assessment_id']}/movers"
    client = team(scoring, sight=Sight(teams=frozenset({"amber"})))
    first = client.get(f"{place}?limit=2")
    last = client.get(first.links["next"]["url"])
    items = [*first.json()["items"], *last.json()["items"]]
    assert [each["child_id"] for each in items] == sorted(map(str, seen))
    assert (first.json()["out_of_sight"], last.links) == (1, {})


# What an approval is bound to


def test_an_approval_is_bound_to_content_assessment_and_engine(scoring: Governed) -> None:
    unread = {"document_hash": "0" * 64, "assessment_id": str(UUID(int=1)), "engine_version": "1"}
    assert refusal(approve(scoring, unread))[:2] == (409, "illegal_transition")
    found = assess(scoring)
    first = scoring.author().get(f"{MODEL}/versions/1.0/assessments").json()["items"][0]
    for changes, code, why in (
        ({"document_hash": "0" * 64}, "other_content", None),
        ({"engine_version": "0.9"}, "assessment_void", "other_engine"),
    ):
        assert refusal(approve(scoring, found, **changes)) == (409, code, why)
    other = approve(scoring, found, assessment_id=first["assessment_id"])
    assert refusal(other)[:2] == (404, "unknown_assessment")
    assert approve(scoring, found).status_code == 201
    version = scoring.author().get(PATH).json()
    assert version["assessment_id"] == found["assessment_id"]
    assert version["engine_version"] == found["engine_version"]


def test_an_approval_after_an_edit_is_refused(scoring: Governed) -> None:
    """An edit is another version: neither hash nor assessment of the one before is its own."""
    found = assess(scoring)
    edited = HEAVIER.replace("A small model", "A small model, edited")
    scoring.submitted("1.2", edited)
    scoring.assessed(f"{MODEL}/versions/1.2")
    place = f"{MODEL}/versions/1.2/approval"
    assert refusal(scoring.approver().post(place, json=signed(found)))[1] == "other_content"
    own = scoring.author().get(f"{MODEL}/versions/1.2").json()["document_hash"]
    mixed = scoring.approver().post(place, json=signed(found, document_hash=own))
    assert refusal(mixed)[:2] == (404, "unknown_assessment")


def test_an_assessment_is_void_with_evidence_that_is_too_old(
    scoring: Governed, clock: SettableClock
) -> None:
    found = assess(scoring)
    clock.forward(days=7, seconds=1)
    assert refusal(approve(scoring, found)) == (409, "assessment_void", "too_old")
    place = f"{PATH}/assessments/{found['assessment_id']}"
    assert team(scoring).get(place).json()["void"] == "too_old"
    assert approve(scoring, assess(scoring)).status_code == 201


def test_an_assessment_is_void_once_another_version_has_come_into_force(
    scoring: Governed, clock: SettableClock
) -> None:
    found = assess(scoring)
    clock.forward(minutes=1)
    scoring.approved("1.2", SMALL.replace("A small model", "Another"))
    assert refusal(approve(scoring, found)) == (409, "assessment_void", "other_version_followed")


def test_of_a_version_for_a_later_day_it_says_who_moves_on_that_day(scoring: Governed) -> None:
    """By then the episode of May counts less, under the old weights and the new ones."""
    went_missing(scoring, 1)
    later = HEAVIER.replace("effective_from: 2026-01-01", "effective_from: 2027-05-01")
    scoring.submitted("1.2", later)
    read = scoring.assessed(f"{MODEL}/versions/1.2")
    place = f"{MODEL}/versions/1.2/assessments/{read['assessment_id']}"
    found = team(scoring).get(place).json()
    assert found["as_of"] == "2027-05-01"
    assert found["figures"]["movers"] == 0
    assert assess(scoring)["figures"]["movers"] == 1


def test_what_another_engine_began_is_not_finished_by_this_one(
    scoring: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_missing(scoring, 1)
    begun = begin(scoring)
    monkeypatch.setattr(assessor, "ENGINE_VERSION", "99")  # this process was deployed meanwhile
    assert scoring.assessor().work()
    assert team(scoring).get(begun.headers["Location"]).json()["status"] == "void"


def test_what_would_come_into_force_before_an_approved_version_has_to_wait(
    scoring: Governed,
) -> None:
    found = assess(scoring)
    later = SMALL.replace("2026-01-01\ndecimals", "2026-07-01\ndecimals")
    scoring.approved("2.0", later)
    assert refusal(approve(scoring, found))[:2] == (409, "another_version_waits")
    assert scoring.end("withdrawal", "2.0").status_code == 201
    assert approve(scoring, found).status_code == 201


# The work


def test_it_goes_on_where_it_was_after_a_kill_and_sees_what_was_known_when_it_began(
    scoring: Governed,
) -> None:
    before = sorted(went_missing(scoring, 4))
    place = begin(scoring).headers["Location"]
    assert refusal(begin(scoring))[:2] == (409, "assessment_running")
    database = scoring.service.database

    class Killed(Weights):
        @override
        def of(self, *_: object) -> Any:
            raise KeyboardInterrupt

    assert Assessor(database, Weights(), scoring.clock, at_once=2).work()
    scoring.clock.forward(seconds=2)
    with pytest.raises(KeyboardInterrupt):
        Assessor(database, Killed(), scoring.clock, at_once=2).work()
    half = team(scoring).get(place).json()
    assert (half["status"], half["percent"], half["scored"]) == ("running", 50, 2)
    assert half["figures"] is None
    assert refusal(approve(scoring, half))[1] == "illegal_transition"

    went_missing(scoring, 1)  # somebody new, and news of somebody not looked at yet
    late = {**indicator_update("late", before[-1]), "code": "hurt"}
    scoring.social_care().post("/v1/indicator-updates", json=late)
    while Assessor(database, Weights(), scoring.clock, at_once=2).work():
        pass
    found = team(scoring).get(place).json()
    assert (found["status"], found["population"], found["scored"]) == ("completed", 4, 4)
    movers = team(scoring).get(f"{place}/movers").json()["items"]
    assert [each["child_id"] for each in movers] == list(map(str, before))
    assert {each["total_after"] for each in movers} == {"6"}


def test_who_cannot_be_scored_is_set_apart_and_counted(scoring: Governed) -> None:
    bad, *good = went_missing(scoring, 3)
    with scoring.service.database.engine.begin() as connection:
        # No date at all: intake would refuse it.
        on, no_date = "", "never"
        if connection.dialect.name == "postgresql":
            on, no_date = " ON observation", "infinity"
        connection.execute(text(f"DROP TRIGGER observation_refuses_update{on}"))
        connection.execute(
            text(f"UPDATE observation SET observed_on = '{no_date}' WHERE source_ref = :ref"),  # noqa: S608  # one of two words
            {"ref": str(bad)},
        )
    found = assess(scoring)
    assert (found["population"], found["scored"], found["set_apart"]) == (3, 2, 1)
    outside = scoring.client("models:read")
    told = outside.get(f"{PATH}/assessments/{found['assessment_id']}").json()
    assert (told["population"], told["scored"], told["set_apart"]) == (3, None, None)
    movers = team(scoring).get(f"{PATH}/assessments/{found['assessment_id']}/movers").json()
    assert [each["child_id"] for each in movers["items"]] == sorted(map(str, good))


def test_the_database_refuses_to_change_what_came_out_or_to_complete_a_part(
    scoring: Governed,
) -> None:
    went_missing(scoring, 1)
    begin(scoring)
    running = assessment.c.status == "running"
    forged = {"status": "completed", "completed_at": scoring.clock()}
    with pytest.raises(DBAPIError), scoring.service.database.engine.begin() as connection:
        connection.execute(update(assessment).where(running).values(**forged))
    while scoring.assessor().work():
        pass
    for change in (
        update(assessment).values(document_hash="0" * 64),
        update(assessment_mover).values(band_after="low"),
    ):
        with pytest.raises(DBAPIError), scoring.service.database.engine.begin() as connection:
            connection.execute(change)


def test_a_machine_and_a_withdrawn_version_are_not_assessed(scoring: Governed) -> None:
    machine = team(scoring, kind="machine").post(f"{PATH}/assessments", json={})
    assert refusal(machine)[:2] == (403, "person_required")
    place = begin(scoring).headers["Location"]
    scoring.end("withdrawal", "1.1")
    while scoring.assessor().work():
        pass
    assert team(scoring).get(place).json()["status"] == "void"
    assert refusal(begin(scoring))[:2] == (409, "illegal_transition")
    assert begin(scoring).status_code == 409


def test_a_record_that_was_merged_is_one_child_with_its_survivor(scoring: Governed) -> None:
    survivor, record = went_missing(scoring, 2)
    scoring.child(child_id=record, survivor_id=survivor)
    found = assess(scoring)
    assert (found["status"], found["population"], found["scored"]) == ("completed", 1, 1)
    assert found["figures"]["movers"] == 1
