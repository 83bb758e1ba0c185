"""The life of a version over HTTP: written, submitted, approved, ended, gone back to."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, governed_on, refusal


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """Scoring under the small model, none of whose versions exists yet."""
    under_test = governed_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


# Written and submitted


def test_a_draft_says_what_is_wrong_with_it_until_it_is_sound(scoring: Governed) -> None:
    author, draft = scoring.author(), f"{MODEL}/drafts/1.0"
    faulty = SMALL.replace("kind: harm\n", "kind: hram\n").replace('points: "2.5"', "points: 2.5")
    saved = author.put(draft, json={"document": faulty})
    problems = saved.json()["problems"]
    assert len(problems) == 2
    assert all(each["line"] > 1 for each in problems)
    refused = author.post(f"{draft}/submission", json={"reason": REASON})
    assert refusal(refused) == (422, "invalid_request")
    assert len(refused.json()["errors"]) == 2

    read = {"If-Match": saved.headers["ETag"]}
    assert author.put(draft, json={"document": SMALL}, headers=read).json()["problems"] == []
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


def test_writing_on_in_a_draft_names_what_was_read(scoring: Governed) -> None:
    author, draft = scoring.author(), f"{MODEL}/drafts/1.0"
    nothing = {"If-Match": f'"{"0" * 64}"'}
    first, second = ({"document": text} for text in (SMALL, HEAVIER))
    assert refusal(author.put(draft, json=first, headers=nothing)) == (412, "changed_meanwhile")
    assert author.put(draft, json=first).status_code == 200
    assert refusal(author.put(draft, json=second)) == (428, "precondition_required")
    read = {"If-Match": author.get(draft).headers["ETag"]}
    assert author.put(draft, json=second, headers=read).status_code == 200
    again = author.put(draft, json=first, headers=read)
    assert refusal(again) == (412, "changed_meanwhile")
    assert author.get(draft).json()["document"] == HEAVIER


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
    assert retired.status_code == 201
    team = scoring.client("models:read", "models:assess")
    assert team.get(f"{MODEL}/versions/1.0").json()["ended"]["affected"] == 2
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


def test_what_is_in_force_is_asked_for_a_day_as_known_at_an_instant(
    scoring: Governed, clock: SettableClock
) -> None:
    at_first = clock().isoformat()
    clock.forward(days=1)
    scoring.approved("1.0", SMALL)
    between = clock().isoformat()
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER.replace("2026-01-01\ndecimals", "2026-06-10\ndecimals"))
    clock.forward(days=1)
    before_its_end = clock().isoformat()
    clock.forward(minutes=1)
    scoring.end("retirement", "1.0")
    reader = scoring.client("models:read")
    for on, known_at, version in (
        ("2026-06-01", None, None),
        ("2026-06-02", None, "1.0"),
        ("2026-06-02", at_first, None),
        ("2026-06-04", None, None),
        ("2026-06-04", before_its_end, "1.0"),
        ("2026-06-10", None, "1.1"),
        ("2026-06-10", between, "1.0"),
        (None, None, None),
    ):
        asked = {"on": on, "known_at": known_at}
        given = {name: value for name, value in asked.items() if value}
        found = reader.get("/v1/models", params=given).json()
        assert (found["on"], found["in_force"]["small"]) == (on or "2026-06-04", version), asked


@pytest.mark.parametrize("field", ["dry_run", "versions", "all"])
def test_an_unknown_field_is_refused_and_never_means_all(scoring: Governed, field: str) -> None:
    scoring.approved("1.0", SMALL)
    answer = scoring.end("retirement", "1.0", **{field: []})
    assert answer.status_code == 422
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.0"


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
