"""`amber model submit`, `approve`, `withdraw`, `status`, `primary`, …, as two people type them."""

import json
from pathlib import Path

from typer.testing import Result

from tests.cli.conftest import Running
from tests.domain.scoring.small import SMALL
from tests.support.command import amber
from tests.support.weights import HEAVIER

REASON = "To see what the command line says of it."


def run(tracker: Running, who: str, *words: str | Path) -> Result:
    return amber(["model", *words], {**tracker.environment, "AMBER_CLIENT_ID": who})


def submit(tracker: Running, folder: Path, version: str, text: str) -> Result:
    file = folder / f"{version}.yaml"
    file.write_text(text, encoding="utf-8")
    named = ["--model", "small", "--version", version, "--reason", REASON]
    return run(tracker, "weights-author", "submit", file, *named)


def hash_in(result: Result) -> str:
    found = [line.split()[1] for line in result.output.splitlines() if line.startswith("document")]
    assert found, result.output
    return found[0]


def test_two_people_bring_a_version_into_force_and_withdraw_another(
    tracker: Running, tmp_path: Path
) -> None:
    faulty = submit(tracker, tmp_path, "1.0", SMALL.replace("kind: harm\n", "kind: hram\n"))
    assert faulty.exit_code == 1
    assert "1.0.yaml:20:11: write `harm` or" in faulty.output
    drafts = run(tracker, "weights-author", "drafts", "small")
    assert drafts.output.splitlines()[1].split()[:2] == ["1.0", "p-weights-author"]
    submitted = submit(tracker, tmp_path, "1.0", SMALL)
    assert submitted.exit_code == 0, submitted.output
    assessed = run(tracker, "weights-author", "assess", "small", "1.0")
    assert "against none in force: 0 would move" in assessed.output, assessed.output
    read = assessed.output.partition("assessment ")[2].split()[0]
    signed = ["--document-hash", hash_in(submitted), "--assessment", read, "--reason", REASON]
    approve = ["approve", "small", "1.0"]
    for named in ([], signed[:2], signed[2:4]):
        only_shown = run(tracker, "weights-approver", *approve, *named, *signed[4:])
        assert (only_shown.exit_code, "Not approved" in only_shown.output) == (1, True)
        for shown in (hash_in(submitted), read, "p-weights-author", "no version in force to"):
            assert shown in only_shown.output
    mistaken = run(tracker, "weights-approver", *approve, *signed[2:], signed[0], "0" * 64)
    assert (mistaken.exit_code, "other_content" in mistaken.output) == (1, True)
    own = run(tracker, "weights-author", *approve, *signed)
    assert (own.exit_code, "insufficient_scope" in own.output) == (1, True)
    approved = run(tracker, "weights-approver", *approve, *signed)
    assert "in force from" in approved.output

    movers = run(tracker, "weights-approver", "movers", "small", "1.0")
    assert movers.output.split() == ["child", "band", "points", "because"]

    other = ["--document-hash", hash_in(submit(tracker, tmp_path, "1.1", HEAVIER))]
    withdrawn = run(
        tracker, "weights-author", "withdraw", "small", "1.1", *other, "--reason", REASON
    )
    assert "small 1.1: withdrawn" in withdrawn.output
    retired = run(tracker, "weights-approver", "retire", "small", "1.1", *other, "--reason", REASON)
    assert (retired.exit_code, "illegal_transition" in retired.output) == (1, True)

    back = [*signed[:2], "--new-version", "1.2", "--reason", REASON]
    rolled = run(tracker, "weights-author", "rollback", "small", "1.0", *back)
    assert (rolled.exit_code, "already_in_force" in rolled.output) == (1, True)
    alone = run(tracker, "weights-author", "rollback", "small", "1.0", *back, "--emergency")
    assert (alone.exit_code, "insufficient_scope" in alone.output) == (1, True)

    status = run(tracker, "weights-author", "status", "small")
    assert [line.split()[:3] for line in status.output.splitlines()[1:]] == [
        ["small", "1.0", "in"],
        ["small", "1.1", "withdrawn"],
    ]
    every = run(tracker, "weights-author", "status")
    assert [line.split()[:2] for line in every.output.splitlines() if "primary" in line] == [
        ["seraf", "1.0"]
    ]
    history = run(tracker, "weights-author", "status", "small", "1.0")
    assert "p-weights-approver" in history.output
    assert "not come into force" in history.output  # it is not the primary model
    primary = run(tracker, "weights-author", "status", "seraf", "1.0")
    assert "set apart of" in primary.output


