"""An output of few characters: a pipe under PYTHONIOENCODING=ascii, a Windows code page."""

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from services.cli.main import main
from tests.domain.scoring.small import SMALL

CASE = """\
as_of: 2026-06-01
given:
  - {code: hurt, answer: yes, observed_on: 2026-05-01}
  - {code: missing_episode, answer: häufig, observed_on: 2026-05-01}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL.replace("Someone", "Übergriff 🙁"), encoding="utf-8")
    Path("faulty.yaml").write_text(SMALL.replace('"5", band', '"4", band'), encoding="utf-8")
    Path("case.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("model check faulty.yaml", "“highest below high”: total is 5, not 4"),
        ("model score small.yaml --case case.yaml", "Übergriff 🙁 is hurt"),
        ("model diff small.yaml small.yaml", "no difference"),
        ("model approve --help", "document-hash"),
    ],
)
@pytest.mark.parametrize("encoding", ["ascii", "cp850", "cp1252", "utf-8"])
def test_what_an_output_cannot_say_is_no_traceback(
    words: str, said: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = output_of(words, encoding, monkeypatch)
    assert said in json.loads(f'"{" ".join(written.replace(chr(34), "").split())}"')


@pytest.mark.usefixtures("folder")
def test_json_stays_json(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "model score small.yaml --json --case case.yaml"
    found = json.loads(output_of(words, "cp1252", monkeypatch))
    assert found["floors"][0]["reason"]["params"]["reason"] == "Übergriff 🙁 is hurt"


def output_of(words: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the `amber` script writes on an output of this encoding, as it would in a pipe."""
    written = BytesIO()
    monkeypatch.setattr(sys, "argv", ["amber", *words.split()])
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, encoding, write_through=True))
    monkeypatch.setattr(sys, "stderr", TextIOWrapper(BytesIO(), encoding, write_through=True))
    with pytest.raises(SystemExit):
        main()
    return written.getvalue().decode("utf-8" if encoding == "ascii" else encoding)
