"""`amber demo load` as a person types it: what it says when it can't, and its exit codes."""

import json
from pathlib import Path

import pytest

from tests.support.command import amber
from tests.support.postgresql import free_port


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.json"
    path.write_text(json.dumps({"weights-author": {"secret": "x" * 40}}))
    path.chmod(0o600)
    return path


def test_no_tracker_is_told_as_such(credentials: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    result = amber(["demo", "load", "--url", url, "--credentials", credentials])
    assert result.exit_code == 3
    assert "Is the tracker running?" in result.output


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://me:secret@127.0.0.1"])
def test_a_wrong_url_is_told_as_such(credentials: Path, url: str) -> None:
    result = amber(["demo", "load", "--url", url, "--credentials", credentials])
    assert result.exit_code == 2
    assert "Write --url as" in result.output


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "missing"),
        ("{", 0o600, "another shape"),
        ("{}", 0o600, "Name one of the consumers"),
        ("{}", 0o644, "can be read by others"),
    ],
)
def test_a_wrong_credentials_file_is_told_as_such(
    tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    path = tmp_path / "credentials.json"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    result = amber(["demo", "load", "--credentials", path])
    assert result.exit_code == 2
    assert said in result.output
