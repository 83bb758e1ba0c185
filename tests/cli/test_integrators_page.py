"""docs/integrators.md does what it says: its commands run in order, and print what is shown."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Running
from tests.support.databases import ROOT

PAGE = ROOT / "docs" / "integrators.md"
MARK = "--- step {} ---"
URL, CREDENTIALS = "http://127.0.0.1:8000", "var/demo-credentials.json"

_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CODES = re.compile(r"`([a-z_]+)`")


def steps() -> list[tuple[str, str | None]]:
    """Each block of commands, and what is shown as its output."""
    found: list[tuple[str, str | None]] = []
    for kind, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "sh":
            found.append((text, None))
        else:
            found[-1] = (found[-1][0], text)
    return found


def session(tracker: Running) -> str:
    """The page's commands as one script, for this tracker, a mark before each block."""
    lines = ["set -euo pipefail"]
    for number, (commands, _) in enumerate(steps()):
        lines += [f"echo '{MARK.format(number)}'", commands]
    script = "\n".join(lines)
    environment = tracker.environment
    return script.replace(URL, environment["AMBER_URL"]).replace(
        f"={CREDENTIALS}", f"={environment['AMBER_CREDENTIALS']}"
    )


def as_pattern(shown: str) -> str:
    return ".*?".join(re.escape(part) for part in shown.strip().split("…"))


def commands_on_path(tmp_path: Path) -> str:
    """A PATH with our `amber`, what the machine has, and a curl where it has none."""
    folders = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    if shutil.which("curl", path=":".join(folders)) is None:
        stand_in = tmp_path / "bin" / "curl"
        stand_in.parent.mkdir()
        stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.support.curl "$@"\n')
        stand_in.chmod(0o755)
        folders.append(str(stand_in.parent))
    return ":".join(folders)


def test_every_command_of_the_integrators_page_prints_what_it_shows(
    tracker: Running, tmp_path: Path
) -> None:
    ran = subprocess.run(
        ["/bin/bash", "-c", session(tracker)],
        cwd=tmp_path,
        env={"PATH": commands_on_path(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = ran.stdout.replace("\r", "").replace(tracker.environment["AMBER_URL"], URL)
    assert ran.returncode == 0, f"{said[-2000:]}\n{ran.stderr}"
    outputs = re.split(re.escape(MARK).replace(r"\{\}", r"\d+") + "\n", said)[1:]
    assert len(outputs) == len(steps())
    for (commands, shown), printed in zip(steps(), outputs, strict=True):
        if shown is not None:
            matches = re.fullmatch(as_pattern(shown), printed.strip(), re.DOTALL)
            assert matches, f"{commands}\nshows\n{shown}\nbut printed\n{printed}"


def documented_codes() -> list[str]:
    """The problem codes in the page's table: the second cell of each line."""
    table = PAGE.read_text(encoding="utf-8").split("| status |")[1].partition("\n\n")[0]
    cells = [line.split("|")[2] for line in table.splitlines()[2:]]
    return sorted({code for cell in cells for code in _CODES.findall(cell)})


@pytest.mark.parametrize("code", documented_codes())
def test_every_problem_code_on_the_page_is_one_of_ours(code: str) -> None:
    sources = [*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]
    assert any(f'"{code}"' in source.read_text(encoding="utf-8") for source in sources)
