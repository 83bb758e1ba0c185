"""`amber feed push`: what an agency's file comes to, row by row."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import Result

from services.cli.feed.results import Results
from tests.cli.conftest import Running
from tests.support.api import await_it, fresh_urn
from tests.support.command import amber
from tests.support.postgresql import free_port
from tests.support.trackers import Process

HEADER = "source_ref,revision,code,answer,observed_on,child.police_urn"


def push(tracker: Running, file: Path, *options: str | Path, **environment: str) -> Result:
    return amber(["feed", "push", file, *options], {**tracker.environment, **environment})


def results_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def a_file(tmp_path: Path, *lines: str, name: str = "updates.csv", header: str = HEADER) -> Path:
    path = tmp_path / name
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def a_row(ref: str, code: str = "missing_episode", day: str = "2026-05-28") -> str:
    return f"{ref},1,{code},yes,{day},{ref}"


def test_every_row_taken_is_exit_0_and_a_line_for_each(tracker: Running, tmp_path: Path) -> None:
    urns = [fresh_urn() for _ in range(5)]
    file = a_file(tmp_path, *(a_row(urn) for urn in urns))
    result = push(tracker, file, "--batch", "2")
    assert result.exit_code == 0, result.output
    assert "5 rows: 5 held" in result.stdout
    found = results_of(tmp_path / "updates.csv.results.csv")
    assert [(row["row"], row["line"], row["source_ref"]) for row in found] == [
        (str(number), str(number + 1), urn) for number, urn in enumerate(urns, 1)
    ]
    assert {(row["result"], row["reason"]) for row in found} == {("held", "unknown_child")}
    assert len({row["receipt_id"] for row in found}) == 3


def test_a_row_that_is_wrong_is_exit_1_and_stops_nothing(tracker: Running, tmp_path: Path) -> None:
    one, two, three = (fresh_urn() for _ in range(3))
    file = a_file(tmp_path, a_row(one), a_row(two, code="missing_episod"), "a,b", a_row(three))
    result = push(tracker, file)
    assert result.exit_code == 1
    assert "4 rows: 2 held, 2 rejected" in result.stdout
    found = results_of(tmp_path / "updates.csv.results.csv")
    assert [row["result"] for row in found] == ["held", "rejected", "rejected", "held"]
    assert found[1]["errors"].startswith("/code unknown_code: ")
    assert "The nearest: missing_episode" in found[1]["errors"]
    assert found[2]["errors"] == "wrong_columns: the row has 2 columns; the first line names 6"


def test_the_same_rows_again_are_duplicates_with_their_first_result(
    tracker: Running, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(fresh_urn()))
    assert push(tracker, file).exit_code == 0
    result = push(tracker, file, "--results", tmp_path / "again.csv")
    assert result.exit_code == 0
    [row] = results_of(tmp_path / "again.csv")
    assert (row["result"], row["first_result"]) == ("duplicate", "held")


def test_other_content_under_the_same_key_is_a_conflict_and_exit_1(
    tracker: Running, tmp_path: Path
) -> None:
    urn = fresh_urn()
    file = a_file(tmp_path, a_row(urn), a_row(urn, day="2026-05-29"))
    assert push(tracker, file).exit_code == 1
    found = results_of(tmp_path / "updates.csv.results.csv")
    assert [row["result"] for row in found] == ["held", "conflict"]


MAPPING = """\
schema: feed-map/1
fields:
  source_ref: {column: Ref}
  revision: {constant: 1}
  code: {column: Sign, values: {MISPER: missing_episode}}
  answer: {column: Seen, values: {Y: yes, N: no}}
  observed_on: {column: Day, date: DD/MM/YYYY}
  child.police_urn: {column: Number}
