"""The commands of the authoring guide exist, with the arguments and options that it shows. What
they do is shown where they are run: `test_model_life.py`, `tests/domain/scoring/`."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.model.tracker import REFUSED
from tests.cli.conftest import Running

GUIDE = Path("docs/authoring.md").read_text(encoding="utf-8")


def shown() -> list[list[str]]:
    """The words of each command in a block of the guide, without the comment and where it goes."""
    lines = (line.strip() for line in GUIDE.splitlines())
    found = [shlex.split(line, comments=True) for line in lines if line.startswith("amber ")]
    return [words[1 : words.index(">") if ">" in words else None] for words in found]


@pytest.mark.parametrize("words", shown(), ids=" ".join)
def test_a_command_that_the_guide_shows_is_understood(
    words: list[str], tracker: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for word in words:
        if word.endswith(".yaml"):
            Path(word).touch()
    ran = CliRunner().invoke(app, words, env=tracker.environment)  # a feed's: it changes nothing
    assert ran.exit_code in {0, REFUSED}, ran.output
