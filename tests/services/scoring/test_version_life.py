"""The life of a version over HTTP: written, submitted, approved, ended, gone back to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.scoring.tables import model_step, model_version
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, governed_on

LATER = "effective_from: 2027-05-01"


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """Scoring under the small model, none of whose versions exists yet."""
    under_test = governed_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Written and submitted


def test_a_draft_says_what_is_wrong_with_it_until_it_is_sound(scoring: Governed) -> None:
    author, draft = scoring.author(), f"{MODEL}/drafts/1.0"
    faulty = SMALL.replace("kind: harm\n", "kind: hram\n").replace('points: "2.5"', "points: 2.5")
    problems = author.put(draft, json={"document": faulty}).json()["problems"]
    assert len(problems) == 2
    assert all(each["line"] > 1 for each in problems)
    refused = author.post(f"{draft}/submission", json={"reason": REASON})
    assert refusal(refused) == (422, "invalid_request")
    assert len(refused.json()["errors"]) == 2

    assert author.put(draft, json={"document": SMALL}).json()["problems"] == []
    submitted = author.post(f"{draft}/submission", json={"reason": REASON})
    assert submitted.status_code == 201
    assert submitted.headers["Location"] == f"{MODEL}/versions/1.0"
    assert submitted.json()["state"] == "validated"
    assert submitted.json()["author_person_id"] == "p-author"
    assert author.get(draft).status_code == 404


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SMALL.replace("model: small", "model: other"), "other_model"),
        (SMALL.replace("kind: new", "kind: rollback"), "not_a_rollback"),
        # Elsewhere this code is answered with yes or no.
        (SMALL.replace("reads: missing_episode", "reads: physical_abuse"), None),
    ],
)
def test_a_draft_is_checked_beside_the_other_versions(
    scoring: Governed, text: str, code: str | None
) -> None:
    answer = scoring.author().put(f"{MODEL}/drafts/1.0", json={"document": text}).json()
    codes = [each["code"] for each in answer["problems"]]
    assert code in codes if code else codes


def test_a_draft_is_its_authors_and_a_version_never_changes(scoring: Governed) -> None:
    draft = f"{MODEL}/drafts/1.0"
    scoring.author().put(draft, json={"document": SMALL})
    other = scoring.author("p-other")
    assert refusal(other.put(draft, json={"document": HEAVIER})) == (403, "not_your_draft")
    submission = {"reason": REASON}
    assert refusal(other.post(f"{draft}/submission", json=submission)) == (403, "not_your_draft")
    scoring.author().post(f"{draft}/submission", json=submission)
    again = scoring.author().put(draft, json={"document": HEAVIER})
    assert refusal(again) == (409, "name_taken")
    scoring.author().put(f"{MODEL}/drafts/1.1", json={"document": SMALL})
    same = scoring.author().post(f"{MODEL}/drafts/1.1/submission", json=submission)
    assert (refusal(same), same.json()["version"]) == ((409, "same_content"), "1.0")


def test_what_is_being_written_is_listed_until_it_is_submitted(scoring: Governed) -> None:
    assert scoring.author().get(f"{MODEL}/drafts").json() == {"items": []}
    for version, who in (("1.0", "p-author"), ("1.1", "p-other"), ("1.2", "p-author")):
        scoring.author(who).put(f"{MODEL}/drafts/{version}", json={"document": SMALL})
    reader = scoring.author()
    first = reader.get(f"{MODEL}/drafts?limit=2")
    last = reader.get(first.links["next"]["url"])
    items = [*first.json()["items"], *last.json()["items"]]
    assert [(each["version"], each["author_person_id"]) for each in items] == [
        ("1.0", "p-author"),
        ("1.1", "p-other"),
        ("1.2", "p-author"),
    ]
    assert (last.links, "document" in items[0]) == ({}, False)
    reader.post(f"{MODEL}/drafts/1.0/submission", json={"reason": REASON})
    left = reader.get(f"{MODEL}/drafts").json()["items"]
    assert [each["version"] for each in left] == ["1.1", "1.2"]
    assert reader.get("/v1/models/seraf/drafts").json() == {"items": []}


def test_a_machine_writes_no_weights(scoring: Governed) -> None:
    machine = scoring.author(kind="machine")
    answer = machine.put(f"{MODEL}/drafts/1.0", json={"document": SMALL})
    assert refusal(answer) == (403, "person_required")


def test_a_document_comes_back_byte_for_byte(scoring: Governed) -> None:
    text = "# A remark, kept.\r\n" + SMALL.replace("\n", "\r\n")
    scoring.submitted("1.0", text)
    answer = scoring.author().get(f"{MODEL}/versions/1.0/document")
    assert answer.content == text.encode()
    assert answer.headers["content-type"].startswith("application/yaml")


def test_a_version_says_what_it_changes_and_what_became_of_it(scoring: Governed) -> None:
    first = scoring.approved("1.0", SMALL)
    second = scoring.submitted("1.1", HEAVIER)
    reader = scoring.author()
    differences = reader.get(f"{MODEL}/versions/1.1/diff").json()
    assert differences["against"] == "1.0"
    texts = [each["text"] for each in differences["items"]]
    assert any(text.startswith("indicators, missing, windows") for text in texts)
    same = reader.get(f"{MODEL}/versions/1.1/diff?against=1.1").json()
    assert same["items"] == []
    steps = reader.get(f"{MODEL}/versions/1.0/history").json()["items"]
    assert [(each["command"], each["to_state"], each["person_id"]) for each in steps] == [
        ("submit", "validated", "p-author"),
        ("assess", "assessed", "p-author"),
        ("approve", "approved", "p-approver"),
    ]
    assert {each["document_hash"] for each in steps} == {first["document_hash"]}
    assert [each["reason"] for each in steps] == [REASON, None, REASON]
    register = {each["version"]: each for each in reader.get("/v1/models").json()["items"]}
    assert register["1.1"]["document_hash"] == second["document_hash"]
    assert register["1.0"]["approved_by"] == "approver of the weights, another person"
    assert "p-author" not in str(register["1.0"])


def test_of_submissions_of_one_content_at_once_one_is_taken(scoring: Governed) -> None:
    drafts = [f"{MODEL}/drafts/1.{number}" for number in range(4)]
    authors = [scoring.author(f"p-{number}") for number in range(4)]
    for author, draft in zip(authors, drafts, strict=True):
        author.put(draft, json={"document": SMALL})
    start = Barrier(4)

    def submit(author: Any, draft: str) -> Any:
        start.wait()
        return author.post(f"{draft}/submission", json={"reason": REASON})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(submit, authors, drafts))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json().get("code", "taken") for each in answers} == {"taken", "same_content"}


# Ended


def test_what_has_not_come_into_force_is_withdrawn(scoring: Governed, clock: SettableClock) -> None:
    scoring.submitted("1.0", SMALL)
    withdrawn = scoring.end("withdrawal", "1.0")
    assert withdrawn.status_code == 201
    assert withdrawn.json()["state"] == "withdrawn"
    assert withdrawn.json()["ended"]["affected"] == 0
    later = SMALL.replace("2026-01-01\ndecimals", "2026-07-01\ndecimals")
    scoring.approved("1.1", later)
    assert scoring.end("withdrawal", "1.1").status_code == 201
    clock.forward(days=40)
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] is None


def test_a_version_in_force_is_retired_and_the_children_under_it_are_counted(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    children = [scoring.child() for _ in range(2)]
    scoring.compute_all()
    before = clock().isoformat().replace("+00:00", "Z")
    assert refusal(scoring.end("withdrawal", "1.0")) == (409, "has_come_into_force")
    clock.forward(days=1)
    assert refusal(scoring.end("retirement", "1.0", document_hash="0" * 64)) == (
        409,
        "other_content",
    )
    retired = scoring.end("retirement", "1.0")
    assert (retired.status_code, retired.json()["ended"]["affected"]) == (201, 2)
    register = scoring.author().get("/v1/models").json()
    entry = next(each for each in register["items"] if each["model"] == "small")
    assert entry["retirement"] == {"on": "2026-06-02", "affected": None}
    now = scoring.practitioner().get(f"/v1/children/{children[0]}/score")
    assert refusal(now) == (409, "no_version_in_force")
    # The day before it was in force, and then it was known to be.
    assert scoring.score(children[0], as_of="2026-06-01")["version"] == "1.0"
    known = scoring.score(children[0], as_of="2026-06-02", known_at=before)
    assert known["version"] == "1.0"
    assert refusal(scoring.end("retirement", "1.0")) == (409, "illegal_transition")


@pytest.mark.parametrize("field", ["dry_run", "versions", "all"])
def test_an_unknown_field_is_refused_and_never_means_all(scoring: Governed, field: str) -> None:
    scoring.approved("1.0", SMALL)
    answer = scoring.end("retirement", "1.0", **{field: []})
    assert answer.status_code == 422
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.0"


# Gone back to


def test_a_rollback_is_a_new_version_with_the_same_rules_for_another_person_to_approve(
    scoring: Governed, clock: SettableClock
) -> None:
    first = scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    clock.forward(days=1)
    why = "Ada Example (a practitioner) saw it go wrong."
    proposed = scoring.back("rollback", "1.0", "1.2", "p-author", reason=why)
    register = scoring.author().get("/v1/models").json()["items"]
    told = next(each for each in register if each["version"] == "1.2")
    assert (told["change"], told["change_reason"]) == ("rollback", None)
    assert "Ada" not in scoring.author().get(f"{MODEL}/versions/1.2/card").text
    steps = scoring.author().get(f"{MODEL}/versions/1.2/history").json()["items"]
    assert [each["reason"] for each in steps] == [why]
    assert proposed.status_code == 201, proposed.text
    version = proposed.json()
    assert (version["state"], version["rules_hash"]) == ("validated", first["rules_hash"])
    assert version["document_hash"] != first["document_hash"]
    assert refusal(scoring.sign("1.2", "p-author")) == (403, "same_person")
    assert scoring.sign("1.2").status_code == 201
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.2"
    taken = scoring.back("rollback", "1.1", "1.2", "p-author")
    assert refusal(taken) == (409, "name_taken")


def test_in_an_emergency_one_person_goes_back_to_what_two_approved_and_to_nothing_else(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=indicator_update("R1", child))
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    assert scoring.score(child)["band"] == "high"
    never = scoring.submitted("2.0", HEAVIER.replace("A small model", "Never approved"))
    assert never["state"] == "validated"
    assert refusal(scoring.back("emergency-return", "2.0", "1.2", "p-1")) == (
        409,
        "illegal_transition",
    )
    assert refusal(scoring.back("emergency-return", "1.1", "1.2", "p-1")) == (
        409,
        "already_in_force",
    )
    back = scoring.back("emergency-return", "1.0", "1.2", "p-author")
    assert back.status_code == 201, back.text
    assert back.json()["returns_to"] == "1.0"
    assert (scoring.score(child)["version"], scoring.score(child)["band"]) == ("1.2", "low")
    steps = scoring.author().get(f"{MODEL}/versions/1.2/history").json()["items"]
    assert [each["command"] for each in steps] == ["return"]
    scoring.approved("1.3", HEAVIER.replace("A small model", "A small model, again"))
    assert refusal(scoring.back("emergency-return", "1.2", "1.4", "p-1")) == (
        409,
        "not_approved_by_two",
    )


def test_nobody_goes_back_to_a_version_that_was_never_in_force(scoring: Governed) -> None:
    scoring.approved("1.0", SMALL)
    scoring.approved("1.1", HEAVIER.replace("2026-01-01\ndecimals", "2026-12-01\ndecimals"))
    for how in ("emergency-return", "rollback"):
        assert refusal(scoring.back(how, "1.1", "1.2", "p-1")) == (409, "not_yet_in_force")
    early = HEAVIER.replace("kind: recalibration", "kind: rollback")
    answer = scoring.author().put(f"{MODEL}/drafts/1.2", json={"document": early}).json()
    assert "not_a_rollback" in [each["code"] for each in answer["problems"]]


def test_what_was_retired_is_brought_back_by_two(scoring: Governed, clock: SettableClock) -> None:
    scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.end("retirement", "1.0")
    alone = scoring.back("emergency-return", "1.0", "1.1", "p-approver")
    assert refusal(alone) == (409, "rules_retired")
    assert scoring.back("rollback", "1.0", "1.1", "p-author").status_code == 201
    assert scoring.sign("1.1").status_code == 201


def test_an_emergency_return_counts_the_children_and_withdraws_what_waits(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    scoring.child()
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    while scoring.compute_all():
        pass
    clock.forward(days=1)
    waiting = HEAVIER.replace("effective_from: 2026-01-01", LATER)
    assert scoring.approved("1.2", waiting)["state"] == "approved"
    # A rollback that was proposed, for the same reason, on the same day, is in nobody's way.
    assert scoring.back("rollback", "1.0", "1.3", "p-author").status_code == 201
    assert scoring.back("emergency-return", "1.0", "1.4", "p-alone").status_code == 201

    author = scoring.author()
    (step,) = author.get(f"{MODEL}/versions/1.4/history").json()["items"]
    assert step["command"] == "return"
    withdrawn = author.get(f"{MODEL}/versions/1.2").json()
    assert withdrawn["state"] == "withdrawn"
    last = author.get(f"{MODEL}/versions/1.2/history").json()["items"][-1]
    assert (last["command"], last["person_id"]) == ("withdraw", "p-alone")
    assert "1.4" in last["reason"]
    team = scoring.client("models:read", "models:assess", person_id="p-team")
    assert team.get(f"{MODEL}/versions/1.4/history").json()["items"][0]["affected"] == 1


def test_an_approval_at_the_same_moment_does_not_undo_an_emergency_return(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    clock.forward(days=1)
    scoring.submitted("1.2", HEAVIER.replace("A small model", "A small model, again"))
    path = f"{MODEL}/versions/1.2"
    signed = {**scoring.assessed(path), "reason": REASON}
    approver = scoring.approver()
    with ThreadPoolExecutor(2) as pool:
        approving = pool.submit(approver.post, f"{path}/approval", json=signed)
        returning = pool.submit(scoring.back, "emergency-return", "1.0", "1.3", "p-alone")
    assert returning.result().status_code == 201
    assert approving.result().status_code in {201, 409}
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.3"


def test_a_version_retired_before_all_were_scored_under_it_is_not_activating_any_more(
    scoring: Governed,
) -> None:
    scoring.approved("1.0", SMALL)
    scoring.child()
    scoring.child()
    scoring.worker().work(1)
    activation = f"{MODEL}/versions/1.0/activation"
    assert scoring.author().get(activation).json()["superseded_at"] is None
    assert scoring.end("retirement", "1.0").status_code == 201
    assert scoring.author().get(activation).json()["superseded_at"] is not None


def test_the_database_itself_refuses_to_go_back_to_other_rules(scoring: Governed) -> None:
    scoring.approved("1.0", SMALL)
    scoring.submitted("1.1", HEAVIER)
    database = scoring.service.database
    with database.reading() as connection:
        row = connection.execute(
            select(model_version).where(
                model_version.c.model == "small", model_version.c.version == "1.0"
            )
        ).one()
    forged = {
        **row._mapping,
        "version": "1.2",
        "document_hash": "a" * 64,
        "approved_hash": "a" * 64,
        "rules_hash": "b" * 64,
        "approver_person_id": row.author_person_id,
    }
    for change in ({"returns_to": "1.0"}, {"returns_to": None}):
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(insert(model_version).values(**{**forged, **change}))
    for table, change in (
        (model_version, {"text": "other"}),
        (model_version, {"returns_to": "1.0"}),
        (model_step, {"reason": "another"}),
    ):
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(update(table).values(**change))


# What others read


def test_a_draft_carries_what_practice_says_of_each_of_its_indicators(scoring: Governed) -> None:
    scoring.approved("1.0", SMALL)
    said = "Counts a single late return from school like a night away."
    practitioner = scoring.client("judgements:write", person_id="p-practitioner")
    place = f"{MODEL}/versions/1.0/indicators/missing/comments"
    answer = practitioner.post(place, json={"score_id": None, "comment": said})
    assert answer.status_code == 201
    author, draft = scoring.author(), f"{MODEL}/drafts/1.1"
    author.put(draft, json={"document": HEAVIER})
    practice = author.get(draft).json()["practice"]
    assert practice["counted_under"] == "1.0"
    beside = {each["indicator"]: each for each in practice["indicators"]}
    assert [each["comment"] for each in beside["missing"]["comments"]] == [said]
    assert (beside["hurt"]["comments"], beside["hurt"]["judged"]) == ([], None)
    author.post(f"{draft}/submission", json={"reason": REASON})
    assert author.get(f"{MODEL}/versions/1.1/practice").json() == practice


def test_the_card_of_a_version_tells_of_the_assessment_that_was_approved(scoring: Governed) -> None:
    scoring.child()
    scoring.approved("1.0", SMALL)
    answer = scoring.author().get(f"{MODEL}/versions/1.0/card")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "1 children on 2026-06-01, against no version in force before" in answer.text
    assert scoring.author().get(f"{MODEL}/versions/9.9/card").status_code == 404
