"""`amber doctor`: what it finds at a good tracker and at broken ones, and the cure it names."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from services.cli.doctor.checks import Examination, Finding
from shared.http.health import AMBER_VERSION
from tests.cli.conftest import Running
from tests.support.command import amber

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ALL = ["endpoint", "ready", "version", "clock", "token", "scopes"]


def test_all_is_well_at_a_tracker_that_runs(tracker: Running) -> None:
    result = amber(["doctor", "--scope", "updates:write"], tracker.environment)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", name] for name in ALL]
    assert lines[-1].endswith("may codes:read, feeds:read, updates:read, updates:write")


def test_programs_read_it_as_json(tracker: Running) -> None:
    result = amber(["doctor", "--json", "--scope", "scores:read"], tracker.environment)
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert [each["check"] for each in told["checks"]] == ALL
    assert told["checks"][-1]["state"] == "failed"
    assert "lacks scores:read" in told["checks"][-1]["found"]
    assert "role" in told["checks"][-1]["cure"]


def test_where_nothing_listens_one_fault_is_told_not_six(tracker: Running) -> None:
    result = amber(["doctor"], {**tracker.environment, "AMBER_URL": "http://127.0.0.1:1"})
    assert result.exit_code == 1
    states = [line.split()[0] for line in result.stdout.splitlines()]
    assert states == ["failed", *["skipped"] * 5]
    assert "Check host and port" in result.stdout


def test_a_wrong_secret_fails_the_token_alone(tracker: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not-the-secret")
    secret.chmod(0o600)
    environment = {**tracker.environment, "AMBER_CREDENTIALS": ""}
    result = amber(["doctor", "--secret-file", secret], environment)
    assert result.exit_code == 1
    assert "failed   token     No token for police-feed: 401 invalid_client" in result.stdout
    assert "not-the-secret" not in result.output


def test_without_credentials_everything_else_is_still_checked(tracker: Running) -> None:
    result = amber(["doctor", "--url", tracker.environment["AMBER_URL"]])
    assert result.exit_code == 1
    states = [line.split()[0] for line in result.stdout.splitlines()]
    assert states == ["ok"] * 4 + ["failed", "skipped"]


def test_an_option_that_is_wrong_is_exit_2(tracker: Running) -> None:
    result = amber(["doctor", "--url", "tracker"], tracker.environment)
    assert (result.exit_code, "https://host" in result.stderr) == (2, True)


GOOD: dict[str, tuple[int, object]] = {
    "/livez": (200, {"status": "live"}),
    "/readyz": (200, {"status": "ready", "checks": {"database": "ok"}}),
    "/version": (200, {"service": "gateway", "version": AMBER_VERSION}),
}


def examined(
    change: dict[str, tuple[int, object]], *, ahead: float = 0, date: bool = True
) -> dict[str, Finding]:
    """What is found at a tracker that gives these answers, by a clock that is ahead of its own."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = {**GOOD, **change}[request.url.path]
        headers = {"Date": f"{NOW:%a, %d %b %Y %H:%M:%S} GMT"} if date else {}
        if isinstance(body, str):
            return httpx.Response(status, text=body, headers=headers)
        return httpx.Response(status, json=body, headers=headers)

    clock: Callable[[], datetime] = lambda: NOW + timedelta(seconds=ahead)  # noqa: E731
    http = httpx.Client(base_url="http://tracker.test", transport=httpx.MockTransport(answer))
    with http:
        return {one.check: one for one in Examination(http, "none", clock, ()).findings()}


@pytest.mark.parametrize(
    ("change", "check", "found", "cure"),
    [
        ({"/livez": (200, "<html>")}, "endpoint", "isn't an Amber tracker", "the gateway's"),
        ({"/livez": (404, {})}, "endpoint", "answers 404", "the gateway's"),
        (
            {"/readyz": (503, {"checks": {"database": "schema 0001, expected 0002"}})},
            "ready",
            "database: schema 0001, expected 0002",
            "amber migrate",
        ),
        ({"/readyz": (502, "<html>")}, "ready", "isn't ready (502)", "runs the tracker"),
        ({"/version": (200, {"version": "9.0.0"})}, "version", "version 9.0.0", "Install"),
        ({"/version": (404, "")}, "version", "version unknown", "Install"),
    ],
)
def test_a_broken_tracker_is_told_with_the_cure(
    change: dict[str, tuple[int, object]], check: str, found: str, cure: str
) -> None:
    finding = examined(change)[check]
    assert finding.state == "failed"
    assert found in finding.found
    assert cure in finding.cure


@pytest.mark.parametrize(
    ("ahead", "state", "found"),
    [
        (30, "ok", "agree to 30 s"),
        (31, "failed", "31 s ahead of"),
        (-30, "ok", "agree to 30 s"),
        (-31, "failed", "31 s behind"),
    ],
)
def test_clocks_may_differ_by_half_a_minute(ahead: float, state: str, found: str) -> None:
    finding = examined({}, ahead=ahead)["clock"]
    assert (finding.state, found in finding.found) == (state, True), finding


def test_a_tracker_that_does_not_tell_the_time_is_told_of() -> None:
    assert "no Date header" in examined({}, date=False)["clock"].found
