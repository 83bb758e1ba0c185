"""What stands in the way of starting is told in one line that says what to do."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli import up
from services.embedded import DEMO_CREDENTIALS, assemble
from services.gateway.app import from_environment
from tests.support.databases import ROOT


def open_to_others(folder: Path) -> str:
    (folder / DEMO_CREDENTIALS).chmod(0o644)
    return f"chmod 600 {folder / DEMO_CREDENTIALS}"


def secrets_of_another_shape(folder: Path) -> str:
    (folder / "service-secrets.json").write_text('{"referrals": "x"}')
    return f"Remove {folder / 'service-secrets.json'}"


def secrets_that_are_no_json(folder: Path) -> str:
    (folder / "service-secrets.json").write_text("{")
    return f"Remove {folder / 'service-secrets.json'}"


def secrets_too_short(folder: Path) -> str:
    (folder / "service-secrets.json").write_text('{"referrals": "abc", "scoring": "abc"}')
    return "AMBER_SERVICE_SECRETS: the secret of referrals is shorter than 32 characters"


def a_database_that_is_none(folder: Path) -> str:
    (folder / "gateway.db").write_bytes(b"no database " * 1000)
    return "The database can't be used (DatabaseError)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that a tracker made."""
    tracker = assemble(tmp_path / "var")
    for app in tracker.apps.values():
        app.state.service.database.engine.dispose()
    return tmp_path / "var"


@pytest.mark.parametrize(
    "spoil",
    [
        open_to_others,
        secrets_of_another_shape,
        secrets_that_are_no_json,
        secrets_too_short,
        a_database_that_is_none,
    ],
)
def test_amber_up_says_in_one_line_why_it_cannot_start(
    folder: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], str]
) -> None:
    says = spoil(folder)
    with pytest.raises(SystemExit) as exited:
        up.run(0, folder, demo=True)
    assert exited.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Amber can't start. ")
    assert says in line


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "AMBER_DATABASE_URL: Field required; AMBER_SIGNING_KEY_FILE: Field required"),
        ({"AMBER_SERVICE_SECRETS": "{"}, "service_secrets"),
        (
            {
                "AMBER_DATABASE_URL": "sqlite://",
                "AMBER_SIGNING_KEY_FILE": "/nowhere/key.pem",
                "AMBER_SERVICE_SECRETS": '{"referrals": "3p8VqkYx0dT6mZrL9aWc2sNfJ7uHbE4g",'
                ' "scoring": "Qe7nB2xVw9KzL4tRm8YcH1pDs6GfUa3j"}',
            },
            "The signing key is missing: there is no file /nowhere/key.pem.",
        ),
    ],
)
def test_a_gateway_says_in_one_line_why_it_cannot_start(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    says: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as exited:
        from_environment()
    assert exited.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
    assert "3p8VqkYx0dT6mZrL9aWc2sNfJ7uHbE4g" not in line


def test_a_gateway_under_its_server_ends_with_that_line_alone() -> None:
    program = ["-m", "uvicorn", "services.gateway.app:from_environment", "--factory"]
    ended = subprocess.run(
        [sys.executable, *program, "--port", "0"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},  # noqa: TID251  # a child process's own
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "AMBER_DATABASE_URL: Field required" in line


def test_what_a_tracker_writes_is_for_its_owner_alone(folder: Path) -> None:
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert {"gateway.db", "referrals.db", "scoring.db"} <= set(modes)