def test_what_a_tracker_knows_of_a_version_is_read(tracker: Running, tmp_path: Path) -> None:
    document = "# By hand.\r\n" + SMALL.replace("model: small", "model: read")
    (tmp_path / "new.yaml").write_bytes(document.encode())
    named = ["--model", "read", "--version", "1.0"]
    author = "weights-author"
    saved = run(tracker, author, "save", tmp_path / "new.yaml", *named)
    assert (saved.exit_code, saved.output.splitlines()[0]) == (0, "read 1.0: draft"), saved.output
    practice = run(tracker, author, "practice", "read", "1.0").output
    assert practice.splitlines()[0] == "no version in force"
    assert run(tracker, author, "submit", tmp_path / "new.yaml", *named, "--reason", REASON).output
    unread = run(tracker, "weights-approver", "approve", "read", "1.0", "--reason", REASON)
    assert (unread.exit_code, "hasn't been assessed" in unread.output) == (1, True)

    exported = run(tracker, author, "export", "read", "1.0")
    assert exported.stdout_bytes == document.encode()
    (tmp_path / "exported.yaml").write_bytes(exported.stdout_bytes)
    checked = amber(["model", "check", tmp_path / "exported.yaml"]).output
    assert hash_in(saved) in checked

    (tmp_path / "faulty.yaml").write_text(document.replace("hurt", "hrut", 1), encoding="utf-8")
    faulty = run(tracker, author, "save", tmp_path / "faulty.yaml", *named[:3], "1.1")
    assert (faulty.exit_code, "faulty.yaml:" in faulty.output) == (1, True)
    assert "has problems" in run(tracker, author, "practice", "read", "1.1").output

    comment = "/v1/models/seraf/versions/1.0/indicators/emotional_neglect/comments"
    said = {"score_id": None, "comment": "Counts a late return like a night away."}
    told = tracker.process.api.call("social-worker", "POST", comment, said)
    assert told.status_code == 201, told.text
    shown = run(tracker, author, "practice", "seraf", "1.0", "--json")
    comments = [one["comments"] for one in json.loads(shown.output)["indicators"]]
    assert [each["comment"] for of in comments for each in of] == [said["comment"]]
    assert "late return" in run(tracker, author, "practice", "seraf", "1.0").output
    assert run(tracker, author, "card", "seraf", "1.0").output.startswith("# ")

    changes = ["changes", "read", "1.0"]
    assert "no version in force" in run(tracker, author, *changes).output
    against = run(tracker, author, *changes, "--against", "1.0", "--json")
    assert json.loads(against.output) == {"against": "1.0", "items": []}
    again = run(tracker, author, "propose", "seraf", "1.0", "--reason", REASON)
    assert (again.exit_code, "illegal_transition" in again.output) == (1, True)


def test_two_people_decide_which_model_is_primary(tracker: Running) -> None:
    wish = ["primary", "propose", "seraf", "--from", "2026-06-01", "--reason", REASON]
    proposed = run(tracker, "weights-author", *wish)
    assert "waits for another person" in proposed.output, proposed.output
    which = proposed.output.split()[1].rstrip(":")
    for who, refused in (("weights-author", "insufficient_scope"), ("weights-approver", "already")):
        answer = run(tracker, who, "primary", "confirm", which, "--reason", REASON)
        assert (answer.exit_code, refused in answer.output) == (1, True), answer.output
    run(tracker, "weights-author", "primary", "withdraw", which, "--reason", REASON)
    shown = run(tracker, "weights-author", "primary", "show").output
    assert "seraf is primary on" in shown
    assert f"proposal {which}: seraf from 2026-06-01" in shown
    assert f"withdrawn by p-weights-author: {REASON}" in shown