"""


def test_an_export_in_its_own_words_is_translated(tracker: Running, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(MAPPING)
    urns = [fresh_urn() for _ in range(4)]
    lines = [
        f"{urns[0]},MISPER,Y,28/05/2026,{urns[0]},José",
        f"{urns[1]},misper,n,1/5/2026,{urns[1]},",
        f"{urns[2]},MISPER,Y,31/02/2026,{urns[2]},",
        f"{urns[3]},MISPER,maybe,soon,{urns[3]},",
    ]
    text = "\n".join(["Ref,Sign,Seen,Day,Number,Café", *lines])
    file = tmp_path / "export.txt"
    file.write_bytes(text.encode("cp1252"))
    options: list[str | Path] = [
        "--mapping",
        tmp_path / "map.yaml",
        "--format",
        "csv",
        "--encoding",
        "cp1252",
    ]
    assert push(tracker, file, *options).exit_code == 1
    found = results_of(tmp_path / "export.txt.results.csv")
    assert [row["result"] for row in found] == ["held", "held", "rejected", "rejected"]
    assert found[2]["errors"] == (
        "/observed_on invalid_date: column Day isn't a date written DD/MM/YYYY"
    )
    assert "/answer unknown_value" in found[3]["errors"]
    assert "/observed_on invalid_date" in found[3]["errors"]


def test_ndjson_lines_are_updates_as_the_api_takes_them(tracker: Running, tmp_path: Path) -> None:
    def update(**more: object) -> dict[str, object]:
        urn = fresh_urn()
        child = {"identifiers": [{"type": "police_urn", "value": urn}]}
        said = {"code": "missing_episode", "answer": "yes", "observed_on": "2026-05-28"}
        return {"source_ref": urn, "revision": 1, "child": child, **said, **more}

    spoilt = json.dumps(update()).replace('"revision": 1', '"revision": 1e999')
    lines = [
        json.dumps(update()),
        json.dumps(update(colour="red")),
        spoilt,  # no JSON can say infinity: the tracker refuses the whole batch for it
        "{",
        json.dumps(update()),
    ]
    file = tmp_path / "updates.ndjson"
    file.write_text("\n".join(lines))
    assert push(tracker, file).exit_code == 1
    found = results_of(tmp_path / "updates.ndjson.results.csv")
    results = [row["result"] for row in found]
    assert results == ["held", "rejected", "rejected", "rejected", "held"]
    codes = [row["errors"].partition(":")[0] for row in found]
    assert codes == ["", "/colour unknown_field", "400 invalid_json", "invalid_json", ""]


def test_a_push_that_is_done_says_so_again_and_sends_nothing(
    tracker: Running, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(fresh_urn()), "a,b")
    first = push(tracker, file)
    again = push(tracker, file)
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert first.stdout == again.stdout
    assert len(results_of(tmp_path / "updates.csv.results.csv")) == 2


def test_a_result_file_of_another_push_is_left_alone(tracker: Running, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row(fresh_urn()))
    target = tmp_path / "updates.csv.results.csv"
    target.write_text("somebody's work\n")
    refused = push(tracker, file)
    assert (refused.exit_code, target.read_text()) == (2, "somebody's work\n")
    assert "--results" in refused.stderr
    target.unlink()
    assert push(tracker, file).exit_code == 0
    kept = target.read_text()
    a_file(tmp_path, a_row(fresh_urn()))
    other = push(tracker, file)
    assert (other.exit_code, target.read_text()) == (2, kept)
    assert "another file" in other.stderr


def test_two_pushes_cannot_write_one_result_file(tracker: Running, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row(fresh_urn()))
    with Results(tmp_path / "updates.csv.results.csv", {}, "a-run"):
        refused = push(tracker, file)
    assert (refused.exit_code, "Another push is writing" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("updates.csv.results.csv", "row,", "is shorter than it was"),
        ("updates.csv.results.csv.state", "{", "can't be understood"),
        ("updates.csv.results.csv.state", '{"schema": "feed-push/9"}', "can't be understood"),
    ],
)
def test_files_of_a_push_that_somebody_spoilt_are_told_of(
    tracker: Running, tmp_path: Path, file: str, content: str, told: str
) -> None:
    updates = a_file(tmp_path, a_row(fresh_urn()))
    assert push(tracker, updates).exit_code == 0
    (tmp_path / file).write_text(content)
    refused = push(tracker, updates)
    assert (refused.exit_code, told in refused.stderr) == (2, True), refused.stderr
    assert "come back as duplicates" in refused.stderr.replace("\n", " ")


def test_ctrl_c_while_it_waits_is_exit_130_with_what_to_do(
    tracker: Running, tmp_path: Path
) -> None:
    file, log = a_file(tmp_path, a_row(fresh_urn())), tmp_path / "push.log"
    nowhere = {**tracker.environment, "AMBER_URL": f"http://127.0.0.1:{free_port()}"}
    process = Process(["-m", "services.cli.main", "feed", "push", str(file)], nowhere, log)
    await_it(lambda: "Trying again in" in log.read_text() or None, "it to wait")
    assert process.interrupt() == 130
    assert "Stopped. Run the same command again" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"AMBER_CLIENT_ID": "analyst"}, 2, "403 insufficient_scope: "),
        ({"AMBER_CLIENT_ID": "nobody"}, 2, "with --client-id: analyst, council-case-system"),
        ({"AMBER_CLIENT_ID": ""}, 2, "--client-id"),
        ({"AMBER_CREDENTIALS": ""}, 2, "Say who you are"),
        ({"AMBER_CREDENTIALS": "/nowhere.json"}, 2, "there is no file /nowhere.json"),
        ({"AMBER_URL": "127.0.0.1:8000"}, 2, "Write --url as https://host"),
        ({"AMBER_URL": "http://127.0.0.1:1"}, 3, "Gave up. Run the same command again"),
    ],
)
def test_whoever_cannot_push_is_told_why_without_a_traceback(
    tracker: Running, tmp_path: Path, change: dict[str, str], code: int, told: str
) -> None:
    file = a_file(tmp_path, a_row(fresh_urn()))
    result = push(tracker, file, "--give-up-after", "0", **change)
    assert result.exit_code == code, result.output
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_a_wrong_secret_is_a_mistake_and_never_shown(tracker: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not-the-secret\n")
    file = a_file(tmp_path, a_row(fresh_urn()))
    options: list[str | Path] = ["--client-id", "police-feed", "--secret-file", secret]
    told_openly = push(tracker, file, *options, AMBER_CREDENTIALS="")
    assert (told_openly.exit_code, "chmod 600" in told_openly.stderr) == (2, True)
    secret.chmod(0o600)
    result = push(tracker, file, *options, AMBER_CREDENTIALS="")
    assert (result.exit_code, "401 invalid_client" in result.stderr) == (2, True)
    assert "not-the-secret" not in result.output


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("source_ref,code,answer,observed_on,child.police_urn", "`revision` is missing"),
        (HEADER + ",colour", "no fields: colour"),
        ("a,a", "each of them once"),
    ],
)
def test_columns_that_do_not_fit_are_told_before_anything_is_sent(
    tracker: Running, tmp_path: Path, header: str, told: str
) -> None:
    result = push(tracker, a_file(tmp_path, header=header))
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "updates.csv.results.csv").exists()


def test_a_mapped_column_that_the_file_lacks_is_named_with_the_nearest(
    tracker: Running, tmp_path: Path
) -> None:
    (tmp_path / "map.yaml").write_text(MAPPING)
    file = a_file(tmp_path, header="Ref,Sign,Seen,Dai,Number")
    result = push(tracker, file, "--mapping", tmp_path / "map.yaml")
    assert (result.exit_code, "no column 'Day' (nearest: 'Dai')" in result.stderr) == (2, True)


def test_a_file_whose_name_does_not_tell_its_format_is_asked_about(
    tracker: Running, tmp_path: Path
) -> None:
    result = push(tracker, a_file(tmp_path, name="updates.dat"))
    assert (result.exit_code, "--format csv or --format ndjson" in result.stderr) == (2, True)
    absent = push(tracker, tmp_path / "absent.csv")
    assert (absent.exit_code, "No such file" in absent.stderr) == (2, True)


def test_the_help_tells_the_exit_codes() -> None:
    told = amber(["feed", "push", "--help"]).stdout
    assert "Exit codes" in told
